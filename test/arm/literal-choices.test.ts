import { describe, expect, it } from 'vitest';
import { sendIncident } from '../../playbooks/SIGNL4-Send-Incident/playbook.ts';
import { playbookTemplate } from '../../src/arm/playbook.ts';
import { workflowFromTemplate } from '../../src/arm-expressions/workflow-resource.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { releases } from '../../src/generator/releases.ts';

describe('choices that look like ARM expressions', () => {
  it('reach the workflow as they were written', () => {
    const config = loadConfig(
      'filter: { titleExcludes: ["[drill]", "[concat(1)]", "[SOC] test"] }\nmessage: { title: "[{{incident.severity}}]" }\nfriendlyNames: { entities: { srv: "[Payroll]", "[2001:db8::1]": "DNS" } }',
      '',
    );
    const template = playbookTemplate(sendIncident, sendIncident.build(config), { release: releases[0] });
    const { definition } = workflowFromTemplate(template as unknown as JsonObject, { parameters: { TeamSecret: 'x' } });
    const parameters = definition['parameters'] as Record<string, { defaultValue: unknown }>;
    const actions = JSON.stringify(definition['actions']);
    for (const excluded of ['[drill]', '[concat(1)]', '[soc] test']) expect(actions).toContain(`"@{'${excluded}'}"`);
    expect(actions).toContain(`"Title":"@{'['}@{triggerBody()?['object']?['properties']?['severity']}]"`);
    expect(parameters['EntityNames']?.defaultValue).toMatchObject({ srv: '[Payroll]', '[2001:db8::1]': 'DNS' });
  });
});

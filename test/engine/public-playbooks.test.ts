import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readTemplateText } from '../../src/arm-expressions/template-text.ts';
import { isArmTemplate, workflowFromTemplate } from '../../src/arm-expressions/workflow-resource.ts';
import { checkWorkflow } from '../../src/engine/check/check-workflow.ts';
import { type Mock, mockCalls } from '../../src/engine/mocks.ts';
import { runWorkflow } from '../../src/engine/run.ts';
import type { JsonObject, WorkflowDefinition } from '../../src/wdl/types.ts';
import { describeShared, sharedPath } from '../support/shared.ts';

const incident = {
  object: {
    id: '/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w/providers/Microsoft.SecurityInsights/Incidents/1',
    properties: {
      title: 'Sign-in from a new country',
      incidentNumber: 3177,
      relatedEntities: [{ kind: 'Ip', properties: { address: '192.0.2.38' } }],
    },
  },
};

const entities: Mock = {
  method: 'POST',
  path: '/entities/ip',
  body: { IPs: [{ Address: '192.0.2.38' }, { Address: '192.0.2.39' }] },
};

/** Path below the corpus, mocks, and the calls that the playbook then makes. */
const playbooks: readonly (readonly [string, readonly Mock[], readonly string[]])[] = [
  [
    'BlinkOps-3.0.2/Playbooks/Sentinel-Incident-Handler',
    [{ method: 'POST', path: 'https://*' }],
    ['Trigger_Blink_Workflow 200'],
  ],
  [
    'BlinkOps-3.0.2/Playbooks/Sentinel-Alert-Handler',
    [{ method: 'POST', path: 'https://*' }],
    ['Trigger_Blink_Workflow 200'],
  ],
  [
    'AbuseIPDB-3.0.0/Playbooks/AbuseIPDB-EnrichIncidentByIPInfo',
    [
      entities,
      { method: 'GET', path: '/check', status: 503 },
      { method: 'GET', path: '/check', body: { data: { abuseConfidenceScore: 90, ipAddress: '192.0.2.38' } } },
      { method: 'POST', path: '/Incidents/Comment' },
    ],
    [
      'Entities_-_Get_IPs 200',
      'AuseIPDB_CHECK_Endpoint 503',
      'AuseIPDB_CHECK_Endpoint 200',
      'AuseIPDB_CHECK_Endpoint 200',
      'Add_comment_to_incident_(V3) 200',
    ],
  ],
  [
    'AbuseIPDB-3.0.0/Playbooks/AbuseIPDB-ReportaIPsToAbuselPDBAfterCheckingByUserInMSTeams',
    [
      entities,
      { path: '/v1.0/teams/*', body: { data: { AbuseCategories: '18', AbuseIPDBComment: 'brute force' } }, times: 1 },
      { path: '/v1.0/teams/*', body: { data: {} } },
      { method: 'POST', path: '/report' },
    ],
    [
      'Entities_-_Get_IPs 200',
      'Post_adaptive_card_and_wait_for_a_response 200',
      'Post_adaptive_card_and_wait_for_a_response 200',
      'REPORT_Endpoint 200',
    ],
  ],
  [
    'AbuseIPDB-3.0.0/Playbooks/AbuseIPDB-BlacklistIpToThreatIntelligence',
    [
      {
        path: '/blacklist',
        body: {
          data: [{ ipAddress: '192.0.2.38', abuseConfidenceScore: 100, lastReportedAt: '2026-01-09T08:00:00+00:00' }],
        },
      },
      { path: '/beta/security/tiIndicators/submitTiIndicators' },
    ],
    ['BLACKLIST_Endpoint 200', 'Submit_multiple_tiIndicators 200'],
  ],
];

describeShared('published Sentinel playbooks', () => {
  it.each(playbooks)('%s loads, has no broken expression and runs', async (folder, mocks, expected) => {
    const file = sharedPath(`reference/contenthub/corpus/${folder}/azuredeploy.json`);
    const { json } = readTemplateText(readFileSync(file, 'utf8'), file);
    expect(isArmTemplate(json)).toBe(true);
    const { definition, parameters, name } = workflowFromTemplate(json as JsonObject);
    const workflow = definition as unknown as WorkflowDefinition;
    expect(checkWorkflow(workflow)).toEqual([]);
    const { calls, unmatched } = mockCalls(mocks);
    const startsByItself = Object.values(workflow.triggers).some(({ type }) => type === 'Recurrence');
    const result = await runWorkflow(workflow, {
      parameters,
      calls,
      trigger: startsByItself ? {} : { body: incident },
      workflowInfo: { name },
    });
    expect(unmatched).toEqual([]);
    expect(result.status).toBe('Succeeded');
    expect(result.calls.map(({ action, status }) => `${action} ${status}`)).toEqual(expected);
  });
});

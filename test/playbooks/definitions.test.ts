import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { playbooks } from '../../playbooks/index.ts';
import { defaultConfig } from '../../src/config/config.ts';
import { loadConnectorSpec } from '../../src/connector/load.ts';
import { operations } from '../../src/connector/operations.ts';
import type { Definition } from '../../src/connector/swagger.ts';
import { connectorFiles } from '../../src/generator/published.ts';
import { references } from '../../src/wdl/references.ts';
import type { WorkflowDefinition } from '../../src/wdl/types.ts';
import * as signl4 from '../../src/workflow/signl4.ts';
import { allSteps, type Workflow } from '../../src/workflow/workflow.ts';

/** What a definition refers to and does not have. */
function dangling(definition: WorkflowDefinition, workflow: Workflow): readonly string[] {
  const { triggers, actions } = definition;
  const found = references({ triggers, actions });
  const steps = allSteps(workflow.steps).map(({ key }) => key);
  const declared = Object.keys(definition.parameters ?? {});
  const variables: readonly string[] = JSON.stringify(actions).match(/(?<="variables":\[\{"name":")[^"]+/g) ?? [];
  return [
    ...found.errors.map(({ pointer, error }) => `${pointer}: ${error.message}`),
    ...found.actions.filter(({ name }) => !steps.includes(name)).map(({ name }) => `action ${name}`),
    ...found.loops.filter(({ name }) => !steps.includes(name)).map(({ name }) => `loop ${name}`),
    ...found.parameters.filter(({ name }) => !declared.includes(name)).map(({ name }) => `parameter ${name}`),
    ...found.variables.filter(({ name }) => !variables.includes(name)).map(({ name }) => `variable ${name}`),
  ];
}

describe.each(playbooks)('$name', (playbook) => {
  const workflow = playbook.build(defaultConfig);
  const { definition } = workflow;

  it('has expressions that all parse and refer to what exists', () => {
    expect(dangling(definition, workflow)).toEqual([]);
  });

  it('uses every parameter that it asks for', () => {
    const used = new Set(references(definition).parameters.map(({ name }) => name));
    expect(Object.keys(definition.parameters ?? {}).filter((name) => !used.has(name))).toEqual([]);
  });

  it('says of every step what it does, in one sentence or two', () => {
    const silent = allSteps(workflow.steps).filter(({ definition }) => !/[.?]$/.test(definition.description ?? ''));
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  it('names a retry policy on every call', () => {
    const calls = allSteps(workflow.steps).filter(({ definition }) => /^(Http|ApiConnection)$/.test(definition.type));
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.filter(({ definition }) => !JSON.stringify(definition).includes('"retryPolicy"'))).toEqual([]);
  });

  it('hides the inputs of every step that handles a secret', () => {
    const secrets = Object.entries(workflow.choices).flatMap(([name, { type }]) =>
      type === 'SecureString' ? [name] : [],
    );
    const open = allSteps(workflow.steps).filter(({ definition, children }) => {
      const handles = references(definition).parameters.some(({ name }) => secrets.includes(name));
      const hides = definition.runtimeConfiguration?.secureData?.properties.includes('inputs');
      return handles && children.length === 0 && !hides && definition.type !== 'If';
    });
    expect(open.map(({ name }) => name)).toEqual([]);
  });
});

describe('a dangling reference', () => {
  it('is found', () => {
    const workflow = playbooks.find(({ name }) => name === 'SIGNL4-Send-Incident')?.build(defaultConfig);
    if (!workflow) throw new Error('no such playbook');
    const broken = JSON.parse(JSON.stringify(workflow.definition).replaceAll("body('Alert_lines')", "body('Alerts')"));
    expect(dangling(broken, workflow)).toEqual(expect.arrayContaining(['action Alerts']));
  });
});

describe('the SIGNL4 operations that the playbooks use', () => {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const spec = loadConnectorSpec(`${root}connector-spec`, `${root}templates/connector`);
  const swagger = connectorFiles(spec).get('apiDefinition.swagger.json');
  const defined = operations(JSON.parse(String(swagger)) as Definition);

  it.each(Object.entries(signl4))('%s is in the connector, with the same method and path', (_, { method, path }) => {
    expect(defined).toContainEqual(expect.objectContaining({ method, path }));
  });
});

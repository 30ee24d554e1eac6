import { describe, expect, it } from 'vitest';
import { playbooks } from '../../playbooks/index.ts';
import { playbookTemplate } from '../../src/arm/playbook.ts';
import { workflowFromTemplate } from '../../src/arm-expressions/workflow-resource.ts';
import { patchFileText } from '../../src/cli/drift/pull-file.ts';
import { type Config, defaultConfig } from '../../src/config/config.ts';
import { type Edit, type PatchEntry, readPatchFile } from '../../src/config/patches.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { releases } from '../../src/generator/releases.ts';
import { applyEdits } from '../../src/workflow/patch/apply.ts';
import { canonicalText, cleanDefinition } from '../../src/workflow/patch/canonical.ts';
import { compareDefinitions } from '../../src/workflow/patch/compare.ts';
import { configuredWorkflow, patchedWorkflow } from '../../src/workflow/patch/patched.ts';
import { designerEdits, edited } from './designer-edits.ts';

const config: Config = {
  ...defaultConfig,
  workspace: { tenantId: 't', subscriptionId: 's', resourceGroup: 'soc-rg', name: 'soc', workspaceId: 'w' },
};

function playbookNamed(name: string) {
  const found = playbooks.find((playbook) => playbook.name === name);
  if (!found) throw new Error(`there is no playbook ${name}`);
  return found;
}

/** What Azure would hold after a deployment. */
function deployed(name: string, patches: readonly PatchEntry[] = []): JsonObject {
  const playbook = playbookNamed(name);
  const { workflow } = configuredWorkflow(playbook, { ...config, patches: { [name]: patches } });
  const template = playbookTemplate(playbook, workflow, { release: releases[0] }) as unknown as JsonObject;
  const secrets = { TeamSecret: 'x', RelayKey: 'x' };
  const { definition, parameters } = workflowFromTemplate(template, { parameters: secrets });
  return cleanDefinition(definition, parameters['$connections']);
}

describe('an edit in the designer', () => {
  it.each(designerEdits)('goes into a patch and comes back with the next build: %s', (_, name, edit) => {
    const before = deployed(name);
    const saved = edited(before, edit);
    const live = cleanDefinition(saved, saved['connections']);
    const edits = compareDefinitions(before, live);
    expect(edits.length).toBeGreaterThan(0);
    const text = patchFileText(undefined, name, edits);
    const after = deployed(name, readPatchFile(text, 'patches/x.yaml'));
    expect(canonicalText(after) === canonicalText(live)).toBe(true);
    expect(compareDefinitions(after, live)).toEqual([]);
  });
});

describe('compareDefinitions', () => {
  const compose = (inputs: unknown, more: object = {}) => ({ type: 'Compose', inputs, ...more });
  const clean = (actions: object) => cleanDefinition({ actions } as unknown as JsonObject, undefined);
  const compared = (before: object, after: object) => compareDefinitions(clean(before), clean(after));

  it('takes a rename for a rename, with everything that refers to it', () => {
    const before = { A: compose(1), B: compose("@outputs('A')", { runAfter: { A: ['Succeeded'] } }) };
    const after = { First: compose(1), B: compose("@{outputs('First')}", { runAfter: { First: ['Succeeded'] } }) };
    expect(
      compared(before, { ...after, B: compose("@outputs('First')", { runAfter: { First: ['Succeeded'] } }) }),
    ).toEqual([{ kind: 'rename', at: ['actions', 'A'], to: 'First' }]);
    expect(compared(before, after).map(({ kind }) => kind)).toEqual(['rename', 'change']);
  });

  it.each<[string, object, object]>([
    [
      'blanks between arguments',
      { A: compose("@coalesce(item(),'x  y')") },
      { A: compose("@coalesce( item(),  'x  y' )") },
    ],
    ['empty members', { A: compose(1) }, { A: { ...compose(1), runAfter: {}, description: '' } }],
    [
      'an id that the designer gives',
      { A: compose(1) },
      { A: { ...compose(1), metadata: { operationMetadataId: 'x' } } },
    ],
    [
      'states in another order and casing',
      { A: compose(1), B: compose(1, { runAfter: { A: ['Succeeded', 'Failed'] } }) },
      { A: compose(1), B: compose(1, { runAfter: { A: ['FAILED', 'SUCCEEDED'] } }) },
    ],
    [
      'an empty branch',
      { A: { type: 'If', expression: {}, actions: {} } },
      { A: { type: 'If', expression: {}, else: { actions: {} } } },
    ],
    ['members in another order', { A: compose({ a: 1, b: 2 }) }, { A: { inputs: { b: 2, a: 1 }, type: 'Compose' } }],
  ])('does not take for an edit: %s', (_, before, after) => {
    expect(compared(before, after)).toEqual([]);
  });

  it.each<[string, unknown, unknown]>([
    ['blanks inside a string of an expression', "@concat('a b')", "@concat('a  b')"],
    ['metadata inside inputs', { body: {} }, { body: { metadata: 1 } }],
    ['an empty list inside inputs', { body: {} }, { body: { outputs: [] } }],
    ['a string for a number', { n: '1' }, { n: 1 }],
  ])('takes for an edit: %s', (_, before, after) => {
    expect(compared({ A: compose(before) }, { A: compose(after) })).toHaveLength(1);
  });
});

describe('applyEdits', () => {
  const definition: JsonObject = {
    actions: { A: { type: 'Compose', inputs: { text: 'old', list: ['a', 'b'] } }, B: { type: 'Compose', inputs: 1 } },
  };
  const entry = (edit: Edit): PatchEntry => ({ edit, where: { file: 'patches/P.yaml', line: 3 } });
  const apply = (edit: Edit) => applyEdits(definition, [entry(edit)]);

  it('merges lists that both sides changed', () => {
    const at = ['actions', 'A', 'inputs', 'list'];
    const { definition: merged } = apply({ kind: 'change', at, was: ['b'], now: ['b', 'c'] });
    expect(merged).toMatchObject({ actions: { A: { inputs: { list: ['a', 'b', 'c'] } } } });
  });

  it('says which entries are no longer needed', () => {
    expect(
      apply({ kind: 'change', at: ['actions', 'A', 'inputs', 'text'], was: 'x', now: 'old' }).superfluous,
    ).toHaveLength(1);
    expect(apply({ kind: 'add', at: ['actions', 'B', 'inputs'], value: 1 }).superfluous).toHaveLength(1);
  });

  it.each<[string, Edit, RegExp]>([
    [
      'changed on both sides',
      { kind: 'change', at: ['actions', 'A', 'inputs', 'text'], was: 'older', now: 'mine' },
      /was "older", is "old", your edit makes it "mine"/,
    ],
    [
      'an action that is gone',
      { kind: 'change', at: ['actions', 'Aa', 'inputs', 'text'], was: 'x', now: 'y' },
      /has no actions\/Aa/,
    ],
    ['a removal of what is gone', { kind: 'remove', at: ['actions', 'C'] }, /has no actions\/C/],
    ['a rename of what is gone', { kind: 'rename', at: ['actions', 'C'], to: 'D' }, /has no actions\/C/],
    [
      'an addition that is there with other content',
      { kind: 'add', at: ['actions', 'B'], value: { type: 'Http' } },
      /has it now/,
    ],
    ['an addition to what is gone', { kind: 'add', at: ['actions', 'C', 'inputs'], value: 1 }, /has no actions\/C/],
  ])('refuses what does not fit and says where: %s', (_, edit, message) => {
    expect(() => apply(edit)).toThrow(
      expect.objectContaining({
        code: 'patch.conflict',
        message: expect.stringMatching(message),
        where: { file: 'patches/P.yaml', line: 3, path: edit.at.join('/') },
      }),
    );
  });
});

describe('patchedWorkflow', () => {
  const sync = () => playbookNamed('SIGNL4-Sync-Incident').build(config);
  const patched = (edit: Edit) => patchedWorkflow(sync(), [{ edit, where: { file: 'patches/P.yaml', line: 1 } }]);

  it('refuses edits after which an action runs after, or reads, one that is not there', () => {
    expect(() => patched({ kind: 'remove', at: ['actions', 'List_alerts'] })).toThrow(
      /Alert_states runs after List_alerts/,
    );
  });

  it('asks the deployment for the value of a secret that was added', () => {
    const { workflow } = patched({ kind: 'add', at: ['parameters', 'WikiToken'], value: { type: 'SecureString' } });
    expect(workflow.choices['WikiToken']).toMatchObject({ type: 'SecureString' });
    expect(workflow.definition.parameters?.['WikiToken']).toEqual({ type: 'SecureString' });
  });
});

describe('a patch file', () => {
  it('keeps entries that stay, with their comments and layout', () => {
    const text = [
      '# ours',
      '# the boss wants it',
      '- change: actions/A/inputs/text # really',
      "  was: 'old'",
      '  now: "new"',
      '- remove: actions/B',
      '',
    ].join('\n');
    const [first] = readPatchFile(text, 'p.yaml').map(({ edit }) => edit);
    const added: Edit = { kind: 'add', at: ['actions', 'a/b', 'inputs'], value: { x: ['@{1}', '- y: #z'] } };
    const after = patchFileText(text, 'P', first ? [first, added] : []);
    expect(after.startsWith(text.slice(0, text.indexOf('- remove')))).toBe(true);
    expect(after).toContain('- add: actions/a~1b/inputs');
    expect(readPatchFile(after, 'p.yaml').map(({ edit }) => edit)).toEqual([first, added]);
  });

  it('may have members that are called like secrets, where an expression fills them', () => {
    const text = '- add: actions/A/inputs/headers/Authorization\n  value: "@parameters(\'WikiToken\')"\n';
    expect(readPatchFile(text, 'p.yaml')).toHaveLength(1);
  });

  it.each([
    ['- change: [\n', 'patch.yaml'],
    ['change: actions/A\n', 'patch.entry'],
    ['- 1\n', 'patch.entry'],
    ['- {}\n', 'patch.entry'],
    ['- change: actions/A\n  was: 1\n', 'patch.entry'],
    ['- remove: actions/A\n  was: 1\n', 'patch.entry'],
    ['- remove: actions/A\n  add: actions/B\n', 'patch.entry'],
    ['- rename: actions/A\n  to: 1\n', 'patch.entry'],
    ['- add: actions/A\n  value: { headers: { Authorization: Bearer abcdefghijklmnopqrstuvwx } }\n', 'patch.secret'],
    ['- add: actions/A/inputs/headers/x-functions-key\n  value: abc\n', 'patch.secret'],
    ['- change: actions/A/inputs/headers/Authorization\n  was: x\n  now: y\n', 'patch.secret'],
  ])('is refused where it is %j', (text, code) => {
    expect(() => readPatchFile(text, 'p.yaml')).toThrow(
      expect.objectContaining({ code, where: expect.objectContaining({ file: 'p.yaml', line: expect.any(Number) }) }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { patchConfig } from '../../src/cli/drift/patch-config.ts';
import { initText } from '../../src/config/init-text.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Json } from '../../src/domain/json.ts';

const workspace = {
  tenantId: '7b1f0a52-6c1e-4d0b-9a55-3c1f8f2f9d10',
  subscriptionId: 'd0cfe6b2-9ac0-4464-9919-dccaee2e48c0',
  resourceGroup: 'soc-rg',
  name: 'soc-workspace',
  workspaceId: 'c8c99641-985d-4e4e-8e91-fb3466cd0e5b',
};
const fresh = initText({ workspace }, './signl4.schema.json');

/** One value for each choice that a playbook's parameters have a home for, and odd ones. */
const choices: readonly (readonly [string, Json])[] = [
  ['filter.statuses', ['New', 'Active']],
  ['filter.severities', ['High', 'Medium']],
  ['filter.tags', ['[drill]']],
  ['filter.excludeTags', ['no: page', '# not a comment']],
  ['filter.products', ['Microsoft Defender for Endpoint']],
  ['filter.tactics', ['Impact']],
  ['tag', '[drill]'],
  ['message.title', '{{incident.severity}}: {{incident.title}} # urgent: yes'],
  ['message.text', 'line1\nline2: {{incident.description}}'],
  ['message.scenarios', { High: 'emergency', Low: 'single_ack' }],
  ['friendlyNames.products', { 'Contoso EDR: v2': 'EDR' }],
  ['friendlyNames.companies', { [workspace.workspaceId]: 'Contoso: "DE"' }],
  ['friendlyNames.entities', { 'srv-0042': 'Löhne' }],
  ['relay.url', 'https://relay.contoso.example'],
  ['close.classification', 'FalsePositive - InaccurateData'],
  ['close.hashtags', { tp: 'TruePositive - SuspiciousActivity' }],
  ['owners', { 'a@contoso.example': 'a@contoso.com' }],
  ['sweep.lookBackHours', 24],
];
const path = (name: string) => name.split('.');

function at(root: unknown, keys: readonly (string | number)[]): unknown {
  return keys.reduce<unknown>((value, key) => (value as Record<string | number, unknown>)?.[key], root);
}

describe('a choice written into the file that init wrote', () => {
  it.each(choices)('leaves every line as it was: %s', (name, value) => {
    const after = patchConfig(fresh, [{ path: path(name), value }]);
    expect(at(parse(after), path(name))).toEqual(value);
    const added = after.split('\n').filter((line) => !fresh.split('\n').includes(line));
    expect(without(after, added)).toBe(fresh);
    loadConfig(after, 'signl4.yaml');
  });

  it('leaves every line as it was when all are written, one after the other and at once', () => {
    const patches = choices.map(([name, value]) => ({ path: path(name), value }));
    const after = patchConfig(fresh, patches);
    for (const [name, value] of choices) expect(at(parse(after), path(name))).toEqual(value);
    const lines = fresh.split('\n');
    expect(after.split('\n').filter((line) => line.trimStart().startsWith('#') && lines.includes(line))).toEqual(
      lines.filter((line) => line.trimStart().startsWith('#')),
    );
    expect(patchConfig(after, patches)).toBe(after);
  });

  it('is below the comment that explains it', () => {
    const after = patchConfig(fresh, [{ path: ['filter', 'severities'], value: ['High'] }]);
    expect(after).toContain('#severities: [High, Medium, Low, Informational]\n  severities: [High]\n');
  });
});

/** The text without lines that were added, each once. */
function without(text: string, added: readonly string[]): string {
  const left = [...added];
  return text
    .split('\n')
    .filter((line) => {
      const index = left.indexOf(line);
      if (index >= 0) left.splice(index, 1);
      return index < 0;
    })
    .join('\n');
}

describe('a value written over another', () => {
  it.each<[string, string, string, Json, string]>([
    ['a comment behind it', 'tag: A # ours\nkql: {}\n', 'tag', 'B', 'tag: B # ours\nkql: {}\n'],
    ['quotes elsewhere', "tag: 'A'\ncompany: 'C'\n", 'tag', 'B', "tag: B\ncompany: 'C'\n"],
    [
      'a list on one line',
      'filter: # who\n  severities: [High, Low] # why\n',
      'filter.severities',
      ['High'],
      'filter: # who\n  severities: [High] # why\n',
    ],
    [
      'a list in lines, with a comment for an item',
      'filter:\n  severities:\n    # always\n    - High # h\n    - Low # l\n  # end\ntag: A\n',
      'filter.severities',
      ['High', 'Medium'],
      'filter:\n  severities:\n    # always\n    - High # h\n    - Medium\n  # end\ntag: A\n',
    ],
    [
      'a section that loses, keeps and gets members',
      'close:\n  hashtags:\n    # true\n    tp: TruePositive - SuspiciousActivity # t\n    old: Undetermined\ntag: A\n',
      'close.hashtags',
      { tp: 'TruePositive - SuspiciousActivity', fp: 'FalsePositive - InaccurateData' },
      'close:\n  hashtags:\n    # true\n    tp: TruePositive - SuspiciousActivity # t\n    fp: FalsePositive - InaccurateData\ntag: A\n',
    ],
    [
      'a block of text',
      'message:\n  text: |-\n    a\n    b\n  title: T\n',
      'message.text',
      'c',
      'message:\n  text: c\n  title: T\n',
    ],
    [
      'a string that becomes a block',
      'message:\n  text: c\n  title: T\n',
      'message.text',
      'a\nb',
      'message:\n  text: |-\n    a\n    b\n  title: T\n',
    ],
    [
      'JSON',
      '{"filter": {"severities": ["High"]}, "tag": "A"}\n',
      'filter.severities',
      ['Low'],
      '{"filter": {"severities": [Low]}, "tag": "A"}\n',
    ],
    [
      'a section on one line',
      'filter: {severities: [High]}\n',
      'filter.tags',
      ['x'],
      'filter: {severities: [High], tags: [x]}\n',
    ],
    ['no section', '# ours\ntag: A\n', 'filter.tags', ['x'], '# ours\ntag: A\nfilter:\n  tags: [x]\n'],
    [
      'an empty section',
      'filter:\n\n# next\ntag: A\n',
      'filter.tags',
      ['x'],
      'filter:\n  tags: [x]\n\n# next\ntag: A\n',
    ],
    ['no line break at the end', 'tag: A', 'company', 'C', 'tag: A\ncompany: C'],
    ['nothing at all', '', 'tag', 'A', 'tag: A'],
    ['lines that end as Windows does', 'tag: A\r\ncompany: C\r\n', 'tag', 'B', 'tag: B\r\ncompany: C\r\n'],
    [
      'a new line among such lines',
      'filter:\r\n  tags: []\r\n',
      'filter.severities',
      ['High'],
      'filter:\r\n  tags: []\r\n  severities: [High]\r\n',
    ],
  ])('changes nothing else: %s', (_, before, name, value, after) => {
    expect(patchConfig(before, [{ path: path(name), value }])).toBe(after);
  });

  it('goes into the target that it is for', () => {
    const before = 'targets:\n  - name: a # first\n    tag: A\n  - name: b\n    # b only\n    company: B\ntag: Z\n';
    const after = patchConfig(before, [
      { path: ['targets', 1, 'tag'], value: 'T' },
      { path: ['targets', 0, 'filter', 'tags'], value: ['x'] },
    ]);
    expect(after).toBe(
      'targets:\n  - name: a # first\n    tag: A\n    filter:\n      tags: [x]\n  - name: b\n    # b only\n    company: B\n    tag: T\ntag: Z\n',
    );
  });

  it('says the value and nothing else, whatever texts are chosen', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string(),
      fc.constantFrom('yes', '1', '~', '- a', 'a: b', '"', "'", '|-', '#x', ' a', 'a\n', '\n'),
    );
    const valued = fc.record({ index: fc.nat(choices.length - 1), text, list: fc.array(text, { maxLength: 4 }) });
    fc.assert(
      fc.property(fc.array(valued, { maxLength: 5 }), (picks) => {
        const patches = picks.flatMap(({ index, text: chosen, list }) => {
          const [name, example] = choices[index] ?? ['tag', ''];
          const value = Array.isArray(example) ? list : typeof example === 'string' ? chosen : undefined;
          return value === undefined ? [] : [{ path: path(name), value }];
        });
        const after = patchConfig(fresh, patches);
        const last = new Map(patches.map((patch) => [patch.path.join('.'), patch.value]));
        for (const [name, value] of last) expect(at(parse(after), path(name))).toEqual(value);
        const comments = fresh.split('\n').filter((line) => /^ *#/.test(line));
        const kept = after.split('\n').filter((line) => comments.includes(line));
        expect(kept.length).toBeGreaterThanOrEqual(comments.length);
      }),
      { numRuns: 100, seed: Number(process.env['PROPERTY_SEED'] ?? 20261127) },
    );
  });
});

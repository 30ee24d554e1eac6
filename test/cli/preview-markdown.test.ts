import { marked } from 'marked';
import { describe, expect, it } from 'vitest';
import type { ResourceChange } from '../../src/azure/deployments.ts';
import { type Compared, LONGEST_COMMENT, previewMarkdown, runAddress } from '../../src/cli/deploy/preview-markdown.ts';

const resource = (name: string, change: string, ...properties: ResourceChange['properties']): ResourceChange => ({
  resourceId: `/subscriptions/s/resourceGroups/g/providers/Microsoft.Logic/workflows/${name}`,
  ...{ change, properties },
});

const compared = (title: string, ...changes: readonly ResourceChange[]): Compared => ({
  title,
  result: { changes, diagnostics: [] },
});

const markdown = (all: readonly Compared[], retiring: readonly string[] = [], limit?: number) =>
  previewMarkdown({ compared: all, retiring, whole: '[this run](https://x/1)' }, limit);

const code = (text: string) =>
  marked.lexer(text).flatMap((token) => (token.type === 'code' ? [token.text as string] : []));

describe('a comparison as a comment', () => {
  const state = { path: 'properties.state', change: 'Modify', before: 'Enabled', after: 'Disabled' };

  it('counts in a table, and shows each place where its sign gets a colour', () => {
    const text = markdown([
      compared('SIGNL4-Callback', resource('SIGNL4-Callback', 'Modify', state), resource('b', 'Create')),
      compared('the roles', resource('c', 'NoChange')),
    ]);
    expect(text.split('\n')[0]).toBe('<!-- signl4-sentinel what-if -->');
    expect(text).toContain('| SIGNL4-Callback | 1 changed, 1 created |');
    expect(text).toContain('| the roles | none |');
    expect(code(text)).toEqual([
      '! Microsoft.Logic/workflows/SIGNL4-Callback\n!     properties.state: "Enabled" -> "Disabled"\n+ Microsoft.Logic/workflows/b',
    ]);
  });

  it('says so where nothing would change, and what is switched off', () => {
    expect(markdown([compared('a', resource('a', 'NoChange'))])).toContain('\nNothing.\n');
    const retiring = markdown([compared('a')], ['SIGNL4-Respond: Enabled -> Disabled']);
    expect(retiring).toContain('\nSIGNL4-Respond: Enabled -> Disabled');
    expect(retiring).not.toContain('Nothing.');
  });

  it('lets no text of a template out of its place', () => {
    const nasty = { path: 'a', change: 'Create', after: '````\n</details><img src=x> | @everyone' };
    const text = markdown([compared('x | <b>y</b>', resource('a', 'Modify', nasty))]);
    expect(text).toContain('| x \\| \\<b\\>y\\</b\\> |');
    expect(text).toContain('<summary>x | &lt;b&gt;y&lt;/b&gt;</summary>');
    expect(code(text)).toHaveLength(1);
    expect(code(text)[0]).toContain('@everyone');
  });

  it('fits into a comment: what has no place is left out, whole deployments and lines, and the comment says where it is', () => {
    const long = { path: 'p', change: 'Create', after: 'ä'.repeat(60) };
    const many = Array.from({ length: 40 }, (_, n) =>
      compared(`playbook ${n}`, resource(`w${n}`, 'Modify', ...Array(40).fill(long))),
    );
    const text = markdown(many);
    expect(text.length).toBeLessThanOrEqual(LONGEST_COMMENT);
    expect(text.length).toBeGreaterThan(LONGEST_COMMENT - 1000);
    expect(text).toMatch(/\[this run\]\(https:\/\/x\/1\) has the whole comparison\._\n$/);
    expect(text).toContain('| playbook 39 |');
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
    for (const limit of [200, 400, 1500, 5000]) expect(markdown(many, [], limit).length).toBeLessThanOrEqual(limit);
  });
});

it.each([
  [
    'GitHub',
    { GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'contoso/soc', GITHUB_RUN_ID: '7' },
    '[this run](https://github.com/contoso/soc/actions/runs/7)',
  ],
  [
    'Azure Pipelines',
    { SYSTEM_COLLECTIONURI: 'https://dev.azure.com/contoso/', SYSTEM_TEAMPROJECT: 'The SOC', BUILD_BUILDID: '7' },
    '[this run](https://dev.azure.com/contoso/The%20SOC/_build/results?buildId=7)',
  ],
  ['a shell', {}, 'the output of the command'],
])('knows where %s shows the run', (_, env, expected) => {
  expect(runAddress(env)).toBe(expected);
});

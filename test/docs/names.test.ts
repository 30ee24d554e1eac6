import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { playbooks, playbooksOf } from '../../playbooks/index.ts';
import { commands } from '../../src/cli/commands.ts';
import { defaultConfig } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { readSettings } from '../../src/relay/settings.ts';
import { built, configurations, read, root } from './support/pages.ts';

/* Names and numbers that pages take from the code. */

const words = ['none', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const readme = read('README.md');
const troubleshooting = read('docs/troubleshooting.md');

describe('README.md', () => {
  it('counts the playbooks of a build without choices', () => {
    const count = words[playbooksOf(defaultConfig).length];
    expect(readme).toContain(`| playbooks | ${count} Logic Apps`);
    expect(read('docs/azure.md')).toContain(`\`deploy\` brings the first ${count}.`);
  });

  it('lists every playbook and every command', () => {
    for (const { name } of playbooks) expect(readme).toContain(`| [${name}](playbooks/${name}/readme.md) |`);
    const [, table = ''] = readme.split('\n## Commands\n');
    expect(
      commands.map(({ name }) => name).filter((name) => !new RegExp(`^\\|.*\`${name}\\b`, 'm').test(table)),
    ).toEqual([]);
  });

  it('lists what build writes', async () => {
    const files = [...(await built(configurations.provider)).keys()];
    const folders = new Set(files.map((path) => path.replace(/\/.*/, path.includes('/') ? '/' : '')));
    const [, listing = ''] = readme.split('```text\n');
    const listed = (listing.split('```')[0] ?? '')
      .split('\n')
      .filter(Boolean)
      .map((line) => line.replace(/[ <].*/, ''));
    const top = new Set(listed.map((name) => name.replace(/\/.*/, name.includes('/') ? '/' : '')));
    expect([...folders].filter((name) => !top.has(name))).toEqual([]);
    expect([...top].filter((name) => !folders.has(name))).toEqual([]);
  });
});

describe('environment variables', () => {
  const code = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => read(`src/${path}`))
    .join('\n');
  const known = new Set(code.match(/\b(?:SIGNL4|RELAY)_[A-Z0-9_]+\b/g));
  /** Of a previous secret, of one in a file, of a target; tables of Log Analytics end in `_CL`. */
  const base = (name: string) => name.replace(/_(?:PREVIOUS|FILE)$/, '').replace(/^(SIGNL4_TEAM_SECRET)_.+/, '$1');
  const pages = ['README.md', ...readdirSync(`${root}docs`).map((name) => `docs/${name}`)];

  it.each(pages.filter((path) => path.endsWith('.md')))('of %s are ones that the code reads', (page) => {
    const named = read(page).match(/\b(?:SIGNL4|RELAY)_[A-Z0-9_]+\b/g) ?? [];
    expect(named.filter((name) => !known.has(base(name)) && !name.endsWith('_CL'))).toEqual([]);
  });
});

describe('the checks of doctor', () => {
  const sources = [
    'src/cli/doctor.ts',
    ...readdirSync(`${root}src/cli/doctor`).map((name) => `src/cli/doctor/${name}`),
  ].map(read);
  const ids = new Set(
    sources.flatMap((text) => [...text.matchAll(/^\s+(?:id|check): '([a-z0-9-]+)'/gm)].map(([, id = '']) => id)),
  );
  const page = read('docs/doctor.md');
  const described = [...page.matchAll(/^\| ((?:`[a-z0-9-]+`(?:, )?)+) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, id = '']) => id),
  );

  it('are those that docs/doctor.md describes', () => {
    const without = [...ids].filter((id) => !described.includes(id));
    expect(without).toEqual([]);
    expect(described.filter((id) => !ids.has(id) && id !== 'sign-in')).toEqual([]);
  });

  const rows = troubleshooting
    .split('\n')
    .filter((line) => /^\| (?!you see|---)/.test(line) && line.split(' | ').length === 5);

  it('are named by every row of docs/troubleshooting.md', () => {
    expect(rows.length).toBeGreaterThan(40);
    const named = rows.map((row) => [row, (row.split(' | ').at(-1) ?? '').replace(/ \|$/, '')] as const);
    const odd = named.filter(
      ([, cell]) => cell !== '–' && !cell.split(', ').every((each) => ids.has(each.replaceAll('`', ''))),
    );
    expect(odd).toEqual([]);
  });

  it('quote a label of an error that the command line has', () => {
    const labels = [...troubleshooting.matchAll(/`\[([\w.-]+)\]`/g)].map(([, label = '']) => label);
    expect(labels.length).toBeGreaterThan(0);
    const all = readdirSync(`${root}src/cli`, { encoding: 'utf8', recursive: true })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => read(`src/cli/${name}`))
      .join('\n');
    expect(labels.filter((label) => !all.includes(`'${label}'`))).toEqual([]);
  });
});

describe('the actions that pages name', async () => {
  const files = await built(
    `${configurations.everything.replace('graph: { enabled: true }', '')}\nrelay: { url: "https://relay.contoso.com" }`,
  );
  const graph = await built(configurations.everything);
  const templates = [...files, ...graph].filter(([path]) => /^playbooks\/.*azuredeploy\.json$/.test(path));
  const names = new Set(
    templates.flatMap(([, content]) => {
      const { resources } = JSON.parse(String(content)) as { resources: { type: string; properties: JsonObject }[] };
      const workflow = resources.find(({ type }) => type === 'Microsoft.Logic/workflows');
      return [...keys(workflow?.properties['definition'] as JsonObject)].map((name) => name.replaceAll('_', ' '));
    }),
  );
  /** Menus, buttons, triggers and statuses of portals. */
  const menus = [...read('docs/azure.md').matchAll(/\*([A-Z][^*]+)\*/g)].map(([, name = '']) => name);
  const others = [
    ...[
      'Access control',
      'Automation',
      'Automation rule run',
      'Cancelled',
      'Disable',
      'Enable',
      'Environment variables',
    ],
    ...[
      'Overview',
      'Redirected',
      'Resubmit',
      'Unauthorized',
      'Invalid connection',
      'Workflow settings',
      'Menus',
      'Run history',
    ],
    ...['doctor', 'SIGNL4: tell the on-call team what changed'],
  ];

  it('are actions of playbooks, or menus of portals: docs/troubleshooting.md', () => {
    const named = [...troubleshooting.matchAll(/(?<!\*)\*([^*\n]+)\*(?!\*)/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(20);
    expect([...new Set(named)].filter((name) => ![...names, ...menus, ...others].includes(name))).toEqual([]);
  });

  it.each(playbooks.map(({ name }) => name))('are actions of the playbook: how %s works', (name) => {
    const [, works = ''] = read(`playbooks/${name}/readme.md`).split('\n## How it works\n');
    const bold = [...(works.split('\n## ')[0] ?? '').matchAll(/\*\*([^*]+)\*\*/g)].map(([, each = '']) =>
      each.replaceAll(/\s+/g, ' '),
    );
    expect(bold.filter((each) => !names.has(each))).toEqual([]);
  });
});

function* keys(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    yield key;
    if (key === 'variables' && Array.isArray(member)) for (const { name } of member as { name: string }[]) yield name;
    yield* keys(member);
  }
}

describe('the numbers of the relay', () => {
  const settings = readSettings({ RELAY_KEY: 'k'.repeat(16), RELAY_SIGNL4_SECRET: 's'.repeat(16) }, () => '');
  const table = read('templates/relay/readme.md');
  it.each([
    [/`RELAY_BUDGET_SECONDS` \| longest time for one request, (\d+)/, settings.budgetMs / 1000],
    [/`RELAY_REQUESTS_PER_MINUTE` \| per caller, (\d+)/, settings.requestsPerMinute],
    [/`RELAY_HOST`, `RELAY_PORT` \|[^|]*; (\d+)/, settings.port],
  ])('are those of the code: %s', (pattern, value) => {
    expect(Number(pattern.exec(table)?.[1])).toBe(value);
  });

  it('is the budget that docs/relay.md explains', () => {
    expect(read('docs/relay.md')).toContain(`(\`RELAY_BUDGET_SECONDS\`, ${settings.budgetMs / 1000})`);
  });
});

describe('docs/migration.md', () => {
  it('names choices of signl4.yaml that are there', () => {
    const text = read('docs/migration.md');
    const named = [...text.matchAll(/`((?:filter|callback|deployment|sweep|relay|graph|sync)\.[A-Za-z.]+)/g)].map(
      ([, path = '']) => path,
    );
    expect(named.length).toBeGreaterThan(6);
    const config = loadConfig('', 'signl4.yaml') as unknown as JsonObject;
    const at = (path: string) =>
      path.split('.').reduce<unknown>((value, key) => (value as JsonObject | undefined)?.[key], config);
    expect(named.filter((path) => at(path.replace(/\.$/, '')) === undefined)).toEqual([]);
  });

  it('says how long a sweep looks back', () => {
    expect(read('docs/migration.md')).toContain(`\`sweep.lookBackHours\` (${defaultConfig.sweep.lookBackHours} hours)`);
  });
});

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/load.ts';
import { readPatchFile } from '../../src/config/patches.ts';
import { configSchema } from '../../src/config/schema.ts';
import { loadScenario } from '../../src/simulator/scenario/load.ts';
import { readSwitchedOff } from '../../src/verify/read-switched-off.ts';
import { parseExpression, parseTemplate } from '../../src/wdl/parse.ts';
import { loadSchemaCheck, withLogicApps } from '../monitoring/schema-check.ts';
import { type Page, partsOf } from './support/markdown.ts';
import { built, configurations, guidesIn, pages, read } from './support/pages.ts';

/* Snippets that people copy are read as the product reads them. */

const guides = (await Promise.all(Object.values(configurations).map(built))).flatMap(guidesIn);
const shown: readonly Page[] = [...pages, ...guides];
const unique = <T extends { readonly text: string }>(all: readonly T[]) => [
  ...new Map(all.map((each) => [each.text, each])).values(),
];
const blocks = unique(
  shown.flatMap((page) => partsOf(page).blocks.map((block) => ({ ...block, place: `${page.path}:${block.line}` }))),
);
const spans = unique(
  shown.flatMap((page) => partsOf(page).spans.map((span) => ({ ...span, place: `${page.path}:${span.line}` }))),
);
const inLanguage = (language: string) =>
  blocks.filter((block) => block.language === language).map(({ place, text }) => [place, text] as const);

describe('a block', () => {
  it('is of a language that a test reads, or text', () => {
    const known = ['', 'sh', 'powershell', 'yaml', 'json', 'kql', 'bicep', 'text'];
    expect(blocks.filter(({ language }) => !known.includes(language)).map(({ place }) => place)).toEqual([]);
  });

  it('of text has no command', () => {
    const commands = /^\s*(npm|npx|signl4-sentinel|az|curl|docker) /m;
    expect(inLanguage('text').filter(([, text]) => commands.test(text))).toEqual([]);
  });
});

describe('YAML', () => {
  it('is on our pages', () => {
    expect(inLanguage('yaml').length).toBeGreaterThan(6);
  });

  it.each(inLanguage('yaml'))('is what the product takes: %s', async (_, text) => {
    await expect(readYaml(text)).resolves.toBeUndefined();
  });

  it.each([
    ['filter: { severity: [High] }', /severity/],
    ['steps: [{ nonsense: 1 }]\ntitle: x', /"expect" is missing/],
    ['- change: actions/a', /was|now/],
    ['off: [nothing.*]', /nothing/],
    ['groups: [{ rules: [{ alert: A, expr: signl4_relay_nothing > 0 }] }]', /signl4_relay_nothing/],
    ['nobody: knows', /no file of ours/],
  ])('that it does not take is found: %s', async (text, message) => {
    await expect(readYaml(text)).rejects.toThrow(message);
  });
});

/** Reads a file of ours, or a part of one, as what it is by its members. Throws what the product says. */
async function readYaml(text: string): Promise<void> {
  const value: unknown = parse(text);
  if (Array.isArray(value)) return void readPatchFile(text, 'patch.yaml');
  const members = Object.keys(value as object);
  if (members.includes('steps')) return void loadScenario(text, 'story.yaml');
  if (members.includes('off')) return void readSwitchedOff(text, '.signl4-verify.yaml', rules);
  if (members.includes('scrape_configs') || members.includes('groups')) return expectMetrics(text);
  if (!members.every((member) => Object.hasOwn(configSchema.properties ?? {}, member)))
    throw new Error(`${members} is in no file of ours`);
  loadConfig(text, 'signl4.yaml');
}

const rules = [...read('docs/verify.md').matchAll(/^\| `([a-z-]+\.[\w.-]+)` \|/gm)].map(([, id = '']) => id);

/** Prometheus: the names are those of the relay. */
function expectMetrics(text: string): void {
  const source = read('src/relay/metrics.ts');
  for (const [name] of text.matchAll(/\bsignl4_\w+/g))
    if (!source.includes(`'${name}'`)) throw new Error(`the relay has no metric ${name}`);
}

describe('JSON', () => {
  it.each(inLanguage('json'))('is JSON: %s', (_, text) => {
    expect(() => JSON.parse(text)).not.toThrow();
  });

  const inText = spans.filter(({ text }) => /^(\{|\[\{)"/.test(text) && !/…|"\?/.test(text));
  it.each(inText.map(({ place, text }) => [place, text] as const))('is JSON: %s %s', (_, text) => {
    expect(() => JSON.parse(text)).not.toThrow();
  });
});

describe('KQL', async () => {
  const check = await loadSchemaCheck();
  const page = JSON.parse(read('templates/contenthub/DerdackSIGNL4.json')) as object;
  const queries = [
    ...inLanguage('kql'),
    ...spans
      .filter(({ text }) => /^(Security|Sentinel|Azure)\w+ \|/.test(text))
      .map(({ place, text }) => [place, text] as const),
    ...[...JSON.stringify(page).matchAll(/"(SecurityIncident\\n.*?)(?<!\\)"/g)].map(
      ([, text = '']) => ['the page in Content Hub', JSON.parse(`"${text}"`) as string] as const,
    ),
  ];

  it('is on our pages', () => {
    expect(queries.length).toBeGreaterThan(3);
  });

  it.each(queries)('is bound by the parser of Microsoft: %s', (_, text) => {
    expect(check(text, withLogicApps)).toEqual([]);
  });

  it('that it does not bind is found', () => {
    expect(check('SecurityIncident | distinct ModifyedBy', withLogicApps)).not.toEqual([]);
  });
});

describe('expressions of workflows', () => {
  const expressions = spans.filter(({ text }) => /^@\{?[a-z]+\w*\(/i.test(text) && !text.includes('…'));

  it('are on our pages', () => {
    expect(expressions.length).toBeGreaterThan(0);
  });

  it.each(expressions.map(({ place, text }) => [place, text] as const))('can be read: %s %s', (_, text) => {
    expect(() => (text.startsWith('@{') ? parseTemplate(text) : parseExpression(text.slice(1)))).not.toThrow();
  });
});

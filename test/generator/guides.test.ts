import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ArmParameter, ArmTemplate } from '../../src/arm/template.ts';
import { evaluateArm } from '../../src/arm-expressions/evaluate.ts';
import { offlineDeployment } from '../../src/arm-expressions/scope.ts';
import { templateScope } from '../../src/arm-expressions/template.ts';
import { defaultConfig } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { unescapeArm, unescapeArmValue } from '../../src/domain/arm-literal.ts';
import type { Json, JsonObject } from '../../src/domain/json.ts';
import { environment } from '../../src/generator/environment.ts';
import { parameterTable } from '../../src/generator/readme.ts';
import { releases } from '../../src/generator/releases.ts';

const text = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const filesOf = (yaml: string) => environment(loadConfig(yaml, 'signl4.yaml'), releases[0], text).files;
const templateOf = (files: ReturnType<typeof filesOf>, path: string) =>
  JSON.parse(String(files.get(path))) as ArmTemplate;
const playbooksIn = (files: ReturnType<typeof filesOf>) =>
  [...files.keys()]
    .filter((path) => /^playbooks\/[^/]+\/azuredeploy\.json$/.test(path))
    .map((path) => path.slice(0, -17));

const relay = 'relay: { url: "https://relay.contoso.com" }\n';
const graph = 'graph: { enabled: true }\n';
const respond = `respond: { playbooks: { look: { playbook: ${'/subscriptions/0c2b1a3f-5d4e-4f6a-8b7c-9d0e1f2a3b4c/resourceGroups/rg/providers/Microsoft.Logic/workflows/Look'}, on: incident } } }\n`;

describe('a guide of choices in brackets', () => {
  const files = filesOf(`tag: "[x]"
filter: { titleExcludes: ["[test]"], titleContains: ["[prod]"], products: ["[own]"], tags: ["[a]"] }
message: { title: "[{{incident.severity}}]" }
friendlyNames: { entities: { "[srv]": "[Pay]" } }
${graph}`);

  it.each(playbooksIn(files))('shows what people type, not the escapes of ARM: %s', (folder) => {
    const template = templateOf(files, `${folder}/azuredeploy.json`) as unknown as JsonObject;
    const guide = String(files.get(`${folder}/readme.md`));
    const scope = templateScope(template, {}, offlineDeployment);
    for (const [name, { defaultValue }] of Object.entries((template as unknown as ArmTemplate).parameters)) {
      const shown = new RegExp(`^\\| ${name} \\| \\w+ \\| \`(.*?)\` \\|`, 'm').exec(guide)?.[1]?.replaceAll('\\|', '|');
      if (shown === undefined || defaultValue === undefined || String(defaultValue).startsWith('[subscription'))
        continue;
      if (String(defaultValue).startsWith('[resourceGroup')) continue;
      const meant = evaluateArm(defaultValue, scope);
      expect(shown, name).toBe(typeof meant === 'string' ? meant : JSON.stringify(meant));
    }
    const escaped = /\[\[(x|test|prod|own|a|srv|Pay)\]/;
    expect(guide).not.toMatch(escaped);
    expect(String(files.get(`${folder}/flow.svg`))).not.toMatch(escaped);
  });

  it('has the tag in four of them', () => {
    const guides = playbooksIn(files).map((folder) => String(files.get(`${folder}/readme.md`)));
    expect(guides.filter((guide) => guide.includes('| Tag | string | `[x]` |')).length).toBeGreaterThan(3);
  });

  it.each<[string, Json, string]>([
    ['a text', '[[test]', '[test]'],
    ['a text of two brackets', '[[[test]]', '[[test]]'],
    ['a list', ['[[test]', 'a[[b]', '[open'], '["[test]","a[[b]","[open"]'],
    ['an object and the names in it', { '[[a]': { b: ['[[c]'] } }, '{"[a]":{"b":["[c]"]}}'],
    ['an expression', '[resourceGroup().name]', '[resourceGroup().name]'],
  ])('shows %s', (_, defaultValue, shown) => {
    const parameter = { type: 'object', defaultValue, metadata: { description: '[[say]' } } as ArmParameter;
    expect(parameterTable({ It: parameter })).toContain(`| It | object | \`${shown}\` | [say] |`);
  });

  it('takes back what the templates escape', () => {
    expect(unescapeArm('[[a] b')).toBe('[[a] b');
    expect(unescapeArmValue({ a: [1, null, true, '[[x]'] })).toEqual({ a: [1, null, true, '[x]'] });
  });
});

describe('a secret that a configuration needs', () => {
  const secretsOf = ({ parameters }: ArmTemplate) =>
    Object.fromEntries(
      Object.entries(parameters).flatMap(([name, { type, defaultValue, minLength }]) =>
        type === 'securestring' ? [[name, defaultValue === undefined ? (minLength ?? 0) : defaultValue]] : [],
      ),
    );

  it.each([
    ['defaults', '', ['TeamSecret']],
    ['a relay', relay, ['TeamSecret', 'RelayKey']],
    ['a relay that deploy brings', 'relay: { azure: { app: contoso-relay } }', ['TeamSecret', 'RelayKey']],
  ])('has no default in the playbook that pages, which says so: %s', (_, yaml, secrets) => {
    const files = filesOf(yaml);
    const template = templateOf(files, 'playbooks/SIGNL4-Send-Incident/azuredeploy.json');
    expect(secretsOf(template)).toEqual(Object.fromEntries(secrets.map((name) => [name, 1])));
    const guide = String(files.get('playbooks/SIGNL4-Send-Incident/readme.md'));
    expect(guide).toContain(`It asks for ${secrets.map((name) => `\`${name}\``).join(' and ')}.`);
    for (const name of secrets) expect(guide).toContain(`| ${name} | securestring | *required* |`);
  });

  it.each([['', relay, graph, respond, `${relay}${graph}${respond}`].map((yaml) => [yaml])].flat())(
    'has none in any playbook: %j',
    (yaml) => {
      const files = filesOf(yaml);
      for (const folder of playbooksIn(files))
        for (const [name, value] of Object.entries(secretsOf(templateOf(files, `${folder}/azuredeploy.json`))))
          expect(value, `${folder} ${name}`).toBe(1);
    },
  );

  it.each([
    ['defaults', '', { TeamSecret: '', Signl4ApiKey: '' }],
    ['a sweep of its own', 'relay: { azure: { sweep: true } }', { TeamSecret: 1, Signl4ApiKey: '' }],
    ['a sync of its own', 'relay: { azure: { sync: true } }', { TeamSecret: '', Signl4ApiKey: 1 }],
    ['Graph', graph, { TeamSecret: 1, Signl4ApiKey: 1 }],
    ['responses', respond, { TeamSecret: '', Signl4ApiKey: 1 }],
  ])('has none in the template of the relay: %s', (_, yaml, optional) => {
    const secrets = secretsOf(templateOf(filesOf(yaml), 'relay/azuredeploy.json'));
    expect(secrets).toEqual({ RelayKey: 16, WebhookSecret: 16, ...optional });
  });

  it('is none of the relay where the generic build, which Content Hub ships, has none', () => {
    const { files } = environment(defaultConfig, releases[0], text);
    for (const folder of playbooksIn(files))
      expect(String(files.get(`${folder}/azuredeploy.json`))).not.toContain('RelayKey');
  });
});

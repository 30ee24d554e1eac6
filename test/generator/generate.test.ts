import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { playbooksOf } from '../../playbooks/index.ts';
import { type Config, defaultConfig } from '../../src/config/config.ts';
import { configHash } from '../../src/config/hash.ts';
import { loadConfig } from '../../src/config/load.ts';
import { loadConnectorSpec } from '../../src/connector/load.ts';
import { generate } from '../../src/generator/generate.ts';
import { type Files, sha256 } from '../../src/generator/output.ts';
import { publishedFiles } from '../../src/generator/published.ts';
import { releases } from '../../src/generator/releases.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const bytes = (path: string) => readFileSync(root + path);
const text = (path: string) => readFileSync(root + path, 'utf8');
const spec = loadConnectorSpec(`${root}connector-spec`, `${root}templates/connector`);
const published = publishedFiles(spec, text, bytes);

function build(config: Config) {
  return generate(config, configHash(config), {
    text,
    published: () => published,
    relay: async () => new Uint8Array([1]),
  });
}

function example(name: string): Config {
  return loadConfig(readFileSync(`${root}examples/${name}`, 'utf8'), name);
}

function jsonOf(files: Files, path: string) {
  return JSON.parse(String(files.get(path)));
}

const { files } = await build(defaultConfig);

describe('build', () => {
  it('gives equal bytes for an equal config', async () => {
    expect((await build(defaultConfig)).files).toEqual(files);
    expect(publishedFiles(spec, text, bytes)).toEqual(published);
  });

  it('writes template, guide and picture of every playbook', () => {
    const expected = playbooksOf(defaultConfig).flatMap(({ name }) =>
      ['azuredeploy.json', 'readme.md', 'flow.svg'].map((file) => `playbooks/${name}/${file}`),
    );
    expect([...files.keys()]).toEqual(expect.arrayContaining(expected));
  });

  it.each([
    ['no source', false, '', 7],
    ['a source without a relay', true, '', 9],
    ['a source that a relay asks', true, 'https://relay.contoso.example', 7],
  ])(
    'writes the playbooks of Defender where Graph is %s, and publishes none of them',
    async (_, enabled, url, count) => {
      const config = {
        ...defaultConfig,
        graph: { ...defaultConfig.graph, enabled },
        relay: { ...defaultConfig.relay, url },
      };
      const paths = [...(await build(config)).files.keys()].filter((path) => path.endsWith('/azuredeploy.json'));
      expect(paths.filter((path) => path.startsWith('playbooks/'))).toHaveLength(count);
      expect(paths.filter((path) => /^solution\/.*Defender/.test(path))).toEqual([]);
      expect([...published.keys()].filter((path) => path.includes('Defender-'))).toEqual([]);
    },
  );

  it('lists every file but the manifest in the manifest, with its hash', () => {
    const listed = jsonOf(files, 'manifest.json');
    expect(listed).toMatchObject({ version: manifest.version, configHash: configHash(defaultConfig) });
    const others = [...files].filter(([path]) => path !== 'manifest.json');
    expect(listed.files).toEqual(Object.fromEntries(others.map(([path, content]) => [path, sha256(content)])));
  });

  it('takes the choices of the config as defaults of the deployment', async () => {
    const config: Config = {
      ...defaultConfig,
      tag: 'Paged',
      filter: { ...defaultConfig.filter, severities: ['High'] },
    };
    const template = jsonOf((await build(config)).files, 'playbooks/SIGNL4-Send-Incident/azuredeploy.json');
    expect(template.parameters).toMatchObject({
      Tag: { type: 'string', defaultValue: 'Paged' },
      Severities: { type: 'array', defaultValue: ['High'] },
      TeamSecret: { type: 'securestring' },
    });
    expect(template.parameters.TeamSecret).not.toHaveProperty('defaultValue');
  });

  it('keeps the published solution free of what one config says', async () => {
    const own = (await build({ ...defaultConfig, company: 'Contoso Confidential' })).files;
    const solution = [...own].filter(([path]) => path.startsWith('solution/'));
    expect(solution).toEqual([...files].filter(([path]) => path.startsWith('solution/')));
    expect(String(own.get('playbooks/SIGNL4-Send-Incident/azuredeploy.json'))).toContain('Contoso Confidential');
  });

  it('gives every target of a service provider a folder with its own workspace and names', async () => {
    const config = example('service-provider.yaml');
    const provider = (await build(config)).files;
    for (const { name, config: own } of config.targets) {
      const template = jsonOf(provider, `targets/${name}/playbooks/SIGNL4-Callback/azuredeploy.json`);
      expect(template.parameters.WorkspaceName.defaultValue).toBe(own.workspace?.name);
    }
    expect(config.targets.length).toBe(3);
  });

  it('says which part of the filter the automation rule takes over', async () => {
    const { notes } = await build(example('soc.yaml'));
    expect(notes).toContainEqual(
      expect.stringMatching(/^filter: the automation rule tests .+; the playbook alone tests .+/),
    );
  });

  it('says which fields of the message only the relay fills', async () => {
    const { notes } = await build(example('soc.yaml'));
    expect(notes).toContainEqual(expect.stringMatching(/^message: only the relay fills .*entities\.hosts/));
  });

  it('carries the version of the package', () => {
    expect(releases[0].version).toBe(manifest.version);
  });
});

describe('the guides', () => {
  const guides = playbooksOf(defaultConfig).map(({ name }) => ({
    name,
    text: String(files.get(`playbooks/${name}/readme.md`)),
  }));

  it('say how to deploy from the file, and that the buttons find nothing before the solution is published', () => {
    expect(guides.length).toBeGreaterThan(5);
    for (const { name, text } of guides) {
      expect(text, name).toContain('--template-file azuredeploy.json');
      expect(text.replaceAll('\n', ' '), name).toMatch(
        /before you put it into|Until the solution with this playbook is published there/,
      );
    }
  });

  it('lead their buttons to the repository of the config, and those in the solution to that of Microsoft', async () => {
    const { files: forked } = await build({ ...defaultConfig, repository: 'contoso/sentinel/main' });
    const addresses = (path: string) =>
      [...String(forked.get(path)).matchAll(/Microsoft\.Template\/uri\/([^)]+)/g)].map(([, uri = '']) =>
        decodeURIComponent(uri),
      );
    for (const { name } of guides) {
      const own = addresses(`playbooks/${name}/readme.md`);
      expect(own.length, name).toBe(2);
      expect(
        own.every((uri) => uri.startsWith('https://raw.githubusercontent.com/contoso/sentinel/main/')),
        name,
      ).toBe(true);
      const published = addresses(`solution/SIGNL4/Playbooks/${name}/readme.md`);
      expect(
        published.every((uri) => uri.includes('/Azure/Azure-Sentinel/master/')),
        name,
      ).toBe(true);
    }
  });
});

describe('the callback playbook', () => {
  const template = jsonOf(files, 'playbooks/SIGNL4-Callback/azuredeploy.json');

  it('never gives its URL away as an output', () => {
    expect(template).not.toHaveProperty('outputs');
  });

  it('is the only one that can be closed to callers: Sentinel must reach the others', () => {
    const closable = playbooksOf(defaultConfig).filter(({ name }) =>
      String(files.get(`playbooks/${name}/azuredeploy.json`)).includes('accessControl'),
    );
    expect(closable.map(({ name }) => name)).toEqual(['SIGNL4-Callback']);
  });
});

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Config, defaultConfig } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { loadConnectorSpec } from '../../src/connector/load.ts';
import { generate } from '../../src/generator/generate.ts';
import { publishedFiles } from '../../src/generator/published.ts';
import { verifyFiles } from '../../src/verify/verify-files.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const bytes = (path: string) => readFileSync(root + path);
const text = (path: string) => readFileSync(root + path, 'utf8');
const published = publishedFiles(loadConnectorSpec(`${root}connector-spec`, `${root}templates/connector`), text, bytes);

function configOf(name: string): Config {
  return loadConfig(readFileSync(`${root}examples/${name}`, 'utf8'), name);
}

async function built(config: Config) {
  const { files } = await generate(config, 'none', {
    text,
    published: () => published,
    relay: async () => new Uint8Array([1]),
  });
  return new Map(files);
}

/** Responses of every kind, in two subscriptions. */
const respond = (() => {
  const at = (subscription: string, name: string) =>
    `/subscriptions/${subscription}/resourceGroups/rg-response/providers/Microsoft.Logic/workflows/${name}`;
  const own = 'd0cfe6b2-9ac0-4464-9919-dccaee2e48c0';
  return loadConfig(
    JSON.stringify({
      respond: {
        perHour: 3,
        protected: ['DC01.contoso.com', 'CONTOSO\\ceo', "o'brien@contoso.com"],
        playbooks: {
          isolate: { playbook: at(own, 'Isolate-Host'), on: 'host', confirm: true },
          block: { playbook: at(own, 'Block-User'), on: 'account', who: 'either', people: ['m.lopez@contoso.com'] },
          report: { playbook: at('7c1f5d0e-3a52-4c18-9b7a-0d2f6e4a8b11', 'Write-Report'), who: 'on-duty' },
        },
      },
    }),
    'respond.yaml',
  );
})();

describe('what build writes', () => {
  it.each([
    ['the defaults', defaultConfig],
    ['examples/minimal.yaml', configOf('minimal.yaml')],
    ['examples/soc.yaml', configOf('soc.yaml')],
    ['examples/service-provider.yaml', configOf('service-provider.yaml')],
    ['responses from the phone', respond],
    ['responses from the phone, heard by a relay', { ...respond, relay: configOf('soc.yaml').relay }],
  ])('for %s has no finding', async (_, config) => {
    const { findings } = verifyFiles(await built(config), 'dist');
    expect(findings.map(({ rule, file, pointer, message }) => `${rule} ${file} ${pointer}: ${message}`)).toEqual([]);
  });

  it('leads to the repository of the config, and nowhere else', async () => {
    const files = await built({ ...defaultConfig, repository: 'contoso/Azure-Sentinel/signl4' });
    expect(verifyFiles(files, 'dist').findings).toEqual([]);
    const guide = 'playbooks/SIGNL4-Callback/readme.md';
    const readme = String(files.get(guide));
    expect(readme).toContain(
      'uri/https%3A%2F%2Fraw.githubusercontent.com%2Fcontoso%2FAzure-Sentinel%2Fsignl4%2FSolutions',
    );
    files.set(guide, readme.replaceAll('com%2Fcontoso%2F', 'com%2Ffabrikam%2F'));
    const links = verifyFiles(files, 'dist').findings.filter(({ rule }) => rule === 'readme.deploy-link');
    expect(links.map(({ file, message }) => [file, message])).toEqual(
      Array(2).fill([guide, expect.stringContaining('must be in contoso/Azure-Sentinel/signl4')]),
    );
  });
});

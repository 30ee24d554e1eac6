import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { generate } from '../../src/build/generate.ts';
import { publishedFiles } from '../../src/build/published.ts';
import { type Config, defaultConfig } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { loadConnectorSpec } from '../../src/connector/load.ts';
import { verifyFiles } from '../../src/verify/verify-files.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const text = (path: string) => readFileSync(root + path, 'utf8');
const published = publishedFiles(loadConnectorSpec(`${root}connector-spec`, `${root}templates/connector`), text);

function configOf(name: string): Config {
  return loadConfig(readFileSync(`${root}examples/${name}`, 'utf8'), name);
}

describe('what build writes', () => {
  it.each([
    ['the defaults', defaultConfig],
    ['examples/minimal.yaml', configOf('minimal.yaml')],
    ['examples/soc.yaml', configOf('soc.yaml')],
    ['examples/service-provider.yaml', configOf('service-provider.yaml')],
  ])('for %s has no finding', async (_, config) => {
    const { files } = await generate(config, 'none', {
      text,
      published: () => published,
      relay: async () => new Uint8Array([1]),
    });
    const { findings } = verifyFiles(files, 'dist');
    expect(findings.map(({ rule, file, pointer, message }) => `${rule} ${file} ${pointer}: ${message}`)).toEqual([]);
  });
});

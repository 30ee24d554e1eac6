import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { shippedMaterials } from '../../tools/bill-of-materials.ts';
import { bundledPackages } from '../../tools/bundled-packages.ts';
import { licenceText } from '../../tools/licences.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const packages = await bundledPackages(root);

describe('the packages that the bundles contain', () => {
  it('are those that the sources import, in every thread, with what these import in turn', () => {
    const names = packages.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['commander', 'hono', '@kusto/language-service-next', 'luxon', 'debug']),
    );
    for (const tool of ['vitest', 'esbuild', 'typescript', 'playwright-core']) expect(names).not.toContain(tool);
  });

  it('are nothing that an installation would fetch once more', () => {
    expect(manifest).not.toHaveProperty('dependencies');
  });

  it('are listed with the text of their licences', () => {
    const text = licenceText(root, packages);
    for (const { name, version } of packages) expect(text).toContain(`\n${name} ${version} (`);
    expect(text).toContain(readFileSync(`${root}node_modules/hono/LICENSE`, 'utf8').trim());
  });
});

describe('the bill of materials', () => {
  const component = (ref: string) => ({
    'bom-ref': ref,
    scope: 'optional',
    properties: [{ name: 'cdx:npm:package:development', value: 'true' }],
  });

  it('has what is in the bundles, and nothing that only built them', () => {
    const hono = { path: 'node_modules/hono', name: 'hono', version: '4.0.0', license: 'MIT' };
    const all = {
      components: [component('hono@4.0.0'), component('hono@3.0.0'), component('vitest@4.0.0')],
      dependencies: [
        { ref: 'signl4-sentinel@3.1.0', dependsOn: ['hono@4.0.0', 'vitest@4.0.0'] },
        { ref: 'hono@4.0.0' },
        { ref: 'vitest@4.0.0', dependsOn: ['hono@3.0.0'] },
      ],
    };
    expect(shippedMaterials(all, [hono])).toEqual({
      components: [{ 'bom-ref': 'hono@4.0.0', scope: 'required', properties: [] }],
      dependencies: [
        { ref: 'signl4-sentinel@3.1.0', dependsOn: ['hono@4.0.0'] },
        { ref: 'hono@4.0.0', dependsOn: [] },
      ],
    });
  });
});

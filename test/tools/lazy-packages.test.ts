import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { lazyPackages } from '../../tools/lazy-packages.ts';

/** Bundles a module as the command line is, and runs it. */
async function bundled(contents: string): Promise<Record<string, unknown>> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL('../../src/', import.meta.url)) },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    logLevel: 'silent',
    plugins: [lazyPackages],
    banner: { js: "import{createRequire as $require}from'node:module';const require=$require('file:///');" },
  });
  const [file] = outputFiles;
  return await import(`data:text/javascript,${encodeURIComponent(file?.text ?? '')}`);
}

describe('packages that the bundle loads when they are called', () => {
  it('work as if they were imported', async () => {
    const found = await bundled(`
      import { parseXml } from './wdl/xml/document.ts';
      import { serializeXml } from './wdl/xml/serialize.ts';
      import { findFunction } from './wdl/functions/index.ts';
      export const text = serializeXml(parseXml('<a><b>1</b></a>'));
      export const name = findFunction('xpath').name;
      export { IANAZone } from 'luxon';
      export { DOMParser } from '@xmldom/xmldom';
    `);
    const { IANAZone, DOMParser } = found as { IANAZone: typeof import('luxon').IANAZone; DOMParser: new () => object };
    expect(found).toMatchObject({ text: '<a><b>1</b></a>', name: 'xpath' });
    expect(IANAZone.create('Europe/Berlin').isValid).toBe(true);
    expect(new DOMParser()).toHaveProperty('parseFromString');
  });

  it('refuse an export that has no stand-in', async () => {
    await expect(bundled("import { Interval } from 'luxon'; export { Interval };")).rejects.toThrow(/Interval/);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Assets } from '../build/assets.ts';
import { connectorFiles } from '../build/connector-files.ts';

/** Set by tools/bundle.ts. */
declare const BUNDLED: boolean | undefined;

/** The package's own root: both `src/cli/` and the bundle's `lib/bin/` lie two folders below it. */
const packageRoot = fileURLToPath(new URL('../../', import.meta.url));

export const shippedAssets: Assets = {
  text: (path) => readFileSync(packageRoot + path, 'utf8'),
  connector: () => (typeof BUNDLED === 'undefined' ? connectorFiles(packageRoot) : readFolder('lib/connector/')),
};

function readFolder(folder: string): ReadonlyMap<string, string | Uint8Array> {
  const read = (name: string) => readFileSync(packageRoot + folder + name, { encoding: name.endsWith('.png') ? null : 'utf8' });
  return new Map(readdirSync(packageRoot + folder).map((name) => [name, read(name)]));
}

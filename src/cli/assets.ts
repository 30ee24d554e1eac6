import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Assets } from '../build/assets.ts';

/** The package's own root: both `src/cli/` and the bundle's `lib/bin/` lie two folders below it. */
export const packageRoot = fileURLToPath(new URL('../../', import.meta.url));

export const shippedAssets: Assets = {
  text: (path) => readFileSync(packageRoot + path, 'utf8'),
  bytes: (path) => readFileSync(packageRoot + path),
};

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadConnectorSpec } from '../connector/load.ts';
import type { Assets } from '../generator/assets.ts';
import type { Files } from '../generator/output.ts';
import { publishedFiles } from '../generator/published.ts';

/** Set by tools/bundle.ts. */
declare const BUNDLED: boolean | undefined;

/** Root of the package: `src/cli/` and the bundle's `lib/bin/` are both two folders below it. */
const packageRoot = fileURLToPath(new URL('../../', import.meta.url));

const bytes = (path: string) => readFileSync(packageRoot + path);
const text = (path: string) => readFileSync(packageRoot + path, 'utf8');

let bundled: Promise<Uint8Array> | undefined;

export const shippedAssets: Assets = {
  text,
  published: () =>
    typeof BUNDLED === 'undefined'
      ? publishedFiles(
          loadConnectorSpec(`${packageRoot}connector-spec`, `${packageRoot}templates/connector`),
          text,
          bytes,
        )
      : readFolder(`${packageRoot}lib/published/`),
  relay: async () => {
    // In a branch of its own, so that the bundler can drop it.
    if (typeof BUNDLED === 'undefined') {
      bundled ??= import('../../tools/bundle-relay.ts').then(({ bundleRelay }) => bundleRelay());
      return bundled;
    }
    return readFileSync(`${packageRoot}lib/relay.mjs`);
  },
};

function readFolder(folder: string): Files {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => `${entry.parentPath}/${entry.name}`);
  return new Map(
    paths.map((path) => [path.replaceAll('\\', '/').slice(folder.length).replace(/^\//, ''), readFileSync(path)]),
  );
}

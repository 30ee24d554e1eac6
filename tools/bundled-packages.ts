import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleCli } from './bundle-cli.ts';
import { relayBundle } from './bundle-relay.ts';

/** A package as package-lock.json has it. */
export interface BundledPackage {
  /** `node_modules/hono` */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/**
 * The packages that the bundles contain code of, sorted by path. All of them are development dependencies of this one: whoever
 * installs it installs nothing else. `root`: the repository.
 */
export async function bundledPackages(root: string): Promise<readonly BundledPackage[]> {
  const [cli, relay] = [await bundleCli(), await relayBundle()];
  return packagesOf(root, [...cli.inputs, ...relay.inputs]);
}

/** The packages that these modules belong to. */
export function packagesOf(root: string, inputs: readonly string[]): readonly BundledPackage[] {
  const { packages: locked } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { readonly version?: string; readonly license?: string }>;
  };
  const paths = new Set(inputs.flatMap((file) => packageOf(file) ?? []));
  return [...paths].sort().map((path) => {
    const { version = 'of unknown version', license = 'unknown licence' } = locked[path] ?? {};
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    return { path, name, version, license };
  });
}

const PACKAGE = /node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/g;

/** Of a file, the innermost package that it belongs to. */
function packageOf(path: string): string | undefined {
  const start = path.indexOf('node_modules/');
  const within = start < 0 ? '' : path.slice(start);
  const last = [...within.matchAll(PACKAGE)].at(-1);
  return last && within.slice(0, last.index + last[0].length);
}

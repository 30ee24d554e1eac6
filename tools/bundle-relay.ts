import { fileURLToPath } from 'node:url';
import { build, type OutputFile } from 'esbuild';
import { threadCode } from './thread-code-plugin.ts';

export const repository = fileURLToPath(new URL('../', import.meta.url));

export interface Bundle {
  readonly files: readonly OutputFile[];
  /** Paths of the modules that it was made of, those of its threads included. */
  readonly inputs: readonly string[];
}

/**
 * The relay as one file, with nothing beside it: its threads are inside as texts. Azure Functions brings
 * its own core module. Runs on Node 22, the newest that Functions offers everywhere, and later.
 */
export async function relayBundle(): Promise<Bundle> {
  const threadInputs = new Set<string>();
  const { outputFiles, metafile } = await build({
    absWorkingDir: repository,
    entryPoints: ['src/relay/hosts/main.ts'],
    outfile: 'relay.mjs',
    write: false,
    metafile: true,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    external: ['@azure/functions-core'],
    plugins: [threadCode(threadInputs)],
    legalComments: 'none',
    logLevel: 'warning',
    banner: { js: "import{createRequire as $require}from'node:module';const require=$require(import.meta.url);" },
  });
  return { files: outputFiles, inputs: [...Object.keys(metafile.inputs), ...threadInputs] };
}

/** The content of that file. */
export async function bundleRelay(): Promise<Uint8Array> {
  return contentOf(await relayBundle());
}

export function contentOf({ files: [file] }: Bundle): Uint8Array {
  if (!file) throw new Error('esbuild gave no output');
  return file.contents;
}

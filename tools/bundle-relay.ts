import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { threadCode } from './thread-code-plugin.ts';

/**
 * The relay as one file, with nothing beside it: its threads are inside as texts. Azure Functions brings
 * its own core module. Runs on Node 22, the newest that Functions offers everywhere, and later.
 */
export async function bundleRelay(): Promise<Uint8Array> {
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(new URL('../', import.meta.url)),
    entryPoints: ['src/relay/hosts/main.ts'],
    outfile: 'relay.mjs',
    write: false,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    external: ['@azure/functions-core'],
    plugins: [threadCode],
    legalComments: 'none',
    logLevel: 'warning',
    banner: { js: "import{createRequire as $require}from'node:module';const require=$require(import.meta.url);" },
  });
  const [file] = outputFiles;
  if (!file) throw new Error('esbuild gave no output');
  return file.contents;
}

import { build } from 'esbuild';
import { type Bundle, repository } from './bundle-relay.ts';
import { lazyPackages } from './lazy-packages.ts';
import { standaloneValidator } from './standalone-validator.ts';
import { threadCode } from './thread-code-plugin.ts';

/** The command line as the package ships it: `lib/bin`. Chunks load on demand, so that a command pays only for what it uses. */
export async function bundleCli(): Promise<Bundle> {
  const threadInputs = new Set<string>();
  const { outputFiles, metafile } = await build({
    absWorkingDir: repository,
    entryPoints: { 'signl4-sentinel': 'src/cli/bin.ts' },
    outdir: 'lib/bin',
    write: false,
    metafile: true,
    outExtension: { '.js': '.mjs' },
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    legalComments: 'linked',
    logLevel: 'warning',
    define: { BUNDLED: 'true' },
    // Its main module hides its imports from bundlers.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    plugins: [standaloneValidator, threadCode(threadInputs), lazyPackages],
    // CommonJS dependencies call require() for Node's own modules.
    banner: { js: "import{createRequire as $require}from'node:module';const require=$require(import.meta.url);" },
  });
  return { files: outputFiles, inputs: [...Object.keys(metafile.inputs), ...threadInputs] };
}

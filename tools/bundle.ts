import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { standaloneValidator } from './standalone-validator.ts';

/*
 * Writes lib/: the command line as the package ships it. Chunks load on demand, so that a command pays only for what it uses.
 */

const root = fileURLToPath(new URL('../', import.meta.url));
const lib = `${root}lib/`;

rmSync(lib, { recursive: true, force: true });
mkdirSync(lib, { recursive: true });

await build({
  absWorkingDir: root,
  entryPoints: { 'signl4-sentinel': 'src/cli/main.ts' },
  outdir: 'lib/bin',
  outExtension: { '.js': '.mjs' },
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  minify: true,
  keepNames: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  legalComments: 'linked',
  logLevel: 'warning',
  plugins: [standaloneValidator],
  // CommonJS dependencies call require() for Node's own modules.
  banner: { js: "import{createRequire as $require}from'node:module';const require=$require(import.meta.url);" },
});

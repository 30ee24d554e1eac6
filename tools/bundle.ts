import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { connectorFiles } from '../src/build/connector-files.ts';
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
  plugins: [standaloneValidator],
  // CommonJS dependencies call require() for Node's own modules.
  banner: { js: "import{createRequire as $require}from'node:module';const require=$require(import.meta.url);" },
});

// The connector is the same for every config: generated once here, so that nobody waits for it at every build.
mkdirSync(`${lib}connector`);
for (const [name, content] of connectorFiles(root)) writeFileSync(`${lib}connector/${name}`, content);

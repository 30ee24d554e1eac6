import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { loadConnectorSpec } from '../src/connector/load.ts';
import { publishedFiles } from '../src/generator/published.ts';
import { bundleRelay } from './bundle-relay.ts';
import { bundledPackages } from './bundled-packages.ts';
import { lazyPackages } from './lazy-packages.ts';
import { licenceText } from './licences.ts';
import { standaloneValidator } from './standalone-validator.ts';
import { threadCode } from './thread-code-plugin.ts';

/*
 * Writes lib/: the command line as the package ships it. Chunks load on demand, so that a command pays only for what it uses.
 */

const root = fileURLToPath(new URL('../', import.meta.url));
const lib = `${root}lib/`;

rmSync(lib, { recursive: true, force: true });
mkdirSync(lib, { recursive: true });

await build({
  absWorkingDir: root,
  entryPoints: { 'signl4-sentinel': 'src/cli/bin.ts' },
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
  // Its main module hides its imports from bundlers.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  plugins: [standaloneValidator, threadCode, lazyPackages],
  // CommonJS dependencies call require() for Node's own modules.
  banner: { js: "import{createRequire as $require}from'node:module';const require=$require(import.meta.url);" },
});

// What is the same for every config is generated once here, so that nobody waits for it at every build.
const spec = loadConnectorSpec(`${root}connector-spec`, `${root}templates/connector`);
const bytes = (path: string) => readFileSync(root + path);
for (const [path, content] of publishedFiles(spec, (path) => bytes(path).toString(), bytes)) {
  const target = `${lib}published/${path}`;
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
}
writeFileSync(`${lib}relay.mjs`, await bundleRelay());
writeFileSync(`${lib}THIRD-PARTY-LICENSES.txt`, licenceText(root, await bundledPackages(root)));

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { loadConnectorSpec } from '../src/connector/load.ts';
import { publishedFiles } from '../src/generator/published.ts';
import { bundleCli } from './bundle-cli.ts';
import { contentOf, relayBundle, repository } from './bundle-relay.ts';
import { packagesOf } from './bundled-packages.ts';
import { licenceText } from './licences.ts';

/*
 * Writes lib/: the command line as the package ships it, what is the same for every config, the relay, and the licences.
 */

const lib = `${repository}lib/`;

rmSync(lib, { recursive: true, force: true });

const cli = await bundleCli();
for (const { path, contents } of cli.files) write(path, contents);

// What is the same for every config is generated once here, so that nobody waits for it at every build.
const spec = loadConnectorSpec(`${repository}connector-spec`, `${repository}templates/connector`);
const bytes = (path: string) => readFileSync(repository + path);
for (const [path, content] of publishedFiles(spec, (path) => bytes(path).toString(), bytes))
  write(`${lib}published/${path}`, content);
const relay = await relayBundle();
write(`${lib}relay.mjs`, contentOf(relay));
const packages = packagesOf(repository, [...cli.inputs, ...relay.inputs]);
write(`${lib}THIRD-PARTY-LICENSES.txt`, licenceText(repository, packages));

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

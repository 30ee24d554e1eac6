import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '../../../src/config/load.ts';
import { loadConnectorSpec } from '../../../src/connector/load.ts';
import { generate } from '../../../src/generator/generate.ts';
import type { Files } from '../../../src/generator/output.ts';
import { publishedFiles } from '../../../src/generator/published.ts';
import type { Page } from './markdown.ts';

/* All pages that people read: those of the repository, and the guides that `build` writes from them. */

export const root = fileURLToPath(new URL('../../../', import.meta.url));
export const read = (path: string) => readFileSync(root + path, 'utf8');

const isPage = (name: string) => name.endsWith('.md');
const pagesBelow = (folder: string) =>
  readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
    .filter(isPage)
    .map((name) => `${folder}/${name}`);
/** Read as they are; what `build` completes is among the guides. */
export const pages: readonly Page[] = [
  ...pagesBelow('.github'),
  ...readdirSync(root).filter(isPage),
  ...pagesBelow('docs'),
  ...pagesBelow('examples'),
].map((path) => ({ path, text: read(path) }));

/** What `build` completes: its marks are not filled in yet. */
export const sources: readonly Page[] = ['playbooks', 'templates']
  .flatMap(pagesBelow)
  .map((path) => ({ path, text: read(path) }));

/** Configurations whose guides differ: which playbooks there are, what they ask for, which places are filled in. */
export const configurations = {
  defaults: '',
  everything: `${read('examples/minimal.yaml')}
graph: { enabled: true }
respond:
  playbooks:
    isolate:
      playbook: /subscriptions/d0cfe6b2-9ac0-4464-9919-dccaee2e48c0/resourceGroups/rg-response/providers/Microsoft.Logic/workflows/Isolate
      on: host
`,
  relay: `${read('examples/minimal.yaml')}\nrelay: { azure: { app: contoso-relay } }\n`,
  provider: read('examples/service-provider.yaml'),
} as const;

const bytes = (path: string) => readFileSync(root + path);
const spec = loadConnectorSpec(`${root}connector-spec`, `${root}templates/connector`);
const published = publishedFiles(spec, read, bytes);

/** What `build` writes, without the code of the relay. */
export async function built(yaml: string): Promise<Files> {
  const assets = { text: read, published: () => published, relay: async () => new Uint8Array([1]) };
  return (await generate(loadConfig(yaml, 'signl4.yaml'), 'hash', assets)).files;
}

export function guidesIn(files: Files): readonly Page[] {
  return [...files].flatMap(([path, content]) => (isPage(path) ? [{ path, text: String(content) }] : []));
}

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Folders and what each may import, as the table in docs/architecture.md says; `wdl` stands for `src/wdl`. */
const layers = readLayers(readFileSync(join(root, 'docs/architecture.md'), 'utf8'));

function readLayers(text: string): ReadonlyMap<string, readonly string[]> {
  const rows = [...text.matchAll(/^\| `([\w/-]+)` \|.*\| ([\w, -]*)\|$/gm)];
  const folders = rows.map((row) => row[1] ?? '');
  const folderOf = (name: string) => {
    const folder = folders.find((each) => each === name || each === `src/${name}`);
    if (!folder) throw new Error(`docs/architecture.md lists ${name} as an import, and has no row for it`);
    return folder;
  };
  return new Map(
    rows.map(([, folder = '', allowed = '']) => [
      folder,
      allowed.split(',').flatMap((name) => (name.trim() === '' ? [] : folderOf(name.trim()))),
    ]),
  );
}

function layerOf(file: string): string | undefined {
  return [...layers.keys()].find((folder) => file.startsWith(`${folder}/`));
}

const files = ['src', 'playbooks', 'tools'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('bicep/packages'))
    .map((file) => join(folder, file)),
);

/** Of our own source files: static and dynamic imports, re-exports, types included. */
function importsOf(file: string, text: string): readonly string[] {
  return [...text.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)'(\.{1,2}\/[^']+\.ts)'/g)].map(([, path = '']) =>
    relative(root, join(root, dirname(file), path)),
  );
}

const imports: ReadonlyMap<string, readonly string[]> = new Map(
  files.map((file) => [file, importsOf(file, readFileSync(join(root, file), 'utf8'))]),
);

/** Imports that the table does not list. */
function unlisted(file: string, imported: readonly string[]): readonly string[] {
  const from = layerOf(file);
  return imported
    .filter((path) => !path.startsWith('test/'))
    .filter((path) => {
      const to = layerOf(path);
      return !from || !to || (from !== to && !layers.get(from)?.includes(to));
    })
    .map((path) => `${file} imports ${path}`);
}

/** Files that import each other, each circle once. */
function circles(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const done = new Set<string>();
  const found: (readonly string[])[] = [];
  const visit = (file: string, path: readonly string[]) => {
    const start = path.indexOf(file);
    if (start >= 0) found.push(path.slice(start));
    if (start >= 0 || done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return found;
}

describe('the layers', () => {
  it('hold every source file', () => {
    expect(files.filter((file) => layerOf(file) === undefined)).toEqual([]);
  });

  it('are in the table in an order in which each imports only what is above it', () => {
    const order = [...layers.keys()];
    const upwards = [...layers].flatMap(([folder, allowed]) =>
      allowed.filter((each) => order.indexOf(each) >= order.indexOf(folder)).map((each) => `${folder} imports ${each}`),
    );
    expect(upwards).toEqual([]);
  });

  it('import only what the table lists', () => {
    expect([...imports].flatMap(([file, imported]) => unlisted(file, imported))).toEqual([]);
  });

  it('use all that the table lists', () => {
    const used = new Set(
      [...imports].flatMap(([file, paths]) => paths.map((path) => `${layerOf(file)} ${layerOf(path)}`)),
    );
    const unused = [...layers].flatMap(([from, allowed]) =>
      allowed.filter((to) => !used.has(`${from} ${to}`)).map((to) => `${from} imports nothing of ${to}`),
    );
    expect(unused).toEqual([]);
  });

  it('have no circles', () => {
    expect(circles(imports)).toEqual([]);
  });

  it.each([
    ['src/azure/cloud.ts', "import '../config/defaults.ts';"],
    ['src/engine/duration.ts', "import '../arm/release.ts';"],
    ['src/engine/duration.ts', "import '../azure/cloud.ts';"],
    ['src/engine/duration.ts', "import type { Config } from '../config/load.ts';"],
    ['src/solution/prune.ts', "export { matches } from '../rules/filter.ts';"],
    ['src/solution/prune.ts', "const step = await import('../workflow/step.ts');"],
    ['src/rules/filter.ts', "import { bundle } from '../../tools/bundle.ts';"],
    ['src/verify/paths.ts', "import '../relay/app.ts';"],
    ['src/relay/app.ts', "import '../workflow/step.ts';"],
    ['src/wdl/parse.ts', "import '../domain/json.ts';"],
    ['tools/bench.ts', "import '../src/cli/io.ts';"],
  ])('would notice in %s: %s', (file, text) => {
    expect(unlisted(file, importsOf(file, text))).toHaveLength(1);
  });

  it('would notice a circle', () => {
    const graph = new Map(Object.entries({ a: ['b'], b: ['c', 'd'], c: ['b'], d: [] }));
    expect(circles(graph)).toEqual([['b', 'c']]);
  });
});

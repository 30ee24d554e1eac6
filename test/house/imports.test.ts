import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Floors of the house: a room imports from its own floor's neighbours never, from lower floors only. */
const floors: Readonly<Record<string, number>> = {
  'src/domain': 0,
  'src/wdl': 0,
  'src/rules': 1,
  'src/config': 2,
  'src/workflow': 3,
  'src/azure': 3,
  'src/signl4': 3,
  'src/connector': 3,
  'src/monitoring': 4,
  playbooks: 4,
  'src/arm': 5,
  'src/solution': 5,
  'src/engine': 6,
  'src/relay': 6,
  'src/verify': 7,
  'src/simulator': 8,
  'src/build': 8,
  'src/cli': 9,
};

/** Stricter than the floors say. */
const forbidden: readonly (readonly [from: string, to: string])[] = [
  ['src/relay', 'src/workflow'],
  ['src/relay', 'src/arm'],
  ['src/relay', 'playbooks'],
];

function roomOf(file: string): string | undefined {
  return Object.keys(floors).find((room) => file.startsWith(`${room}/`));
}

function sources(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));
}

interface Import {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const specifiers = [...text.matchAll(/(?:from\s+|import\s*\(?\s*)'(\.{1,2}\/[^']+)'/g)].map(
    (match) => match[1] ?? '',
  );
  return specifiers.flatMap((specifier) => {
    const from = roomOf(file);
    const to = roomOf(relative(root, join(root, dirname(file), specifier)));
    return from && to && from !== to ? [{ file, from, to }] : [];
  });
}

function broken(imports: readonly Import[]): readonly string[] {
  return imports
    .filter(
      ({ from, to }) => (floors[from] ?? 0) <= (floors[to] ?? 0) || forbidden.some(([a, b]) => a === from && b === to),
    )
    .map(({ file, to }) => `${file} imports ${to}`);
}

describe('the house', () => {
  const files = [...sources('src'), ...sources('playbooks')];

  it('has every source file in a room', () => {
    expect(files.filter((file) => roomOf(file) === undefined)).toEqual([]);
  });

  it('has arrows that point down only', () => {
    expect(broken(files.flatMap(importsOf))).toEqual([]);
  });

  it('would notice an arrow that points up', () => {
    expect(broken([{ file: 'src/relay/app.ts', from: 'src/relay', to: 'src/workflow' }])).toHaveLength(1);
    expect(broken([{ file: 'src/wdl/parser.ts', from: 'src/wdl', to: 'src/domain' }])).toHaveLength(1);
  });
});

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Files } from '../generator/output.ts';

/** How a folder differs from what would be written. Paths are below the folder, sorted. */
export interface Difference {
  readonly missing: readonly string[];
  readonly changed: readonly string[];
  /** Written by an earlier build and not by this one. */
  readonly stale: readonly string[];
}

/** Compares without writing. Files that no build wrote are nobody's business. */
export function compareFolder(folder: string, files: Files): Difference {
  const missing: string[] = [];
  const changed: string[] = [];
  for (const [path, content] of files) {
    const target = join(folder, path);
    if (!existsSync(target)) missing.push(path);
    else if (!Buffer.from(content).equals(readFileSync(target))) changed.push(path);
  }
  const stale = writtenBefore(folder).filter((path) => !files.has(path) && existsSync(join(folder, path)));
  return { missing: missing.sort(), changed: changed.sort(), stale: stale.sort() };
}

/** Writes what is missing or changed and removes what an earlier build left; touches nothing else. */
export function updateFolder(folder: string, files: Files): Difference {
  const difference = compareFolder(folder, files);
  for (const path of [...difference.missing, ...difference.changed]) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    const content = files.get(path);
    if (content !== undefined) writeFileSync(target, content);
  }
  for (const path of difference.stale) rmSync(join(folder, path));
  return difference;
}

/** The files that the folder's own manifest lists. */
function writtenBefore(folder: string): readonly string[] {
  const manifest = join(folder, 'manifest.json');
  if (!existsSync(manifest)) return [];
  try {
    const { files } = JSON.parse(readFileSync(manifest, 'utf8')) as { files?: Record<string, string> };
    return Object.keys(files ?? {}).filter((path) => !path.split('/').includes('..'));
  } catch {
    return [];
  }
}

import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Files } from '../generator/output.ts';
import { writeAll } from './write-files.ts';

/** How a folder differs from what would be written. Paths are relative to the folder and sorted. */
export interface Difference {
  readonly missing: readonly string[];
  readonly changed: readonly string[];
  /** Written by an earlier build and not by this one. */
  readonly stale: readonly string[];
}

/** Compares without writing. Files that no build wrote are ignored. */
export function compareFolder(folder: string, files: Files): Difference {
  const missing: string[] = [];
  const changed: string[] = [];
  for (const [path, content] of files) {
    const target = join(folder, path);
    if (!existsSync(target)) missing.push(path);
    else if (statSync(target).isDirectory()) changed.push(path);
    else if (!Buffer.from(content).equals(readFileSync(target))) changed.push(path);
  }
  const stale = writtenBefore(folder).filter((path) => !files.has(path) && existsSync(join(folder, path)));
  return { missing: missing.sort(), changed: changed.sort(), stale: stale.sort() };
}

const MANIFEST = 'manifest.json';

/**
 * Writes missing or changed files, removes those that only an earlier build wrote, and leaves everything else alone. `shown` is
 * the folder's name in messages.
 * @throws UserError if it cannot write everything; the folder is then unchanged
 */
export function updateFolder(folder: string, files: Files, shown: string): Difference {
  const difference = compareFolder(folder, files);
  const { missing, changed, stale } = difference;
  const toWrite = [...missing, ...changed].flatMap((path) => {
    const content = files.get(path);
    return content === undefined ? [] : [[path, content] as const];
  });
  writeAll(folder, new Map(toWrite), (path) => join(shown, path), MANIFEST);
  for (const path of stale) rmSync(join(folder, path));
  return difference;
}

/** The files that the folder's own manifest lists. */
function writtenBefore(folder: string): readonly string[] {
  const manifest = join(folder, MANIFEST);
  if (!existsSync(manifest)) return [];
  try {
    const { files } = JSON.parse(readFileSync(manifest, 'utf8')) as { files?: Record<string, string> };
    return Object.keys(files ?? {}).filter((path) => !path.split('/').includes('..'));
  } catch {
    return [];
  }
}

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { UserError } from '../domain/errors.ts';
import { isJsonObject } from '../domain/json.ts';
import { CODE } from '../verify/tree.ts';
import { hasErrorCode, systemError } from './system-errors.ts';
import { STAGING } from './write-files.ts';

/** Input of `verify`. Paths have forward slashes and are relative to `folder`. */
export interface VerifyInput {
  readonly folder: string;
  readonly files: ReadonlyMap<string, string | Uint8Array>;
  /** Files that exist but were not read. */
  readonly tooLarge: readonly string[];
  /** The file or folder that was named, if others are read with it to provide context. */
  readonly only: string | undefined;
  /** Whether a file or folder exists, read or not. */
  exists(path: string): boolean;
}

/** Folders without files of the author. */
const SKIPPED = new Set(['node_modules', '.git']);
/** Larger files cannot be templates: Azure Resource Manager accepts 4 MB. */
const MAX_BYTES = 20 * 1024 * 1024;

/**
 * Reads a file or folder with the `build` output or solution that it belongs to; otherwise a folder with everything in it, or a file
 * with its neighbours.
 * @throws UserError if it does not exist
 */
export function readVerifyInput(place: string, named: string): VerifyInput {
  const stats = statSync(place, { throwIfNoEntry: false });
  if (!stats) {
    throw new UserError('file.not-found', `There is no folder or file ${named}.`, {
      remedy: named === 'dist' ? 'Run "signl4-sentinel build" first, or name a folder.' : 'Check the path.',
    });
  }
  if (!stats.isFile() && !stats.isDirectory()) {
    const remedy = 'Name a folder or a file. Standard input and pipes cannot be verified: write a file first.';
    throw new UserError('verify.kind', 'this is no file and no folder', { where: { file: named }, remedy });
  }
  try {
    const isRoot = stats.isDirectory() && (isBuilt(place) || isSolution(place));
    const root = isRoot ? undefined : rootAround(dirname(place));
    if (root !== undefined) return input(root, place, (found) => collect(root, '', found));
    if (stats.isDirectory()) return input(place, undefined, (found) => collect(place, '', found));
    return input(dirname(place), place, (found) => addNeighbours(place, found));
  } catch (error) {
    throw systemError(error, named);
  }
}

interface Found {
  readonly files: Map<string, string | Uint8Array>;
  readonly tooLarge: string[];
}

function input(folder: string, named: string | undefined, read: (found: Found) => void): VerifyInput {
  const found: Found = { files: new Map(), tooLarge: [] };
  read(found);
  return {
    ...{ folder, ...found },
    only: named === undefined ? undefined : relative(folder, named).split(sep).join('/'),
    exists: (path) => existsSync(join(folder, path)),
  };
}

/** The nearest enclosing folder that is a build output or a solution, because rules compare the files in it. */
function rootAround(folder: string): string | undefined {
  let solution: string | undefined;
  for (let each = folder; ; each = dirname(each)) {
    if (isBuilt(each)) return each;
    if (isSolution(each)) solution ??= each;
    if (dirname(each) === each) return solution;
  }
}

function isSolution(folder: string): boolean {
  return existsSync(join(folder, 'SolutionMetadata.json'));
}

/** Whether a build wrote the folder, according to its list of files. */
function isBuilt(folder: string): boolean {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    return isJsonObject(manifest) && isJsonObject(manifest['files']) && typeof manifest['configHash'] === 'string';
  } catch {
    return false;
  }
}

/** Only files that rules read, because a file may be anywhere, for example in a home folder. */
function addNeighbours(file: string, found: Found): void {
  const folder = dirname(file);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const isRead = entry.name === basename(file) || /\.(json|md|svg)$/i.test(entry.name);
    if (entry.isFile() && isRead) add(folder, entry.name, found);
  }
  // `readdir` does not report a symbolic link as a file.
  add(folder, basename(file), found);
}

function collect(root: string, below: string, found: Found): void {
  for (const entry of readdirSync(join(root, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!SKIPPED.has(entry.name) && !STAGING.test(entry.name)) collect(root, path, found);
    } else if (entry.isFile()) add(root, path, found);
  }
}

function add(root: string, path: string, { files, tooLarge }: Found): void {
  try {
    if (statSync(join(root, path)).size > MAX_BYTES) tooLarge.push(path);
    else files.set(path, read(join(root, path)));
  } catch (error) {
    // Another program has removed it since the folder was listed.
    if (!hasErrorCode(error, 'ENOENT')) throw systemError(error, join(root, path));
  }
}

/** Decoded if it is text, so that findings can show the line. */
function read(path: string): string | Uint8Array {
  const bytes = readFileSync(path);
  if (CODE.test(path)) return bytes;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes('\0') ? bytes : text;
  } catch {
    return bytes;
  }
}

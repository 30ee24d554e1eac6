import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { UserError } from '../domain/errors.ts';
import { isJsonObject } from '../domain/json.ts';
import { CODE } from '../verify/tree.ts';
import { systemError } from './system-errors.ts';
import { STAGING } from './write-files.ts';

/** What `verify` reads. Paths have forward slashes and lie below `folder`. */
export interface VerifyInput {
  readonly folder: string;
  readonly files: ReadonlyMap<string, string | Uint8Array>;
  /** Files that are there and were not read. */
  readonly tooLarge: readonly string[];
  /** The file or folder that was named, where others are read with it: they are what it is judged beside. */
  readonly only: string | undefined;
  /** Whether a file or folder is there, read or not. */
  exists(path: string): boolean;
}

/** Folders that hold nothing of the author's. */
const SKIPPED = new Set(['node_modules', '.git']);
/** Larger files are not templates: Azure Resource Manager takes 4 MB. */
const MAX_BYTES = 20 * 1024 * 1024;

/**
 * A file or folder with the output of `build` or the solution that it belongs to; else a folder with everything in it, a file with its
 * neighbours.
 * @throws UserError where there is nothing
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

/** The nearest folder that a build wrote or that is a solution: rules compare its files with each other. */
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

/** The list of files that `build` writes says so. */
function isBuilt(folder: string): boolean {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    return isJsonObject(manifest) && isJsonObject(manifest['files']) && typeof manifest['configHash'] === 'string';
  } catch {
    return false;
  }
}

/** Only what rules read: a file may lie anywhere, in a home folder for one. */
function addNeighbours(file: string, found: Found): void {
  const folder = dirname(file);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const isRead = entry.name === basename(file) || /\.(json|md|svg)$/i.test(entry.name);
    if (entry.isFile() && isRead) add(folder, entry.name, found);
  }
  // A link to a file is no file to readdir.
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
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT'))
      throw systemError(error, join(root, path));
  }
}

/** Text where the bytes are text, so that findings can show their line. */
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

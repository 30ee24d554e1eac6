import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../domain/errors.ts';
import type { Files } from '../generator/output.ts';
import { hasErrorCode, systemError } from './system-errors.ts';

/*
 * Files are written under a temporary name and then renamed, so that an incomplete write (full disk) leaves the previous file in
 * place.
 */

/**
 * Writes one file, creating its folder. `shown` is its name in messages.
 * @throws UserError for errors of the operating system; nothing has changed then
 */
export function writeWhole(path: string, content: string | Uint8Array, shown: string): void {
  const target = existsSync(path) ? realpathSync(path) : path;
  const made = makeFolder(dirname(target), shown);
  const draft = join(dirname(target), `.${basename(target).slice(0, 200)}.part`);
  try {
    const current = statSync(target, { throwIfNoEntry: false });
    // Devices and pipes are written directly.
    if (current && !current.isFile()) {
      writeFileSync(target, content);
      return;
    }
    if (current) accessSync(target, constants.W_OK);
    writeFileSync(draft, content);
    if (current) chmodSync(draft, current.mode);
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { force: true });
    removeEmpty(made);
    throw systemError(error, shown);
  }
}

/** Folder for the files while they are written: `.writing-` and the id of the process. */
export const STAGING = /^\.writing-(\d+)$/;

/**
 * Writes all of the files below a folder, or none. `last` is written last, because its presence says that the others exist.
 * @throws UserError for errors of the operating system; nothing has changed then
 */
export function writeAll(folder: string, files: Files, shown: (path: string) => string, last?: string): void {
  if (files.size === 0) {
    removeOldDrafts(folder);
    return;
  }
  const staging = join(folder, `.writing-${process.pid}`);
  const made = makeFolder(folder, shown(''));
  const madeBelow: string[] = [];
  let current = '';
  try {
    rmSync(staging, { recursive: true, force: true });
    mkdirSync(staging);
    const other = removeOldDrafts(folder);
    if (other !== undefined) throw inUse(shown(''), other);
    for (const [path, content] of files) {
      current = path;
      const target = join(folder, path);
      madeBelow.push(...makeFolder(dirname(target), shown(path)));
      if (statSync(target, { throwIfNoEntry: false })?.isDirectory()) throw folderInTheWay(shown(path));
      if (existsSync(target)) accessSync(target, constants.W_OK);
      mkdirSync(dirname(join(staging, path)), { recursive: true });
      writeFileSync(join(staging, path), content);
    }
  } catch (error) {
    rmSync(staging, { recursive: true, force: true });
    removeEmpty([...made, ...madeBelow]);
    throw systemError(error, shown(current));
  }
  if (last !== undefined && files.has(last)) rmSync(join(folder, last), { force: true });
  const inOrder = [...files.keys()].sort((a, b) => Number(a === last) - Number(b === last));
  for (const path of inOrder) renameSync(join(staging, path), join(folder, path));
  rmSync(staging, { recursive: true, force: true });
}

/** Removes what commands left that were ended from outside; the result is a process that writes to the folder now, if one does. */
function removeOldDrafts(folder: string): number | undefined {
  let running: number | undefined;
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const id = Number(STAGING.exec(name)?.[1] ?? process.pid);
    if (id === process.pid) continue;
    if (isRunning(id)) running = id;
    else rmSync(join(folder, name), { recursive: true, force: true });
  }
  return running;
}

function isRunning(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch (error) {
    // It runs and is not ours.
    return hasErrorCode(error, 'EPERM');
  }
}

function inUse(file: string, other: number): UserError {
  const remedy = `Run the command again when process ${other} has ended. If that process is something else, remove ${join(file, `.writing-${other}`)}.`;
  return new UserError('file.busy', 'another command writes to this folder', { where: { file }, remedy });
}

export function folderInTheWay(file: string): UserError {
  const remedy = 'Rename or remove the folder, or choose another place.';
  return new UserError('file.is-folder', 'there is a folder where this file belongs', { where: { file }, remedy });
}

/** Creates a folder; returns the folders that did not exist, outermost first. */
function makeFolder(folder: string, shown: string): readonly string[] {
  const missing: string[] = [];
  for (let each = folder; !existsSync(each) && dirname(each) !== each; each = dirname(each)) missing.unshift(each);
  try {
    // Not with `recursive`, which says of a read-only disk that the folder does not exist.
    for (const each of missing) if (!existsSync(each)) mkdirSync(each);
    if (missing.length === 0) mkdirSync(folder, { recursive: true });
  } catch (error) {
    removeEmpty(missing);
    throw hasErrorCode(error, 'EEXIST', 'ENOTDIR') ? fileInTheWay(shown) : systemError(error, shown);
  }
  return missing;
}

function fileInTheWay(file: string): UserError {
  const remedy = 'Name a folder, or rename the file that is in its place.';
  return new UserError('file.not-folder', 'there is a file where this folder belongs', { where: { file }, remedy });
}

/** Removes folders that we created and did not use, unless somebody else has put something into them. */
function removeEmpty(folders: readonly string[]): void {
  for (const folder of folders.toReversed()) {
    try {
      rmdirSync(folder);
    } catch {
      // Not empty, or gone.
    }
  }
}

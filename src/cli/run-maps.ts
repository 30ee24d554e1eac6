import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from '../domain/errors.ts';
import type { Io } from './io.ts';

const ENDING = /\.liquid$/i;

/**
 * Reads the Liquid maps of a folder: name -> source.
 * @throws UserError `usage.maps` for a folder that there is not, or that has none
 */
export function readMaps(io: Io, folder: string): Readonly<Record<string, string>> {
  const path = resolve(io.cwd, folder);
  const files = filesIn(path, folder).filter((file) => ENDING.test(file));
  if (files.length === 0) throw mapsError(`There is no Liquid map in the folder '${folder}'.`);
  const sources = files.map((file) => [file, readFileSync(join(path, file), 'utf8').replace(/^\uFEFF/, '')]);
  return Object.fromEntries(sources) as Record<string, string>;
}

function filesIn(path: string, folder: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw mapsError(`There is no folder '${folder}'.`, cause);
    throw mapsError(`'${folder}' cannot be read as a folder.`, cause);
  }
}

function mapsError(message: string, cause?: unknown): UserError {
  const remedy = 'Give a folder with <name>.liquid, where <name> is the name of the map.';
  return new UserError('usage.maps', message, { remedy, cause });
}

import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { UserError } from '../../domain/errors.ts';
import type { Environment } from '../environment.ts';
import { readAccessSettings } from '../settings.ts';
import { assertThere } from './open-store.ts';

/**
 * Copies the SQLite file of a relay, even while it runs: page by page, without blocking writers, and including what is only in
 * the write-ahead log. Returns the path of the copy.
 * @throws ConfigError; UserError if the file does not exist or the target does
 */
export async function backUp(env: Environment, target: string): Promise<string> {
  const { store } = readAccessSettings(env, (path) => readFileSync(path, 'utf8'));
  if (store.kind !== 'sqlite') {
    const remedy = 'A storage account keeps copies itself: see "Backup" in the guide.';
    throw new UserError('relay.no-file', 'only a relay with a SQLite file has something to copy', { remedy });
  }
  assertThere(store.file);
  const copy = resolve(target);
  if (existsSync(copy)) {
    const remedy = 'Name a file that is not there yet.';
    throw new UserError('relay.backup-exists', 'the copy would replace a file', { where: { file: copy }, remedy });
  }
  const database = new DatabaseSync(store.file, { readOnly: true });
  try {
    await backup(database, copy);
  } finally {
    database.close();
  }
  return copy;
}

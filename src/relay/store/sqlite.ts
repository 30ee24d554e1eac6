import { DatabaseSync } from 'node:sqlite';
import { UserError } from '../../domain/errors.ts';
import { createGroupCommit } from './group-commit.ts';
import { sqliteDeadLetters } from './sqlite-dead-letters.ts';
import { sqliteForwards } from './sqlite-forwards.ts';
import { sqliteInbox } from './sqlite-inbox.ts';
import { migrate } from './sqlite-schema.ts';
import type { RelayStore, StoreOptions } from './store.ts';

/**
 * The relay's memory in one file. Several processes may share the file (a restart that overlaps), but all on one machine:
 * it is no network store. `:memory:` forgets everything on close.
 * Throws a UserError where the file cannot be opened, is no SQLite file or was written by a newer relay.
 */
export function openSqliteStore(file: string, options: StoreOptions): RelayStore {
  const database = open(file);
  const commit = createGroupCommit(database);
  const { inbox, prune: pruneInbox } = sqliteInbox(database, commit, options);
  const { forwards, prune: pruneForwards } = sqliteForwards(database, commit, options);
  const readCursor = database.prepare('SELECT value FROM cursor WHERE name = ?');
  const writeCursor = database.prepare(
    'INSERT INTO cursor (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );
  return {
    inbox,
    deadLetters: sqliteDeadLetters(database, commit, options),
    forwards,
    async readCursor(name) {
      const value = readCursor.get(name)?.['value'];
      return typeof value === 'string' ? value : undefined;
    },
    async writeCursor(name, value) {
      await commit.write(() => writeCursor.run(name, value));
    },
    async prune({ appliedBefore, forwardedBefore }) {
      await commit.write(() => {
        pruneInbox(appliedBefore);
        pruneForwards(forwardedBefore);
      });
    },
    async check() {
      await commit.write(() => writeCursor.run('checked', String(options.now())));
    },
    async close() {
      await commit.drain();
      database.close();
    },
  };
}

function open(file: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
    // FULL: a commit is on the disk, not only with the kernel, before SIGNL4 hears 202.
    // A checkpoint per 16 MB instead of 4: pages that change with every commit are copied less often.
    database.exec(
      'PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;',
    );
    migrate(database, file);
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof UserError) throw error;
    throw new UserError('relay.store-unusable', `The relay cannot keep its state: ${messageOf(error)}.`, {
      where: { file },
      remedy:
        'Give RELAY_STORE a file in a folder that exists, that the relay may write and that lies on a local disk.',
      cause: error,
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

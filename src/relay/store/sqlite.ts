import { statfsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { UserError } from '../../domain/errors.ts';
import { createGroupCommit } from './group-commit.ts';
import { sqliteDeadLetters } from './sqlite-dead-letters.ts';
import { sqliteForwards } from './sqlite-forwards.ts';
import { sqliteInbox } from './sqlite-inbox.ts';
import { migrate } from './sqlite-schema.ts';
import type { RelayStore, StoreOptions } from './store.ts';
import { MOVED, StoreError } from './store-error.ts';

/** On opening, another relay may still be closing the file. */
const OPEN_PATIENCE_MS = 5_000;
/** How long SQLite itself waits for the lock afterwards; the group commit retries and serves reads in between. */
const LOCK_PATIENCE_MS = 100;

/**
 * The relay's store in one file. Several processes may share it (for example during a restart), but only on one machine, not on a
 * network share. `:memory:` keeps nothing after close.
 * Throws a UserError if the file cannot be opened, is not a SQLite file or was written by a newer relay.
 */
export function openSqliteStore(file: string, options: StoreOptions): RelayStore {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
    prepare(database, file);
    return storeOn(database, file, options);
  } catch (error) {
    database?.close();
    throw error instanceof UserError ? error : unusable(file, error);
  }
}

function storeOn(database: DatabaseSync, file: string, options: StoreOptions): RelayStore {
  const health = fileHealth(database, file);
  const commit = createGroupCommit(database, health.failed, keptIn(database, file));
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
      // In slices, so that other writers get a turn.
      while (await commit.write(() => pruneInbox(appliedBefore)));
      await commit.write(() => pruneForwards(forwardedBefore));
    },
    async check() {
      await commit.write(() => writeCursor.run('checked', health.probe(options.now())));
      health.check();
    },
    async close() {
      await commit.drain();
      database.close();
    },
  };
}

function prepare(database: DatabaseSync, file: string): void {
  // FULL: a commit is on disk, not just in the kernel's cache, before SIGNL4 gets its 202.
  database.exec(
    `PRAGMA busy_timeout = ${OPEN_PATIENCE_MS}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;`,
  );
  migrate(database, file);
  database.exec(`PRAGMA busy_timeout = ${LOCK_PATIENCE_MS}`);
}

/**
 * Returns a check that throws if the file that is open now, or its write-ahead log, has been replaced or deleted. SQLite checks
 * this itself (`SQLITE_READONLY_DBMOVED`), but not in WAL mode.
 */
function keptIn(database: DatabaseSync, file: string): () => void {
  const place = database.location();
  if (!place) return () => {};
  // Checks the path as given, because a link in it may point elsewhere by now.
  const paths = [resolve(file), `${place}-wal`];
  const identity = () => paths.map((path) => identityOf(path, file)).join(' ');
  const opened = identity();
  return () => {
    if (identity() !== opened)
      throw new StoreError(MOVED, `${file}: somebody deleted or replaced it while it was in use`);
  };
}

function identityOf(path: string, file: string): string {
  try {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false });
    return found ? `${found.dev}:${found.ino}` : '';
  } catch (error) {
    throw new StoreError('SQLITE_CANTOPEN', `${file}: ${messageOf(error)}`, { cause: error });
  }
}

function unusable(file: string, error: unknown): UserError {
  return new UserError('relay.store-unusable', `The relay cannot keep its state: ${messageOf(error)}.`, {
    where: { file },
    remedy:
      'Give RELAY_STORE a file of a relay, or one that is not there yet, in a folder that exists, that the relay may write and that lies on a local disk. A damaged file: put a backup in its place.',
    cause: error,
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Free disk space required in bytes: a few of the largest notifications. */
const LEAST_FREE = 1024 * 1024;
/** As long as the largest notification, to detect a full disk where a small write still succeeds. */
const LARGE = 'x'.repeat(256 * 1024);
const LOOK_THROUGH_MS = 5 * 60_000;

/** Whether the file can be read and written. After a failure, checks thoroughly until all is well. */
function fileHealth(database: DatabaseSync, file: string) {
  const lookThrough = database.prepare('PRAGMA quick_check(1)');
  let hasFailed = false;
  let lookedThroughAt = Number.NEGATIVE_INFINITY;
  return {
    failed: () => {
      hasFailed = true;
    },
    /** Content of a test write. */
    probe: (now: number) => (hasFailed ? LARGE : String(now)),
    /** Throws StoreError. To be called after the test write. */
    check(): void {
      if (file !== ':memory:') {
        const { bavail, bsize } = statfsSync(dirname(file));
        if (bavail * bsize < LEAST_FREE) throw new StoreError('SQLITE_FULL', `${file}: its disk is full`);
      }
      if (!hasFailed && performance.now() - lookedThroughAt < LOOK_THROUGH_MS) return;
      const found = lookThrough.get()?.['quick_check'];
      if (found !== 'ok') throw new StoreError('SQLITE_CORRUPT', `${file}: the file is damaged`);
      lookedThroughAt = performance.now();
      hasFailed = false;
    },
  };
}

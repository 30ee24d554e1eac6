import type { DatabaseSync } from 'node:sqlite';
import { UserError } from '../../domain/errors.ts';
import { transactions } from './group-commit.ts';

/** `notification.state` */
export const PENDING = 0;
export const APPLIED = 1;
export const DEAD = 2;

/**
 * Each entry migrates the file by one version (`PRAGMA user_version`). Released entries are never changed, because files of every
 * version exist. `lane.ready_at` is null for a session without work, and the end of the lease for a leased one.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE lane (
     nr INTEGER PRIMARY KEY,
     lane TEXT NOT NULL UNIQUE,
     ready_at INTEGER,
     lease TEXT,
     applied_until TEXT,
     used_at INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX lane_ready ON lane (ready_at) WHERE ready_at IS NOT NULL;
   CREATE TABLE notification (
     seq INTEGER PRIMARY KEY,
     id TEXT NOT NULL UNIQUE,
     lane_nr INTEGER NOT NULL,
     state INTEGER NOT NULL DEFAULT ${PENDING},
     body TEXT,
     received_at INTEGER NOT NULL,
     attempts INTEGER NOT NULL DEFAULT 0,
     error TEXT,
     settled_at INTEGER
   ) STRICT;
   CREATE INDEX notification_pending ON notification (lane_nr, seq) WHERE state = ${PENDING};
   CREATE INDEX notification_dead ON notification (seq) WHERE state = ${DEAD};
   CREATE INDEX notification_applied ON notification (settled_at) WHERE state = ${APPLIED};`,
  `CREATE TABLE forward (
     key TEXT PRIMARY KEY,
     event_id TEXT,
     at INTEGER NOT NULL,
     claimed_until INTEGER,
     seen TEXT NOT NULL DEFAULT ''
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX forward_at ON forward (at);
   CREATE TABLE cursor (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;`,
  // `lane.unfinished`: attempts in a row that started and never ended.
  `ALTER TABLE lane ADD COLUMN unfinished INTEGER NOT NULL DEFAULT 0;
   CREATE INDEX notification_buried ON notification (settled_at, id) WHERE state = ${DEAD};`,
  // `seq` before a replay assigned a new one; null if never replayed.
  'ALTER TABLE notification ADD COLUMN first_seq INTEGER;',
  // When it was last replayed; null if never.
  'ALTER TABLE notification ADD COLUMN replayed_at INTEGER;',
];

/**
 * Migrates the file to the newest version in one transaction. An up-to-date file is not written, so that a relay can start while
 * another process holds the lock. Throws a UserError if a newer relay wrote it.
 */
export function migrate(database: DatabaseSync, file: string, steps: readonly string[] = migrations): void {
  const versionOf = database.prepare('PRAGMA user_version');
  const version = () => Number(versionOf.get()?.['user_version'] ?? 0);
  if (version() !== steps.length) transactions(database)(() => lift(database, file, version(), steps));
}

function lift(database: DatabaseSync, file: string, version: number, steps: readonly string[]): void {
  if (version > steps.length) {
    throw new UserError(
      'relay.store-too-new',
      `The relay's file has schema version ${version}, this relay knows ${steps.length}.`,
      { where: { file }, remedy: 'Start the newer relay that wrote the file, or give this one another RELAY_STORE.' },
    );
  }
  for (const step of steps.slice(version)) database.exec(step);
  database.exec(`PRAGMA user_version = ${steps.length}`);
}

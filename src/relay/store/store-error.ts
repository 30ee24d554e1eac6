import { member } from '../../domain/json.ts';

/** The store failed: it is locked, full, damaged, or does not answer. The message says so in words and names no content. */
export class StoreError extends Error {
  /** SQLite's name of the failure (`SQLITE_BUSY`), `STORE_LATE` where it said nothing, `STORE_ENDED` where its thread died, {@link MOVED}. */
  readonly code: string;

  constructor(code: string, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.name = 'StoreError';
    this.code = code;
  }
}

/** The open file was deleted, or another took its place: what is written to it nobody will ever read. */
export const MOVED = 'STORE_MOVED';

/** Primary result codes (sqlite.org/rescode.html) of a file that cannot be used right now; others are faults of a statement. */
const fileFailures: Readonly<Record<number, string>> = {
  3: 'SQLITE_PERM',
  5: 'SQLITE_BUSY',
  6: 'SQLITE_LOCKED',
  7: 'SQLITE_NOMEM',
  8: 'SQLITE_READONLY',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  15: 'SQLITE_PROTOCOL',
  22: 'SQLITE_NOLFS',
  26: 'SQLITE_NOTADB',
};

/** SQLite's own name of what failed; undefined where `error` is none of SQLite's. */
export function sqliteCode(error: unknown): string | undefined {
  if (member(error, 'code') !== 'ERR_SQLITE_ERROR') return undefined;
  const extended = Number(member(error, 'errcode') ?? 1);
  return fileFailures[extended & 0xff] ?? `SQLITE_ERROR ${extended}`;
}

/** What node:sqlite threw as an error of the store, with the file in words; anything else as it is. */
export function storeError(error: unknown, file: string): unknown {
  const code = sqliteCode(error);
  if (code === undefined || !(error instanceof Error)) return error;
  return new StoreError(code, `${file}: ${error.message}`, { cause: error });
}

/** Whether the file as a whole is the trouble: then the next write fails just the same. */
export function isFileFailure(error: unknown): boolean {
  return error instanceof StoreError || Object.values(fileFailures).includes(sqliteCode(error) ?? '');
}

/** Somebody else holds the lock: a backup, a VACUUM, another relay. It passes. */
export function isLocked(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED';
}

/** Whether a store, SQLite or Azure Storage, could not do what it was asked: trying again later may help. */
export function isStoreTrouble(error: unknown): boolean {
  return error instanceof StoreError || sqliteCode(error) !== undefined || member(error, 'name') === 'RestError';
}

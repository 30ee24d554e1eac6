import { member } from '../../domain/json.ts';

/** The store failed: it is locked, full, damaged or does not answer. The message contains no stored data. */
export class StoreError extends Error {
  /** SQLite's code (`SQLITE_BUSY`), `STORE_LATE` if there was no answer, `STORE_ENDED` if its thread died, or {@link MOVED}. */
  readonly code: string;

  constructor(code: string, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.name = 'StoreError';
    this.code = code;
  }
}

/** The open file was deleted or replaced, so anything written to it would be lost. */
export const MOVED = 'STORE_MOVED';

/**
 * Primary result codes (sqlite.org/rescode.html) of a file that cannot be used at the moment; other codes are errors of a
 * statement.
 */
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

/** SQLite's name for the error code; undefined if it is not an error of SQLite. */
export function sqliteCode(error: unknown): string | undefined {
  if (member(error, 'code') !== 'ERR_SQLITE_ERROR') return undefined;
  const extended = Number(member(error, 'errcode') ?? 1);
  return fileFailures[extended & 0xff] ?? `SQLITE_ERROR ${extended}`;
}

/** Turns errors of node:sqlite into store errors that name the file; others are returned unchanged. */
export function storeError(error: unknown, file: string): unknown {
  const code = sqliteCode(error);
  if (code === undefined || !(error instanceof Error)) return error;
  return new StoreError(code, `${file}: ${error.message}`, { cause: error });
}

/** Whether the file as a whole is the problem, so that the next write would fail as well. */
export function isFileFailure(error: unknown): boolean {
  return error instanceof StoreError || Object.values(fileFailures).includes(sqliteCode(error) ?? '');
}

/** Another process holds the lock (a backup, a VACUUM, another relay). Temporary. */
export function isLocked(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED';
}

/** Whether a store (SQLite or Azure Storage) failed in a way that a retry may solve. */
export function isStoreTrouble(error: unknown): boolean {
  return error instanceof StoreError || sqliteCode(error) !== undefined || member(error, 'name') === 'RestError';
}

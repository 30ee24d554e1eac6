import type { DatabaseSync } from 'node:sqlite';
import { isFileFailure, isLocked } from './store-error.ts';

/** Combines writes of many callers into shared transactions: one flush to disk for everything that arrived since the last. */
export interface GroupCommit {
  /**
   * Resolves with the operation's result once its transaction is on disk. Rejects with what it threw, or with SQLite's error if
   * the file was locked for too long.
   */
  write<T>(operation: () => T): Promise<T>;
  /** Commits what is waiting. */
  drain(): Promise<void>;
}

interface Waiting {
  readonly run: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
  readonly since: number;
}

const MOST_TURNS = 4;
/** Retry interval while another process holds the lock. */
const ASK_AGAIN_MS = 50;
/** Longest wait for the lock: SIGNL4 waits for the answer, and sends again after 503. */
const PATIENCE_MS = 2_000;

/**
 * @param onFailure Called when the file itself fails.
 * @param assertKept Called after each commit and before it is confirmed; throws a StoreError if the file has been replaced or
 * deleted.
 */
export function createGroupCommit(
  database: DatabaseSync,
  onFailure: () => void = () => {},
  assertKept: () => void = () => {},
): GroupCommit {
  const commit = transactions(database);
  const transaction: Transaction = (body) => {
    const result = commit(body);
    assertKept();
    return result;
  };
  let waiting: Waiting[] = [];
  let scheduled = false;
  let turns = 0;
  let counted = 0;

  /** While more writes arrive, wait a few turns of the event loop: a flush costs the same for one as for many. */
  function flush(): void {
    if (waiting.length > counted && turns < MOST_TURNS) {
      counted = waiting.length;
      turns++;
      setImmediate(flush);
      return;
    }
    scheduled = false;
    turns = 0;
    counted = 0;
    const group = waiting;
    waiting = [];
    commitGroup(group);
  }

  function commitGroup(group: readonly Waiting[]): void {
    const failure = commitTogether(transaction, group);
    if (failure === undefined) return;
    if (isLocked(failure.error)) putBack(group, failure.error);
    else if (isFileFailure(failure.error)) {
      onFailure();
      for (const one of group) one.reject(failure.error);
    } else for (const one of group) commitAlone(transaction, one);
  }

  /** Nothing was written while the file was locked: writes that may still wait come first in the next group. */
  function putBack(group: readonly Waiting[], error: unknown): void {
    const latest = performance.now() - PATIENCE_MS;
    const patient = group.filter(({ since }) => since > latest);
    for (const one of group) if (one.since <= latest) one.reject(error);
    if (patient.length === 0) return;
    waiting = [...patient, ...waiting];
    if (scheduled) return;
    scheduled = true;
    setTimeout(flush, ASK_AGAIN_MS);
  }

  return {
    write<T>(operation: () => T): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        waiting.push({ run: operation, resolve: (value) => resolve(value as T), reject, since: performance.now() });
        if (scheduled) return;
        scheduled = true;
        setImmediate(flush);
      });
    },
    async drain() {
      while (scheduled) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

/** The error if nothing was changed, because an operation or the file failed. */
function commitTogether(transaction: Transaction, group: readonly Waiting[]): { readonly error: unknown } | undefined {
  let results: unknown[];
  try {
    results = transaction(() => group.map((one) => one.run()));
  } catch (error) {
    return { error };
  }
  for (const [index, one] of group.entries()) one.resolve(results[index]);
  return undefined;
}

/** Run separately, so that one failing operation does not affect the others. */
function commitAlone(transaction: Transaction, one: Waiting): void {
  try {
    one.resolve(transaction(one.run));
  } catch (error) {
    one.reject(error);
  }
}

/**
 * Runs `body` in a transaction that already has the lock, so that committing cannot fail for lack of it; rolls back if `body`
 * throws.
 */
export type Transaction = <T>(body: () => T) => T;

export function transactions(database: DatabaseSync): Transaction {
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  return (body) => {
    begin.run();
    try {
      const result = body();
      commit.run();
      return result;
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  };
}

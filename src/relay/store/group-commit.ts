import type { DatabaseSync } from 'node:sqlite';

/** Runs writes inside transactions that many callers share: one flush to disk pays for all that arrived since the last. */
export interface GroupCommit {
  /** Resolves with the operation's result once its transaction is on disk; rejects with what it threw. */
  write<T>(operation: () => T): Promise<T>;
  /** Commits what waits. */
  drain(): Promise<void>;
}

interface Waiting {
  readonly run: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

export function createGroupCommit(database: DatabaseSync): GroupCommit {
  let waiting: Waiting[] = [];
  let scheduled = false;

  function flush(): void {
    scheduled = false;
    const group = waiting;
    waiting = [];
    if (!commitTogether(database, group)) for (const one of group) commitAlone(database, one);
  }

  return {
    write<T>(operation: () => T): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        waiting.push({ run: operation, resolve: (value) => resolve(value as T), reject });
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

/** False, with nothing changed, where an operation threw. */
function commitTogether(database: DatabaseSync, group: readonly Waiting[]): boolean {
  let results: unknown[];
  try {
    results = inTransaction(database, () => group.map((one) => one.run()));
  } catch {
    return false;
  }
  for (const [index, one] of group.entries()) one.resolve(results[index]);
  return true;
}

/** One bad operation must not take its neighbours down. */
function commitAlone(database: DatabaseSync, one: Waiting): void {
  try {
    one.resolve(inTransaction(database, one.run));
  } catch (error) {
    one.reject(error);
  }
}

export function inTransaction<T>(database: DatabaseSync, body: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = body();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

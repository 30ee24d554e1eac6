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

const MOST_TURNS = 4;

export function createGroupCommit(database: DatabaseSync): GroupCommit {
  const transaction = transactions(database);
  let waiting: Waiting[] = [];
  let scheduled = false;
  let turns = 0;
  let counted = 0;

  /** As long as more keeps arriving, the group grows for a few turns of the event loop: a flush costs as much for one. */
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
    if (!commitTogether(transaction, group)) for (const one of group) commitAlone(transaction, one);
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
function commitTogether(transaction: Transaction, group: readonly Waiting[]): boolean {
  let results: unknown[];
  try {
    results = transaction(() => group.map((one) => one.run()));
  } catch {
    return false;
  }
  for (const [index, one] of group.entries()) one.resolve(results[index]);
  return true;
}

/** One bad operation must not take its neighbours down. */
function commitAlone(transaction: Transaction, one: Waiting): void {
  try {
    one.resolve(transaction(one.run));
  } catch (error) {
    one.reject(error);
  }
}

/** Runs a body inside a transaction that cannot fail to commit for want of the lock; undoes it where the body throws. */
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

import { Worker } from 'node:worker_threads';
import type { RelayStore, StoreOptions } from './store.ts';
import { errorOf, type StoreAnswer, type StoreCall, type StoreCalls } from './store-calls.ts';
import { StoreError } from './store-error.ts';
import type { StoreThreadReady, StoreThreadStart } from './store-thread.ts';
import { threadCode } from './thread-code.ts';

/** A call that takes longer than this has failed for its caller, whatever becomes of it; housekeeping may take its time. */
const LATE_MS = 4_000;
const LOOK_MS = 250;
const unhurried: ReadonlySet<keyof StoreCalls> = new Set(['prune', 'close', 'recover']);

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  /** By `performance.now()`. */
  readonly lateAt: number;
}

/**
 * The SQLite store of `openSqliteStore` in a thread of its own: whatever keeps the file waiting, the caller's event loop goes
 * on, and a call that gets no answer in {@link LATE_MS} rejects with a StoreError. A thread that dies is started anew.
 * @throws UserError as `openSqliteStore` does.
 */
export async function openThreadedStore(file: string, options: Omit<StoreOptions, 'now'>): Promise<RelayStore> {
  const start = { file, ...options };
  const thread = storeThread(start);
  await thread.opened;
  const { call } = thread;
  return {
    inbox: {
      accept: (notification) => call('accept', notification),
      take: (wanted) => call('take', wanted),
      complete: (lease, appliedUntil) => call('complete', lease, appliedUntil),
      retry: (lease, at, error) => call('retry', lease, at, error),
      bury: (lease, error) => call('bury', lease, error),
      recover: () => call('recover'),
      counts: () => call('counts'),
      oldestPending: () => call('oldestPending'),
    },
    deadLetters: {
      list: (limit, after) => call('listDead', limit, after),
      replay: (id) => call('replay', id),
      drop: (id) => call('drop', id),
    },
    forwards: {
      claim: (key, leaseMs) => call('claim', key, leaseMs),
      mark: (key, eventId) => call('mark', key, eventId),
      release: (key) => call('release', key),
      get: (key) => call('getMark', key),
      see: (key, seen) => call('see', key, seen),
    },
    readCursor: (name) => call('readCursor', name),
    writeCursor: (name, value) => call('writeCursor', name, value),
    prune: (limits) => call('prune', limits),
    check: () => call('check'),
    async close() {
      await call('close');
      await thread.end();
    },
  };
}

function storeThread(start: StoreThreadStart) {
  const pending = new Map<number, Pending>();
  let unsent: StoreCall[] = [];
  let nr = 0;
  let isEnding = false;
  /** The thread died, or could not open the file: the next call starts another. */
  let isGone = false;
  let looking: NodeJS.Timeout | undefined;
  let worker: Worker;
  const opened = run();

  function run(): Promise<void> {
    const { code, isText } = threadCode();
    const started = new Worker(code, { eval: isText, workerData: start });
    worker = started;
    isGone = false;
    return new Promise((resolve, reject) => {
      started.once('message', (ready: StoreThreadReady) => {
        if ('failure' in ready) {
          ended(errorOf(ready.failure));
          void started.terminate();
          return;
        }
        started.on('message', (answers: readonly StoreAnswer[]) => answers.forEach(settle));
        resolve();
      });
      started.once('error', (cause) =>
        ended(new StoreError('STORE_ENDED', `${start.file}: its thread died`, { cause })),
      );
      started.once('exit', () => ended(new StoreError('STORE_ENDED', `${start.file}: its thread ended`)));
      function ended(failure: Error): void {
        if (started !== worker || isGone || isEnding) return;
        isGone = true;
        reject(failure);
        for (const one of pending.values()) one.reject(failure);
        pending.clear();
      }
    });
  }

  function settle(answer: StoreAnswer): void {
    const caller = pending.get(answer.nr);
    pending.delete(answer.nr);
    if (caller && 'value' in answer) caller.resolve(answer.value);
    else if (caller && 'failure' in answer) caller.reject(errorOf(answer.failure));
  }

  function send(): void {
    // Should it not open, those who call are told.
    if (isGone) run().catch(() => {});
    worker.postMessage(unsent);
    unsent = [];
  }

  /** In the order of the calls, so the first that is not late ends the look. */
  function rejectLate(): void {
    const now = performance.now();
    for (const [key, one] of pending) {
      if (one.lateAt > now) continue;
      pending.delete(key);
      one.reject(new StoreError('STORE_LATE', `${start.file}: no answer for ${LATE_MS / 1000} seconds`));
    }
    if (pending.size > 0) return;
    clearInterval(looking);
    looking = undefined;
  }

  function call<K extends keyof StoreCalls>(name: K, ...args: Parameters<StoreCalls[K]>): ReturnType<StoreCalls[K]> {
    const answer = new Promise<unknown>((resolve, reject) => {
      const lateAt = unhurried.has(name) ? Number.POSITIVE_INFINITY : performance.now() + LATE_MS;
      pending.set(++nr, { resolve, reject, lateAt });
      if (unsent.push({ nr, name, args }) === 1) setImmediate(send);
      looking ??= setInterval(rejectLate, LOOK_MS);
    });
    return answer as ReturnType<StoreCalls[K]>;
  }

  return {
    call,
    opened,
    async end() {
      isEnding = true;
      clearInterval(looking);
      await worker.terminate();
    },
  };
}

import { Worker } from 'node:worker_threads';
import type { RelayStore, StoreOptions } from './store.ts';
import { errorOf, type StoreAnswer, type StoreCall, type StoreCalls } from './store-calls.ts';
import { StoreError } from './store-error.ts';
import type { StoreThreadReady, StoreThreadStart } from './store-thread.ts';
import { threadCode } from './thread-code.ts';

/** Calls that take longer fail for the caller, whatever becomes of them. Housekeeping has no limit. */
const LATE_MS = 4_000;
const LOOK_MS = 250;
/** A thread waiting for a lock cannot answer messages, but may still read for others. */
const LONGEST_DELAY_MS = 20;
const GATHER_MS = 3;
const FULL_GROUP = 48;
const unhurried: ReadonlySet<keyof StoreCalls> = new Set(['prune', 'close', 'recover']);

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  /** In terms of `performance.now()`. */
  readonly lateAt: number;
}

/**
 * The SQLite store of `openSqliteStore` in its own thread: the caller's event loop is never blocked, and a call without an answer
 * within {@link LATE_MS} rejects with a StoreError. A thread that dies is replaced.
 * @throws UserError as `openSqliteStore` does
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
      complete: (lease, mark) => call('complete', lease, mark),
      retry: (lease, at, error, mark) => call('retry', lease, at, error, mark),
      deadLetter: (lease, error, mark) => call('deadLetter', lease, error, mark),
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
  /** The thread died or could not open the file; the next call starts another one. */
  let isGone = false;
  let looking: NodeJS.Timeout | undefined;
  /** The thread has not answered its last message yet. */
  let isBusy = false;
  let delayed: NodeJS.Timeout | undefined;
  let worker: Worker;
  const opened = run();

  function run(): Promise<void> {
    const { code, isText } = threadCode();
    const started = new Worker(code, { eval: isText, workerData: start });
    worker = started;
    isGone = false;
    isBusy = false;
    return new Promise((resolve, reject) => {
      started.once('message', (ready: StoreThreadReady) => {
        if ('failure' in ready) {
          ended(errorOf(ready.failure));
          void started.terminate();
          return;
        }
        started.on('message', answered);
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
        // The first caller gets the remedy; later ones only that the store does not work.
        const trouble = failure instanceof StoreError ? failure : new StoreError('STORE_ENDED', failure.message);
        for (const one of pending.values()) one.reject(trouble);
        pending.clear();
        // Their callers have stopped waiting.
        unsent = [];
      }
    });
  }

  function deliver(answer: StoreAnswer): void {
    const caller = pending.get(answer.nr);
    pending.delete(answer.nr);
    if (caller && 'value' in answer) caller.resolve(answer.value);
    else if (caller && 'failure' in answer) caller.reject(errorOf(answer.failure));
  }

  /** Calls made while the thread is busy share a message, because waking a thread costs more than its work. */
  function send(): void {
    clearTimeout(delayed);
    delayed = undefined;
    if (unsent.length === 0) return;
    // If it fails to open, the callers get the error.
    if (isGone) run().catch(() => {});
    isBusy = true;
    worker.postMessage(unsent);
    unsent = [];
  }

  function sendSoon(): void {
    if (isBusy) delayed ??= setTimeout(send, LONGEST_DELAY_MS);
    else if (unsent.length === 1 && !delayed) setImmediate(send);
    else if (unsent.length === FULL_GROUP) send();
  }

  /** In a steady stream, calls made in the next moment share the message. */
  function answered(answers: readonly StoreAnswer[]): void {
    isBusy = false;
    for (const answer of answers) deliver(answer);
    if (unsent.length === 0) return;
    clearTimeout(delayed);
    if (unsent.length >= FULL_GROUP) send();
    else delayed = setTimeout(send, GATHER_MS);
  }

  /** Calls are in order, so stop at the first that is not late. */
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
      unsent.push({ nr, name, args });
      sendSoon();
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

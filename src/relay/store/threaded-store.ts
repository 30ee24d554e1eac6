import { Worker } from 'node:worker_threads';
import type { RelayStore, StoreOptions } from './store.ts';
import { errorOf, type StoreAnswer, type StoreCall, type StoreCalls } from './store-calls.ts';
import { StoreError } from './store-error.ts';
import type { StoreThreadReady, StoreThreadStart } from './store-thread.ts';
import { threadCode } from './thread-code.ts';

/** A call that takes longer than this has failed for its caller, whatever becomes of it; housekeeping may take its time. */
const LATE_MS = 4_000;
const LOOK_MS = 250;
/** While the thread waits for a lock it has not answered, and may read for others all the same. */
const LONGEST_DELAY_MS = 20;
const GATHER_MS = 3;
const FULL_GROUP = 48;
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
  /** The thread died, or could not open the file: the next call starts another. */
  let isGone = false;
  let looking: NodeJS.Timeout | undefined;
  /** The thread has a message that it has not answered. */
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
        // The one who opens it is told how to correct it; a caller, that it does not work.
        const trouble = failure instanceof StoreError ? failure : new StoreError('STORE_ENDED', failure.message);
        for (const one of pending.values()) one.reject(trouble);
        pending.clear();
        // Nobody waits for these any more.
        unsent = [];
      }
    });
  }

  function settle(answer: StoreAnswer): void {
    const caller = pending.get(answer.nr);
    pending.delete(answer.nr);
    if (caller && 'value' in answer) caller.resolve(answer.value);
    else if (caller && 'failure' in answer) caller.reject(errorOf(answer.failure));
  }

  /** What arrives while the thread is busy shares one message: waking a thread costs more than what is in it. */
  function send(): void {
    clearTimeout(delayed);
    delayed = undefined;
    if (unsent.length === 0) return;
    // Should it not open, those who call are told.
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

  /** Where calls come in a stream, those of the next moment go along. */
  function answered(answers: readonly StoreAnswer[]): void {
    isBusy = false;
    for (const answer of answers) settle(answer);
    if (unsent.length === 0) return;
    clearTimeout(delayed);
    if (unsent.length >= FULL_GROUP) send();
    else delayed = setTimeout(send, GATHER_MS);
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

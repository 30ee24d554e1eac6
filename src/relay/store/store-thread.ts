import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { member } from '../../domain/json.ts';
import { openSqliteStore } from './sqlite.ts';
import { failureOf, type StoreAnswer, type StoreCall, storeCalls } from './store-calls.ts';
import { MOVED } from './store-error.ts';

/* The thread of the SQLite file, so that a lock, a slow disk or a checkpoint blocks only this thread. */

/** What the thread is started with. */
export interface StoreThreadStart {
  readonly file: string;
  readonly owner: string;
  readonly leaseMs: number;
}

/** First message of the thread: the store is open, or why not. */
export type StoreThreadReady = { readonly opened: true } | { readonly failure: ReturnType<typeof failureOf> };

if (parentPort) serve(parentPort, workerData as StoreThreadStart);

function serve(port: MessagePort, { file, owner, leaseMs }: StoreThreadStart): void {
  let calls: ReturnType<typeof storeCalls>;
  try {
    calls = storeCalls(openSqliteStore(file, { now: Date.now, owner, leaseMs }));
  } catch (error) {
    port.postMessage({ failure: failureOf(error, file) } satisfies StoreThreadReady);
    return;
  }
  let answers: StoreAnswer[] = [];
  function send(): void {
    port.postMessage(answers);
    answers = [];
  }
  function answer(one: StoreAnswer): void {
    // Results of one transaction are sent in one message.
    if (answers.push(one) === 1) setImmediate(send);
  }
  port.on('message', (group: readonly StoreCall[]) => {
    for (const { nr, name, args } of group) {
      // Arguments match the method: `threaded-store.ts` calls it through its own types.
      const method = calls[name] as (...args: readonly unknown[]) => Promise<unknown>;
      method(...args).then(
        (value) => answer({ nr, value }),
        (error: unknown) => {
          answer({ nr, failure: failureOf(error, file) });
          // The next call starts another thread, which opens the present file or creates one.
          if (member(error, 'code') === MOVED) setImmediate(() => process.exit());
        },
      );
    }
  });
  port.postMessage({ opened: true } satisfies StoreThreadReady);
}

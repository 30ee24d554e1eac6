import { type Inbox, type Lease, LeaseLostError } from '../store/store.ts';
import { afterFailure, type Verdict } from './backoff.ts';

/**
 * Applies one notification. Calls `stateIsIn` once the incident has its state: the session's mark then moves to the given one
 * even if a later step fails. Rejects if it must be retried or given up.
 */
export type Apply = (lease: Lease, stateIsIn: (mark: string) => void) => Promise<void>;

export interface WorkerOptions {
  readonly inbox: Inbox;
  readonly apply: Apply;
  readonly now: () => number;
  readonly random: () => number;
  /** Notifications applied at the same time, each of a different incident. */
  readonly concurrency: number;
  /** How long to wait when there is nothing to do. */
  readonly idleMs: number;
  readonly report: (report: WorkReport) => void;
}

export type WorkReport =
  | { readonly outcome: 'applied' | 'lost' | 'waiting'; readonly lease: Lease }
  | { readonly outcome: 'retry' | 'dead'; readonly lease: Lease; readonly error: unknown }
  /** The store itself failed; `lease` if the failure concerned one. */
  | { readonly outcome: 'store-failed'; readonly lease?: Lease; readonly error: unknown };

export interface Worker {
  /** To be called when there is new work. */
  wake(): void;
  /** Takes no more work; resolves when the work in progress has finished. */
  stop(): Promise<void>;
}

/** Takes notifications from the inbox, one per incident at a time, until stopped. */
export function startWorker(options: WorkerOptions): Worker {
  const { inbox, concurrency, idleMs, report } = options;
  const running = new Set<Promise<void>>();
  /** Number of running notifications whose last attempt never ended. Nothing else is started meanwhile. */
  let suspects = 0;
  let stopping = false;
  let wakeUp = () => {};
  let woken = false;

  function wake(): void {
    woken = true;
    wakeUp();
  }

  /** Waits for `wake()`, or for `idleMs`. */
  async function rest(): Promise<void> {
    if (!woken) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, idleMs);
        wakeUp = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    woken = false;
  }

  async function takeSome(): Promise<readonly Lease[]> {
    if (running.size >= concurrency || suspects > 0) return [];
    try {
      return await inbox.take({ limit: concurrency - running.size, busy: running.size > 0 });
    } catch (error) {
      report({ outcome: 'store-failed', error });
      return [];
    }
  }

  async function work(): Promise<void> {
    while (!stopping) {
      woken = false;
      const leases = await takeSome();
      for (const lease of leases) {
        const isSuspect = lease.unfinished > 0 ? 1 : 0;
        suspects += isSuspect;
        const run = applyLease(lease, options).finally(() => {
          suspects -= isSuspect;
          running.delete(run);
          wake();
        });
        running.add(run);
      }
      if (leases.length === 0) await rest();
    }
    await Promise.all(running);
  }

  const ended = work();
  return {
    wake,
    stop() {
      stopping = true;
      wake();
      return ended;
    },
  };
}

/** Not a failure, only too early: retry at `at` (milliseconds since 1970). With a `cause`, that failed. */
export class LookAgain extends Error {
  readonly at: number;

  constructor(at: number, cause?: unknown) {
    super(cause instanceof Error ? cause.message : 'waits', cause === undefined ? undefined : { cause });
    this.name = 'LookAgain';
    this.at = at;
  }
}

/** Attempts in a row that may start without ending before the notification is taken to be what crashes the relay. */
const MOST_UNFINISHED = 5;

/** Applies a leased notification and releases it with the result. Never rejects. */
export async function applyLease(lease: Lease, options: Omit<WorkerOptions, 'concurrency' | 'idleMs'>): Promise<void> {
  const { inbox, apply, report } = options;
  let mark: string | undefined;
  try {
    try {
      if (lease.unfinished >= MOST_UNFINISHED) throw new FatalNotificationError(lease.unfinished);
      await apply(lease, (moved) => {
        mark = moved;
      });
    } catch (error) {
      await giveBack(lease, error, mark, options);
      return;
    }
    await inbox.complete(lease, mark);
    report({ outcome: 'applied', lease });
  } catch (error) {
    report(error instanceof LeaseLostError ? { outcome: 'lost', lease } : { outcome: 'store-failed', lease, error });
  }
}

/** A notification whose attempts never ended is given up, because it most likely crashes the relay. */
export class FatalNotificationError extends Error {
  constructor(times: number) {
    super(`the relay ended ${times} times in a row while it applied this notification`);
    this.name = 'FatalNotificationError';
  }
}

async function giveBack(
  lease: Lease,
  error: unknown,
  mark: string | undefined,
  { inbox, now, random, report }: Omit<WorkerOptions, 'concurrency' | 'idleMs'>,
): Promise<void> {
  if (error instanceof LeaseLostError) throw error;
  if (error instanceof LookAgain) {
    await inbox.retry(lease, error.at, error.message, mark);
    report(error.cause === undefined ? { outcome: 'waiting', lease } : { outcome: 'retry', lease, error: error.cause });
    return;
  }
  const verdict: Verdict =
    error instanceof FatalNotificationError
      ? { giveUp: error.message }
      : afterFailure(error, { attempts: lease.notification.attempts, since: lease.since }, { now: now(), random });
  if ('giveUp' in verdict) {
    await inbox.deadLetter(lease, verdict.giveUp, mark);
    report({ outcome: 'dead', lease, error });
  } else {
    await inbox.retry(lease, verdict.retryAt, error instanceof Error ? error.message : String(error), mark);
    report({ outcome: 'retry', lease, error });
  }
}

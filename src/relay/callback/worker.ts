import { type Inbox, type Lease, LeaseLostError } from '../store/store.ts';
import { afterFailure, type Verdict } from './backoff.ts';

/**
 * Applies one notification. Calls `stateIsIn` once its state is in the incident: the session's mark moves to the given one, also
 * where a later step fails. Rejects to be tried again or given up.
 */
export type Apply = (lease: Lease, stateIsIn: (mark: string) => void) => Promise<void>;

export interface WorkerOptions {
  readonly inbox: Inbox;
  readonly apply: Apply;
  readonly now: () => number;
  readonly random: () => number;
  /** Notifications applied side by side, each of another incident. */
  readonly concurrency: number;
  /** How long to wait where there was nothing to do. */
  readonly idleMs: number;
  readonly report: (report: WorkReport) => void;
}

export type WorkReport =
  | { readonly outcome: 'applied' | 'lost' | 'waiting'; readonly lease: Lease }
  | { readonly outcome: 'retry' | 'dead'; readonly lease: Lease; readonly error: unknown }
  /** The store itself failed; `lease` where it was about one. */
  | { readonly outcome: 'store-failed'; readonly lease?: Lease; readonly error: unknown };

export interface Worker {
  /** There is something to do now. */
  wake(): void;
  /** Takes nothing more; resolves when what was taken is finished. */
  stop(): Promise<void>;
}

/** Takes notifications out of the inbox, one per incident at a time, until it is stopped. */
export function startWorker(options: WorkerOptions): Worker {
  const { inbox, concurrency, idleMs, report } = options;
  const running = new Set<Promise<void>>();
  /** Whose last attempt never ended: while one is applied, nothing else begins. */
  let suspects = 0;
  let stopping = false;
  let wakeUp = () => {};
  let woken = false;

  function wake(): void {
    woken = true;
    wakeUp();
  }

  /** Until somebody wakes us, or `idleMs` went by. */
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

/** Nothing failed, it is only too early: the same again at `at` (milliseconds since 1970). With a `cause`, that failed. */
export class LookAgain extends Error {
  readonly at: number;

  constructor(at: number, cause?: unknown) {
    super(cause instanceof Error ? cause.message : 'waits', cause === undefined ? undefined : { cause });
    this.name = 'LookAgain';
    this.at = at;
  }
}

/** So often in a row an attempt may begin and never end: five crashes are no accident. */
const MOST_UNFINISHED = 5;

/** Applies what is leased and gives it back, whatever happened. Never rejects. */
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

/** What began so often and never ended is given up: most likely it is what ends the relay. */
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

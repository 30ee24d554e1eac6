import { AsyncLocalStorage } from 'node:async_hooks';

/** Time as the simulated world knows it. Instants are milliseconds since 1970, UTC. */
export interface Clock {
  now(): number;
  /** Runs `task` after `ms` milliseconds; the result cancels it. */
  after(ms: number, task: () => void | Promise<void>): () => void;
  /** Resolves after `ms` milliseconds, at once for 0; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Does work that time must not pass during. Rejects as the work does. */
  track<T>(work: () => Promise<T>): Promise<T>;
  /** Waits for the result of other work while time passes. */
  wait<T>(outcome: Promise<T>): Promise<T>;
}

/** ISO 8601 with milliseconds, as the REST APIs write it. */
export function isoTime(instant: number): string {
  return new Date(instant).toISOString();
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The computer's own time, for servers that other processes call. Timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, task) {
    let timer: NodeJS.Timeout;
    // Timers of more than 24 days would fire at once.
    const wait = (left: number) => {
      const now = Math.min(left, LONGEST_TIMER_MS);
      timer = setTimeout(() => (left > now ? wait(left - now) : void task()), now);
      timer.unref();
    };
    wait(ms);
    return () => clearTimeout(timer);
  },
  sleep: (ms, signal) => sleepOn(systemClock, ms, signal),
  track: (work) => work(),
  wait: (outcome) => outcome,
};

interface Timer {
  readonly due: number;
  readonly order: number;
  readonly task: () => void | Promise<void>;
}

/** The remaining work of a started task. It is idle when all of it waits for the clock. */
interface Activity {
  awake: number;
}

/** Turns of the event loop without any activity before time advances. */
const QUIET_TURNS = 4;
/** Far more tasks than any story needs; reached only by an endless loop. */
const MOST_TASKS = 100_000;

/**
 * A clock that only advances on request, and then as fast as possible: it jumps from timer to timer, but never while a started
 * task is busy. Tasks due at the same time start in the order in which they were set.
 */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  #timers: Timer[] = [];
  #stirs = 0;
  #failures: unknown[] = [];
  readonly #running = new Set<Activity>();
  readonly #activity = new AsyncLocalStorage<Activity>();

  constructor(start: number | string = '2026-01-10T08:00:00Z') {
    this.#now = typeof start === 'number' ? start : Date.parse(start);
    if (Number.isNaN(this.#now)) throw new RangeError(`not a point in time: ${start}`);
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, task: () => void | Promise<void>): () => void {
    const timer = { due: this.#now + Math.max(0, ms), order: this.#order++, task };
    this.#timers.push(timer);
    this.#stirs++;
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.wait(sleepOn(this, ms, signal));
  }

  async wait<T>(outcome: Promise<T>): Promise<T> {
    const activity = this.#activity.getStore();
    if (activity) activity.awake--;
    try {
      return await outcome;
    } finally {
      if (activity) activity.awake++;
      this.#stirs++;
    }
  }

  /** Work inside other work is an activity of its own: its parent waits for it as for a sleep. */
  track<T>(work: () => Promise<T>): Promise<T> {
    return this.wait(this.#tracked(work));
  }

  async #tracked<T>(work: () => Promise<T>): Promise<T> {
    const activity = { awake: 1 };
    this.#running.add(activity);
    try {
      return await this.#activity.run(activity, work);
    } finally {
      this.#running.delete(activity);
      this.#stirs++;
    }
  }

  /** Advances time by `ms`, running everything that falls due. Throws the first error of a task. */
  async advance(ms: number): Promise<void> {
    await this.#runTo(this.#now + ms, () => false);
  }

  /** Runs what is due now and waits for what is running; the clock does not advance. */
  async runDue(): Promise<void> {
    await this.advance(0);
  }

  /** Advances until `reached` is true; false, with the time at the limit, if that does not happen within `ms`. */
  async runUntil(reached: () => boolean, ms: number): Promise<boolean> {
    return this.#runTo(this.#now + ms, reached);
  }

  async #runTo(end: number, reached: () => boolean): Promise<boolean> {
    for (let tasks = 0; ; tasks++) {
      await this.#rest();
      if (reached()) return true;
      const next = this.#takeNext(end);
      if (!next) break;
      if (tasks === MOST_TASKS) throw new Error(`no end in sight: ${MOST_TASKS} tasks ran by ${isoTime(this.#now)}`);
      this.#now = Math.max(this.#now, next.due);
      this.#start(next);
    }
    this.#now = end;
    return false;
  }

  #takeNext(end: number): Timer | undefined {
    const due = this.#timers.filter((timer) => timer.due <= end);
    if (due.length === 0) return undefined;
    const next = due.reduce((a, b) => (b.due < a.due || (b.due === a.due && b.order < a.order) ? b : a));
    this.#timers = this.#timers.filter((timer) => timer !== next);
    return next;
  }

  #start(timer: Timer): void {
    this.#activity
      .exit(() => this.track(async () => timer.task()))
      .catch((error: unknown) => this.#failures.push(error));
  }

  /** Waits until every started task has ended or sleeps on this clock. */
  async #rest(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_TURNS; ) {
      const before = this.#stirs;
      await new Promise((resolve) => setImmediate(resolve));
      const busy = [...this.#running].some((activity) => activity.awake > 0);
      quiet = busy || this.#stirs !== before ? 0 : quiet + 1;
    }
    if (this.#failures.length > 0) throw this.#failures.shift();
  }
}

function sleepOn(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    if (ms <= 0) return resolve();
    const onAbort = () => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.after(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** Source of a run's time, in milliseconds since 1970. */
export interface Clock {
  now(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * True: time does not advance while a call is in progress; its duration is added afterwards. Default: time passes during calls,
   * as on a real clock.
   */
  readonly waitsForCalls?: boolean;
}

/** A virtual clock: waiting costs nothing, and equal runs take the same time to the millisecond. */
export function virtualClock(start: number = Date.UTC(2026, 0, 10, 8)): Clock {
  let now = start;
  return {
    waitsForCalls: true,
    now: () => now,
    sleep: async (ms) => {
      now += Math.max(0, ms);
    },
  };
}

/** Reproducible random numbers, 0 ≤ x < 1 (mulberry32). */
export function seededRandom(seed = 1): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

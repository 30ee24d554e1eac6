/** Where a run's time comes from. Instants are milliseconds since 1970, UTC. */
export interface Clock {
  now(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * True: the clock does not advance while a call is under way (a call's own duration counts afterwards). Left out or false: calls and
   * time run side by side, as on a real clock.
   */
  readonly waitsForCalls?: boolean;
}

/** A clock of the run's own: waiting costs nothing, and the same run takes the same time to the millisecond. */
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

/** Repeatable chance, 0 ≤ x < 1 (mulberry32). */
export function seededRandom(seed = 1): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

import type { ForwardMark, Forwards } from '../store/store.ts';

/** Marks kept in memory while the store fails; the oldest is dropped first. */
const MOST_KEPT = 10_000;

export interface SteadyForwards extends Forwards {
  /** Writes the marks that the store could not take before. */
  catchUp(): Promise<void>;
}

interface Kept {
  /** Undefined while it is only claimed. */
  readonly mark: ForwardMark | undefined;
  readonly claimedUntil: number;
}

/**
 * Paging must not depend on the store: if it fails or does not answer within `waitMs`, this process keeps what it sends in memory
 * until the store works again. Another relay or the next process does not know about it and may page twice, which is better than
 * not at all. `failed` is called with the reason.
 */
export function steadyForwards(
  forwards: Forwards,
  { waitMs, now, failed }: { waitMs: number; now: () => number; failed: (error: unknown) => void },
): SteadyForwards {
  const kept = new Map<string, Kept>();

  function keep(key: string, one: Kept): void {
    kept.delete(key);
    kept.set(key, one);
    const [oldest] = kept.keys();
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  }

  /** The store's answer if it comes in time; undefined if the store fails. */
  async function ask<T>(question: Promise<T>): Promise<{ readonly value: T } | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('the store is late')), waitMs);
    });
    try {
      return { value: await Promise.race([question, late]) };
    } catch (error) {
      failed(error);
      return undefined;
    } finally {
      clearTimeout(timer);
      question.catch(() => {});
    }
  }

  return {
    async claim(key, leaseMs) {
      const own = kept.get(key);
      if (own?.mark) return { state: 'forwarded', mark: own.mark };
      if (own && own.claimedUntil > now()) return { state: 'busy' };
      const claimed = await ask(forwards.claim(key, leaseMs));
      if (claimed) return claimed.value;
      if (kept.has(key)) return { state: 'busy' };
      keep(key, { mark: undefined, claimedUntil: now() + leaseMs });
      return { state: 'claimed' };
    },
    async mark(key, eventId) {
      const marked = await ask(forwards.mark(key, eventId));
      if (marked) kept.delete(key);
      else keep(key, { mark: { key, eventId, at: now(), seen: '' }, claimedUntil: 0 });
    },
    async release(key) {
      if (!kept.get(key)?.mark) kept.delete(key);
      await ask(forwards.release(key));
    },
    get: async (key) => kept.get(key)?.mark ?? forwards.get(key),
    async see(key, seen) {
      const mark = kept.get(key)?.mark;
      if (mark) keep(key, { mark: { ...mark, seen }, claimedUntil: 0 });
      else await ask(forwards.see(key, seen));
    },
    async catchUp() {
      for (const [key, { mark }] of [...kept]) {
        if (!mark) continue;
        await forwards.mark(key, mark.eventId);
        if (mark.seen !== '') await forwards.see(key, mark.seen);
        kept.delete(key);
      }
    },
  };
}

import { createHash } from 'node:crypto';
import { uuid5 } from '../domain/uuid.ts';

/** Where the names of a simulated world's ids live (a constant of our own, never sent). */
const NAMESPACE = 'c2f0a7d4-6a57-5b0e-9f0c-3a4f0a8f6d11';

/** Ids and random numbers of a world. Each kind has its own sequence, so the order between kinds does not matter. */
export interface Ids {
  /** The next GUID of this kind. */
  guid(kind: string): string;
  /** The next number of this kind, from 1. */
  next(kind: string): number;
  /** An independent random sequence, the same for equal kinds. */
  random(kind: string): Random;
}

/** Repeatable chance. */
export interface Random {
  /** 0 ≤ x < 1 */
  fraction(): number;
  /** A whole number, both ends included. */
  between(low: number, high: number): number;
  /** Throws RangeError for an empty list. */
  pick<T>(items: readonly T[]): T;
  /** `count` different items, in the order of the list. */
  some<T>(items: readonly T[], count: number): T[];
  /** True in about `share` of the cases, 0 to 1. */
  chance(share: number): boolean;
}

export function createIds(seed: string | number): Ids {
  const counters = new Map<string, number>();
  const next = (kind: string) => {
    const count = (counters.get(kind) ?? 0) + 1;
    counters.set(kind, count);
    return count;
  };
  return {
    next,
    guid: (kind) => uuid5(`${seed}/${kind}/${next(kind)}`, NAMESPACE),
    random: (kind) => createRandom(`${seed}/${kind}`),
  };
}

/** Chance from a string: four bytes of SHA-256 per draw. */
export function createRandom(seed: string): Random {
  let draws = 0;
  const fraction = () => createHash('sha256').update(`${seed}#${draws++}`).digest().readUInt32BE(0) / 0x1_0000_0000;
  const between = (low: number, high: number) => low + Math.floor(fraction() * (high - low + 1));
  return {
    fraction,
    between,
    chance: (share) => fraction() < share,
    pick(items) {
      const index = between(0, items.length - 1);
      if (!(index in items)) throw new RangeError('nothing to pick from');
      return items[index] as (typeof items)[number];
    },
    some(items, count) {
      const ranked = items.map((item, index) => ({ item, index, rank: fraction() }));
      const chosen = ranked.sort((a, b) => a.rank - b.rank).slice(0, count);
      return chosen.sort((a, b) => a.index - b.index).map(({ item }) => item);
    },
  };
}

/** Token bucket per key: so many requests per minute, in bursts of a tenth of that but at least 20. */
export interface RateLimit {
  /** 0 if the request may pass, otherwise the seconds to wait. */
  take(key: string): number;
}

/** Number of keys kept. The least recently used are dropped, which is the same as a full bucket. */
const MAX_KEYS = 10_000;

interface Bucket {
  tokens: number;
  at: number;
}

export function rateLimit(perMinute: number, now: () => number): RateLimit {
  const burst = Math.max(20, perMinute / 10);
  const perMs = perMinute / 60_000;
  const buckets = new Map<string, Bucket>();
  return {
    take(key) {
      const time = now();
      const bucket = buckets.get(key) ?? { tokens: burst, at: time };
      bucket.tokens = Math.min(burst, bucket.tokens + Math.max(0, time - bucket.at) * perMs);
      bucket.at = time;
      buckets.delete(key);
      buckets.set(key, bucket);
      if (buckets.size > MAX_KEYS) forgetOldest(buckets);
      if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) / perMs / 1000);
      bucket.tokens -= 1;
      return 0;
    },
  };
}

function forgetOldest(buckets: Map<string, Bucket>): void {
  const [oldest] = buckets.keys();
  if (oldest !== undefined) buckets.delete(oldest);
}

import { UpstreamError } from '../upstream.ts';

/** Doubles from two seconds to a quarter of an hour. */
const FIRST_MS = 2_000;
const LONGEST_MS = 15 * 60_000;
/** What failed for a day, since it arrived or a person had it replayed, waits for a person (again). */
export const GIVE_UP_MS = 24 * 3_600_000;

export type Verdict = { readonly retryAt: number } | { readonly giveUp: string };

/**
 * When to try again after `attempts` failures before this one, or why not to. Jitter takes up to half of the wait, so that
 * a thousand notifications that failed together do not come back together; `Retry-After` is the least.
 */
export function afterFailure(
  error: unknown,
  { attempts, since }: { readonly attempts: number; readonly since: number },
  { now, random }: { readonly now: number; readonly random: () => number },
): Verdict {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof UpstreamError && !error.isPassing) return { giveUp: message };
  if (now - since >= GIVE_UP_MS) return { giveUp: `${message}; given up after a day and ${attempts + 1} attempts` };
  const longest = Math.min(FIRST_MS * 2 ** attempts, LONGEST_MS);
  const jittered = longest * (0.5 + random() / 2);
  const asked = error instanceof UpstreamError ? (error.retryAfterMs ?? 0) : 0;
  return { retryAt: now + Math.round(Math.max(jittered, asked)) };
}

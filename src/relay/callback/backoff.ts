import { UpstreamError } from '../upstream.ts';

/** The wait doubles from two seconds up to a quarter of an hour. */
const FIRST_MS = 2_000;
const LONGEST_MS = 15 * 60_000;
/** A notification that has failed for a day since it arrived or was replayed becomes a dead letter. */
export const GIVE_UP_MS = 24 * 3_600_000;

export type Verdict = { readonly retryAt: number } | { readonly giveUp: string };

/**
 * When to retry after `attempts` earlier failures, or why not to. Jitter shortens the wait by up to half, so that notifications
 * that failed together are not retried together. `Retry-After` is the minimum.
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

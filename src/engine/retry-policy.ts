import { isObject, type WdlObject, type WdlValue, wholeNumber } from '../wdl/values.ts';
import { DAY, parseDuration } from './duration.ts';

/** When to retry a failed call. */
export interface RetryPolicy {
  /** Number of retries after the first attempt. */
  readonly count: number;
  /** Delay in milliseconds before the nth retry, from 1; `chance` is a random number, 0 ≤ chance < 1. */
  delay(retry: number, chance: number): number;
}

const NONE: RetryPolicy = { count: 0, delay: () => 0 };

/** The default policy: exponential, 4 retries, scaled by 7.5 s, between 5 and 45 s (limits reference). */
const DEFAULT = exponential(4, 7_500, 5_000, 45_000);

/** Upper bound of an exponential policy that has none (Consumption): one day. */
const LONGEST = DAY;
const MOST_TRIES = 90;

/**
 * Reads `retryPolicy` from an action's evaluated inputs ("Handle errors and exceptions", retry policies).
 * @returns the policy, or why it is invalid
 */
export function readRetryPolicy(policy: WdlValue | undefined): RetryPolicy | { readonly problem: string } {
  if (policy === undefined || policy === null) return DEFAULT;
  if (!isObject(policy)) return { problem: `The 'retryPolicy' is not an object.` };
  const type = String(policy['type'] ?? 'default').toLowerCase();
  if (type === 'none') return NONE;
  if (type === 'default') return DEFAULT;
  if (type !== 'fixed' && type !== 'exponential') {
    return { problem: `The retry policy '${String(policy['type'])}' is none of: default, none, fixed, exponential.` };
  }
  const count = wholeNumber(typeof policy['count'] === 'string' ? Number(policy['count']) : (policy['count'] ?? null));
  if (count === undefined || count < 1 || count > MOST_TRIES) {
    return { problem: `The 'count' of a retry policy is a number from 1 to ${MOST_TRIES}.` };
  }
  const interval = durationOf(policy, 'interval');
  if (interval === undefined || interval < 5_000 || interval > DAY) {
    return {
      problem: `The 'interval' of a retry policy is a duration from PT5S to P1D, not '${String(policy['interval'])}'.`,
    };
  }
  if (type === 'fixed') return { count, delay: () => interval };
  const least = durationOf(policy, 'minimumInterval') ?? 5_000;
  const most = durationOf(policy, 'maximumInterval') ?? LONGEST;
  return exponential(count, interval, least, most);
}

function durationOf(policy: WdlObject, member: string): number | undefined {
  const value = policy[member];
  return typeof value === 'string' ? parseDuration(value) : undefined;
}

/** A random delay from a range that doubles each time: [0 or 2^(n-2) intervals, 2^(n-1) intervals], within the bounds. */
function exponential(count: number, interval: number, least: number, most: number): RetryPolicy {
  return {
    count,
    delay(retry, chance) {
      const low = Math.max(retry === 1 ? 0 : 2 ** (retry - 2) * interval, least);
      const high = Math.max(Math.min(2 ** (retry - 1) * interval, most), least);
      return Math.round(Math.min(low, high) + chance * Math.max(0, high - Math.min(low, high)));
    },
  };
}

/** Milliseconds requested by `Retry-After`: seconds, or an HTTP date. */
export function retryAfter(headers: Readonly<Record<string, unknown>> | undefined, now: number): number | undefined {
  const value = headerOf(headers, 'retry-after');
  if (value === undefined) return undefined;
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1_000;
  const instant = Date.parse(value);
  return Number.isNaN(instant) ? undefined : Math.max(0, instant - now);
}

export function headerOf(headers: Readonly<Record<string, unknown>> | undefined, name: string): string | undefined {
  const key = Object.keys(headers ?? {}).find((candidate) => candidate.toLowerCase() === name);
  const value = key === undefined ? undefined : headers?.[key];
  return value === undefined || value === null ? undefined : String(value);
}

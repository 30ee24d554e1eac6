import type { Context } from 'hono';
import { type AuthSettings, doorkeeper } from './auth.ts';
import { HttpError } from './errors.ts';
import { rateLimit } from './rate-limit.ts';

export interface EntranceSettings {
  readonly auth: AuthSettings;
  /** Requests per minute of one caller; SIGNL4's webhook has ten times as many. */
  readonly requestsPerMinute: number;
  readonly now: () => number;
  /** Network address of whoever sent the request; undefined where the host cannot tell. */
  readonly addressOf: (context: Context) => string | undefined;
}

/** Lets requests in: who they are, and not too many of them. Both throw 401 or 429. */
export interface Entrance {
  /** By key or token. */
  api(context: Context): Promise<void>;
  /** By key or token, the key as a Bearer token, too. */
  metrics(context: Context): Promise<void>;
  /** By the webhook's own secret. */
  webhook(context: Context): Promise<void>;
}

/** Failed sign-ins of one address per minute. */
const FAILURES_PER_MINUTE = 30;

export function createEntrance({ auth, requestsPerMinute, now, addressOf }: EntranceSettings): Entrance {
  const door = doorkeeper(auth);
  const apiLimit = rateLimit(requestsPerMinute, now);
  const webhookLimit = rateLimit(requestsPerMinute * 10, now);
  const failureLimit = rateLimit(FAILURES_PER_MINUTE, now);

  async function signedIn(context: Context, caller: () => string | Promise<string>): Promise<string> {
    try {
      return await caller();
    } catch (error) {
      refuseAfter(failureLimit.take(addressOf(context) ?? 'unknown'));
      throw error;
    }
  }
  return {
    async api(context) {
      refuseAfter(apiLimit.take(await signedIn(context, () => door.apiCaller(context.req))));
    },
    async metrics(context) {
      refuseAfter(apiLimit.take(await signedIn(context, () => door.apiCaller(context.req, { asBearer: true }))));
    },
    async webhook(context) {
      refuseAfter(webhookLimit.take(await signedIn(context, () => door.signl4Caller(context.req))));
    },
  };
}

function refuseAfter(waitSeconds: number): void {
  if (waitSeconds === 0) return;
  throw new HttpError(429, 'too-many-requests', 'too many requests', { 'retry-after': String(waitSeconds) });
}

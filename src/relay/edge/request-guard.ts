import type { Context } from 'hono';
import { type AuthSettings, authenticator } from './auth.ts';
import { HttpError } from './errors.ts';
import { rateLimit } from './rate-limit.ts';

export interface GuardSettings {
  readonly auth: AuthSettings;
  /** Requests per minute of one caller. SIGNL4's webhook may send ten times as many. */
  readonly requestsPerMinute: number;
  readonly now: () => number;
  /** Network address of the sender; undefined if the host does not know it. */
  readonly addressOf: (context: Context) => string | undefined;
}

/** Authenticates requests and limits their rate. All methods throw 401 or 429. */
export interface RequestGuard {
  /** By key or token. */
  api(context: Context): Promise<void>;
  /** By key or token; the key may also be sent as a bearer token. */
  metrics(context: Context): Promise<void>;
  /** By the webhook's own secret. */
  webhook(context: Context): void;
}

/** Failed authentications per minute from one address. */
const FAILURES_PER_MINUTE = 30;

export function createRequestGuard({ auth, requestsPerMinute, now, addressOf }: GuardSettings): RequestGuard {
  const authenticated = authenticator(auth);
  const apiLimit = rateLimit(requestsPerMinute, now);
  const webhookLimit = rateLimit(requestsPerMinute * 10, now);
  const failureLimit = rateLimit(FAILURES_PER_MINUTE, now);

  /** Throws 429 instead of the 401 if the address failed too often. */
  function countFailure(context: Context): void {
    refuseAfter(failureLimit.take(addressOf(context) ?? 'unknown'));
  }

  async function apiCaller(context: Context, options?: { readonly asBearer: boolean }): Promise<void> {
    const caller = await authenticated.apiCaller(context.req, options).catch((error: unknown) => {
      countFailure(context);
      throw error;
    });
    refuseAfter(apiLimit.take(caller));
  }

  return {
    api: (context) => apiCaller(context),
    metrics: (context) => apiCaller(context, { asBearer: true }),
    webhook(context) {
      if (!authenticated.isSignl4(context.req)) {
        countFailure(context);
        throw new HttpError(401, 'unauthorized', 'the secret of the webhook is missing or wrong');
      }
      refuseAfter(webhookLimit.take('signl4'));
    },
  };
}

function refuseAfter(waitSeconds: number): void {
  if (waitSeconds === 0) return;
  throw new HttpError(429, 'too-many-requests', 'too many requests', { 'retry-after': String(waitSeconds) });
}

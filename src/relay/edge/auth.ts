import type { HonoRequest } from 'hono';
import type { TokenCheck } from './entra.ts';
import { HttpError } from './errors.ts';
import { isOneOf, type Secrets } from './secrets.ts';

export interface AuthSettings {
  /** Keys for `X-Api-Key`; none: only tokens count. */
  readonly keys: Secrets;
  /** Undefined: only keys count. */
  readonly tokens: TokenCheck | undefined;
  /** For SIGNL4's webhook, which can present nothing but its address: `?secret=…`. */
  readonly signl4Secrets: Secrets;
}

/** Who calls a route of the API: a name for the rate limit and the log, never the credential. Throws 401 or 403. */
export async function apiCaller(request: HonoRequest, { keys, tokens }: AuthSettings): Promise<string> {
  const key = request.header('x-api-key');
  if (key !== undefined && isOneOf(key, keys)) return 'key';
  const token = /^Bearer (.+)$/i.exec(request.header('authorization') ?? '')?.[1];
  if (token && tokens) {
    const found = await tokens.verify(token);
    if ('caller' in found) return found.caller;
    throw new HttpError(401, 'invalid-token', found.problem, { 'www-authenticate': 'Bearer error="invalid_token"' });
  }
  throw new HttpError(401, 'unauthorized', 'a key in X-Api-Key or an Entra token is needed', {
    'www-authenticate': 'Bearer',
  });
}

/** Throws 401 where the webhook's own secret is missing or wrong. */
export function signl4Caller(request: HonoRequest, { signl4Secrets }: AuthSettings): string {
  const presented = request.query('secret') ?? request.header('x-api-key') ?? '';
  if (isOneOf(presented, signl4Secrets)) return 'signl4';
  throw new HttpError(401, 'unauthorized', 'the secret of the webhook is missing or wrong');
}

import type { HonoRequest } from 'hono';
import type { TokenCheck } from './entra.ts';
import { HttpError } from './errors.ts';
import { secretCheck } from './secrets.ts';

export interface AuthSettings {
  /** Accepted values of `X-Api-Key`; empty: only tokens are accepted. */
  readonly keys: readonly string[];
  /** Undefined: only keys are accepted. */
  readonly tokens: TokenCheck | undefined;
  /** For SIGNL4's webhook, which cannot send headers, only an address: `?secret=…`. */
  readonly signl4Secrets: readonly string[];
}

/** Who sends a request. */
export interface Authenticator {
  /**
   * Authenticates by key or token and returns a name for the rate limit, never the credential. Throws 401. `asBearer` also
   * accepts the key as a bearer token, because Prometheus can send nothing else.
   */
  apiCaller(request: HonoRequest, options?: { readonly asBearer?: boolean }): Promise<string>;
  /** By the webhook's own secret. */
  isSignl4(request: HonoRequest): boolean;
}

export function authenticator({ keys, tokens, signl4Secrets }: AuthSettings): Authenticator {
  const isKey = secretCheck(keys);
  const isSignl4Secret = secretCheck(signl4Secrets);
  return {
    async apiCaller(request, { asBearer = false } = {}) {
      const key = request.header('x-api-key');
      if (key !== undefined && isKey(key)) return 'key';
      const token = /^Bearer (.+)$/i.exec(request.header('authorization') ?? '')?.[1];
      if (token !== undefined && asBearer && isKey(token)) return 'key';
      if (token && tokens) {
        const found = await tokens.verify(token);
        if ('caller' in found) return found.caller;
        throw new HttpError(401, 'invalid-token', found.problem, {
          'www-authenticate': 'Bearer error="invalid_token"',
        });
      }
      throw new HttpError(401, 'unauthorized', 'a key in X-Api-Key or an Entra token is needed', {
        'www-authenticate': 'Bearer',
      });
    },
    isSignl4: (request) => isSignl4Secret(request.query('secret') ?? request.header('x-api-key') ?? ''),
  };
}

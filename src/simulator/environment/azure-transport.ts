import { createHttpHeaders, type HttpClient } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import type { Principal } from '../entra/directory.ts';
import type { World } from '../world.ts';

/** Lets the Azure clients of this process talk to a world instead of to Azure. */
export function worldHttpClient({ fetch }: World): HttpClient {
  return {
    async sendRequest(request) {
      const { method, url, body, abortSignal } = request;
      const response = await fetch(url, {
        method,
        headers: request.headers.toJSON(),
        ...(typeof body === 'string' && { body }),
        ...(abortSignal && { signal: abortSignal as AbortSignal }),
      });
      const headers = createHttpHeaders(Object.fromEntries(response.headers));
      return { request, status: response.status, headers, bodyAsText: await response.text() };
    },
  };
}

/** Entra's client libraries ask for another token this long before the old one ends. */
const RENEW_BEFORE_MS = 5 * 60_000;
/** Less than `Tokens.issue` gives. */
const LIFETIME_MS = 3_599_000;

/**
 * Tokens of a world for one identity, kept and renewed by the clock of the world. The Azure clients look at the computer's
 * clock: to them every token has ended, so that they ask here each time.
 */
export function worldCredential(world: World, principal: Principal): TokenCredential {
  const kept = new Map<string, { readonly token: string; readonly until: number }>();
  return {
    async getToken(scopes) {
      const [scope = ''] = [scopes].flat();
      const now = world.clock.now();
      const old = kept.get(scope);
      if (old && now < old.until) return { token: old.token, expiresOnTimestamp: 0 };
      const token = await world.entra.token(principal, scope.replace(/\/\.default$/, ''));
      kept.set(scope, { token, until: now + LIFETIME_MS - RENEW_BEFORE_MS });
      return { token, expiresOnTimestamp: 0 };
    },
  };
}

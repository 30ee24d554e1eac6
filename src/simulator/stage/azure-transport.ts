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

/** Tokens of a world for one identity. */
export function worldCredential(world: World, principal: Principal): TokenCredential {
  return {
    async getToken(scopes) {
      const [scope = ''] = [scopes].flat();
      const token = await world.entra.token(principal, scope.replace(/\/\.default$/, ''));
      return { token, expiresOnTimestamp: Number.MAX_SAFE_INTEGER };
    },
  };
}

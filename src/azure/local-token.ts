import type { TokenCredential } from '@azure/core-auth';
import type { PipelinePolicy } from '@azure/core-rest-pipeline';

/**
 * Sends the token to this machine over plain http, which the library's own policy refuses for all hosts. Callers must have
 * checked that the endpoint is a loopback address.
 */
export function localTokenPolicy(credential: TokenCredential, scope: string): PipelinePolicy {
  return {
    name: 'localTokenPolicy',
    async sendRequest(request, next) {
      const token = await credential.getToken(scope);
      if (token) request.headers.set('authorization', `Bearer ${token.token}`);
      return next(request);
    },
  };
}

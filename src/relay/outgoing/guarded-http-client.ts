import { createDefaultHttpClient, type HttpClient, RestError } from '@azure/core-rest-pipeline';
import { type AllowedHosts, assertAllowed, MAX_ANSWER_BYTES } from './allowed-hosts.ts';

/** For the Azure clients: calls allowed hosts only, follows no redirect, and gives an answer up that grows too large. */
export function guardedHttpClient(allowed: AllowedHosts, client: HttpClient = createDefaultHttpClient()): HttpClient {
  return {
    async sendRequest(request) {
      assertAllowed(request.url, allowed);
      const tooLarge = new AbortController();
      const { abortSignal, onDownloadProgress } = request;
      request.abortSignal = abortSignal
        ? AbortSignal.any([abortSignal as AbortSignal, tooLarge.signal])
        : tooLarge.signal;
      request.onDownloadProgress = (progress) => {
        onDownloadProgress?.(progress);
        if (progress.loadedBytes > MAX_ANSWER_BYTES) tooLarge.abort();
      };
      try {
        return await client.sendRequest(request);
      } catch (error) {
        if (tooLarge.signal.aborted) throw new RestError(`the answer is larger than ${MAX_ANSWER_BYTES} bytes`);
        throw error;
      } finally {
        if (abortSignal) request.abortSignal = abortSignal;
      }
    },
  };
}

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
      const refuse = () => new RestError(`the answer is larger than ${MAX_ANSWER_BYTES} bytes`);
      try {
        const response = await client.sendRequest(request);
        if (tooLarge.signal.aborted) throw refuse();
        return response;
      } catch (error) {
        throw tooLarge.signal.aborted ? refuse() : error;
      } finally {
        // A policy may send the same request again.
        if (abortSignal) request.abortSignal = abortSignal;
        else delete request.abortSignal;
        if (onDownloadProgress) request.onDownloadProgress = onDownloadProgress;
        else delete request.onDownloadProgress;
      }
    },
  };
}

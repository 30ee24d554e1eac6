import { createDefaultHttpClient, type HttpClient, type PipelineResponse, RestError } from '@azure/core-rest-pipeline';
import { parseRetryAfter } from '../upstream.ts';
import { type AllowedHosts, assertAllowed, MAX_ANSWER_BYTES } from './allowed-hosts.ts';

/** The libraries wait as long as `Retry-After` says before they repeat; a request with a budget must not. */
const LONGEST_WAIT_MS = 2_500;

/** A service that wants more time than a library should wait on its own. */
class LongWaitError extends Error {
  readonly statusCode: number;
  readonly retryAfterMs: number;

  constructor(statusCode: number, retryAfterMs: number) {
    super(`HTTP ${statusCode}, again in ${retryAfterMs} ms`);
    this.name = 'LongWaitError';
    this.statusCode = statusCode;
    this.retryAfterMs = retryAfterMs;
  }
}

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
      // The library's stream does not end when the request is aborted in the middle of an answer: this does not wait for it.
      const refused = new Promise<never>((_, reject) => {
        const refuse = () => reject(new RestError(`the answer is larger than ${MAX_ANSWER_BYTES} bytes`));
        tooLarge.signal.addEventListener('abort', refuse, { once: true });
      });
      try {
        return withoutLongWait(await Promise.race([refused, client.sendRequest(request)]));
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

function withoutLongWait(response: PipelineResponse): PipelineResponse {
  const { status, headers } = response;
  const waitMs = status === 429 || status === 503 ? (parseRetryAfter(headers.get('retry-after')) ?? 0) : 0;
  if (waitMs > LONGEST_WAIT_MS) throw new LongWaitError(status, waitMs);
  return response;
}

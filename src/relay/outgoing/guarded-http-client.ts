import type { HttpClient, PipelineResponse } from '@azure/core-rest-pipeline';
import { parseRetryAfter } from '../upstream.ts';
import { type AllowedHosts, assertAllowed } from './allowed-hosts.ts';
import { nodeHttpClient } from './node-http-client.ts';

/** The libraries wait as long as `Retry-After` says before they retry; a request with a budget must not. */
const LONGEST_WAIT_MS = 2_500;

/** The service asks for a longer wait than a library may do by itself. */
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

/** For the Azure clients: calls allowed hosts only, follows no redirects, and fails instead of waiting long. */
export function guardedHttpClient(allowed: AllowedHosts, client: HttpClient = nodeHttpClient()): HttpClient {
  return {
    async sendRequest(request) {
      assertAllowed(request.url, allowed);
      return withoutLongWait(await client.sendRequest(request));
    },
  };
}

function withoutLongWait(response: PipelineResponse): PipelineResponse {
  const { status, headers } = response;
  const waitMs = status === 429 || status === 503 ? (parseRetryAfter(headers.get('retry-after')) ?? 0) : 0;
  if (waitMs > LONGEST_WAIT_MS) throw new LongWaitError(status, waitMs);
  return response;
}

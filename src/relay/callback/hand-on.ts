import { parseExternalId } from '../../domain/external-id.ts';
import { failureOfStatus, parseRetryAfter, UpstreamError, upstreamError } from '../upstream.ts';
import { parseStored } from './apply.ts';
import type { Apply } from './worker.ts';

/** A Logic App answers before it does its work, so this is enough; it must end well before the lease does. */
const HAND_ON_MS = 20_000;

/**
 * Forwards notifications unchanged to the playbook SIGNL4-Callback, for users who want all rules in one place. `url` is the
 * trigger's address with its signature and never appears in an error. The playbook only handles Sentinel's incidents; those of
 * Graph go to `others`.
 */
export function handOn(url: string, send: typeof fetch, others: Apply): Apply {
  return async (lease, stateIsIn) => {
    const { notification } = lease;
    const { externalId } = parseStored(notification.body);
    if (parseExternalId(externalId)?.source === 'graph') return others(lease, stateIsIn);
    const response = await post(url, notification.body, send);
    await response.body?.cancel();
    if (response.ok) return;
    const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'));
    throw new UpstreamError('The playbook SIGNL4-Callback', failureOfStatus(response.status), {
      status: response.status,
      retryAfterMs,
    });
  };
}

async function post(url: string, body: string, send: typeof fetch): Promise<Response> {
  try {
    return await send(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(HAND_ON_MS),
    });
  } catch (error) {
    throw upstreamError('The playbook SIGNL4-Callback', error);
  }
}

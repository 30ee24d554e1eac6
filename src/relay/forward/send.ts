import { setTimeout as delay } from 'node:timers/promises';
import type { Signl4AlertEvent } from '../../domain/signl4-event.ts';
import type { Budget } from '../deadline.ts';
import type { Signl4Port } from '../ports.ts';
import { type UpstreamError, upstreamError } from '../upstream.ts';

/** Share of the budget until which SIGNL4 must have taken the event; the rest is for tag and comment. */
const SEND_SHARE = 0.92;
/** One try; a connection that hangs must leave time for another. */
const TRY_MS = 5_000;
const FIRST_PAUSE_MS = 250;

/**
 * Sends an event, again and again until SIGNL4 takes it, refuses it for good or the time is up. A try whose answer got lost
 * is repeated: better two alerts than none.
 */
export async function sendPatiently(signl4: Signl4Port, event: Signl4AlertEvent, budget: Budget): Promise<string> {
  return budget.by(SEND_SHARE, 'SIGNL4', async (signal) => {
    for (let attempt = 0; ; attempt++) {
      try {
        return await signl4.send(event, AbortSignal.any([signal, AbortSignal.timeout(TRY_MS)]));
      } catch (error) {
        const failure = upstreamError('SIGNL4', error);
        if (!mayPass(failure) || signal.aborted) throw failure;
        await delay(failure.retryAfterMs ?? FIRST_PAUSE_MS * 2 ** attempt, undefined, { signal });
      }
    }
  });
}

/** 403 and 404 mean a wrong secret: SIGNL4 will not change its mind within seconds. */
function mayPass({ kind }: UpstreamError): boolean {
  return kind === 'throttled' || kind === 'late' || kind === 'unavailable';
}

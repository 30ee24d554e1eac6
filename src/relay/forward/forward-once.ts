import type { FilterTest } from '../../rules/filter.ts';
import type { Budget } from '../deadline.ts';
import type { EnrichedIncident } from '../enrich/enrich.ts';
import type { ServedWorkspace } from '../served-workspace.ts';
import type { Forwards } from '../store/store.ts';
import { seenOf } from './seen.ts';
import { CLAIM_MS, SEND_SHARE, sendingMs } from './shares.ts';

/** Answer of `POST /api/incidents/forward`. */
export type ForwardAnswer =
  | ({ readonly status: 'forwarded'; readonly eventId: string } & Pick<EnrichedIncident, 'event' | 'warnings'>)
  | { readonly status: 'already-forwarded'; readonly eventId: string }
  /** Another relay or another request is sending it at the moment. */
  | { readonly status: 'being-forwarded' }
  | { readonly status: 'filtered'; readonly failed: readonly (FilterTest | 'Not sent before')[] };

/** What differs between the sources of incidents. */
export interface Forwarding {
  /** External id. */
  readonly key: string;
  /** The event, or the reasons not to send one. */
  compose(): Promise<EnrichedIncident | { readonly failed: readonly (FilterTest | 'Not sent before')[] }>;
  /** Tags the incident as sent. Returns error messages; never rejects. */
  markAsSent(eventId: string): Promise<readonly string[]>;
}

/**
 * Sends an incident to SIGNL4 and marks it as sent, once even with concurrent calls. Rejects if SIGNL4 did not accept it, after
 * releasing the claim.
 */
export async function forwardOnce(
  { signl4 }: Pick<ServedWorkspace, 'signl4'>,
  { key, compose, markAsSent }: Forwarding,
  forwards: Forwards,
  budget: Budget,
): Promise<ForwardAnswer> {
  const claim = await forwards.claim(key, CLAIM_MS);
  if (claim.state === 'forwarded') return { status: 'already-forwarded', eventId: claim.mark.eventId };
  if (claim.state === 'busy') return { status: 'being-forwarded' };
  try {
    const composed = await compose();
    if ('failed' in composed) {
      await forwards.release(key);
      return { status: 'filtered', failed: composed.failed };
    }
    const { event, subject } = composed;
    const eventId = await budget.by(SEND_SHARE, 'SIGNL4', (signal, leftMs) =>
      signl4.sendEvent(event, signal, sendingMs(leftMs)),
    );
    await forwards.mark(key, eventId);
    // Parts that could not be read were not seen either, so they must not count as new later.
    const wasRead = subject.incident.lastModifiedTime !== '';
    if (wasRead) await forwards.see(key, JSON.stringify(seenOf(subject.incident, subject)));
    const marking = await markAsSent(eventId);
    return { status: 'forwarded', eventId, event, warnings: [...composed.warnings, ...marking] };
  } catch (error) {
    await forwards.release(key);
    throw error;
  }
}

/** Whether this relay sent it. If the store fails, the claim decides. */
export async function isSent(key: string, forwards: Forwards): Promise<boolean> {
  return (await forwards.get(key).catch(() => undefined)) !== undefined;
}

/**
 * A playbook, or a relay that lost its store, may have sent it, so this asks SIGNL4. If SIGNL4 cannot be asked, the page is sent.
 */
export async function sentByOthers(
  { signl4 }: Pick<ServedWorkspace, 'signl4'>,
  key: string,
  forwards: Forwards,
  budget: Budget,
): Promise<Extract<ForwardAnswer, { status: 'already-forwarded' }> | undefined> {
  if (await isSent(key, forwards)) return undefined;
  const [alert] = await budget.by(SEND_SHARE, 'SIGNL4', (signal) => signl4.findAlerts(key, signal)).catch(() => []);
  return alert && { status: 'already-forwarded', eventId: alert.eventId || alert.id };
}

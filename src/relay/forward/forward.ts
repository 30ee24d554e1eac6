import { formatExternalId } from '../../domain/external-id.ts';
import { hasTag, type Incident } from '../../domain/incident.ts';
import { type FilterTest, unmatched } from '../../rules/filter.ts';
import type { Budget } from '../deadline.ts';
import { type EnrichedIncident, enrichIncident } from '../enrich/enrich.ts';
import type { Site } from '../site.ts';
import type { Forwards } from '../store/store.ts';
import { markAsSent } from './mark-as-sent.ts';
import { seenOf } from './seen.ts';
import { CLAIM_MS, ENRICH_SHARE, SEND_SHARE, sendingMs } from './shares.ts';

/** Answer of `POST /api/incidents/forward`. */
export type ForwardAnswer =
  | ({ readonly status: 'forwarded'; readonly eventId: string } & Pick<EnrichedIncident, 'event' | 'warnings'>)
  | { readonly status: 'already-forwarded'; readonly eventId: string }
  /** Another relay, or another request, is sending it right now. */
  | { readonly status: 'being-forwarded' }
  | { readonly status: 'filtered'; readonly failed: readonly (FilterTest | 'Not sent before')[] };

/**
 * Enriches an incident, sends it to SIGNL4, tags it and comments on it. Sent once, however many ask at once. Rejects where
 * SIGNL4 did not take it; the claim is given back then.
 */
export async function forwardIncident(
  site: Site,
  incidentId: string,
  given: Incident | undefined,
  forwards: Forwards,
  budget: Budget,
): Promise<ForwardAnswer> {
  const key = formatExternalId({ source: 'sentinel', workspaceId: site.workspace.workspaceId, incident: incidentId });
  const claim = await forwards.claim(key, CLAIM_MS);
  if (claim.state === 'forwarded') return { status: 'already-forwarded', eventId: claim.mark.eventId };
  if (claim.state === 'busy') return { status: 'being-forwarded' };
  try {
    const enriched = await enrichIncident(site, incidentId, given, budget.upTo(ENRICH_SHARE));
    const { incident, resource } = enriched.subject;
    // A trigger may be hours old: the incident as it is now decides. Where it cannot be read, the trigger's copy does.
    const isSent = resource !== undefined && hasTag(incident.tags, site.config.tag);
    const failed = isSent ? (['Not sent before'] as const) : unmatched(site.config.filter, incident, site.names);
    if (failed.length > 0) {
      await forwards.release(key);
      return { status: 'filtered', failed };
    }
    const eventId = await budget.by(SEND_SHARE, 'SIGNL4', (signal, leftMs) =>
      site.signl4.sendEvent(enriched.event, signal, sendingMs(leftMs)),
    );
    await forwards.mark(key, eventId);
    await forwards.see(key, JSON.stringify(seenOf(incident, enriched.subject)));
    const marking = await markAsSent(site, incidentId, eventId, budget);
    return { status: 'forwarded', eventId, event: enriched.event, warnings: [...enriched.warnings, ...marking] };
  } catch (error) {
    await forwards.release(key);
    throw error;
  }
}

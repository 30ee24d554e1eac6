import { hasTag, type Incident, readIncident } from '../../domain/incident.ts';
import { unmatched } from '../../rules/filter.ts';
import type { Budget } from '../deadline.ts';
import { compose, type EnrichedIncident, enrichIncident } from '../enrich/enrich.ts';
import { externalIdOf } from '../external-id.ts';
import type { ServedWorkspace } from '../served-workspace.ts';
import type { Forwards } from '../store/store.ts';
import { UpstreamError } from '../upstream.ts';
import { type ForwardAnswer, forwardOnce, sentByOthers } from './forward-once.ts';
import { markAsSent } from './mark-as-sent.ts';
import { pageFromSentinel } from './page-of-copy.ts';
import { ENRICH_SHARE } from './shares.ts';

/**
 * Enriches an incident of Sentinel, sends it to SIGNL4, tags it and comments on it. See {@link forwardOnce}. `asksFirst`: asks
 * SIGNL4 first because a playbook may have sent it. That is always done for an incident that Graph may have listed before.
 */
export async function forwardIncident(
  served: ServedWorkspace,
  incidentId: string,
  given: Incident | undefined,
  forwards: Forwards,
  budget: Budget,
  { asksFirst = false }: { readonly asksFirst?: boolean } = {},
): Promise<ForwardAnswer> {
  const key = externalIdOf(served, given ?? (await readOwn(served, incidentId, budget)));
  const isDefenders = key.startsWith('graph:');
  let defenders: Incident | undefined;
  const composed = async () => {
    const enriched = await enrichIncident(served, incidentId, given, budget.upTo(ENRICH_SHARE)).catch((error) =>
      composeUnread(served, incidentId, error, budget),
    );
    const { incident, resource } = enriched.subject;
    // Only known now: Graph may have listed it before, under another id.
    if (!isDefenders && externalIdOf(served, incident) !== key) defenders = incident;
    if (defenders) return { failed: [] };
    // The trigger's body may be hours old, so the present incident is tested. If it cannot be read, the body is.
    const isTagged = resource !== undefined && hasTag(incident.tags, served.config.tag);
    // The request asked for this incident, so it is sent even if it cannot be read.
    const isUnread = resource === undefined && given === undefined;
    const missed = isUnread ? [] : unmatched(served.config.filter, incident, served.names);
    const failed = isTagged ? (['Not sent before'] as const) : missed;
    return failed.length > 0 ? { failed } : { ...enriched, event: { ...enriched.event, 'X-S4-ExternalID': key } };
  };
  const mark = (eventId: string) => markAsSent(served, incidentId, eventId, budget);
  const sent = isDefenders || asksFirst ? await sentByOthers(served, key, forwards, budget) : undefined;
  const eventId =
    sent?.eventId ?? (isDefenders ? await pageFromSentinel(served, incidentId, forwards, budget) : undefined);
  if (eventId !== undefined) {
    await mark(eventId);
    return { status: 'already-forwarded', eventId };
  }
  const answer = await forwardOnce(served, { key, compose: composed, markAsSent: mark }, forwards, budget);
  return defenders ? forwardIncident(served, incidentId, defenders, forwards, budget) : answer;
}

/**
 * Composes an incident that Sentinel does not return now, and of which the request has no more than the id. Rejects if it does
 * not exist.
 */
async function composeUnread(
  served: ServedWorkspace,
  id: string,
  error: unknown,
  budget: Budget,
): Promise<EnrichedIncident> {
  if (!(error instanceof UpstreamError && error.isPassing)) throw error;
  const properties = {
    title: 'Microsoft Sentinel incident',
    description: `It could not be read when this page went out. Look for it in Microsoft Sentinel by its id: ${id}`,
  };
  const read = readIncident({ name: id, properties });
  if (!read) throw error;
  const incident: Incident = { ...read, severity: 'Unknown' };
  const warnings = [`The incident could not be read, and the page says little: ${error.message}.`];
  return compose(
    served,
    { incident, resource: undefined, alerts: [], entities: [], comments: [], bookmarks: [], warnings },
    budget,
  );
}

/** Reads which product the incident is from, which decides its external id; skipped if all incidents use Sentinel's. */
async function readOwn(
  { sentinel, graph }: ServedWorkspace,
  id: string,
  budget: Budget,
): Promise<Pick<Incident, 'id' | 'provider' | 'providerId'>> {
  const unknown = { id, provider: '', providerId: '' };
  if (!graph) return unknown;
  const resource = await budget
    .by(ENRICH_SHARE, 'Sentinel', (signal) => sentinel.incident(id, signal))
    .catch(() => undefined);
  return readIncident(resource) ?? unknown;
}

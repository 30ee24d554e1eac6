import { formatExternalId } from '../../domain/external-id.ts';
import { hasTag } from '../../domain/incident.ts';
import type { JsonObject } from '../../domain/json.ts';
import { unmatched } from '../../rules/filter.ts';
import type { Budget } from '../deadline.ts';
import { compose } from '../enrich/enrich.ts';
import type { Subject } from '../enrich/subject.ts';
import { readGraphIncident, redirectOf } from '../graph-incident.ts';
import type { Site } from '../site.ts';
import type { Forwards } from '../store/store.ts';
import { UpstreamError, upstreamError } from '../upstream.ts';
import type { ForwardAnswer } from './forward.ts';
import { CLAIM_MS, SEND_SHARE, sendingMs } from './shares.ts';

/** Sends an incident of the Graph security API, which came with its alerts. As `forwardIncident`, but a tag is a PATCH. */
export async function forwardGraphIncident(
  site: Site,
  resource: JsonObject,
  forwards: Forwards,
  budget: Budget,
): Promise<ForwardAnswer> {
  const { graph, config } = site;
  const incident = readGraphIncident(resource);
  if (!graph || !incident) throw new UpstreamError('Graph', 'unavailable', { detail: 'answered with something else' });
  const failed = unmatched(config.filter, incident, site.names);
  // Merged into another one, which comes by itself.
  if (failed.length > 0 || redirectOf(resource) !== undefined) return { status: 'filtered', failed };
  const key = formatExternalId({ source: 'graph', tenantId: site.workspace.tenantId, incident: incident.id });
  const claim = await forwards.claim(key, CLAIM_MS);
  if (claim.state === 'forwarded') return { status: 'already-forwarded', eventId: claim.mark.eventId };
  if (claim.state === 'busy') return { status: 'being-forwarded' };
  try {
    const { alerts, entities } = incident;
    const subject: Subject = { incident, resource, alerts, entities, comments: [], bookmarks: [], warnings: [] };
    const { event, warnings } = await compose(site, subject, budget, key);
    const eventId = await budget.by(SEND_SHARE, 'SIGNL4', (signal, leftMs) =>
      site.signl4.sendEvent(event, signal, sendingMs(leftMs)),
    );
    await forwards.mark(key, eventId);
    const tagging = await addTag(site, incident.id, incident.tags, budget);
    return { status: 'forwarded', eventId, event, warnings: [...warnings, ...tagging] };
  } catch (error) {
    await forwards.release(key);
    throw error;
  }
}

async function addTag(
  { graph, config }: Site,
  id: string,
  tags: readonly string[],
  budget: Budget,
): Promise<readonly string[]> {
  if (!graph || hasTag(tags, config.tag)) return [];
  try {
    await budget.by(1, 'Graph', (signal) => graph.patchIncident(id, { customTags: [...tags, config.tag] }, signal));
    return [];
  } catch (error) {
    return [`The incident was not tagged: ${upstreamError('Graph', error).message}.`];
  }
}

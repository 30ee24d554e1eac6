import { hasTag } from '../../domain/incident.ts';
import type { JsonObject } from '../../domain/json.ts';
import { unmatched } from '../../rules/filter.ts';
import type { Budget } from '../deadline.ts';
import { composeGraph } from '../enrich/compose-graph.ts';
import type { Subject } from '../enrich/subject.ts';
import { graphExternalId } from '../external-id.ts';
import { graphIncidentIn, isRedirected } from '../graph/incident.ts';
import { withTag } from '../graph/tags.ts';
import type { ServedWorkspace } from '../served-workspace.ts';
import type { Forwards } from '../store/store.ts';
import { upstreamError } from '../upstream.ts';
import { type ForwardAnswer, forwardOnce, isSent, sentByOthers } from './forward-once.ts';
import { pageOfCopy } from './page-of-copy.ts';
import { rememberSeen, seenOf } from './seen.ts';

/** Sends an incident of the Graph security API, which includes its alerts, and tags it. See {@link forwardOnce}. */
export async function forwardGraphIncident(
  served: ServedWorkspace,
  resource: JsonObject,
  forwards: Forwards,
  budget: Budget,
  /** Send it whatever the filter says. */
  { isWanted = false }: { readonly isWanted?: boolean } = {},
): Promise<ForwardAnswer> {
  const { config, workspace, names } = served;
  const incident = graphIncidentIn(resource);
  const failed = isWanted ? [] : unmatched(config.filter, incident, names);
  // Merged into another incident, which is listed by itself.
  if (failed.length > 0 || isRedirected(resource)) return { status: 'filtered', failed };
  // Merging moves the tags to the surviving incident, so its tag does not prove that it was sent.
  if (!isWanted && hasTag(incident.tags, config.tag)) return { status: 'filtered', failed: ['Not sent before'] };
  const key = graphExternalId(workspace.tenantId, incident.id);
  const mark = () => addTag(served, incident.id, budget, (read) => rememberSeen(forwards).before(key, read));
  const { alerts, entities } = incident;
  const warnings = incident.lacksAlerts ? ['The linked alerts are missing: Graph could not give them.'] : [];
  const subject: Subject = { incident, resource, alerts, entities, comments: [], bookmarks: [], warnings };
  const sent = await sentByOthers(served, key, forwards, budget);
  if (sent) {
    // From now on this relay compares it.
    await forwards.mark(key, sent.eventId);
    await forwards.see(key, JSON.stringify(seenOf(incident, subject)));
    await mark();
    return sent;
  }
  const eventId = (await isSent(key, forwards)) ? undefined : await pageOfCopy(served, incident, forwards, budget);
  if (eventId !== undefined) {
    await mark();
    return { status: 'already-forwarded', eventId };
  }
  return forwardOnce(
    served,
    { key, compose: () => composeGraph(served, subject, budget), markAsSent: mark },
    forwards,
    budget,
  );
}

async function addTag(
  { graph, config }: ServedWorkspace,
  id: string,
  budget: Budget,
  read: (resource: JsonObject) => Promise<void>,
): Promise<readonly string[]> {
  if (!graph) return [];
  try {
    await budget.by(1, 'Graph', async (signal) => {
      const customTags = await withTag(graph, id, config.tag, signal, read);
      if (customTags) await graph.patchIncident(id, { customTags }, signal);
    });
    return [];
  } catch (error) {
    return [`The incident was not tagged: ${upstreamError('Graph', error).message}.`];
  }
}

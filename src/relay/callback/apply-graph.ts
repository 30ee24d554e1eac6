import { graphSeverities, graphStatuses, graphVerdicts } from '../../domain/defender.ts';
import type { JsonObject } from '../../domain/json.ts';
import { listOf, member, textOf } from '../../domain/json.ts';
import { applyNotification, type IncidentChange } from '../../rules/callback.ts';
import { plainText } from '../../rules/html-text.ts';
import { graphExternalId } from '../external-id.ts';
import { graphIncidentIn, ownerNamed } from '../graph/incident.ts';
import { survivingGraphIncident } from '../graph/survivor.ts';
import { withTag } from '../graph/tags.ts';
import { UpstreamError } from '../upstream.ts';
import { type Applying, type Outcome, withoutLateState } from './applying.ts';

/**
 * The same as for Sentinel, through the Graph security API: PATCH has no etag, and Graph chooses the id of a comment. Returns the
 * incident as it is afterwards, even if nothing had to be done, because its copy in Sentinel may need the change.
 */
export async function applyToGraph(applying: Applying): Promise<Outcome> {
  const { served, notification, signal, assertHeld } = applying;
  const { graph, config } = served;
  if (!graph) throw new UpstreamError('Graph', 'refused', { detail: 'is not a source of this relay any more' });
  const resource = await survivingGraphIncident(graph, applying.incidentId, signal);
  const incident = graphIncidentIn(resource);
  const rules = { mapping: config.callback, close: config.close, owners: config.owners };
  // The limit of 100 comments is Sentinel's; Graph has none.
  const decided = applyNotification(notification, { ...incident, commentCount: 0 }, rules);
  if (!decided) {
    applying.stateIsIn(incident);
    return { change: {}, isClosed: incident.status === 'Closed', changed: incident };
  }
  const change = withoutLateState(decided, applying);
  const key = graphExternalId(served.workspace.tenantId, incident.id);
  await applying.before(key, resource);
  const comment = async () => {
    if (!change.comment || hasComment(resource, referenced(change.comment))) return;
    assertHeld();
    await graph.addComment(incident.id, referenced(change.comment), signal);
  };
  // Without a user, a repeated notification looks like an echo once the state is written, and would lose its comment: write the
  // comment first. A person's change must not wait for a comment.
  const isBySystem = notification.user === undefined;
  if (isBySystem) await comment();
  const customTags = change.tag
    ? await withTag(graph, incident.id, change.tag, signal, async (read) => applying.before(key, read))
    : undefined;
  const patch = { ...graphChange(change), ...(customTags && { customTags }) };
  if (Object.keys(patch).length > 0) {
    assertHeld();
    await graph.patchIncident(incident.id, patch, signal);
  }
  applying.stateIsIn(incident);
  if (!isBySystem) await comment();
  const { status = incident.status, owner, releaseOwner } = change;
  const isOwned = owner !== undefined || releaseOwner;
  const changed = { ...incident, ...(isOwned && { owner: ownerNamed(owner) }) };
  return { change, isClosed: status === 'Closed', changed };
}

function graphChange(change: IncidentChange): JsonObject {
  const { status, severity, owner, releaseOwner, close } = change;
  return {
    ...(status && { status: graphStatuses[status] }),
    ...(severity && { severity: graphSeverities[severity] }),
    ...(releaseOwner && { assignedTo: null }),
    ...(owner && { assignedTo: owner }),
    ...(close && { ...graphVerdicts[close.classification], resolvingComment: close.comment }),
  };
}

/** Graph takes plain text and chooses the id, so a reference in the text tells whether the comment was written before. */
export function referenced({ id, message }: { readonly id: string; readonly message: string }): string {
  return `${plainText(message)} [${id.slice(0, 8)}]`;
}

export function hasComment(resource: JsonObject, message: string): boolean {
  return listOf(member(resource, 'comments')).some((comment) => textOf(member(comment, 'comment')) === message);
}

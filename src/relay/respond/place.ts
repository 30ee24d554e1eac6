import { parseExternalId } from '../../domain/external-id.ts';
import { commentMessage } from '../../rules/comment.ts';
import { hasComment, referenced } from '../callback/apply-graph.ts';
import { sentinelCopyOf } from '../callback/sentinel-copy.ts';
import { graphIncidentIn } from '../graph/incident.ts';
import { survivingGraphIncident } from '../graph/survivor.ts';
import type { ServedWorkspace } from '../served-workspace.ts';
import { UpstreamError } from '../upstream.ts';

/** Where an incident can be commented on, and run playbooks on. */
export interface Place {
  /** GUID of Sentinel's incident, or of its copy of Defender's; undefined: there is none, and no playbook can run. */
  readonly incidentId: string | undefined;
  /** Adds a comment with an id; repeating it has no effect. */
  comment(id: string, text: string): Promise<void>;
}

/** The place for an external id of this workspace. @throws UpstreamError */
export async function placeOf(served: ServedWorkspace, externalId: string, signal: AbortSignal): Promise<Place> {
  const id = parseExternalId(externalId);
  if (id?.source === 'sentinel') return inSentinel(served, id.incident, signal);
  if (!id || !served.graph) throw new UpstreamError('The relay', 'refused', { detail: 'knows no such incident' });
  const { graph } = served;
  const resource = await survivingGraphIncident(graph, id.incident, signal);
  const incident = graphIncidentIn(resource);
  const copy = await sentinelCopyOf(incident, { served, signal });
  if (copy !== undefined) return inSentinel(served, copy, signal);
  return {
    incidentId: undefined,
    async comment(commentId, text) {
      const message = referenced({ id: commentId, message: commentMessage(text) });
      if (!hasComment(resource, message)) await graph.addComment(incident.id, message, signal);
    },
  };
}

function inSentinel({ responses }: ServedWorkspace, incidentId: string, signal: AbortSignal): Place {
  return {
    incidentId,
    async comment(id, text) {
      await responses.addComment(incidentId, id, commentMessage(text), signal);
    },
  };
}

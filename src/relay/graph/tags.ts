import { hasTag } from '../../domain/incident.ts';
import type { GraphSecurityPort } from '../ports.ts';
import { graphIncidentIn } from './incident.ts';

/**
 * The tags of an incident with one more. A PATCH replaces `customTags` as a whole, and Graph knows no etag: they are read again
 * right before, so that what others added in the meantime stays. Undefined where the tag is there already.
 */
export async function withTag(
  graph: GraphSecurityPort,
  id: string,
  tag: string,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  const { tags } = graphIncidentIn(await graph.incident(id, signal));
  return hasTag(tags, tag) ? undefined : [...tags, tag];
}

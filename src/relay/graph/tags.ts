import { hasTag } from '../../domain/incident.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { GraphSecurityPort } from '../ports.ts';
import { graphIncidentIn } from './incident.ts';

/**
 * The tags of an incident with one more. A PATCH replaces `customTags` as a whole, and Graph knows no etag: they are read again
 * right before, so that what others added in the meantime stays. Undefined where the tag is there already. `read` sees the
 * incident as it is before the write.
 */
export async function withTag(
  graph: GraphSecurityPort,
  id: string,
  tag: string,
  signal: AbortSignal,
  read: (resource: JsonObject) => Promise<void>,
): Promise<readonly string[] | undefined> {
  const resource = await graph.incident(id, signal);
  const { tags } = graphIncidentIn(resource);
  if (hasTag(tags, tag)) return undefined;
  await read(resource);
  return [...tags, tag];
}

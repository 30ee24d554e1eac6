import { hasTag } from '../../domain/incident.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { GraphSecurityPort } from '../ports.ts';
import { graphIncidentIn } from './incident.ts';

/**
 * The incident's tags with one added. PATCH replaces `customTags` and Graph has no etag, so they are read again just before the
 * write to keep tags added by others. Undefined if the tag is already there. `read` receives the incident as it was before the
 * write.
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

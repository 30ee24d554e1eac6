import type { JsonObject } from '../../domain/json.ts';
import type { GraphSecurityPort } from '../ports.ts';
import { UpstreamError } from '../upstream.ts';
import { isRedirected, redirectOf } from './incident.ts';

/** Limit for following merges. Defender merges into the surviving incident, so usually there is one. */
const MAX_MERGES = 10;

/**
 * The incident, or the one that it was finally merged into. Never returns a redirected incident, because those accept no changes.
 * @throws UpstreamError (`refused`) if the merges form a cycle, exceed the limit, or Graph does not name the target; otherwise
 * whatever the port throws
 */
export async function survivingGraphIncident(
  graph: Pick<GraphSecurityPort, 'incident'>,
  id: string,
  signal: AbortSignal,
): Promise<JsonObject> {
  const passed = new Set<string>();
  for (let next = id; passed.size <= MAX_MERGES && !passed.has(next); ) {
    const resource = await graph.incident(next, signal);
    const target = redirectOf(resource);
    if (target === undefined && isRedirected(resource))
      throw refused(`does not say into which incident ${next} was merged`);
    if (target === undefined) return resource;
    passed.add(next);
    next = target;
  }
  throw refused(
    `points in circles: incident ${id} was merged by way of ${[...passed].join(', ')}, and none of them is left`,
  );
}

const refused = (detail: string) => new UpstreamError('Graph', 'refused', { detail });

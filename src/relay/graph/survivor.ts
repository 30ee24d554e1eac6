import type { JsonObject } from '../../domain/json.ts';
import type { GraphSecurityPort } from '../ports.ts';
import { UpstreamError } from '../upstream.ts';
import { isRedirected, redirectOf } from './incident.ts';

/** Merges that are followed one after the other. Defender merges into what is left, so that one is usual. */
const MAX_MERGES = 10;

/**
 * The incident, or what is left of it after it was merged into another, which may have been merged as well. Never one that is
 * redirected: that one takes no answer any more.
 * @throws UpstreamError (`refused`) where the merges go in a circle, or on and on, or where Graph does not say into which one;
 * whatever the port throws otherwise.
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

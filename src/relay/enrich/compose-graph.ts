import type { Budget } from '../deadline.ts';
import type { ServedWorkspace } from '../served-workspace.ts';
import { compose, type EnrichedIncident } from './enrich.ts';
import type { Subject } from './subject.ts';

/** Analysts share the tenant's quota of hunting queries, so only the worst alert's query is run. */
const MOST_HUNTING = 1;

/** The event of an incident of the Graph security API. If the config says so, queries of its alerts run in advanced hunting. */
export function composeGraph(served: ServedWorkspace, subject: Subject, budget: Budget): Promise<EnrichedIncident> {
  const { hunting, config } = served;
  if (!hunting) return compose(served, subject, budget);
  const kql = { ...config.kql, maxQueries: Math.min(config.kql.maxQueries, MOST_HUNTING) };
  return compose({ ...served, logs: hunting, config: { ...config, kql } }, subject, budget);
}

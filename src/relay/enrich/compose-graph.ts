import type { Budget } from '../deadline.ts';
import type { Site } from '../site.ts';
import { compose, type EnrichedIncident } from './enrich.ts';
import type { Subject } from './subject.ts';

/** Analysts and we share the tenant's calls: the worst alert's rows, and no more. */
const MOST_HUNTING = 1;

/** The event of an incident of the Graph security API. Queries of its alerts run in advanced hunting where the config says so. */
export function composeGraph(site: Site, subject: Subject, budget: Budget): Promise<EnrichedIncident> {
  const { hunting, config } = site;
  if (!hunting) return compose(site, subject, budget);
  const kql = { ...config.kql, maxQueries: Math.min(config.kql.maxQueries, MOST_HUNTING) };
  return compose({ ...site, logs: hunting, config: { ...config, kql } }, subject, budget);
}

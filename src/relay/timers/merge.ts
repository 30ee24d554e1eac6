import { hasTag, type Incident } from '../../domain/incident.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Budget } from '../deadline.ts';
import { graphExternalId } from '../external-id.ts';
import { forwardGraphIncident } from '../forward/forward-graph.ts';
import { graphIncidentIn, isByOwner } from '../graph/incident.ts';
import { survivingGraphIncident } from '../graph/survivor.ts';
import type { Site } from '../site.ts';
import type { Forwards } from '../store/store.ts';
import { UpstreamError } from '../upstream.ts';
import type { Merge } from './home.ts';

/** Tag that Defender gives the copy of an incident in Sentinel that it merged into another one. */
const MERGED_TAG = 'Redirected';

/** What Graph says of an incident's merge. */
export function mergeInDefender(site: Site, id: string, into: string | undefined): Merge {
  return {
    into,
    async follow(forwards, budget) {
      if (into === undefined || !site.graph) return intoUnknown('Microsoft Defender');
      const { graph } = site;
      const survivor = await budget
        .by(1, 'Graph', (signal) => survivingGraphIncident(graph, id, signal))
        .catch(unlessPassing);
      if (!survivor) return `Merged into incident ${into} in Microsoft Defender, which cannot be found. ${THEN_CLOSE}`;
      return followTo(site, survivor, forwards, budget);
    },
  };
}

async function followTo(
  site: Site,
  survivor: JsonObject,
  forwards: Forwards,
  budget: Budget,
): Promise<string | undefined> {
  const incident = graphIncidentIn(survivor);
  if (incident.status !== 'Closed') {
    const { status } = await forwardGraphIncident(site, survivor, forwards, budget, { isWanted: true });
    if (status !== 'being-forwarded') return undefined;
    // Another relay claims it, and may have died: looked at again.
    throw new UpstreamError('Graph', 'unavailable', { detail: 'is being asked by another relay' });
  }
  if (isByOwner(survivor, incident)) return undefined;
  const key = graphExternalId(site.workspace.tenantId, incident.id);
  const isPaged =
    (await forwards.get(key)) !== undefined ||
    (await budget.by(1, 'SIGNL4', (signal) => site.signl4.findAlerts(key, signal))).length > 0;
  if (isPaged) return undefined;
  return `Merged into incident ${incident.id} in Microsoft Defender, which was resolved, perhaps by a machine, before anybody was paged about it. Look at it, then close this alert.`;
}

/** What Sentinel says of it: that there was one, but not into which incident. */
export function mergeInSentinel({ status, tags }: Incident): Merge | undefined {
  if (status !== 'Closed' || !hasTag(tags, MERGED_TAG)) return undefined;
  return { follow: async () => intoUnknown('Microsoft Sentinel') };
}

const THEN_CLOSE = 'Look for it there, then close this alert.';

const intoUnknown = (where: string) =>
  `Merged into another incident in ${where}, which does not say into which one. ${THEN_CLOSE}`;

/** What will not be told later, either: merges in circles, incidents that are gone. */
function unlessPassing(error: unknown): undefined {
  if (error instanceof UpstreamError && !error.isPassing) return undefined;
  throw error;
}

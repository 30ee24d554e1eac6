import { defenderNumber, hasTag, type Incident } from '../../domain/incident.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Budget } from '../deadline.ts';
import { graphExternalId } from '../external-id.ts';
import { forwardGraphIncident } from '../forward/forward-graph.ts';
import { isSent } from '../forward/forward-once.ts';
import { pageOfCopy } from '../forward/page-of-copy.ts';
import { graphIncidentIn, isByOwner, redirectOf } from '../graph/incident.ts';
import { survivingGraphIncident } from '../graph/survivor.ts';
import type { ServedWorkspace } from '../served-workspace.ts';
import type { Forwards } from '../store/store.ts';
import { UpstreamError } from '../upstream.ts';
import type { Merge, MergeOutcome } from './home.ts';

/** Tag that Sentinel's copy gets when Defender merges its incident into another one. */
const MERGED_TAG = 'Redirected';

/** The merge of an incident, as Graph shows it. */
export function mergeInDefender(served: ServedWorkspace, resource: JsonObject): Merge {
  return {
    async follow(forwards, budget) {
      const into = redirectOf(resource);
      const { graph } = served;
      if (into === undefined || !graph) return ringsOn(INTO_UNKNOWN);
      const survivor = await budget
        .by(1, 'Graph', (signal) => survivingGraphIncident(graph, into, signal))
        .catch(unlessPassing);
      if (!survivor)
        return ringsOn(`Merged into incident ${into} in Microsoft Defender, which cannot be found. ${FIND_IT}`);
      return follow(served, survivor, forwards, budget);
    },
  };
}

/** The merge of an incident, as Sentinel shows it: only that there was one. If Graph is a source, it says into which incident. */
export function mergeInSentinel(served: ServedWorkspace, incident: Incident): Merge | undefined {
  if (incident.status !== 'Closed' || !hasTag(incident.tags, MERGED_TAG)) return undefined;
  return {
    async follow(forwards, budget) {
      const { graph } = served;
      const number = defenderNumber(incident);
      if (!graph || number === undefined) return ringsOn(INTO_UNKNOWN);
      const resource = await budget.by(1, 'Graph', (signal) => graph.incident(number, signal)).catch(unlessPassing);
      return resource ? mergeInDefender(served, resource).follow(forwards, budget) : ringsOn(INTO_UNKNOWN);
    },
  };
}

async function follow(
  served: ServedWorkspace,
  survivor: JsonObject,
  forwards: Forwards,
  budget: Budget,
): Promise<MergeOutcome> {
  const incident = graphIncidentIn(survivor);
  const says = `Merged into incident ${incident.id} in Microsoft Defender`;
  if (incident.status !== 'Closed') {
    const { status } = await forwardGraphIncident(served, survivor, forwards, budget, { isWanted: true });
    if (status !== 'being-forwarded') return { mayClose: true, says: `${says}.` };
    // Another relay has claimed it and may have died, so look again later.
    throw new UpstreamError('Graph', 'unavailable', { detail: 'is being asked by another relay' });
  }
  if (isByOwner(survivor, incident) || (await isPaged(served, incident, forwards, budget)))
    return { mayClose: true, says: `${says}.` };
  return ringsOn(
    `${says}, which was resolved, perhaps by a machine, before anybody was paged about it. Look at it, then close this alert.`,
  );
}

async function isPaged(
  served: ServedWorkspace,
  incident: Incident,
  forwards: Forwards,
  budget: Budget,
): Promise<boolean> {
  const key = graphExternalId(served.workspace.tenantId, incident.id);
  return (
    (await isSent(key, forwards)) ||
    (await budget.by(1, 'SIGNL4', (signal) => served.signl4.findAlerts(key, signal))).length > 0 ||
    (await pageOfCopy(served, incident, forwards, budget)) !== undefined
  );
}

const ringsOn = (says: string): MergeOutcome => ({ mayClose: false, says });

const FIND_IT = 'Look for it there, then close this alert.';
const INTO_UNKNOWN = `Merged into another incident in Microsoft Defender, and nobody says into which one. ${FIND_IT}`;

/** Undefined for errors that a retry will not solve: merge cycles, deleted incidents. */
function unlessPassing(error: unknown): undefined {
  if (error instanceof UpstreamError && !error.isPassing) return undefined;
  throw error;
}

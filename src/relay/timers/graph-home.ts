import type { Incident } from '../../domain/incident.ts';
import { type JsonObject, listOf, member, textOf } from '../../domain/json.ts';
import { isTakenNow } from '../../rules/converge.ts';
import { composeGraph } from '../enrich/compose-graph.ts';
import { forwardGraphIncident } from '../forward/forward-graph.ts';
import { readGraphIncident, redirectOf } from '../graph/incident.ts';
import { readGraphVerdict } from '../graph/mapping.ts';
import { survivingGraphIncident } from '../graph/survivor.ts';
import type { Site } from '../site.ts';
import { UpstreamError } from '../upstream.ts';
import type { Home, Linked } from './home.ts';

/** An incident of the Graph security API, read with its alerts. It says who changed it last, and keeps no history. */
export function graphHome(site: Site, resource: JsonObject, incident: Incident): Home {
  const { alerts, entities } = incident;
  const comments = listOf(member(resource, 'comments')).map((comment) => {
    const of = (name: string) => textOf(member(comment, name)) ?? '';
    return { author: of('createdByDisplayName'), message: of('comment'), time: of('createdDateTime') };
  });
  const linked: Linked = { comments, alerts, entities };
  const mergedInto = redirectOf(resource);
  return {
    name: 'Microsoft Defender',
    mergedInto,
    verdict: verdictOf(resource),
    readLinked: async () => linked,
    readCourse: async () => ({
      isComplete: true,
      isTakenByPerson: isTakenNow(incident) && isByPerson(textOf(member(resource, 'lastModifiedBy')) ?? '', incident),
      states: [],
    }),
    async pageSurvivor(forwards, budget) {
      if (mergedInto === undefined || !site.graph) return;
      const { graph } = site;
      const survivor = await budget
        .by(1, 'Graph', (signal) => survivingGraphIncident(graph, incident.id, signal))
        .catch(unlessGone);
      if (!survivor || readGraphIncident(survivor)?.status === 'Closed') return;
      const { status } = await forwardGraphIncident(site, survivor, forwards, budget, { isWanted: true });
      // Another relay claims it, and may have died: looked at again.
      if (status === 'being-forwarded')
        throw new UpstreamError('Graph', 'unavailable', { detail: 'is being asked by another relay' });
    },
    enrich: (budget) => composeGraph(site, { incident, resource, ...linked, bookmarks: [], warnings: [] }, budget),
  };
}

const findings: Readonly<Record<string, string>> = {
  TruePositive: 'true positive',
  BenignPositive: 'expected activity',
  FalsePositive: 'false positive',
};

/** `false positive, not malicious`; undefined where nothing was chosen. */
function verdictOf(resource: JsonObject): string | undefined {
  const of = (name: string) => textOf(member(resource, name));
  const { classification, words } = readGraphVerdict(of('classification'), of('determination'));
  const finding = findings[classification.split(' - ')[0] ?? ''];
  return finding && [finding, words].filter((part) => part !== '').join(', ');
}

/** Who deleted the incident that goes on has seen it. */
function unlessGone(error: unknown): undefined {
  if (error instanceof UpstreamError && error.kind === 'missing') return undefined;
  throw error;
}

/**
 * Only who made the last change and has the incident surely took it: there is no history, and whatever else stands there a
 * machine may have written a moment before.
 */
function isByPerson(by: string, { owner }: Incident): boolean {
  const name = by.trim().toLowerCase();
  return name !== '' && name === owner?.name?.toLowerCase();
}

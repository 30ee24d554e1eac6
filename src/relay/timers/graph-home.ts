import type { Incident } from '../../domain/incident.ts';
import { type JsonObject, listOf, member, textOf } from '../../domain/json.ts';
import { isTakenNow } from '../../rules/converge.ts';
import { composeGraph } from '../enrich/compose-graph.ts';
import { type Seen, wasTaken } from '../forward/seen.ts';
import { isByOwner, isRedirected } from '../graph/incident.ts';
import { readGraphVerdict } from '../graph/mapping.ts';
import type { ServedWorkspace } from '../served-workspace.ts';
import type { Course, Home, Linked } from './home.ts';
import { mergeInDefender } from './merge.ts';

/** An incident of the Graph security API, read with its alerts. Graph names the last author but keeps no history. */
export function graphHome(served: ServedWorkspace, resource: JsonObject, incident: Incident): Home {
  const { alerts, entities } = incident;
  const comments = listOf(member(resource, 'comments')).map((comment) => {
    const of = (name: string) => textOf(member(comment, name)) ?? '';
    return { author: of('createdByDisplayName'), message: of('comment'), time: of('createdDateTime') };
  });
  const linked: Linked = { comments, alerts, entities };
  return {
    name: 'Microsoft Defender',
    merge: isRedirected(resource) ? mergeInDefender(served, resource) : undefined,
    verdict: verdictOf(resource),
    readLinked: async () => linked,
    readCourse: async (before) => ({
      isComplete: true,
      isTakenByPerson: (isTakenNow(incident) && isByOwner(resource, incident)) || wasTaken(incident, before),
      states: statesSeen(incident, before),
    }),
    enrich: (budget) => composeGraph(served, { incident, resource, ...linked, bookmarks: [], warnings: [] }, budget),
  };
}

/**
 * States seen by earlier comparisons, in place of a history, which Graph does not keep; automations change incidents again and
 * again.
 */
function statesSeen(incident: Incident, before: Seen | undefined): Course['states'] {
  const status = incident.status ?? '';
  const at = Date.parse(before?.since ?? '');
  return before?.status === status && !Number.isNaN(at) ? [{ at, status }] : [];
}

const findings: Readonly<Record<string, string>> = {
  TruePositive: 'true positive',
  BenignPositive: 'expected activity',
  FalsePositive: 'false positive',
};

/** `false positive, not malicious`; undefined if there is no verdict. */
function verdictOf(resource: JsonObject): string | undefined {
  const of = (name: string) => textOf(member(resource, name));
  const { classification, words } = readGraphVerdict(of('classification'), of('determination'));
  const finding = findings[classification.split(' - ')[0] ?? ''];
  return finding && [finding, words].filter((part) => part !== '').join(', ');
}

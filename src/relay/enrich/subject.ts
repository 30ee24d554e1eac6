import { type Alert, readAlert, worstFirst } from '../../domain/alert.ts';
import { type Entity, readEntities } from '../../domain/entity.ts';
import { type Incident, readIncident } from '../../domain/incident.ts';
import { member, memberAt, textOf } from '../../domain/json.ts';
import type { Budget } from '../deadline.ts';
import type { ServedWorkspace } from '../served-workspace.ts';
import { UpstreamError, upstreamError } from '../upstream.ts';

/** What is known about an incident, and what is missing. */
export interface Subject {
  readonly incident: Incident;
  /** The resource as PUT needs it; undefined if Sentinel did not return the incident and the trigger's copy is used. */
  readonly resource: unknown;
  /** The worst first. */
  readonly alerts: readonly Alert[];
  readonly entities: readonly Entity[];
  readonly comments: readonly IncidentComment[];
  /** Names of the bookmarks. */
  readonly bookmarks: readonly string[];
  readonly warnings: readonly string[];
}

export interface IncidentComment {
  readonly author: string;
  readonly message: string;
  readonly time: string;
}

/** Share of the budget after which the incident is sent without the parts still missing. */
const LINKED_SHARE = 0.5;

/**
 * Reads an incident and everything linked to it in parallel; each part may fail on its own. `given` is the incident from the
 * trigger's body, used if Sentinel does not return it. Rejects only if neither is available.
 */
export async function readSubject(
  served: ServedWorkspace,
  incidentId: string,
  given: Incident | undefined,
  budget: Budget,
): Promise<Subject> {
  const { sentinel } = served;
  const ask = <T>(part: (signal: AbortSignal) => Promise<T>) => settled(budget.by(LINKED_SHARE, 'Sentinel', part));
  const [answer, alerts, entities, comments, bookmarks] = await Promise.all([
    ask((signal) => sentinel.incident(incidentId, signal)),
    ask((signal) => sentinel.alerts(incidentId, signal)),
    ask((signal) => sentinel.entities(incidentId, signal)),
    ask((signal) => sentinel.comments(incidentId, signal)),
    ask((signal) => sentinel.bookmarks(incidentId, signal)),
  ]);
  const read = given ? onlyIncident(answer) : answer;
  const incident = ('value' in read ? readIncident(read.value) : undefined) ?? given;
  if (!incident) throw 'error' in read ? read.error : upstreamError('Sentinel', undefined);
  const warnings: string[] = [];
  const orElse = <T>(part: Settled<T>, what: string, fallback: T): T => {
    if ('value' in part) return part.value;
    warnings.push(`${what}: ${part.error.message}.`);
    return fallback;
  };
  orElse<unknown>(read, 'The incident is shown as the trigger sent it', undefined);
  const linked = orElse(alerts, missing('linked alerts', given?.alerts), undefined);
  const related = orElse(entities, missing('entities', given?.entities), undefined);
  return {
    incident,
    resource: 'value' in read ? read.value : undefined,
    alerts: worstFirst(linked ? linked.flatMap((alert) => readAlert(alert) ?? []) : (given?.alerts ?? [])),
    entities: related ? readEntities(related) : (given?.entities ?? []),
    comments: orElse(comments, 'The comments are missing', []).map(readComment),
    bookmarks: orElse(bookmarks, 'The bookmarks are missing', []).flatMap(
      (bookmark) => textOf(memberAt(bookmark, 'properties', 'displayName')) ?? [],
    ),
    warnings,
  };
}

/**
 * Every incident of Sentinel has these members (REST reference, Incidents - Get). If they are missing, the trigger's copy is
 * better.
 */
function onlyIncident(answer: Settled<unknown>): Settled<unknown> {
  if ('error' in answer) return answer;
  const has = (name: string) => textOf(memberAt(answer.value, 'properties', name)) !== undefined;
  if (readIncident(answer.value) && has('title') && has('severity') && has('status')) return answer;
  return { error: new UpstreamError('Sentinel', 'unavailable', { detail: 'answered with something else' }) };
}

function missing(what: string, given: readonly unknown[] | undefined): string {
  return given?.length ? `The ${what} are shown as the trigger sent them` : `The ${what} are missing`;
}

export function readComment(comment: unknown): IncidentComment {
  const of = (...path: readonly string[]) => textOf(memberAt(member(comment, 'properties'), ...path)) ?? '';
  return {
    author: of('author', 'name') || of('author', 'email'),
    message: of('message'),
    time: of('createdTimeUtc'),
  };
}

type Settled<T> = { readonly value: T } | { readonly error: UpstreamError };

async function settled<T>(part: Promise<T>): Promise<Settled<T>> {
  try {
    return { value: await part };
  } catch (error) {
    return { error: upstreamError('Sentinel', error) };
  }
}

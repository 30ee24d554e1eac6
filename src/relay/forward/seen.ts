import { createHash } from 'node:crypto';
import type { Incident } from '../../domain/incident.ts';
import { isJsonObject, type JsonObject, listOf, member, textOf } from '../../domain/json.ts';
import type { IncidentChange } from '../../rules/callback.ts';
import { isTakenNow } from '../../rules/converge.ts';
import type { Subject } from '../enrich/subject.ts';
import { isByOwner, readGraphIncident } from '../graph/incident.ts';
import type { Forwards } from '../store/store.ts';

/** What the sync timer remembers of an incident to find changes. */
export interface Seen {
  readonly status: string;
  /** Since when its state has been unchanged (ISO 8601); empty: not known. */
  readonly since: string;
  readonly severity: string;
  /** Any of the owner's names; empty: no owner. */
  readonly owner: string;
  /** Time of the newest comment. */
  readonly commentedAt: string;
  /** `lastModifiedTimeUtc` */
  readonly changedAt: string;
  /** ETag, which every write changes; empty: look at it again. */
  readonly etag: string;
  /** Short hashes of the ids of linked alerts and of entity names; undefined: not read. */
  readonly alerts: readonly string[] | undefined;
  readonly entities: readonly string[] | undefined;
  /** The owner who took it, recorded before one of our writes became the last change in Graph; empty: none. */
  readonly takenBy: string;
  /** The last description of its state where no status fits; empty: none. */
  readonly standing: string;
  /** Whether incident and alerts were seen closed together. */
  readonly isSettled: boolean;
}

/** What to remember of an incident now. `before`: what was known, for parts that cannot be read now. */
export function seenOf(
  incident: Incident,
  { comments, alerts, entities }: Pick<Subject, 'comments' | 'alerts' | 'entities'>,
  isSettled = false,
  before?: Pick<Seen, 'status' | 'since' | 'alerts' | 'entities'>,
): Seen {
  const known = (texts: readonly string[], seen: readonly string[] | undefined) => {
    const hashes = texts.map(shortHash);
    return incident.lacksAlerts ? seen && [...new Set([...seen, ...hashes])] : hashes;
  };
  const status = incident.status ?? '';
  return {
    status,
    since: (before?.status === status && before.since) || incident.lastModifiedTime,
    severity: incident.severity ?? '',
    owner: ownerKey(incident),
    commentedAt:
      comments
        .map(({ time }) => time)
        .toSorted()
        .at(-1) ?? '',
    changedAt: incident.lastModifiedTime,
    etag: incident.etag ?? incident.lastModifiedTime,
    alerts: known(
      alerts.map(({ id }) => id),
      before?.alerts,
    ),
    entities: known(
      entities.map(({ name }) => name),
      before?.entities,
    ),
    takenBy: '',
    standing: incident.standing ?? '',
    isSettled,
  };
}

export function ownerKey({ owner }: Incident): string {
  // By a name that Sentinel and Defender share, if there is one.
  return (owner?.userPrincipalName ?? owner?.email ?? owner?.objectId ?? owner?.name ?? '').toLowerCase();
}

/** Whether a person took it before a write of ours: Graph then names us as the last author and no longer the person. */
export function wasTaken(incident: Incident, before: Seen | undefined): boolean {
  return before !== undefined && before.takenBy !== '' && before.takenBy === ownerKey(incident);
}

/** Long enough to distinguish 500 entities, and short because one row of the store holds all of them. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text.toLowerCase()).digest('base64url').slice(0, 8);
}

/** Undefined if nothing was seen yet. */
export function parseSeen(text: string): Seen | undefined {
  const value: unknown = text === '' ? undefined : JSON.parse(text);
  if (!isJsonObject(value)) return undefined;
  const of = (name: string) => textOf(member(value, name)) ?? '';
  const list = (name: string) =>
    member(value, name) === undefined ? undefined : listOf(member(value, name)).map((item) => textOf(item) ?? '');
  return {
    status: of('status'),
    since: of('since'),
    severity: of('severity'),
    owner: of('owner'),
    commentedAt: of('commentedAt'),
    changedAt: of('changedAt'),
    etag: of('etag'),
    alerts: list('alerts'),
    entities: list('entities'),
    takenBy: of('takenBy'),
    standing: of('standing'),
    isSettled: member(value, 'isSettled') === true,
  };
}

/** What applying notifications tells the sync timer, so that it can distinguish our writes from those of people. */
export interface Memory {
  /**
   * Called before a write to an incident of Graph, which only keeps the last change: afterwards it no longer shows whether a
   * person took the incident.
   */
  before(externalId: string, resource: JsonObject): Promise<void>;
  /** Called after the write. Only our change is remembered, so that changes by others are still found. */
  after(externalId: string, incident: Incident, change: IncidentChange): Promise<void>;
  /** Incident and alerts are closed together, so an alert that is open later was reopened. */
  settled(externalId: string): Promise<void>;
}

export function rememberSeen(forwards: Forwards): Memory {
  const update = async (externalId: string, changes: Partial<Seen>) => {
    const before = parseSeen((await forwards.get(externalId))?.seen ?? '');
    if (before) await forwards.see(externalId, JSON.stringify({ ...before, ...changes }));
  };
  return {
    async before(externalId, resource) {
      const incident = readGraphIncident(resource);
      if (incident && isTakenNow(incident) && isByOwner(resource, incident))
        await update(externalId, { takenBy: ownerKey(incident) });
    },
    after: (externalId, incident, change) =>
      update(externalId, {
        ...(change.status && { status: change.status, since: '', isSettled: false }),
        ...(change.severity && { severity: change.severity }),
        ...((change.owner || change.releaseOwner) && { owner: ownerKey(incident) }),
      }),
    settled: (externalId) => update(externalId, { isSettled: true }),
  };
}

import { createHash } from 'node:crypto';
import type { Incident } from '../../domain/incident.ts';
import { isJsonObject, type JsonObject, listOf, member, textOf } from '../../domain/json.ts';
import type { IncidentChange } from '../../rules/callback.ts';
import { isTakenNow } from '../../rules/converge.ts';
import type { Subject } from '../enrich/subject.ts';
import { isByOwner, readGraphIncident } from '../graph/incident.ts';
import type { Forwards } from '../store/store.ts';

/** What the sync timer remembers of an incident, to tell what is new. */
export interface Seen {
  readonly status: string;
  /** Since when it has been seen in no other state (ISO 8601); empty: not known. */
  readonly since: string;
  readonly severity: string;
  /** Any of the owner's names; empty: nobody. */
  readonly owner: string;
  /** Time of the newest comment. */
  readonly commentedAt: string;
  /** `lastModifiedTimeUtc` */
  readonly changedAt: string;
  /** ETag: another one after every write; empty: look at it again. */
  readonly etag: string;
  /** Short hashes of the linked alerts' ids and of the entities' names; undefined: not looked at. */
  readonly alerts: readonly string[] | undefined;
  readonly entities: readonly string[] | undefined;
  /** Owner who took it, as it was seen before a write of ours became its last change in Graph; empty: nobody. */
  readonly takenBy: string;
  /** The last words about its state that are not a state themselves; empty: none. */
  readonly standing: string;
  /** Incident and alerts were closed together. */
  readonly isSettled: boolean;
}

/** What is known of an incident now; `before`: what was, for what cannot be read now. */
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
  // By the name that Sentinel and Defender share, as far as there is one.
  return (owner?.userPrincipalName ?? owner?.email ?? owner?.objectId ?? owner?.name ?? '').toLowerCase();
}

/** Whether a person took it, and a write of ours came after that: then Graph names us, and no longer who that was. */
export function wasTaken(incident: Incident, before: Seen | undefined): boolean {
  return before !== undefined && before.takenBy !== '' && before.takenBy === ownerKey(incident);
}

/** Enough to tell 500 entities apart, and short: one row of the store holds all of them. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text.toLowerCase()).digest('base64url').slice(0, 8);
}

/** Undefined where nothing was seen yet. */
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

/** What applying notifications tells the sync timer, so that it takes our writes for ours and those of people for theirs. */
export interface Memory {
  /** Before a write to an incident of Graph, which keeps its last change only: whether a person took it shows now or never. */
  before(externalId: string, resource: JsonObject): Promise<void>;
  /** After it. Only what we changed is remembered; what others changed meanwhile is still news. */
  after(externalId: string, incident: Incident, change: IncidentChange): Promise<void>;
  /** Incident and alerts are closed together: an alert that is open later was reopened. */
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

import type { Incident } from '../../domain/incident.ts';
import { isJsonObject, member, textOf } from '../../domain/json.ts';
import type { IncidentComment } from '../enrich/subject.ts';
import type { Forwards } from '../store/store.ts';

/** What the sync timer remembers of an incident, to tell what changed since. */
export interface Seen {
  readonly status: string;
  readonly severity: string;
  /** Any of the owner's names; empty: nobody. */
  readonly owner: string;
  /** Time of the newest comment. */
  readonly commentedAt: string;
}

export function seenOf(incident: Incident, comments: readonly IncidentComment[]): Seen {
  const { owner } = incident;
  return {
    status: incident.status ?? '',
    severity: incident.severity ?? '',
    owner: owner?.objectId ?? owner?.userPrincipalName ?? owner?.email ?? owner?.name ?? '',
    commentedAt:
      comments
        .map(({ time }) => time)
        .toSorted()
        .at(-1) ?? '',
  };
}

/** Undefined where nothing was seen yet. */
export function parseSeen(text: string): Seen | undefined {
  const value: unknown = text === '' ? undefined : JSON.parse(text);
  if (!isJsonObject(value)) return undefined;
  const of = (name: string) => textOf(member(value, name)) ?? '';
  return { status: of('status'), severity: of('severity'), owner: of('owner'), commentedAt: of('commentedAt') };
}

/** After we changed an incident ourselves: the sync timer must not take it for somebody's change. */
export function rememberSeen(forwards: Forwards): (externalId: string, incident: Incident) => Promise<void> {
  return async (externalId, incident) => {
    const before = parseSeen((await forwards.get(externalId))?.seen ?? '');
    if (!before) return;
    const after = { ...seenOf(incident, []), commentedAt: before.commentedAt };
    await forwards.see(externalId, JSON.stringify(after));
  };
}

import type { Incident } from '../../domain/incident.ts';
import { newAlerts, newComments } from '../../rules/news.ts';
import type { Budget } from '../deadline.ts';
import type { EnrichedIncident } from '../enrich/enrich.ts';
import type { Subject } from '../enrich/subject.ts';
import { type Seen, shortHash } from '../forward/seen.ts';
import type { Forwards } from '../store/store.ts';

/** What is linked to an incident. */
export type Linked = Pick<Subject, 'comments' | 'alerts' | 'entities'>;

/** How an incident got into its state. */
export interface Course {
  /** False: the source is delayed and may know more soon. */
  readonly isComplete: boolean;
  /** Whether a person set it Active or assigned it to a person; not a rule, grouping, a playbook or Defender. */
  readonly isTakenByPerson: boolean;
  /** Its states with the start of each (milliseconds since 1970), oldest first; empty: not known. */
  readonly states: readonly { readonly at: number; readonly status: string }[];
}

/** The service of an incident, as far as comparing incidents with alerts needs it. */
export interface Home {
  /** Name of the service in texts on the phone. */
  readonly name: 'Microsoft Sentinel' | 'Microsoft Defender';
  /** The merge by Defender, if there was one. */
  readonly merge?: Merge | undefined;
  /** The verdict in words; undefined if there is none. */
  readonly verdict?: string | undefined;
  readLinked(budget: Budget): Promise<Linked>;
  /** Only called if the decision depends on it. `before`: what was seen last. */
  readCourse(before: Seen | undefined, budget: Budget): Promise<Course>;
  enrich(budget: Budget): Promise<EnrichedIncident>;
}

/** A merge is made by an automation, so it must not silence a page. */
export interface Merge {
  /** Pages the surviving incident, unless that was done already or a person closed it. */
  follow(forwards: Forwards, budget: Budget): Promise<MergeOutcome>;
}

export interface MergeOutcome {
  /** Whether the page of the merged incident may be closed. */
  readonly mayClose: boolean;
  /** Text for the person on call: where it was merged to, and why the page stays open. */
  readonly says: string;
}

/** An incident that was sent by this relay or by a playbook, with what is remembered of it. */
export interface KnownIncident {
  readonly home: Home;
  readonly incident: Incident;
  /** External id. */
  readonly key: string;
  /** JSON; empty: nothing yet. */
  readonly seen: string;
  /** False: a playbook sent it and reports news itself; only the state is compared here. */
  readonly isOurs: boolean;
}

/** News since the incident was last seen, as plain text; empty if it was never seen. */
export function newsOf({ comments, alerts, entities }: Linked, before: Seen | undefined): readonly string[] {
  if (!before) return [];
  const isNew = (seen: readonly string[] | undefined, text: string) =>
    seen !== undefined && !seen.includes(shortHash(text));
  const fresh = entities.filter(({ name }) => isNew(before.entities, name));
  return [
    ...newComments(comments.filter(({ time }) => time > before.commentedAt).map(({ message }) => message)),
    ...newAlerts(alerts.filter(({ id }) => isNew(before.alerts, id))),
    ...(fresh.length > 0 ? [`New: ${fresh.map(({ kind, name }) => `${kind} ${name}`).join(', ')}`] : []),
  ];
}

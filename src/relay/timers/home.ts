import type { Incident } from '../../domain/incident.ts';
import { newAlerts, newComments } from '../../rules/news.ts';
import type { Budget } from '../deadline.ts';
import type { EnrichedIncident } from '../enrich/enrich.ts';
import type { Subject } from '../enrich/subject.ts';
import { type Seen, shortHash } from '../forward/seen.ts';
import type { Forwards } from '../store/store.ts';

/** What hangs on an incident. */
export type Linked = Pick<Subject, 'comments' | 'alerts' | 'entities'>;

/** How an incident came to its state. */
export interface Course {
  /** False: what tells it is late, and may know more in a moment. */
  readonly isComplete: boolean;
  /** A person set it Active or gave it to a person; not a rule, grouping, a playbook or Defender. */
  readonly isTakenByPerson: boolean;
  /** States and when each began (milliseconds since 1970), oldest first; empty: not known. */
  readonly states: readonly { readonly at: number; readonly status: string }[];
}

/** The service that an incident lives in, as far as comparing it with its alerts needs it. */
export interface Home {
  /** As it is called in what people read on the phone. */
  readonly name: 'Microsoft Sentinel' | 'Microsoft Defender';
  /** What Defender merged it into; left out where it did not. */
  readonly merge?: Merge | undefined;
  /** What people found it to be, in words; undefined where they did not say. */
  readonly verdict?: string | undefined;
  readLinked(budget: Budget): Promise<Linked>;
  /** Asked only where it decides something. `before`: what was seen last. */
  readCourse(before: Seen | undefined, budget: Budget): Promise<Course>;
  enrich(budget: Budget): Promise<EnrichedIncident>;
}

/** Merging is what a machine does: it must silence no phone. */
export interface Merge {
  /** Pages about the incident that goes on, unless somebody was before, or a person closed it. */
  follow(forwards: Forwards, budget: Budget): Promise<MergeOutcome>;
}

export interface MergeOutcome {
  /** Whether the page of the incident that was merged may be closed. */
  readonly mayClose: boolean;
  /** Where it went, and why the page stays open, in words for who has it. */
  readonly says: string;
}

/** An incident that was sent, by this relay or by a playbook, and what is remembered of it. */
export interface KnownIncident {
  readonly home: Home;
  readonly incident: Incident;
  /** External id. */
  readonly key: string;
  /** JSON text; empty: nothing yet. */
  readonly seen: string;
  /** False: a playbook sent it, and tells what is new itself; here only its state is compared. */
  readonly isOurs: boolean;
}

/** What of it was not there when it was seen last, in plain text; nothing where it was never seen. */
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

import type { Incident, IncidentOwner } from '../domain/incident.ts';
import { cut } from '../domain/text.ts';
import { alertLimits } from './alert-limits.ts';
import type { SyncChoice } from './choices.ts';
import { annotationMarker } from './comment.ts';

/*
 * Brings an incident and its alerts in SIGNL4 to one state. What decides is the state of both, not what happened last, so that
 * repeating changes nothing and a lost event is made up for. Only two things need to know how it came about: an
 * acknowledgement must be a person's act, and an open incident with closed alerts may be a reopening or a closing that is
 * still on its way. docs/two-way-sync.md has the argument.
 */

/** An alert in SIGNL4, as its API lists it. Times are milliseconds since 1970; undefined where it did not happen. */
export interface PagedAlert {
  readonly status: 'open' | 'acknowledged' | 'closed' | 'noResponse';
  readonly createdAt: number;
  readonly acknowledgedAt: number | undefined;
  readonly closedAt: number | undefined;
  /** Whether a person acknowledged or closed it; not an event of ours. */
  readonly isByPerson: boolean;
}

/** What is known of how the incident came to its state. */
export interface Change {
  /** It was seen open before. */
  readonly wasOpen: boolean;
  /** A person set it Active or took it, or gave it to a person. */
  readonly isTaken: boolean;
  /** It was Closed before, and is not any more. */
  readonly isReopened: boolean;
  readonly isRaised: boolean;
  /** Incident and alerts were seen closed together: an alert that is open now was reopened in SIGNL4. */
  readonly wasSettled: boolean;
  /** The state of the incident since, in words for which there is no state; empty: as before. */
  readonly standing: string;
  /** Comments, alerts and entities that are new, in plain text. */
  readonly news: readonly string[];
}

export const noChange: Change = {
  wasOpen: false,
  isTaken: false,
  isReopened: false,
  isRaised: false,
  wasSettled: false,
  standing: '',
  news: [],
};

export interface Situation {
  readonly incident: Pick<Incident, 'status' | 'owner' | 'severity'>;
  /** When Sentinel says that it was changed last. */
  readonly changedAt: number;
  /** All alerts of its external id. */
  readonly alerts: readonly PagedAlert[];
  readonly change: Change;
  /** The states that the incident went through, oldest first, with the time when each began; empty: not known. */
  readonly course: readonly { readonly at: number; readonly status: string }[];
  readonly now: number;
}

/** What must be done on either side. */
export interface Convergence {
  /** Close every alert. */
  readonly resolve: boolean;
  readonly acknowledge: boolean;
  /** Raise another alert, and why. */
  readonly page: 'reopened' | 'raised' | undefined;
  /** Text for the newest alert, marked as coming from Sentinel; empty: none. */
  readonly annotation: string;
  /** What SIGNL4 did and the incident does not show: its notification was lost. */
  readonly missed: 'acknowledged' | 'closed' | 'reopened' | undefined;
}

const nothing: Convergence = {
  resolve: false,
  acknowledge: false,
  page: undefined,
  annotation: '',
  missed: undefined,
};

/** A notification of SIGNL4 may take this long; what it says later than that is made up for without it. */
export const NOTIFICATION_GRACE_MS = 10 * 60_000;

/**
 * What is missing for both sides to agree. Nothing for an incident that was never sent: forwarding is another's business.
 * @param arePagedClosed - Closed incidents page too: then only closing one settles its page.
 */
export function converge(situation: Situation, sync: SyncChoice, arePagedClosed: boolean): Convergence {
  if (situation.alerts.length === 0) return nothing;
  const { standing, news } = situation.change;
  const annotation = newsText([standing, ...(sync.comments ? news : [])]);
  return { ...nothing, ...stateOf(situation, sync, arePagedClosed), annotation };
}

function stateOf(situation: Situation, sync: SyncChoice, arePagedClosed: boolean): Partial<Convergence> {
  const { incident, alerts, change } = situation;
  const areClosed = alerts.every(({ status }) => status === 'closed');
  const mayResolve = sync.closed && (change.wasOpen || !arePagedClosed);
  if (incident.status === 'Closed') return areClosed ? {} : whileClosed(situation, mayResolve);
  return areClosed ? whileAlertsAreClosed(situation, sync) : whileOpen(situation, sync);
}

/** Nobody is called about a closed incident, unless somebody reopened the alert. */
function whileClosed({ alerts, change, changedAt }: Situation, mayResolve: boolean): Partial<Convergence> {
  const isReopened =
    change.wasSettled && alerts.some(({ status, createdAt }) => status !== 'closed' && createdAt <= changedAt);
  return isReopened ? { missed: 'reopened' } : { resolve: mayResolve };
}

function whileAlertsAreClosed(situation: Situation, sync: SyncChoice): Partial<Convergence> {
  const { alerts, change } = situation;
  const newest = Math.max(...alerts.flatMap(({ closedAt }) => closedAt ?? []));
  if (change.isReopened || wasSince(situation, newest, (status) => status === 'Closed'))
    return sync.closed ? { page: 'reopened' } : {};
  return isClosingMissed(situation) ? { missed: 'closed' } : {};
}

/** A person closed an alert, which closes the incident; another that was raised since is a new matter. */
function isClosingMissed(situation: Situation): boolean {
  const { alerts } = situation;
  const closed = alerts.filter(({ status, isByPerson }) => status === 'closed' && isByPerson);
  const at = Math.max(...closed.map(({ closedAt }) => closedAt ?? 0));
  const isLast = alerts.every(({ createdAt }) => createdAt <= at);
  return isLast && !wasSince(situation, at, (status) => status === 'Closed') && isMissed(situation, at);
}

function whileOpen(situation: Situation, sync: SyncChoice): Partial<Convergence> {
  const { incident, alerts, change, changedAt } = situation;
  const isWaiting = alerts.some(({ status }) => status === 'open' || status === 'noResponse');
  // Taken and raised at once is taken: somebody is on it.
  if (change.isTaken) return { acknowledge: sync.acknowledged && isWaiting };
  const acknowledged = alerts.filter(({ status }) => status === 'acknowledged');
  const isNobodyOnIt = acknowledged.length === 0 && !isPerson(incident.owner);
  const isTold = alerts.some(({ createdAt }) => createdAt >= changedAt);
  if (change.isRaised && isNobodyOnIt && !isTold && sync.severityRaised) return { page: 'raised' };
  if (isClosingMissed(situation)) return { missed: 'closed' };
  const times = acknowledged.flatMap(({ isByPerson, acknowledgedAt }) => (isByPerson ? [acknowledgedAt ?? 0] : []));
  const newest = Math.max(...times);
  const isStillNew = incident.status === 'New' && !wasSince(situation, newest, (status) => status !== 'New');
  return isStillNew && isMissed(situation, newest) ? { missed: 'acknowledged' } : {};
}

/**
 * SIGNL4 did it long enough ago for its notification to have come, and the incident does not show it: so says its course, or,
 * where that is not known, that nobody touched it since.
 */
function isMissed({ course, changedAt, now }: Situation, at: number): boolean {
  const isTold = (course[0]?.at ?? Number.POSITIVE_INFINITY) <= at;
  return now - at > NOTIFICATION_GRACE_MS && at > 0 && (isTold || at > changedAt);
}

/** Whether the incident was in such a state at that moment or after it. */
function wasSince({ course }: Situation, at: number, isWanted: (status: string) => boolean): boolean {
  return course.some(
    ({ status }, index) => isWanted(status) && (course[index + 1]?.at ?? Number.POSITIVE_INFINITY) > at,
  );
}

/**
 * Whether an owner is a person. A group is none, even one with a mail address; where the service does not say what it is, a
 * user principal name tells.
 */
export function isPerson(owner: IncidentOwner | undefined): boolean {
  if (!owner || owner.type === 'Group') return false;
  return owner.type === 'User' || owner.userPrincipalName !== undefined;
}

function newsText(news: readonly string[]): string {
  const text = news.filter((line) => line.trim() !== '').join('\n');
  return text === '' ? '' : cut(annotationMarker + text, alertLimits.parameter);
}

/** A person has it; or it is Active and nobody else has it, so the one who set it Active has it. */
export function isTakenNow({ owner, status }: Incident): boolean {
  return owner === undefined ? status === 'Active' : isPerson(owner);
}

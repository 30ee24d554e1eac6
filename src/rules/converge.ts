import type { Incident, IncidentOwner } from '../domain/incident.ts';
import { cut } from '../domain/text.ts';
import { alertLimits } from './alert-limits.ts';
import type { SyncChoice } from './choices.ts';
import { annotationMarker } from './comment.ts';

/*
 * Brings an incident and its alerts in SIGNL4 to the same state. The decision depends on the states of both, not on the last
 * event, so repeating it changes nothing and lost events do not matter. The history is only needed twice: an acknowledgement must
 * be made by a person, and an open incident with closed alerts is either a reopening or a closing that has not arrived yet. See
 * docs/two-way-sync.md.
 */

/** An alert as listed by SIGNL4's API. Times are milliseconds since 1970; undefined if it did not happen. */
export interface PagedAlert {
  readonly status: 'open' | 'acknowledged' | 'closed' | 'noResponse';
  readonly createdAt: number;
  readonly acknowledgedAt: number | undefined;
  readonly closedAt: number | undefined;
  /** Whether a person acknowledged or closed it, rather than one of our events. */
  readonly isByPerson: boolean;
}

/** What is known about how the incident got into its state. */
export interface Change {
  /** It was seen open before. */
  readonly wasOpen: boolean;
  /** Whether a person set it Active, or took or assigned it. */
  readonly isTaken: boolean;
  /** It was Closed before, and is not any more. */
  readonly isReopened: boolean;
  readonly isRaised: boolean;
  /** Whether incident and alerts were seen closed together: an alert that is open now was reopened in SIGNL4. */
  readonly wasSettled: boolean;
  /** Description of a new state that no status expresses; empty: unchanged. */
  readonly standing: string;
  /** New comments, alerts and entities, as plain text. */
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
  /** Last change according to Sentinel. */
  readonly changedAt: number;
  /** All alerts of its external id. */
  readonly alerts: readonly PagedAlert[];
  readonly change: Change;
  /** States of the incident, oldest first, with the start of each; empty: not known. */
  readonly course: readonly { readonly at: number; readonly status: string }[];
  readonly now: number;
}

/** Actions needed on either side. */
export interface Convergence {
  /** Close every alert. */
  readonly resolve: boolean;
  readonly acknowledge: boolean;
  /** Reason to raise another alert. */
  readonly page: 'reopened' | 'raised' | undefined;
  /** Annotation for the newest alert, marked as coming from Sentinel; empty: none. */
  readonly annotation: string;
  /** Action in SIGNL4 that the incident does not show: its notification was lost. */
  readonly missed: 'acknowledged' | 'closed' | 'reopened' | undefined;
}

const nothing: Convergence = {
  resolve: false,
  acknowledge: false,
  page: undefined,
  annotation: '',
  missed: undefined,
};

/** Allowed delay of SIGNL4's notifications; after that they count as lost. */
export const NOTIFICATION_GRACE_MS = 10 * 60_000;

/**
 * Actions that bring both sides into agreement. None for an incident that was never sent: sending is done elsewhere.
 * @param arePagedClosed - Incidents that arrive closed page too, so only closing them later resolves the page.
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

/** Nobody is called for a closed incident, unless somebody reopened the alert. */
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

/** A person closed an alert, which closes the incident, unless another alert was raised since. */
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
  // If it was taken and its severity raised at once, it counts as taken.
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
 * Whether a notification should have arrived by now but the incident does not show it: according to its history or, if that is
 * not known, because the incident was not changed since.
 */
function isMissed({ course, changedAt, now }: Situation, at: number): boolean {
  const isTold = (course[0]?.at ?? Number.POSITIVE_INFINITY) <= at;
  return now - at > NOTIFICATION_GRACE_MS && at > 0 && (isTold || at > changedAt);
}

/** Whether the incident had a wanted state at that time or later. */
function wasSince({ course }: Situation, at: number, isWanted: (status: string) => boolean): boolean {
  return course.some(
    ({ status }, index) => isWanted(status) && (course[index + 1]?.at ?? Number.POSITIVE_INFINITY) > at,
  );
}

/**
 * Whether an owner is a person. Groups are not, even with a mail address. If the service does not say, a user principal name
 * means a person.
 */
export function isPerson(owner: IncidentOwner | undefined): boolean {
  if (!owner || owner.type === 'Group') return false;
  return owner.type === 'User' || owner.userPrincipalName !== undefined;
}

function newsText(news: readonly string[]): string {
  const text = news.filter((line) => line.trim() !== '').join('\n');
  return text === '' ? '' : cut(annotationMarker + text, alertLimits.parameter);
}

/** A person is the owner, or it is Active without an owner, so the one who set it Active has it. */
export function isTakenNow({ owner, status }: Incident): boolean {
  return owner === undefined ? status === 'Active' : isPerson(owner);
}

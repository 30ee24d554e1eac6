import type { Incident } from '../../domain/incident.ts';
import { alertStates, STATUS_CHANGED } from '../../domain/notification.ts';
import { severityRank } from '../../domain/severity.ts';
import { capitalized } from '../../domain/text.ts';
import { type Change, converge, isTakenNow, noChange, type PagedAlert, type Situation } from '../../rules/converge.ts';
import { pagesClosed } from '../../rules/filter.ts';
import type { Signl4Alert } from '../../signl4/client.ts';
import { MADE_UP_FOR } from '../callback/apply.ts';
import type { Budget } from '../deadline.ts';
import { ownerKey, parseSeen, type Seen, seenOf, wasTaken } from '../forward/seen.ts';
import { ENRICH_SHARE } from '../forward/shares.ts';
import type { ServedWorkspace } from '../served-workspace.ts';
import type { RelayStore } from '../store/store.ts';
import { type Home, type KnownIncident, type Linked, newsOf } from './home.ts';
import type { UnknownIncidents } from './unknown-incidents.ts';

export interface SyncRun {
  readonly served: ServedWorkspace;
  readonly store: RelayStore;
  readonly now: () => number;
  readonly budget: Budget;
  /** Compare it even if it did not change. */
  readonly isWhole: boolean;
  readonly unknown: UnknownIncidents;
}

/** The table of changes is some minutes late; what it does not have after this time will not come. */
const HISTORY_LAG_MS = 30 * 60_000;

/** Does what `converge` finds missing. False: it cannot be decided yet and must be looked at again. */
export async function syncIncident(found: KnownIncident, run: SyncRun): Promise<boolean> {
  const { key } = found;
  const { served, store, budget } = run;
  const before = parseSeen(found.seen);
  if (before?.etag === (found.incident.etag ?? found.incident.lastModifiedTime) && !run.isWhole) return true;
  if (!found.isOurs && !run.isWhole && run.unknown.has(key, found.incident)) return true;
  const listed = await budget.by(1, 'SIGNL4', (signal) => served.signl4.findAlerts(key, signal));
  if (listed.length === 0 && !found.isOurs) {
    run.unknown.add(key, found.incident);
    return true;
  }
  const alerts = listed.map(pagedAlert);
  const merge = listed.length === 0 ? undefined : await found.home.merge?.follow(store.forwards, budget);
  const known = merge && !merge.mayClose ? await ringingOn(found, listed, merge.says, run) : found;
  const { home, incident } = known;
  const remember = (seen: Seen) => store.forwards.see(key, JSON.stringify(seen));
  const linked: Linked = known.isOurs ? await home.readLinked(budget) : { comments: [], alerts: [], entities: [] };
  const told = await changeOf(known, before, alerts, newsOf(linked, before), run);
  if (told === 'unknown yet') return false;
  const changedAt = Date.parse(incident.lastModifiedTime);
  const { sync, filter } = served.config;
  const due = converge({ incident, changedAt, alerts, ...told, now: run.now() }, sync, pagesClosed(filter));
  if (due.resolve) await settle(known, 'resolved', merge?.says ?? closing(home), run);
  if (due.acknowledge) await settle(known, 'acknowledged', `Somebody is on it in ${home.name}.`, run);
  if (due.page) await pageAgain(known, due.page, run);
  // A pending notification is not lost; the next full comparison looks again.
  if (due.missed && run.isWhole) await makeUpFor(known, due.missed, alerts, run);
  const areClosed = due.resolve || due.missed === 'reopened' || alerts.every(({ status }) => status === 'closed');
  const isSettled = incident.status === 'Closed' && areClosed;
  const after = seenOf(incident, linked, isSettled, before);
  // Remember this first: if the annotation fails, the next comparison must not page again.
  const lists = before && { alerts: before.alerts, entities: before.entities };
  await remember({ ...after, etag: '', commentedAt: before?.commentedAt ?? '', ...lists });
  if (due.annotation !== '')
    await budget.by(1, 'SIGNL4', (signal) => served.signl4.annotate(key, due.annotation, signal));
  await remember(after);
  return true;
}

/**
 * Compares an incident whose page must stay open because it continues elsewhere: with no known state, nothing gets closed.
 * Without open alerts nothing needs to be done.
 */
async function ringingOn(
  known: KnownIncident,
  alerts: readonly Signl4Alert[],
  standing: string,
  { store }: SyncRun,
): Promise<KnownIncident> {
  const waiting = alerts.find(({ statusCode }) => statusCode !== alertStates.closed);
  if (!waiting) return known;
  // Mark it as ours: only then is it remembered what was reported.
  if (!known.isOurs) await store.forwards.mark(known.key, waiting.eventId || waiting.id);
  return { ...known, isOurs: true, incident: { ...known.incident, status: undefined, standing } };
}

/** How the incident got into its state; the table of changes is only read if the decision depends on it. */
async function changeOf(
  { home, incident }: KnownIncident,
  before: Seen | undefined,
  alerts: readonly PagedAlert[],
  news: readonly string[],
  { budget, now }: SyncRun,
): Promise<Pick<Situation, 'change' | 'course'> | 'unknown yet'> {
  const change: Change = {
    ...noChange,
    wasOpen: before !== undefined && before.status !== 'Closed',
    isReopened: before?.status === 'Closed' && incident.status !== 'Closed',
    isRaised:
      before !== undefined && severityRank(incident.severity) < severityRank(before.severity as Incident['severity']),
    wasSettled: before?.isSettled ?? false,
    standing: newStanding(incident, before, home.merge !== undefined),
    news,
  };
  const isStateNew =
    before !== undefined &&
    ((before.status !== incident.status && incident.status === 'Active') || before.owner !== ownerKey(incident));
  const mayBeTaken = isStateNew && (isTakenNow(incident) || wasTaken(incident, before)) && alerts.some(isWaiting);
  // Either a reopening, or a notification of SIGNL4 that got lost; the history tells which.
  const mayBeMissed =
    alerts.length > 0 &&
    (alerts.every(({ status }) => status === 'closed') ||
      alerts.some(
        ({ status, isByPerson }) =>
          isByPerson && (status === 'closed' || (status === 'acknowledged' && incident.status === 'New')),
      ));
  const isKnown = incident.status === 'Closed' || change.isReopened || !(mayBeTaken || mayBeMissed);
  if (isKnown) return { change, course: [] };
  const changedAt = Date.parse(incident.lastModifiedTime);
  const { isComplete, isTakenByPerson, states } = await home.readCourse(before, budget);
  if (!isComplete && now() - changedAt < HISTORY_LAG_MS) return 'unknown yet';
  return { change: { ...change, isTaken: isTakenByPerson && mayBeTaken }, course: states };
}

const isWaiting = ({ status }: PagedAlert) => status === 'open' || status === 'noResponse';

/** The description of its state if that has changed; a new page contains it anyway. */
function newStanding({ standing = '' }: Incident, before: Seen | undefined, isMerged: boolean): string {
  const told = before?.standing ?? (isMerged ? '' : standing);
  return standing === told || standing === '' ? '' : capitalized(standing);
}

const statuses: Readonly<Record<number, PagedAlert['status']>> = {
  [alertStates.acknowledged]: 'acknowledged',
  [alertStates.closed]: 'closed',
  [alertStates.noResponse]: 'noResponse',
};

function pagedAlert(alert: Signl4Alert): PagedAlert {
  const status = statuses[alert.statusCode] ?? 'open';
  return {
    status,
    createdAt: timeOf(alert.createdAt) ?? 0,
    acknowledgedAt: timeOf(alert.acknowledgedAt),
    closedAt: timeOf(alert.closedAt),
    isByPerson: status === 'closed' ? alert.closedBy !== '' : alert.acknowledgedBy.length > 0,
  };
}

function timeOf(text: string): number | undefined {
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

const closing = ({ name, verdict }: Home) => `Closed in ${name}${verdict ? `: ${verdict}` : ''}.`;

async function settle(
  { home, incident, key }: KnownIncident,
  status: 'acknowledged' | 'resolved',
  message: string,
  { served, budget }: SyncRun,
): Promise<void> {
  const says = { title: incident.title || `${home.name} incident`, message };
  await budget.by(1, 'SIGNL4', (signal) => served.signl4.settle(key, status, says, signal));
}

const reasons = { reopened: 'Reopened', raised: 'The severity was raised' } as const;

async function pageAgain(
  { home, key }: KnownIncident,
  why: keyof typeof reasons,
  { served, budget }: SyncRun,
): Promise<void> {
  const { event } = await home.enrich(budget.upTo(ENRICH_SHARE));
  const message = `${reasons[why]} in ${home.name}.\n\n${event.Message}`;
  const again = { ...event, Message: message, 'X-S4-ExternalID': key };
  await budget.by(1, 'SIGNL4', (signal) => served.signl4.sendEvent(again, signal));
}

const statusCodes = { acknowledged: 2, closed: 4, reopened: 1 } as const;

/** Processes a lost notification like any other: once, in order, with retries. */
async function makeUpFor(
  { key, incident }: KnownIncident,
  event: keyof typeof statusCodes,
  alerts: readonly PagedAlert[],
  { store, now }: SyncRun,
): Promise<void> {
  const times = alerts.flatMap(
    ({ acknowledgedAt, closedAt }) => (event === 'closed' ? closedAt : acknowledgedAt) ?? [],
  );
  // SIGNL4 does not record when an alert was reopened.
  const at = event === 'reopened' ? now() : Math.max(...times);
  const notification = {
    id: `${MADE_UP_FOR}${event}:${event === 'reopened' ? incident.lastModifiedTime : at}:${key}`,
    eventType: STATUS_CHANGED,
    eventRaisedUtc: new Date(at).toISOString(),
    alert: { statusCode: statusCodes[event], externalEventId: key },
  };
  await store.inbox.accept({ id: notification.id, session: key, body: JSON.stringify(notification) });
}

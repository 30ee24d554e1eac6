import { readIncident } from '../../../src/domain/incident.ts';
import { readNotification } from '../../../src/domain/notification.ts';
import { type Severity, severityRank } from '../../../src/domain/severity.ts';
import type { IncidentStatus } from '../../../src/domain/status.ts';
import { type HistoryRow, tellHistory } from '../../../src/relay/timers/history.ts';
import { applyNotification, type IncidentChange } from '../../../src/rules/callback.ts';
import { defaultCallback, defaultClose, defaultSync } from '../../../src/rules/choices.ts';
import { type Convergence, converge, isTakenNow, noChange, type PagedAlert } from '../../../src/rules/converge.ts';

/*
 * An incident and its alerts in SIGNL4 as two small state machines, with our rules between them and a network that loses,
 * doubles and delays. Nothing of ours but the pure rules decides.
 */

export const people = ['kei@contoso.com', 'ana@contoso.com'] as const;
export type Someone = (typeof people)[number];
const MINUTE = 60_000;

interface Alert {
  status: PagedAlert['status'];
  createdAt: number;
  acknowledgedAt: number | undefined;
  closedAt: number | undefined;
  isByPerson: boolean;
}

interface Seen {
  status: IncidentStatus;
  severity: Severity;
  owner: string;
  at: number;
  isSettled: boolean;
}

export type SentinelChange = { status?: IncidentStatus; severity?: Severity; owner?: Someone | 'group' | '' };
export type PhoneAct = 'acknowledge' | 'close' | 'undoAcknowledge' | 'undoClose';

export class TwoSides {
  now = Date.parse('2026-01-10T08:00:00Z');
  incident = { status: 'New' as IncidentStatus, severity: 'Medium' as Severity, owner: '', changedAt: this.now };
  alerts: Alert[] = [];
  /** Notifications under way: the network decides when they arrive, and whether. */
  underWay: object[] = [];
  /** What was done in SIGNL4 by us, in words. */
  readonly acts: string[] = [];
  /** A machine silenced the phone. */
  readonly silenced: string[] = [];
  #rows: HistoryRow[] = [];
  #seen: Seen;
  #mark = 0;
  #comments = 0;
  #ids = 0;
  /** Whether a person took the incident since the last look. */
  #isTakenByPerson = false;

  constructor() {
    this.#record('Incident created from alert');
    this.#raise();
    this.#seen = this.#look(false);
  }

  change(change: SentinelChange, by: Someone | 'machine'): void {
    this.now += 1_000;
    const before = { ...this.incident };
    Object.assign(this.incident, change, { changedAt: this.now });
    const { status, owner } = this.incident;
    const isHeld = owner === '' ? status === 'Active' && before.status !== 'Active' : owner.includes('@');
    const isMoved = owner !== before.owner || (status === 'Active' && before.status !== 'Active');
    if (by !== 'machine' && isMoved && isHeld) this.#isTakenByPerson = true;
    this.#record(by === 'machine' ? 'Automation rule - tier 1' : by);
  }

  /** False where the life cycle forbids it. */
  phone(act: PhoneAct, index: number, user: Someone): boolean {
    const alert = this.alerts[index % this.alerts.length];
    if (!alert) return false;
    this.now += 1_000;
    const isWaiting = alert.status === 'open' || alert.status === 'noResponse';
    if (act === 'acknowledge' && isWaiting) this.#settle(alert, 'acknowledged', user);
    else if (act === 'close' && alert.status !== 'closed') this.#settle(alert, 'closed', user);
    else if (act === 'undoAcknowledge' && alert.status === 'acknowledged') this.#settle(alert, 'open', user);
    else if (act === 'undoClose' && alert.status === 'closed') this.#settle(alert, 'open', user);
    else return false;
    return true;
  }

  /** A notification arrives; `index` says which, so that they overtake each other. */
  deliver(index: number, isKept: boolean): void {
    if (this.underWay.length === 0) return;
    const at = index % this.underWay.length;
    const [body] = isKept ? [this.underWay[at]] : this.underWay.splice(at, 1);
    if (body) this.#receive(body);
  }

  lose(index: number): void {
    if (this.underWay.length > 0) this.underWay.splice(index % this.underWay.length, 1);
  }

  /** What the relay's timer does. Gives what it found missing. */
  sync(isWhole: boolean): Convergence {
    this.now += 1_000;
    const { incident } = this;
    const read = this.#read();
    const seen = this.#seen;
    const isNew = seen.status !== incident.status || seen.owner !== incident.owner;
    const told = tellHistory(this.#rows, seen.at, incident.changedAt);
    const change = {
      ...noChange,
      wasOpen: seen.status !== 'Closed',
      isTaken: isNew && isTakenNow(read) && told.isTakenByPerson,
      isReopened: incident.status !== 'Closed' && seen.status === 'Closed',
      isRaised: severityRank(incident.severity) < severityRank(seen.severity),
      wasSettled: seen.isSettled,
    };
    const { changedAt } = incident;
    const due = converge(
      { incident: read, changedAt, alerts: this.alerts, change, course: this.#rows, now: this.now },
      defaultSync,
      false,
    );
    if (due.acknowledge && !this.#isTakenByPerson) this.silenced.push(`acknowledged at ${this.now}`);
    if (due.resolve && incident.status !== 'Closed') this.silenced.push(`resolved at ${this.now}`);
    if (due.resolve) this.#actOnAll('closed');
    if (due.acknowledge) this.#actOnAll('acknowledged');
    if (due.page) this.#raise(due.page);
    this.#seen = this.#look(due.missed === 'reopened');
    this.#isTakenByPerson = false;
    if (due.missed && isWhole) this.#makeUpFor(due.missed);
    return due;
  }

  #look(isReopening: boolean): Seen {
    const { status, severity, owner, changedAt } = this.incident;
    const areClosed = isReopening || this.alerts.every((alert) => alert.status === 'closed');
    return { status, severity, owner, at: changedAt, isSettled: status === 'Closed' && areClosed };
  }

  #read() {
    const { status, severity, owner } = this.incident;
    const resource = {
      id: '/x',
      properties: {
        ...{ title: 'x', status, severity },
        owner: ownerOf(owner),
        additionalData: { commentsCount: this.#comments },
      },
    };
    const read = readIncident(resource);
    if (!read) throw new Error('unreadable');
    return read;
  }

  #raise(why = 'new'): void {
    this.acts.push(`page ${why}`);
    this.alerts.push({
      status: 'open',
      createdAt: this.now,
      acknowledgedAt: undefined,
      closedAt: undefined,
      isByPerson: false,
    });
  }

  #settle(alert: Alert, status: 'open' | 'acknowledged' | 'closed', user: Someone | undefined): void {
    alert.status = status;
    alert.isByPerson = user !== undefined;
    if (status === 'open') Object.assign(alert, { acknowledgedAt: undefined, closedAt: undefined });
    if (status === 'acknowledged') alert.acknowledgedAt = this.now;
    if (status === 'closed') alert.closedAt = this.now;
    this.#notify(status, user);
  }

  #notify(status: 'open' | 'acknowledged' | 'closed', user: Someone | undefined): void {
    this.underWay.push({
      id: `n${++this.#ids}`,
      eventType: 201,
      eventRaisedUtc: new Date(this.now).toISOString(),
      alert: { statusCode: { open: 1, acknowledged: 2, closed: 4 }[status] },
      user: user && { username: user, mailaddress: user },
    });
  }

  #actOnAll(status: 'acknowledged' | 'closed'): void {
    this.acts.push(status);
    for (const alert of this.alerts) {
      const isWaiting = alert.status === 'open' || alert.status === 'noResponse';
      if (status === 'closed' ? alert.status !== 'closed' : isWaiting) this.#settle(alert, status, undefined);
    }
  }

  #makeUpFor(missed: NonNullable<Convergence['missed']>): void {
    const name = { acknowledged: 'acknowledged', closed: 'closed', reopened: 'open' } as const;
    const times = this.alerts.flatMap(({ closedAt, acknowledgedAt }) =>
      missed === 'reopened' ? this.now : ((missed === 'closed' ? closedAt : acknowledgedAt) ?? []),
    );
    const raisedAt = new Date(Math.max(...times)).toISOString();
    const statusCode = { open: 1, acknowledged: 2, closed: 4 }[name[missed]];
    this.#receive({ id: `m${++this.#ids}`, eventType: 201, eventRaisedUtc: raisedAt, alert: { statusCode } });
  }

  /** What the relay does with a notification: by the rules, and no state from before the newest that it applied. */
  #receive(body: object): void {
    this.now += 1_000;
    const notification = readNotification(body);
    if (!notification) throw new Error('unreadable');
    const raisedAt = Date.parse(notification.raisedAt);
    const rules = { mapping: defaultCallback, close: defaultClose, owners: {} };
    const change = applyNotification(notification, this.#read(), rules);
    const isLate = raisedAt < this.#mark;
    this.#mark = Math.max(this.#mark, raisedAt);
    if (!change) return;
    if (change.comment) this.#comments++;
    if (!isLate) this.#write(change);
    if (!isLate && notification.event === 'closed' && notification.user && this.incident.status === 'Closed')
      if (this.alerts.some(({ status }) => status !== 'closed')) this.#actOnAll('closed');
  }

  #write({ status, owner, releaseOwner, severity }: IncidentChange): void {
    const change = {
      ...(status && { status }),
      ...(severity && { severity }),
      ...(owner && { owner }),
      ...(releaseOwner && { owner: '' }),
    };
    if (Object.keys(change).length === 0) return;
    Object.assign(this.incident, change, { changedAt: this.now });
    Object.assign(this.#seen, change, status ? { isSettled: false } : {});
    this.#record('SIGNL4 relay');
  }

  #record(by: string): void {
    const { status, owner } = this.incident;
    const { objectId, userPrincipalName, email, assignedTo, ownerType } = ownerOf(owner);
    const text = (value: string | null) => value ?? '';
    this.#rows.push({
      at: this.now,
      status,
      by,
      owner: {
        objectId: text(objectId),
        userPrincipalName: text(userPrincipalName),
        email: text(email),
        name: text(assignedTo),
        type: text(ownerType),
      },
    });
  }

  /** Why the sides do not agree; undefined where they do. */
  disagreement(): string | undefined {
    const { status } = this.incident;
    const areClosed = this.alerts.every((alert) => alert.status === 'closed');
    if (status === 'Closed' && !areClosed) return 'the incident is closed and an alert is not';
    if (status !== 'Closed' && areClosed) return `the alerts are closed and the incident is ${status}`;
    const acknowledged = this.alerts.filter((alert) => alert.status === 'acknowledged' && alert.isByPerson);
    const newest = Math.max(...acknowledged.map(({ acknowledgedAt }) => acknowledgedAt ?? 0));
    const hasMoved = this.#rows.some(
      (row, index) => row.status !== 'New' && (this.#rows[index + 1]?.at ?? this.now) > newest,
    );
    if (acknowledged.length > 0 && !hasMoved) return 'somebody acknowledged and the incident stayed New';
    return undefined;
  }

  wait(minutes: number): void {
    this.now += minutes * MINUTE;
  }
}

function ownerOf(owner: string): {
  [K in 'objectId' | 'userPrincipalName' | 'email' | 'assignedTo' | 'ownerType']: string | null;
} {
  if (owner === '') return { objectId: null, userPrincipalName: null, email: null, assignedTo: null, ownerType: null };
  const isGroup = owner === 'group';
  return {
    objectId: `id of ${owner}`,
    userPrincipalName: isGroup ? null : owner,
    email: isGroup ? 'soc@contoso.com' : owner,
    assignedTo: owner,
    ownerType: isGroup ? 'Group' : 'User',
  };
}

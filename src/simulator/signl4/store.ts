import type { Clock } from '../clock.ts';
import type { Ids } from '../ids.ts';
import type { NewAlert, NewTeam, NewUser } from './new.ts';
import {
  type Annotation,
  alertFlags,
  alertStatus,
  type DutyMode,
  dutyModes,
  eventTypes,
  type S4Alert,
  type Signl4Happening,
  type Team,
  type User,
  type Webhook,
} from './resources.ts';
import { S4Error } from './s4-error.ts';

const MINUTE = 60_000;

/** Teams, people, duty and alerts of one SIGNL4 subscription, with the life cycle of alerts. */
export class Signl4Store {
  readonly teams: Team[] = [];
  readonly users: User[] = [];
  readonly alerts = new Map<string, S4Alert>();
  readonly webhooks: Webhook[] = [];
  readonly subscriptionId: string;
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #listeners = new Set<(happening: Signl4Happening) => void>();

  constructor(clock: Clock, ids: Ids) {
    this.#clock = clock;
    this.#ids = ids;
    this.subscriptionId = ids.guid('s4 subscription');
  }

  /** Calls `listener` with everything that outbound webhooks tell; the result stops it. */
  onHappening(listener: (happening: Signl4Happening) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  addTeam(input: NewTeam): Team {
    const number = this.#ids.next('s4 team');
    const categories = input.categories ?? ['Security'];
    const team: Team = {
      id: String(137 + number),
      name: input.name,
      secret: input.secret ?? `team-secret-${number}`,
      memberIds: [],
      escalateAfterMinutes: input.escalateAfterMinutes ?? 5,
      noResponseAfterMinutes: input.noResponseAfterMinutes ?? 15,
      scenario: input.scenario ?? 'single_ack',
      categories: categories.map((name) => ({ id: this.#ids.guid('s4 category'), name })),
    };
    this.teams.push(team);
    return team;
  }

  /** Joins the team and is on duty unless told otherwise. */
  addUser(input: NewUser, team: Team, mode: DutyMode = dutyModes.primary): User {
    const user: User = { id: this.#ids.guid('s4 user'), ...input, duty: new Map() };
    this.users.push(user);
    team.memberIds.push(user.id);
    if (mode !== dutyModes.off) user.duty.set(team.id, { mode, since: this.#clock.now() });
    return user;
  }

  team(id: string): Team {
    const team = this.teams.find((candidate) => candidate.id === id);
    if (!team) throw new S4Error(404, 'Not Found', `Team ${id} does not exist`);
    return team;
  }

  user(id: string): User {
    const user = this.users.find((candidate) => candidate.id === id);
    if (!user) throw new S4Error(404, 'Not Found', `User ${id} does not exist`);
    return user;
  }

  alert(id: string): S4Alert {
    const alert = this.alerts.get(id);
    if (!alert) throw new S4Error(404, 'No alert with id was found.', id);
    return alert;
  }

  /** Alerts that one external id raised, oldest first. */
  alertsOf(externalId: string): readonly S4Alert[] {
    return [...this.alerts.values()].filter((alert) => alert.externalId === externalId);
  }

  onDuty(team: Team, mode: DutyMode = dutyModes.primary): readonly User[] {
    return this.users.filter((user) => user.duty.get(team.id)?.mode === mode);
  }

  /** Starts or ends a duty by hand ("punch in", "punch out"). */
  setDuty(user: User, team: Team, mode: DutyMode): void {
    if (mode === dutyModes.off) user.duty.delete(team.id);
    else user.duty.set(team.id, { mode, since: this.#clock.now() });
    this.#tell({
      eventType: mode === dutyModes.off ? eventTypes.punchedOut : eventTypes.punchedIn,
      teamId: team.id,
      user,
    });
  }

  /** Raises an alert, calls those on duty and starts the clocks of escalation. A known external id changes nothing: that is the sender's business. */
  raise(team: Team, input: NewAlert): S4Alert {
    const now = this.#clock.now();
    const alert: S4Alert = {
      id: this.#timeId('s4 alert'),
      shortId: this.#ids.next('s4 short id').toString(36).toUpperCase().padStart(4, '0'),
      eventId: input.eventId ?? this.#timeId('s4 event'),
      teamId: team.id,
      externalId: input.externalId,
      title: input.title,
      text: input.text,
      category: input.category ?? '',
      severity: input.severity ?? 0,
      scenario: input.scenario ?? team.scenario,
      parameters: input.parameters.map((parameter, order) => ({
        id: this.#ids.guid('s4 parameter'),
        order,
        ...parameter,
      })),
      location: input.location ?? '',
      sourceSystem: input.sourceSystem ?? '',
      created: now,
      modified: now,
      status: alertStatus.open,
      flags: 0,
      acknowledgedBy: [],
      acknowledgedAt: undefined,
      closedAt: undefined,
      closedBy: undefined,
      annotations: [],
      timeline: [{ at: now, text: 'Alert raised', userId: null }],
      notified: [],
    };
    this.alerts.set(alert.id, alert);
    this.#call(alert, this.onDuty(team));
    this.#tell({ eventType: eventTypes.created, teamId: team.id, alert });
    this.#startClocks(alert, team);
    return alert;
  }

  /** Throws 409 where the life cycle forbids it: closed, or this person (or, without multi_ack, anybody) has done so. */
  acknowledge(id: string, user?: User, note = ''): S4Alert {
    const alert = this.alert(id);
    const isOpen = alert.status === alertStatus.open || alert.status === alertStatus.noResponse;
    const isMore = alert.status === alertStatus.acknowledged && alert.scenario !== 'single_ack' && user !== undefined;
    if (!(isOpen || (isMore && !alert.acknowledgedBy.includes(user.id))))
      throw new S4Error(
        409,
        "Alert can't be acknowledged because it is against the defined alert lifecycle.",
        alert.id,
      );
    alert.status = alertStatus.acknowledged;
    alert.acknowledgedAt ??= this.#clock.now();
    if (user) alert.acknowledgedBy.push(user.id);
    return this.#changed(alert, 'Acknowledged', user, note);
  }

  /** Throws 409 where it is closed already. */
  close(id: string, user?: User, note = ''): S4Alert {
    const alert = this.alert(id);
    if (alert.status === alertStatus.closed)
      throw new S4Error(409, "Alert can't be closed because it is against the defined alert lifecycle.", alert.id);
    alert.status = alertStatus.closed;
    alert.closedAt = this.#clock.now();
    alert.closedBy = user?.id;
    return this.#changed(alert, 'Closed', user, note);
  }

  undoAcknowledge(id: string, user?: User): S4Alert {
    const alert = this.alert(id);
    if (alert.status !== alertStatus.acknowledged)
      throw new S4Error(403, 'User is not allowed to undo the acknowledgement.', alert.id);
    alert.status = alertStatus.open;
    alert.acknowledgedAt = undefined;
    alert.acknowledgedBy.length = 0;
    return this.#changed(alert, 'Acknowledgement undone', user, '');
  }

  undoClose(id: string, user?: User): S4Alert {
    const alert = this.alert(id);
    if (alert.status !== alertStatus.closed) throw new S4Error(403, 'User is not allowed to undo the close.', alert.id);
    alert.status = alertStatus.open;
    alert.closedAt = undefined;
    alert.closedBy = undefined;
    alert.acknowledgedAt = undefined;
    alert.acknowledgedBy.length = 0;
    return this.#changed(alert, 'Close undone', user, '');
  }

  annotate(id: string, text: string, user?: User): Annotation {
    const alert = this.alert(id);
    const annotation = this.#addAnnotation(alert, text, user);
    this.#touch(alert, `Annotated: ${text}`, user);
    this.#tell({ eventType: eventTypes.annotated, teamId: alert.teamId, ...(user && { user }), alert, annotation });
    return annotation;
  }

  /** Hands the alert to another team, which gets an alert of its own. */
  escalateToTeam(id: string, target: Team, user?: User): S4Alert {
    const alert = this.alert(id);
    if (alert.status === alertStatus.closed) throw new S4Error(403, 'A closed alert cannot be escalated.', alert.id);
    alert.flags |= alertFlags.escalatedToTeam;
    this.#touch(alert, `Escalated to team ${target.name}`, user);
    this.#tell({ eventType: eventTypes.escalated, teamId: alert.teamId, ...(user && { user }), alert });
    const copy = this.raise(target, {
      ...alert,
      category: alert.category,
      externalId: alert.externalId,
      eventId: alert.eventId,
    });
    copy.flags |= alertFlags.createdByEscalation;
    return copy;
  }

  #startClocks(alert: S4Alert, team: Team): void {
    const isWaiting = () => alert.status === alertStatus.open && alert.acknowledgedAt === undefined;
    if (team.escalateAfterMinutes > 0)
      this.#clock.after(team.escalateAfterMinutes * MINUTE, () => {
        if (!isWaiting()) return;
        alert.flags |= alertFlags.escalatedToManager;
        this.#touch(alert, 'Escalated to managers');
        this.#call(alert, this.onDuty(team, dutyModes.manager));
        this.#tell({ eventType: eventTypes.escalated, teamId: team.id, alert });
      });
    if (team.noResponseAfterMinutes > 0)
      this.#clock.after(team.noResponseAfterMinutes * MINUTE, () => {
        if (!isWaiting()) return;
        alert.status = alertStatus.noResponse;
        this.#changed(alert, 'No response', undefined, '');
      });
  }

  #call(alert: S4Alert, users: readonly User[]): void {
    for (const user of users) alert.notified.push({ userId: user.id, at: this.#clock.now(), channel: 'push' });
  }

  #changed(alert: S4Alert, text: string, user: User | undefined, note: string): S4Alert {
    const annotation = note.trim() === '' ? undefined : this.#addAnnotation(alert, note.trim(), user);
    this.#touch(alert, annotation ? `${text}: ${annotation.text}` : text, user);
    this.#tell({
      eventType: eventTypes.statusChanged,
      teamId: alert.teamId,
      ...(user && { user }),
      alert,
      ...(annotation && { annotation }),
    });
    return alert;
  }

  #addAnnotation(alert: S4Alert, text: string, user?: User): Annotation {
    const annotation = { id: this.#ids.guid('s4 annotation'), text, userId: user?.id ?? null, at: this.#clock.now() };
    alert.annotations.push(annotation);
    alert.flags |= alertFlags.hasAnnotations;
    return annotation;
  }

  #touch(alert: S4Alert, text: string, user?: User): void {
    alert.modified = this.#clock.now();
    alert.timeline.push({ at: this.#clock.now(), text, userId: user?.id ?? null });
  }

  /** `2516…_<guid>`: ticks left until the year 9999, so that newer ids sort first. */
  #timeId(kind: string): string {
    const ticks = 3_155_378_975_999_999_999n - (BigInt(this.#clock.now()) * 10_000n + 621_355_968_000_000_000n);
    return `${ticks}_${this.#ids.guid(kind)}`;
  }

  #tell(happening: Omit<Signl4Happening, 'at'>): void {
    const { alert } = happening;
    const moment = alert && { statusCode: alert.status, acknowledgedUserIds: [...alert.acknowledgedBy] };
    for (const listener of this.#listeners) listener({ ...happening, ...moment, at: this.#clock.now() });
  }
}

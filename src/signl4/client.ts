import { UserError } from '../domain/errors.ts';
import { type Json, listOf, member, memberAt, textOf } from '../domain/json.ts';
import type { Signl4AlertEvent } from '../domain/signl4-event.ts';
import { Signl4Error } from './error.ts';
import { createSend, type Signl4Options, UNREADABLE } from './http.ts';

export interface Signl4Alert {
  readonly id: string;
  readonly eventId: string;
  readonly externalId: string;
  readonly teamId: string;
  /** 1 open, 2 acknowledged, 4 closed, 8 no response. */
  readonly statusCode: number;
  /** ISO 8601; empty if SIGNL4 does not say. */
  readonly createdAt: string;
  /** The same; empty while it was not acknowledged or closed. */
  readonly acknowledgedAt: string;
  readonly closedAt: string;
  /** Ids of the people who acknowledged it. */
  readonly acknowledgedBy: readonly string[];
  /** Id of the person who closed it; empty: an event did, or it is not closed. */
  readonly closedBy: string;
}

/** An alert with what people wrote on it. */
export interface Signl4AlertDetails extends Signl4Alert {
  /** Entries of its timeline that have text, in SIGNL4's order. */
  readonly entries: readonly Signl4Entry[];
}

interface Signl4Entry {
  /** As typed; SIGNL4 may add a label in front. */
  readonly text: string;
  /** Empty: not written by a person. */
  readonly userId: string;
  /** ISO 8601; empty where SIGNL4 does not say. */
  readonly at: string;
}

interface Signl4Team {
  readonly id: string;
  readonly name: string;
  readonly memberIds: readonly string[];
}

export interface Signl4Person {
  readonly id: string;
  readonly name: string;
  readonly mail: string;
  /** Neither deactivated nor just invited. */
  readonly isActive: boolean;
  /** Ids of the teams in which this person is on duty. */
  readonly onDuty: readonly string[];
  /** The same for duty as manager. */
  readonly onManagerDuty: readonly string[];
}

interface Signl4Webhook {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  /** Empty: notifications for all teams. */
  readonly teamId: string;
  readonly isEnabled: boolean;
  readonly description: string;
}

/** The part of the SIGNL4 API v2 that we use. All but the first three need an API key. */
export interface Signl4Client {
  /**
   * Raises an alert, or acts on the alerts with its external id; returns SIGNL4's event id. Only a 201 with an event id confirms
   * that SIGNL4 has it. After any other response, it looks for the external id (with an API key) and then sends the event again,
   * for up to `withinMs` milliseconds.
   */
  sendEvent(event: Signl4AlertEvent, signal?: AbortSignal, withinMs?: number): Promise<string>;
  /** Acknowledges or closes all alerts with an external id; no effect if there are none. */
  settle(
    externalId: string,
    status: 'acknowledged' | 'resolved',
    says: { readonly title: string; readonly message: string },
    signal?: AbortSignal,
  ): Promise<void>;
  /** The alerts of an external id, newest first. */
  findAlerts(externalId: string, signal?: AbortSignal): Promise<readonly Signl4Alert[]>;
  /** Writes a note on the newest alert with an external id; false if there is none. */
  annotate(externalId: string, text: string, signal?: AbortSignal): Promise<boolean>;
  /** One alert by id, without retries. Rejects if the response is not this alert. */
  alert(id: string, signal?: AbortSignal): Promise<Signl4AlertDetails>;
  /** Writes a note on one alert, without retries: if the response is lost, it is not known whether the note was written. */
  annotateAlert(id: string, text: string, signal?: AbortSignal): Promise<void>;
  /** All people of the account, without retries. Rejects if the response is not a list. */
  peopleNow(signal?: AbortSignal): Promise<readonly Signl4Person[]>;
  /** Id of the team with this team secret. Sends an event that closes nothing and that SIGNL4 drops; nobody is paged. */
  teamOfSecret(signal?: AbortSignal): Promise<string>;
  teams(signal?: AbortSignal): Promise<readonly Signl4Team[]>;
  people(signal?: AbortSignal): Promise<readonly Signl4Person[]>;
  webhooks(signal?: AbortSignal): Promise<readonly Signl4Webhook[]>;
  /** Gives the new webhook's id. */
  createWebhook(
    webhook: { name: string; url: string; teamId?: string; description?: string },
    signal?: AbortSignal,
  ): Promise<string>;
  deleteWebhook(id: string, signal?: AbortSignal): Promise<void>;
}

export function createSignl4Client(options: Signl4Options): Signl4Client {
  const send = createSend(options);
  const { now = Date.now } = options;
  const get = (path: string, signal: AbortSignal | undefined) => send({ method: 'GET', path, signal });

  async function sendEvent(event: Signl4AlertEvent, signal?: AbortSignal, withinMs?: number): Promise<string> {
    const raises = event['X-S4-Status'] === 'new';
    const started = now();
    const body = await send({
      method: 'POST',
      path: `events/${encodeURIComponent(teamSecretOf(options))}`,
      body: event as unknown as Json,
      ...{ signal, withinMs },
      isConfirmed,
      // Repeating an event could raise a second alert; repeating an action on an alert is harmless.
      ...(raises && options.apiKey
        ? { findOutcome: (leftMs) => raisedSince(started, event['X-S4-ExternalID'], signal, leftMs) }
        : {}),
    });
    return eventIdOf(body);
  }

  /**
   * Whether an attempt without a response succeeded, ignoring older alerts of the incident. If SIGNL4 cannot say, paging twice is
   * better than not at all.
   */
  async function raisedSince(
    started: number,
    externalId: string,
    signal: AbortSignal | undefined,
    leftMs: number,
  ): Promise<Json | undefined> {
    // Leave enough time to send the page.
    const alerts = await findAlerts(externalId, signal, leftMs / 3).catch(() => []);
    const raised = alerts.find(({ createdAt }) => Date.parse(createdAt) >= started - CLOCK_SKEW_MS);
    return raised && { eventId: raised.eventId || raised.id };
  }

  async function findAlerts(
    externalId: string,
    signal?: AbortSignal,
    withinMs?: number,
  ): Promise<readonly Signl4Alert[]> {
    const path = `alerts/paged?maxResults=${MOST_ALERTS}`;
    const body = await send({ method: 'POST', path, body: { externalId }, signal, withinMs });
    return listOf(member(body, 'results'))
      .map(readAlert)
      .filter((alert) => alert.externalId === externalId);
  }

  return {
    sendEvent,
    findAlerts: (externalId, signal) => findAlerts(externalId, signal),
    async settle(externalId, status, { title, message }, signal) {
      const event: Signl4AlertEvent = {
        Title: title,
        Message: message,
        'X-S4-ExternalID': externalId,
        'X-S4-Status': status,
        'X-S4-SourceSystem': 'MicrosoftSentinel',
      };
      await sendEvent(event, signal);
    },
    async annotate(externalId, text, signal) {
      const [newest] = await findAlerts(externalId, signal);
      if (!newest) return false;
      const path = `alerts/${encodeURIComponent(newest.id)}/annotate`;
      await send({ method: 'POST', path, body: { text }, signal });
      return true;
    },
    async alert(id, signal) {
      const body = await send({ method: 'GET', path: `alerts/${encodeURIComponent(id)}/details`, signal, retries: 0 });
      if (textOf(member(body, 'id')) !== id) throw unexpected();
      return readDetails(body);
    },
    async annotateAlert(id, text, signal) {
      const path = `alerts/${encodeURIComponent(id)}/annotate`;
      await send({ method: 'POST', path, body: { text }, signal, retries: 0 });
    },
    async peopleNow(signal) {
      const body = await send({ method: 'GET', path: 'users', signal, retries: 0 });
      if (!Array.isArray(body)) throw unexpected();
      return body.map(readPerson);
    },
    async teamOfSecret(signal) {
      const event: Signl4AlertEvent = {
        Title: 'signl4-sentinel doctor',
        Message: 'Asks whether the team secret is valid.',
        'X-S4-ExternalID': NOTHING,
        'X-S4-Status': 'resolved',
        'X-S4-SourceSystem': 'MicrosoftSentinel',
      };
      const path = `events/${encodeURIComponent(teamSecretOf(options))}`;
      const body = await send({ method: 'POST', path, body: event as unknown as Json, signal, isConfirmed });
      return textOf(member(body, 'teamId')) ?? '';
    },
    teams: async (signal) => listOf(await get('teams', signal)).map(readTeam),
    people: async (signal) => listOf(await get('users', signal)).map(readPerson),
    async webhooks(signal) {
      try {
        return listOf(await get('webhooks', signal)).map(readWebhook);
      } catch (error) {
        // SIGNL4's response if there are none.
        if (Number(member(error, 'statusCode')) === 404) return [];
        throw error;
      }
    },
    async createWebhook({ name, url, teamId, description }, signal) {
      const body = {
        ...{ name, extUrl: url, enabled: true },
        ...(teamId ? { teamId } : {}),
        ...(description ? { description } : {}),
      };
      return textOf(await send({ method: 'POST', path: 'webhooks', body, signal })) ?? '';
    },
    async deleteWebhook(id, signal) {
      await send({ method: 'DELETE', path: `webhooks/${encodeURIComponent(id)}`, signal });
    },
  };
}

/** Allowed difference between SIGNL4's clock and ours. */
const CLOCK_SKEW_MS = 60_000;
const MOST_ALERTS = 100;
/** An external id that no alert has. */
const NOTHING = 'signl4-sentinel:doctor';

/** SIGNL4's ids have about 60 characters: digits, a GUID and separators, no spaces or brackets. */
const EVENT_ID = /^[a-z0-9][\w.:+=/-]{0,199}$/i;
/** What serializers, templates and proxies write if there is no id, including just zeros. */
const NO_ID = /^(null|nil|undefined|none|nan|n\/a|unknown|string|object|error|true|false|[0.:_-]+)$/i;

/** Empty if the response has no event id: missing, a placeholder, or an error with an id of its own. */
function eventIdOf(answer: Json): string {
  const isRefused = ['code', 'status', 'statusCode'].some((name) => isHttpError(Number(member(answer, name))));
  const hasFailed = ['error', 'errors'].some((name) => saysSomething(member(answer, name)));
  if (isRefused || hasFailed || String(member(answer, 'success')).toLowerCase() === 'false') return '';
  const ids = [member(answer, 'eventId'), member(answer, 'id')].map((id) => (typeof id === 'string' ? id.trim() : ''));
  return ids.find((id) => EVENT_ID.test(id) && !NO_ID.test(id)) ?? '';
}

function isHttpError(status: number): boolean {
  return status >= 400 && status < 600;
}

/** False for an empty list of errors, which some serializers write. */
function saysSomething(error: unknown): boolean {
  return typeof error === 'object' && error !== null ? Object.keys(error).length > 0 : Boolean(error);
}

/** Only this confirms that SIGNL4 has the event. */
function isConfirmed(status: number, answer: Json): boolean {
  return status === 201 && eventIdOf(answer) !== '';
}

function teamSecretOf({ teamSecret }: Signl4Options): string {
  if (teamSecret) return teamSecret;
  throw new UserError('signl4.team-secret', 'there is no team secret to send events with', {
    remedy: 'Set SIGNL4_TEAM_SECRET. SIGNL4 portal: Teams, the team, Integrations.',
  });
}

function readAlert(value: unknown): Signl4Alert {
  const text = (name: string) => textOf(member(value, name)) ?? '';
  const inHistory = (name: string) => textOf(memberAt(value, 'history', name)) ?? '';
  return {
    id: text('id'),
    eventId: text('eventId'),
    externalId: text('externalId'),
    teamId: text('teamId'),
    statusCode: Number(memberAt(value, 'status', 'statusCode') ?? 0),
    createdAt: inHistory('created'),
    acknowledgedAt: inHistory('acknowledgedAt'),
    closedAt: inHistory('closedAt'),
    acknowledgedBy: listOf(memberAt(value, 'history', 'acknowledgements')).flatMap((id) => textOf(id) ?? []),
    closedBy: inHistory('closedBy'),
  };
}

function readDetails(value: unknown): Signl4AlertDetails {
  const entries = listOf(member(value, 'timelineEntries')).flatMap((entry): readonly Signl4Entry[] => {
    const text = textOf(member(entry, 'text'));
    const of = (name: string) => textOf(member(entry, name)) ?? '';
    return text === undefined ? [] : [{ text, userId: of('userId'), at: of('timestamp') }];
  });
  return { ...readAlert(value), entries };
}

/** Proxies and failing services answer 200 with other content or none. */
function unexpected(): Signl4Error {
  return new Signl4Error('SIGNL4: the answer is not what was asked for', { code: UNREADABLE });
}

function readTeam(value: unknown): Signl4Team {
  const memberIds = listOf(member(value, 'memberIds')).flatMap((id) => textOf(id) ?? []);
  return { id: textOf(member(value, 'id')) ?? '', name: textOf(member(value, 'name')) ?? '', memberIds };
}

/** `dutyInfos[].dutyMode` (V2.DutyModes): 0 off, 1 on duty, 100 on duty as manager. */
const dutyModes = { primary: 1, manager: 100 };

function readPerson(value: unknown): Signl4Person {
  const duties = listOf(member(value, 'dutyInfos'));
  const teamsIn = (mode: number) =>
    duties
      .filter((duty) => Number(member(duty, 'dutyMode')) === mode)
      .flatMap((duty) => textOf(member(duty, 'teamId')) ?? []);
  return {
    id: textOf(member(value, 'id')) ?? '',
    name: textOf(member(value, 'name')) ?? '',
    mail: textOf(member(value, 'mail')) ?? '',
    isActive: member(value, 'isDeactivated') !== true && member(value, 'isInvite') !== true,
    onDuty: teamsIn(dutyModes.primary),
    onManagerDuty: teamsIn(dutyModes.manager),
  };
}

function readWebhook(value: unknown): Signl4Webhook {
  return {
    id: textOf(member(value, 'id')) ?? '',
    name: textOf(member(value, 'name')) ?? '',
    url: textOf(member(value, 'extUrl')) ?? textOf(member(value, 'externalAddress')) ?? '',
    teamId: textOf(member(value, 'teamId')) ?? '',
    isEnabled: member(value, 'enabled') !== false,
    description: textOf(member(value, 'description')) ?? '',
  };
}

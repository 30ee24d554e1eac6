import { isJsonObject, listOf, member, memberAt, textOf } from './json.ts';
import { uuid5 } from './uuid.ts';

/** What happened to an alert in SIGNL4, with the names used in the callback mapping. */
export const signl4Events = [
  'created',
  'acknowledged',
  'closed',
  'annotated',
  'escalated',
  'noResponse',
  'reopened',
] as const;
export type Signl4Event = (typeof signl4Events)[number];

export interface Signl4User {
  readonly id: string;
  /** Display name, or user name if SIGNL4 sends none. */
  readonly name: string;
  readonly mail: string;
}

/** A notification of SIGNL4's outbound webhook, normalised. */
export interface Notification {
  /** Unique per notification, so that receivers can ignore repetitions. */
  readonly id: string;
  /** Undefined if we do not act on it: tests, duty changes, unknown codes. */
  readonly event: Signl4Event | undefined;
  readonly eventType: number;
  readonly raisedAt: string;
  readonly externalId: string;
  readonly alertId: string;
  readonly team: string;
  /** Undefined for system events. */
  readonly user: Signl4User | undefined;
  /** Text entered by the person, including with an acknowledgement or closing. */
  readonly note: string;
  readonly acknowledgedUserIds: readonly string[];
}

/** States of a SIGNL4 alert: `status.statusCode` of the alert, `alert.statusCode` of a notification. */
export const alertStates = { open: 1, acknowledged: 2, closed: 4, noResponse: 8 } as const;

/** `alert.statusCode` of an eventType 201 to what it means; 0, 16 and 32 mean nothing to an incident. */
export const statusEvents: Readonly<Record<number, Signl4Event>> = {
  [alertStates.open]: 'reopened',
  [alertStates.acknowledged]: 'acknowledged',
  [alertStates.closed]: 'closed',
  [alertStates.noResponse]: 'noResponse',
};
/** Any other `eventType` that means something. */
export const typeEvents: Readonly<Record<number, Signl4Event>> = { 200: 'created', 202: 'escalated', 203: 'annotated' };
/** `eventType` of a change of an alert's state. */
export const STATUS_CHANGED = 201;

/** Namespace for ids of notifications that have none. */
const NAMELESS = '3d4a7c0e-6a0b-4b7e-8f55-0a1c9d2b7e64';

/**
 * Reads a notification ignoring case. Undefined without an eventType, because SIGNL4 always sends one. A missing id is derived
 * from the contents, so that repetitions are still recognised.
 */
export function readNotification(body: unknown): Notification | undefined {
  const eventType = Number(textOf(member(body, 'eventType')) ?? Number.NaN);
  if (!isJsonObject(body) || !Number.isInteger(eventType)) return undefined;
  const id = textOf(member(body, 'id'))?.trim() || uuid5(JSON.stringify(inOneOrder(body)), NAMELESS);
  const statusCode = Number(textOf(memberAt(body, 'alert', 'statusCode')));
  return {
    id,
    event: eventType === STATUS_CHANGED ? statusEvents[statusCode] : typeEvents[eventType],
    eventType,
    raisedAt: textOf(member(body, 'eventRaisedUtc')) ?? '',
    externalId: textOf(memberAt(body, 'alert', 'externalEventId')) ?? '',
    alertId: textOf(memberAt(body, 'alert', 'id')) ?? '',
    team: textOf(memberAt(body, 'team', 'teamname')) ?? '',
    user: readUser(member(body, 'user')),
    // Some senders put the text directly in place of the annotation.
    note: (textOf(memberAt(body, 'annotation', 'message')) ?? textOf(member(body, 'annotation')) ?? '').trim(),
    acknowledgedUserIds: listOf(memberAt(body, 'alert', 'acknowledgedUserIds')).flatMap((user) => textOf(user) ?? []),
  };
}

/** Normalises order and case of keys and drops nulls, so that equal contents give equal text. */
function inOneOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOneOrder);
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value)
    .filter(([, inner]) => inner !== null)
    .map(([key, inner]) => [key.toLowerCase(), inOneOrder(inner)] as const);
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Allowed difference between two synchronised clocks. */
export const CLOCK_SKEW_MS = 10 * 60_000;

/** Older times come from unset fields or clocks (year 1, 1970, 2000). */
const OLDEST_MS = 5 * 365 * 24 * 3_600_000;

/**
 * When a notification was raised, ISO 8601 in UTC. If it has no time, or one after it was received (milliseconds since 1970) or
 * more than 5 years before that, the sender's clock is wrong and the time of receipt is used. A time without a zone is UTC.
 */
export function credibleTime(raisedAt: string, receivedAt: number): string {
  const text = raisedAt.trim();
  const raised = Date.parse(/(z|[+-]\d{2}:?\d{2})$/i.test(text) ? text : `${text}Z`);
  const isCredible = raised <= receivedAt + CLOCK_SKEW_MS && raised >= receivedAt - OLDEST_MS;
  return new Date(isCredible ? raised : receivedAt).toISOString();
}

function readUser(value: unknown): Signl4User | undefined {
  const name = textOf(member(value, 'displayname')) || textOf(member(value, 'username'));
  const mail = textOf(member(value, 'mailaddress')) ?? '';
  if (!name && !mail) return undefined;
  return { id: textOf(member(value, 'id')) ?? '', name: name || mail, mail };
}

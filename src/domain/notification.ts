import { listOf, member, memberAt, textOf } from './json.ts';

/** What happened to an alert in SIGNL4, in the words of the callback mapping. */
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
  /** Display name where SIGNL4 sends one, else the user name. */
  readonly name: string;
  readonly mail: string;
}

/** A notification of SIGNL4's outbound webhook, normalised. */
export interface Notification {
  /** Unique per notification: receivers handle an id once. */
  readonly id: string;
  /** Undefined for what we do not act on: tests, duty changes, unknown codes. */
  readonly event: Signl4Event | undefined;
  readonly eventType: number;
  readonly raisedAt: string;
  readonly externalId: string;
  readonly alertId: string;
  readonly team: string;
  /** Undefined for system events. */
  readonly user: Signl4User | undefined;
  /** What the person typed, also while acknowledging or closing. */
  readonly note: string;
  readonly acknowledgedUserIds: readonly string[];
}

/** `alert.statusCode` of an eventType 201 to what it means; 0, 16 and 32 mean nothing to an incident. */
const statusEvents: Readonly<Record<number, Signl4Event>> = {
  1: 'reopened',
  2: 'acknowledged',
  4: 'closed',
  8: 'noResponse',
};
const typeEvents: Readonly<Record<number, Signl4Event>> = { 200: 'created', 202: 'escalated', 203: 'annotated' };
const STATUS_CHANGED = 201;

/** Reads a notification in any casing. Undefined where it has no id or no eventType: then it is none of SIGNL4's. */
export function readNotification(body: unknown): Notification | undefined {
  const id = textOf(member(body, 'id'));
  const eventType = Number(textOf(member(body, 'eventType')));
  if (!id || !Number.isInteger(eventType)) return undefined;
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
    note: textOf(memberAt(body, 'annotation', 'message'))?.trim() ?? '',
    acknowledgedUserIds: listOf(memberAt(body, 'alert', 'acknowledgedUserIds')).flatMap((user) => textOf(user) ?? []),
  };
}

function readUser(value: unknown): Signl4User | undefined {
  const name = textOf(member(value, 'displayname')) || textOf(member(value, 'username'));
  const mail = textOf(member(value, 'mailaddress')) ?? '';
  if (!name && !mail) return undefined;
  return { id: textOf(member(value, 'id')) ?? '', name: name || mail, mail };
}

import {
  and,
  at,
  call,
  concat,
  empty,
  equals,
  lookUp,
  lower,
  not,
  replace,
  text,
  trim,
  type Wdl,
  when,
} from './expressions.ts';

/** What the body of the outbound webhook says, before the incident is read. */
export interface NotificationWdl {
  /** `acknowledged`, `closed`, …, or empty for what we do not act on. */
  readonly event: Wdl;
  /** Whether the alert stands for an incident of this workspace. What has no id is none of SIGNL4's notifications. */
  readonly isOurs: Wdl;
  /** GUID of the incident; use it only where `isOurs` holds. */
  readonly incidentId: Wdl;
}

/** Key of an event: eventType, and for 201 the status code behind a slash. */
const eventTable = {
  '200': 'created',
  '201/1': 'reopened',
  '201/2': 'acknowledged',
  '201/4': 'closed',
  '201/8': 'noResponse',
  '202': 'escalated',
  '203': 'annotated',
} as const;

/** Reads a notification. `body` is the expression of the webhook's body, `workspaceId` of the workspace's GUID. */
export function notificationWdl(body: Wdl, workspaceId: Wdl): NotificationWdl {
  const eventType = text(at(body, 'eventType'));
  const key = when(equals(eventType, "'201'"), concat("'201/'", text(at(body, 'alert', 'statusCode'))), eventType);
  const hasId = not(empty(trim(text(at(body, 'id')))));
  const externalId = lower(trim(text(at(body, 'alert', 'externalEventId'))));
  const incidentId = call('last', call('split', externalId, "':'"));
  const expected = concat("'sentinel:'", lower(workspaceId), "':'", incidentId);
  return {
    event: text(lookUp(call('json', `'${JSON.stringify(eventTable)}'`), key)),
    isOurs: and(hasId, equals(externalId, expected), isGuidWdl(incidentId)),
    incidentId,
  };
}

/** Whether a text in lower case is a GUID: it becomes part of a URL. */
export function isGuidWdl(value: Wdl): Wdl {
  const withoutDigits = [...'0123456789abcdef'].reduce((rest, digit) => replace(rest, `'${digit}'`, "''"), value);
  const lengths = [8, 4, 4, 4, 12].map((length, index) =>
    equals(call('length', text(`split(${value}, '-')?[${index}]`)), String(length)),
  );
  return and(equals(withoutDigits, "'----'"), ...lengths);
}

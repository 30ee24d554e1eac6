import { alertStates } from '../../domain/notification.ts';
import {
  at,
  call,
  type Expr,
  equals,
  isNot,
  item,
  lacks,
  list,
  lower,
  type Members,
  not,
  parameter,
  type Row,
  row,
  string,
  type Text,
  text,
  triggerBody,
  when,
} from '../../wdl/build.ts';
import { listAlerts, sendEvent } from '../signl4.ts';
import { noRetry, patientRetry, type Step, type StepOptions } from '../step.ts';
import { condition } from '../steps/condition.ts';
import { connector } from '../steps/connector.ts';
import { filterArray } from '../steps/filter-array.ts';
import { http } from '../steps/http.ts';
import { parseJson } from '../steps/parse-json.ts';
import { scope } from '../steps/scope.ts';
import type { Message } from './message.ts';

/**
 * Found in an answer of "List alerts" that has any. Looked for in the text of the answer, whatever that is: a row that fails
 * would keep the page back. A lone `string(…)` would be lost when somebody edits a row.
 */
const ALERTS = '"results":[{';
/** Found in an answer that says there are none; SIGNL4 may also answer 204. */
const NO_ALERTS = '"results":[]';
/** Found in an answer of "Send an event" that has an id. */
const EVENT_ID = '"eventId":"';
/** An id that says nothing. */
const NO_EVENT_ID = '"eventId":""';

/** Asks SIGNL4 for the alerts of an external id, once and not for long. */
export function findAlerts(
  name: string,
  options: StepOptions & { readonly externalId: Text },
): {
  readonly step: Step;
  /** Holds where SIGNL4 has none, or did not say. */
  readonly hasNone: Row;
  /** Holds where SIGNL4 said that it has none. */
  readonly saysNone: Row;
  /** Holds where SIGNL4 has any. */
  readonly hasSome: Row;
} {
  const { externalId, ...rest } = options;
  const step = connector(name, listAlerts, { ...rest, body: { externalId }, retry: noRetry, timeout: 'PT10S' });
  const answer = lower(string(step.body()));
  return {
    step,
    hasNone: lacks(answer, ALERTS),
    saysNone: row.any([row.is(step.outputs('statusCode'), 204), row.contains(answer, NO_ALERTS)]),
    hasSome: row.contains(answer, ALERTS),
  };
}

/** The alerts of an answer that are not closed. Whether people could be reached has the same name, below their state. */
export function openAlerts(
  name: string,
  { of, ...options }: StepOptions & { readonly of: Step },
): { readonly step: Step; readonly hasSome: Row } {
  const step = filterArray(name, {
    ...options,
    from: list(of.body('results')),
    where: not(equals(string(at(item, 'status', 'statusCode')), String(alertStates.closed))),
  });
  return { step, hasSome: row.contains(lower(string(step.body())), '{') };
}

/** Sends an event to SIGNL4 through the connector. */
export function sendToSignl4(
  name: string,
  options: StepOptions & { readonly event: Expr | Members; readonly repeat: boolean },
): Step {
  const { event, repeat, ...rest } = options;
  return connector(name, sendEvent, {
    ...rest,
    path: { teamSecret: parameter('TeamSecret') },
    body: event,
    retry: repeat ? patientRetry : noRetry,
    secure: ['inputs'],
  });
}

/** Fails where SIGNL4 did not confirm an event with its id: only then is somebody paged. */
export function confirmation(name: string, send: Step): Step {
  return parseJson(name, {
    description: 'Only an answer with an event id says that SIGNL4 has the event. Without it the run fails here.',
    content: send.body(),
    schema: {
      type: 'object',
      required: ['eventId'],
      properties: { eventId: { type: 'string', title: 'Event ID', minLength: 1 } },
    },
  });
}

/** Holds where a send was not confirmed by 201 and an event id, also where it was skipped. */
export function isUnconfirmed(send: Step): Row {
  return row.any([isNot(send.outputs('statusCode'), 201), lacks(withId(send), EVENT_ID)]);
}

/** Holds where a send was confirmed by 201 and an event id. */
export function isConfirmed(send: Step): Row {
  return row.all([row.is(send.outputs('statusCode'), 201), row.contains(withId(send), EVENT_ID)]);
}

/** The answer without an id that says nothing. */
const withId = (send: Step) => call('replace', string(send.body()), NO_EVENT_ID, '');

/** What tells SIGNL4 which alerts an event is about, and what it does to them. */
export const steering = (state: 'new' | 'acknowledged' | 'resolved', externalId: Text): Members => ({
  'X-S4-ExternalID': externalId,
  'X-S4-Status': state,
  'X-S4-SourceSystem': 'MicrosoftSentinel',
});

export interface Page {
  readonly externalId: Text;
  readonly message: Message;
  /** Title and text of the event that goes out where SIGNL4 does not take the first. */
  readonly bare: { readonly title: Text; readonly text: Text };
  /** Seconds that the relay has to write the event; undefined without one. */
  readonly relaySeconds?: number | undefined;
}

/**
 * Pages the team. An event whose answer was lost is not repeated before SIGNL4 was asked for it; one that SIGNL4 does not take
 * is followed by a bare one, which nothing that people chose can spoil. Everything is in one scope, so that what people
 * insert below it runs after a page only.
 */
export function pageTheTeam({ externalId, message, bare, relaySeconds }: Page): {
  readonly step: Step;
  /** The ids of the event, one of which is there. */
  readonly eventId: Text;
} {
  const relay = relaySeconds === undefined ? [] : askRelay(relaySeconds);
  const send = sendToSignl4('Send to SIGNL4', {
    description: 'Pages the team on call. Change title, message and other fields here.',
    ...(relay.length > 0 && { on: ['Skipped'] as const }),
    event: { Title: message.title, Message: message.text, ...steering('new', externalId), ...message.further },
    repeat: false,
  });
  const sends = [...relay.slice(1), send];
  const find = findAlerts('Ask SIGNL4 again', {
    description: 'Whether the event arrived: its answer may have been lost on the way.',
    after: sends,
    on: 'any',
    externalId,
  });
  const sendBare = sendToSignl4('Send a bare event', {
    description: 'SIGNL4 did not take the event, perhaps for something in it: this one has a number and a link.',
    event: { Title: bare.title, Message: bare.text, ...steering('new', externalId) },
    repeat: true,
  });
  const confirmed = confirmation('Confirmation from SIGNL4', sendBare);
  const isTaken = condition('Did SIGNL4 not take it', {
    description: 'Neither an event id nor an alert of this external id.',
    on: 'any',
    all: [...sends.map(isUnconfirmed), find.hasNone],
    yes: [sendBare, confirmed],
  });
  // An answer that is a web page or a list has no members to ask for.
  const idOf = (one: Step) => when(call('startsWith', string(one.body()), '{'), one.body('eventId'), '');
  const ids = [...sends, confirmed].map((one) => text`${idOf(one)}`);
  return {
    step: scope('Page the team', {
      description: 'Succeeds where somebody is paged. Add what should follow a page below this scope, not inside it.',
      on: 'finished',
      steps: [...relay, send, find.step, isTaken],
    }),
    eventId: ids.reduce((all, id) => text`${all}${id}`),
  };
}

/** The relay's own event, and its sending. */
function askRelay(seconds: number): readonly [Step, Step] {
  const ask = http('Ask the relay', {
    description: 'The relay adds alerts, entities and search results. It has its own deadline; nobody waits longer.',
    method: 'POST',
    uri: text`${parameter('RelayUrl')}/api/incidents/enrich`,
    headers: { 'Content-Type': 'application/json', 'X-Api-Key': parameter('RelayKey') },
    body: triggerBody,
    retry: noRetry,
    timeout: `PT${seconds}S`,
    secure: ['inputs'],
  });
  const send = sendToSignl4('Send what the relay wrote', {
    description: 'Pages the team on call with the event of the relay.',
    event: at(ask.body(), 'event'),
    repeat: false,
  });
  return [ask, send];
}

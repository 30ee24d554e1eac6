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
 * Text in a response of "List alerts" that has results. The response is searched as text because a row must not fail, which would
 * prevent the page. The designer would drop a lone `string(…)` when somebody edits a row.
 */
const ALERTS = '"results":[{';
/** Text in a response without results; SIGNL4 may also answer 204. */
const NO_ALERTS = '"results":[]';
/** Text in a response of "Send an event" that has an id. */
const EVENT_ID = '"eventId":"';
/** An empty id. */
const NO_EVENT_ID = '"eventId":""';

/** Reads the alerts with an external id from SIGNL4, without retries and with a short timeout. */
export function findAlerts(
  name: string,
  options: StepOptions & { readonly externalId: Text },
): {
  readonly step: Step;
  /** Holds if SIGNL4 has none or did not answer. */
  readonly hasNone: Row;
  /** Holds if SIGNL4 answered that it has none. */
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

/** Alerts in a response that are not closed. The delivery status has the same name as the state, one level deeper. */
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

/** Fails unless SIGNL4 confirmed the event with an id, because only then somebody is paged. */
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

/** Holds if a send was not confirmed by a 201 with an event id, including if it was skipped. */
export function isUnconfirmed(send: Step): Row {
  return row.any([isNot(send.outputs('statusCode'), 201), lacks(withId(send), EVENT_ID)]);
}

/** Holds if a send was confirmed by a 201 with an event id. */
export function isConfirmed(send: Step): Row {
  return row.all([row.is(send.outputs('statusCode'), 201), row.contains(withId(send), EVENT_ID)]);
}

/** The response without an empty id. */
const withId = (send: Step) => call('replace', string(send.body()), NO_EVENT_ID, '');

/** Headers that tell SIGNL4 which alerts an event is about, and what to do with them. */
export const steering = (state: 'new' | 'acknowledged' | 'resolved', externalId: Text): Members => ({
  'X-S4-ExternalID': externalId,
  'X-S4-Status': state,
  'X-S4-SourceSystem': 'MicrosoftSentinel',
});

export interface Page {
  readonly externalId: Text;
  readonly message: Message;
  /** Title and text of the second event, sent if SIGNL4 rejects the first. */
  readonly bare: { readonly title: Text; readonly text: Text };
  /** Timeout for the relay's event in seconds; undefined without a relay. */
  readonly relaySeconds?: number | undefined;
}

/**
 * Pages the team. If the response to an event is lost, SIGNL4 is asked before it is sent again. If SIGNL4 rejects it, a minimal
 * event follows, which nothing in the configuration can break. All steps are in one scope, so that steps inserted after it only
 * run once the page is sent.
 */
export function pageTheTeam({ externalId, message, bare, relaySeconds }: Page): {
  readonly step: Step;
  /** Expression for the event's id, from whichever send succeeded. */
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
  // A response may be a web page or a list, which have no members to read.
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

/** Steps that get the relay's event and send it. */
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

import {
  at,
  call,
  coalesce,
  type Expr,
  empty,
  equals,
  json,
  type Members,
  not,
  parameter,
  type Text,
  text,
  when,
} from '../expression.ts';
import { sendEvent } from '../signl4.ts';
import { noRetry, patientRetry, type Step, type StepOptions } from '../step.ts';
import { compose } from '../steps/compose.ts';
import { condition } from '../steps/condition.ts';
import { connector } from '../steps/connector.ts';
import { http } from '../steps/http.ts';
import { parseJson } from '../steps/parse-json.ts';
import { scope } from '../steps/scope.ts';
import type { Choices } from '../workflow.ts';

/** Where alerts go. */
export const teamChoice: Choices = {
  TeamSecret: {
    type: 'SecureString',
    description: 'Secret of the SIGNL4 team that is paged: the last part of its inbound webhook address.',
  },
};

/** The optional relay. */
export const relayChoices = (url: string): Choices => ({
  RelayUrl: {
    type: 'String',
    defaultValue: url,
    description: 'Address of the relay that adds search results, without a slash at the end. Empty: no relay.',
  },
  RelayKey: {
    type: 'SecureString',
    defaultValue: '',
    description: 'Key of the relay. Empty where there is no relay.',
  },
});

/** What the relay must answer to be of use: an event that raises an alert. */
const answerSchema = {
  type: 'object',
  required: ['event'],
  properties: {
    event: {
      type: 'object',
      required: ['Title', 'X-S4-ExternalID'],
      properties: {
        Title: { type: 'string', minLength: 1 },
        'X-S4-ExternalID': { type: 'string' },
        'X-S4-Status': { enum: ['new'] },
      },
    },
  },
} as const;

/**
 * Asks the relay for a richer event and falls back on the one built here: whatever becomes of the relay, there is an event.
 * Gives the steps and the event to send.
 */
export function richestEvent(options: {
  /** Built from the incident; null where that failed. */
  readonly localEvent: Expr;
  /** Hardly more than a title and the external id: what goes out where all else failed. */
  readonly plainEvent: Expr;
  /** Of the thing that the page is about: the answer to another question is no answer. */
  readonly externalId: Expr;
  /** Body of the request to the relay. */
  readonly request: Expr;
  readonly timeoutSeconds: number;
}): { readonly steps: readonly Step[]; readonly event: Expr } {
  const ask = http('Ask the relay', {
    description:
      'The relay adds linked alerts, entities and search results. It has its own deadline; nobody waits longer.',
    method: 'POST',
    uri: text`${parameter('RelayUrl')}/api/incidents/enrich`,
    headers: { 'Content-Type': 'application/json', 'X-Api-Key': parameter('RelayKey') },
    body: options.request,
    retry: noRetry,
    timeout: `PT${options.timeoutSeconds}S`,
    secure: ['inputs'],
  });
  const read = parseJson('Read the answer of the relay', {
    description: 'Fails where the answer is no event, so that the event built here is used.',
    content: ask.body(),
    schema: answerSchema,
  });
  const relay = condition('Is there a relay', {
    description: 'Without a relay the event built here is sent.',
    on: 'any',
    all: [not(empty(parameter('RelayUrl')))],
    yes: [ask, read],
  });
  const event = compose('Event to send', {
    description: 'The event of the relay where it answered in time, else the one built here, else the plain one.',
    value: coalesce(
      when(
        call(
          'and',
          equals(read.status, 'Succeeded'),
          equals(read.body('event', 'X-S4-ExternalID'), options.externalId),
        ),
        read.body('event'),
        null,
      ),
      options.localEvent,
      options.plainEvent,
    ),
    on: 'any',
  });
  return { steps: [relay, event], event: event.outputs() };
}

/** Sends an event to SIGNL4 through the connector. */
export function sendToSignl4(name: string, options: StepOptions & { readonly event: Expr | Members }): Step {
  return connector(name, sendEvent, {
    ...options,
    path: { teamSecret: parameter('TeamSecret') },
    body: options.event,
    retry: patientRetry,
    secure: ['inputs'],
  });
}

/** A page: succeeded where SIGNL4 took one of two events. */
export interface Page {
  readonly step: Step;
  /** Id of the event that SIGNL4 took; null where its answer has none. */
  readonly eventId: Expr;
}

/**
 * Sends the event, and where that fails for good, one of which nothing is the sender's choice: a text that SIGNL4 does not take,
 * a category that it does not know, must not keep anybody from being paged.
 */
export function pageTheTeam(
  options: Omit<StepOptions, 'description'> & { event: Expr | Members; bare: Members },
): Page {
  const { event, bare, ...start } = options;
  const send = sendToSignl4('Send to SIGNL4', {
    description: 'Pages the team on call. One incident is one alert: its external id says which.',
    event,
  });
  const sendBare = sendToSignl4('Send a bare event', {
    description: 'SIGNL4 did not take the event, perhaps for something in it: this one has a number and a link.',
    on: ['Failed', 'TimedOut'],
    event: bare,
  });
  const step = scope('Page the team', {
    ...start,
    description: 'Somebody is paged where SIGNL4 takes one of the two events.',
    steps: [send, sendBare],
  });
  const ids = [send, sendBare].flatMap((one) => {
    const answer = objectIn(when(equals(one.status, 'Succeeded'), one.body(), null));
    return [at(answer, 'eventId'), at(answer, 'id')];
  });
  return { step, eventId: coalesce(...ids) };
}

/** What was answered, where it is an object; else an empty one. */
function objectIn(body: Expr): Expr {
  const answer = call('string', coalesce(body, ''));
  return json(when(call('startsWith', answer, '{'), answer, '{}'));
}

/** Text of the comment that says an event was sent. */
export function sentComment(marker: string, { eventId }: Page): Text {
  return text`${marker}sent to the person on call. Event ${eventId}`;
}

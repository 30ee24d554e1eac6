import type { Config } from '../../src/config/config.ts';
import type { Classification } from '../../src/domain/classification.ts';
import type { ExternalId } from '../../src/domain/external-id.ts';
import { changesState } from '../../src/rules/callback.ts';
import type { CallbackEvent } from '../../src/rules/choices.ts';
import { annotationMarker } from '../../src/rules/comment.ts';
import { compileTemplate, type TokenSource } from '../../src/rules/template-tokens.ts';
import {
  at,
  call,
  type Expr,
  equals,
  isNot,
  lower,
  parameter,
  type Row,
  row,
  string,
  text,
  triggerBody,
  when,
} from '../../src/wdl/build.ts';
import type { Json } from '../../src/wdl/types.ts';
import {
  isBySomebody,
  noteText,
  notificationSchema,
  notificationTokens,
} from '../../src/workflow/parts/notification.ts';
import type { Step } from '../../src/workflow/step.ts';
import { condition } from '../../src/workflow/steps/condition.ts';
import { respond } from '../../src/workflow/steps/respond.ts';
import { terminate } from '../../src/workflow/steps/terminate.ts';
import { type Variable, variable } from '../../src/workflow/steps/variable.ts';
import { type NamedTrigger, whenCalled } from '../../src/workflow/triggers.ts';
import type { Choice, Choices } from '../../src/workflow/workflow.ts';
import { doesSomething, eventCodes, eventNames } from './events.ts';

/*
 * What begins a playbook that SIGNL4 calls: the answer, what the notification says, and whether it is about an incident of ours.
 */

/** Which incidents are here: the first two parts of their external id. */
export interface Here {
  readonly source: ExternalId['source'];
  readonly scope: { readonly says: string; readonly id: Expr };
}

/** What SIGNL4 told, as variables: rows on them survive edits in the designer. */
export interface Notified {
  readonly trigger: NamedTrigger;
  /** Events that change or say anything. */
  readonly events: readonly CallbackEvent[];
  /** From the answer to the guard, which is the last. */
  readonly steps: readonly Step[];
  readonly guard: Step;
  readonly happened: Expr;
  readonly externalId: Variable;
  readonly note: Expr;
  /** What is to be written on the incident, and rows that hold where that is anything: none where every event says something. */
  readonly said: Expr;
  readonly saysSomething: readonly Row[];
  readonly tokens: TokenSource;
}

/**
 * Events that may be nobody's. A change of state that nobody made is the echo of an event of ours, and may come when the incident
 * has long moved on.
 */
const nobodys = (Object.keys(eventNames) as CallbackEvent[]).filter((event) => !changesState(event));

export function notified(config: Config, { source, scope }: Here): Notified {
  const events = (Object.keys(eventNames) as CallbackEvent[]).filter((event) => doesSomething(config.callback[event]));
  const answer = respond('Answer SIGNL4', {
    description: 'At once: what follows is nobody else’s business.',
    statusCode: 202,
  });
  const happened = variable('What happened', 'string', text`${at(parameter('Events'), eventCode)}`, {
    action: 'What happened in SIGNL4',
    description: 'acknowledged, closed, annotated, escalated, no response or reopened; empty for everything else.',
    // Nobody waits for the answer of a run that somebody resubmits: it is skipped there.
    on: ['Succeeded', 'Skipped'],
  });
  const externalId = variable(
    'External event ID',
    'string',
    text`${lower(string(at(triggerBody, 'alert', 'externalEventId')))}`,
    {
      description: `${source}, the ${scope.says} and the incident, as the page named them.`,
    },
  );
  const note = variable('Note', 'string', text`${noteText}`, {
    description: 'What the person typed; empty where there is nothing.',
  });
  const tokens = notificationTokens(note.value);
  const comments = variable(
    'Comments',
    'object',
    Object.fromEntries(
      events.map((event) => [eventNames[event], compileTemplate(config.callback[event].comment, tokens) ?? '']),
    ),
    { description: 'What is written on the incident when something happened. Change the texts here.' },
  );
  const said = at(comments.value, happened.value);
  const guard = condition('Is it about an incident here', {
    description: 'Tests, duty changes and alerts of other senders end here, and what this solution wrote itself.',
    all: [
      row.startsWith(externalId.value, `${source}:`),
      row.contains(externalId.value, scope.id),
      isNot(happened.value, ''),
      row.any([...isBySomebody, ...nobodys.map((event) => row.is(happened.value, eventNames[event]))]),
      row.any([
        isNot(happened.value, eventNames.annotated),
        row.not(row.startsWith(note.value, annotationMarker.trim())),
      ]),
    ],
    no: [
      terminate('Not about an incident here', {
        description: 'One of the rows above does not hold. Nothing is changed.',
        as: 'Cancelled',
      }),
    ],
  });
  return {
    trigger: whenCalled('When_SIGNL4_calls', 'SIGNL4 tells what happened to an alert.', notificationSchema),
    events,
    steps: [answer, happened.declaration, externalId.declaration, note.declaration, comments.declaration, guard],
    guard,
    happened: happened.value,
    externalId,
    note: note.value,
    said,
    saysSomething: events.every((event) => config.callback[event].comment !== '') ? [] : [isNot(said, '')],
    tokens,
  };
}

/** `201/<alert.statusCode>` where the status changed, else `eventType`: numbers that may arrive as texts. */
const eventCode = when(
  equals(string(at(triggerBody, 'eventType')), '201'),
  call('concat', '201/', string(at(triggerBody, 'alert', 'statusCode'))),
  string(at(triggerBody, 'eventType')),
);

/** How a product is told the classification of a closing. */
interface Verdicts {
  /** The parameter `Classification`, for a note without a hashtag. */
  readonly usual: Choice;
  /** What a hashtag chooses, as people call it. */
  readonly says: string;
  readonly of: (classification: Classification) => Json;
}

/** The choices behind it. */
export function notifiedChoices(
  { close, owners }: Config,
  events: readonly CallbackEvent[],
  { usual, says, of }: Verdicts,
): Choices {
  const codes = Object.entries(eventCodes).flatMap(([code, event]) =>
    events.filter((one) => one === event).map((one) => [code, eventNames[one]] as const),
  );
  return {
    Events: {
      type: 'Object',
      defaultValue: Object.fromEntries(codes),
      description: 'Codes of SIGNL4 to what they mean. Take a line out to ignore that event.',
    },
    Classification: usual,
    Classifications: {
      type: 'Object',
      defaultValue: Object.fromEntries(
        Object.entries(close.hashtags).map(([tag, classification]) => [`#${tag.toLowerCase()}`, of(classification)]),
      ),
      description: `Hashtags of a closing note, in lower case, to the ${says} that each chooses. The first word of the note that is one counts.`,
    },
    Owners: {
      type: 'Object',
      defaultValue: owners,
      description:
        'Mail address of a person in SIGNL4 to the Entra user principal name or object id that becomes the owner. Who is not named: the mail address itself.',
    },
  };
}

import type { Config } from '../../src/config/config.ts';
import { changesState } from '../../src/rules/callback.ts';
import type { CallbackEvent } from '../../src/rules/choices.ts';
import { annotationMarker } from '../../src/rules/comment.ts';
import { compileTemplate } from '../../src/rules/template-tokens.ts';
import {
  and,
  at,
  call,
  coalesce,
  contains,
  equals,
  isNot,
  json,
  last,
  lower,
  not,
  or,
  parameter,
  type Row,
  row,
  split,
  string,
  take,
  text,
  triggerBody,
  when,
} from '../../src/wdl/build.ts';
import { isBySomebody, notificationSchema, notificationTokens } from '../../src/workflow/parts/notification.ts';
import { derivedResourceManager, putComment, withoutMarkup } from '../../src/workflow/parts/resource-manager.ts';
import { ROUNDS } from '../../src/workflow/parts/update-incident.ts';
import { derivedWorkspace, workspaceArmId, workspaceId } from '../../src/workflow/parts/workspace.ts';
import type { Playbook } from '../../src/workflow/playbook.ts';
import { getIncident } from '../../src/workflow/sentinel.ts';
import { patientRetry, type Step } from '../../src/workflow/step.ts';
import { condition } from '../../src/workflow/steps/condition.ts';
import { connector } from '../../src/workflow/steps/connector.ts';
import { respond } from '../../src/workflow/steps/respond.ts';
import { switchOn } from '../../src/workflow/steps/switch-on.ts';
import { terminate } from '../../src/workflow/steps/terminate.ts';
import { until } from '../../src/workflow/steps/until.ts';
import { variable } from '../../src/workflow/steps/variable.ts';
import { whenCalled } from '../../src/workflow/triggers.ts';
import { allSteps, type Choices, type Workflow, workflow } from '../../src/workflow/workflow.ts';
import {
  changesIncident,
  doesSomething,
  eventCodes,
  eventNames,
  isAssigning,
  type Situation,
  stepsOf,
} from './events.ts';

export const callback: Playbook = {
  name: 'SIGNL4-Callback',
  title: 'SIGNL4 - Update the incident when the on-call team acts',
  description:
    "Receives SIGNL4's outbound webhook. Acknowledged makes the incident active and sets the owner, closed closes it with a classification, notes become comments, and unanswered alerts are marked.",
  prerequisites: ['SIGNL4-Send-Incident sends the incidents.'],
  postDeployment: [
    'Give the managed identity of the playbook the role Microsoft Sentinel Responder on the workspace.',
    'Enter the URL of the trigger as outbound webhook in SIGNL4. It holds a secret.',
  ],
  tags: ['Notification', 'On-call', 'Sync'],
  entities: [],
  restrictCallers: true,
  build,
};

/**
 * Events that may be nobody's. A change of state that nobody made is the echo of an event of ours, and may come when the incident
 * has long moved on.
 */
const nobodys = (Object.keys(eventNames) as CallbackEvent[]).filter((event) => !changesState(event));

/** Characters of a comment. Microsoft Sentinel takes 30,000, and escaping makes four of one. */
const COMMENT_LIMIT = 7_000;

function build(config: Config): Workflow {
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
      description: 'sentinel, the workspace and the incident, as the page named them.',
    },
  );
  const note = variable('Note', 'string', text`${noteOf}`, {
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
  const guard = condition('Is it about an incident here', {
    description: 'Tests, duty changes and alerts of other senders end here, and what this solution wrote itself.',
    all: [
      row.startsWith(externalId.value, 'sentinel:'),
      row.contains(externalId.value, workspaceId),
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
  const incidentArmId = text`${workspaceArmId}/providers/Microsoft.SecurityInsights/Incidents/${call('encodeUriComponent', last(split(externalId.value, ':')))}`;
  const get = connector('Get incident', getIncident, {
    description: 'As it is now: only what differs is written.',
    body: { incidentArmId },
    retry: patientRetry,
  });
  const situation: Situation = {
    incident: get,
    note: note.value,
    closeComment: compileTemplate(config.close.comment, tokens) ?? '',
  };
  const cases = events.filter((event) => changesIncident(config.callback[event]));
  const change = switchOn('What does it change', {
    description: 'One case for each event that changes the incident.',
    value: happened.value,
    cases: Object.fromEntries(
      cases.map((event) => [
        capital(eventNames[event]),
        { is: eventNames[event], steps: stepsOf(event, config.callback[event], situation) },
      ]),
    ),
  });
  const assigning = allSteps([change]).filter(isAssigning);
  const isGone = equals(get.outputs('statusCode'), 404);
  const loop = until('Until it is written', {
    description: 'Others change the same incident at the same time: read, compare and write, up to five times.',
    done: and(or(equals(change.status, 'Succeeded'), isGone), ...assigning.map(wasNoConflict)),
    rounds: ROUNDS,
    timeout: 'PT30M',
    steps: [get, change],
  });
  const written = condition('Was it written', {
    description: 'A loop ends after its last round whether it worked or not.',
    on: 'finished',
    all: [row.is(change.status, 'Succeeded')],
    no: [
      terminate('The incident was not changed', {
        description: 'Shows the run as failed, so that somebody looks.',
        as: 'Failed',
        code: 'IncidentNotChanged',
        message: text`Reading the incident gave ${get.outputs('statusCode')}. 404: it is gone, deleted or merged into another incident by Microsoft Defender. 403: the playbook lacks the role Microsoft Sentinel Responder. 200: the change was refused, or others changed it at the same time. ${happened.value}, note: ${note.value}`,
      }),
    ],
  });
  const comment = commentSteps(config, events, {
    after: guard,
    isCommented: isNot(at(comments.value, happened.value), ''),
    put: (start) =>
      putComment('Comment on the incident', {
        ...start,
        description: 'Under the id of the notification: repeated, it changes nothing.',
        incidentArmId,
        commentId: text`${commentId}`,
        message: text`${withoutMarkup(take(string(at(comments.value, happened.value)), COMMENT_LIMIT))}`,
      }),
  });
  return workflow({
    choices: callbackChoices(config, events),
    derived: [derivedWorkspace(config.workspace), derivedResourceManager],
    trigger: whenCalled('When_SIGNL4_calls', 'SIGNL4 tells what happened to an alert.', notificationSchema),
    steps: [
      answer,
      happened.declaration,
      externalId.declaration,
      note.declaration,
      comments.declaration,
      guard,
      loop,
      written,
      comment,
    ],
  });
}

/** Where somebody else was faster, what follows a refused owner must not end the loop: the next round assigns. */
const wasNoConflict = (step: Step) => not(contains(json('[409, 412]'), coalesce(step.outputs('statusCode'), 0)));

/** `201/<alert.statusCode>` where the status changed, else `eventType`: numbers that may arrive as texts. */
const eventCode = when(
  equals(string(at(triggerBody, 'eventType')), '201'),
  call('concat', '201/', string(at(triggerBody, 'alert', 'statusCode'))),
  string(at(triggerBody, 'eventType')),
);

/** The note, which may also arrive as a bare text. */
const noteOf = when(
  call('startsWith', string(at(triggerBody, 'annotation')), '{'),
  at(triggerBody, 'annotation', 'message'),
  at(triggerBody, 'annotation'),
);

/**
 * A GUID that follows from the notification: its own id, which SIGNL4 ends in one. Where it has none, the digits of the time at
 * which it was raised make one, to a ten millionth of a second.
 */
const commentId = when(
  contains(string(at(triggerBody, 'id')), '-'),
  last(split(string(at(triggerBody, 'id')), '_')),
  call(
    'formatDateTime',
    coalesce(at(triggerBody, 'eventRaisedUtc'), call('utcNow')),
    'yyyyMMdd-HHmm-ss00-0000-00000fffffff',
  ),
);

/** The comment stands beside the loop: what happens to one does not keep the other. */
function commentSteps(
  { callback: mapping }: Config,
  events: readonly CallbackEvent[],
  { after, isCommented, put }: { after: Step; isCommented: Row; put: (start: { after?: readonly Step[] }) => Step },
): Step {
  if (events.every((event) => mapping[event].comment !== '')) return put({ after: [after] });
  return condition('Is there anything to say', {
    description: 'Some events leave no comment.',
    after: [after],
    all: [isCommented],
    yes: [put({})],
  });
}

function callbackChoices(config: Config, events: readonly CallbackEvent[]): Choices {
  const { close, owners } = config;
  const codes = Object.entries(eventCodes).flatMap(([code, event]) =>
    events.filter((one) => one === event).map((one) => [code, eventNames[one]] as const),
  );
  return {
    Events: {
      type: 'Object',
      defaultValue: Object.fromEntries(codes),
      description: 'Codes of SIGNL4 to what they mean. Take a line out to ignore that event.',
    },
    Classification: {
      type: 'String',
      defaultValue: close.classification,
      description: 'How an incident is closed where the note has no hashtag: classification and reason.',
    },
    Classifications: {
      type: 'Object',
      defaultValue: Object.fromEntries(
        Object.entries(close.hashtags).map(([tag, classification]) => [`#${tag.toLowerCase()}`, classification]),
      ),
      description:
        'Hashtags of a closing note, in lower case, to the classification that each chooses. The first word of the note that is one counts.',
    },
    Owners: {
      type: 'Object',
      defaultValue: owners,
      description:
        'Mail address of a person in SIGNL4 to the Entra user principal name or object id that becomes the owner. Who is not named: the mail address itself.',
    },
  };
}

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);

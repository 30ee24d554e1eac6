import { type Config, respondsWithoutRelay } from '../../src/config/config.ts';
import { annotationMarker } from '../../src/rules/comment.ts';
import { CONFIRM, commentIdFormats, RUN, responsesParameter } from '../../src/rules/respond.ts';
import {
  and,
  at,
  call,
  coalesce,
  contains,
  type Expr,
  equals,
  item,
  join,
  json,
  last,
  length,
  list,
  lower,
  parameter,
  row,
  split,
  string,
  type Text,
  text,
  triggerBody,
} from '../../src/wdl/build.ts';
import { noteText, notificationSchema, userName } from '../../src/workflow/parts/notification.ts';
import {
  derivedResourceManager,
  putComment,
  resourceManagerCall,
  withoutMarkup,
} from '../../src/workflow/parts/resource-manager.ts';
import { derivedTenant, derivedWorkspace, workspaceArmId } from '../../src/workflow/parts/workspace.ts';
import type { Playbook } from '../../src/workflow/playbook.ts';
import { annotateAlert } from '../../src/workflow/signl4.ts';
import { patientRetry, type Step, type StepOptions } from '../../src/workflow/step.ts';
import { condition } from '../../src/workflow/steps/condition.ts';
import { connector } from '../../src/workflow/steps/connector.ts';
import { filterArray } from '../../src/workflow/steps/filter-array.ts';
import { respond } from '../../src/workflow/steps/respond.ts';
import { terminate } from '../../src/workflow/steps/terminate.ts';
import { variable } from '../../src/workflow/steps/variable.ts';
import { whenCalled } from '../../src/workflow/triggers.ts';
import { type Choices, type Workflow, workflow } from '../../src/workflow/workflow.ts';
import { alertId, askSignl4, userId } from './asked.ts';
import { checksOf } from './checks.ts';
import { runResponse } from './run.ts';

export const respondFromPhone: Playbook = {
  name: 'SIGNL4-Respond',
  title: 'SIGNL4 - Run a response playbook that the on-call team asks for',
  description:
    'Receives SIGNL4’s outbound webhook. A note such as "#run isolate" starts the response playbook of this name on the incident or one of its entities, where the list allows it and SIGNL4 confirms who wrote it. The incident says who asked, and the phone how it ended.',
  prerequisites: [
    'SIGNL4-Send-Incident sends the incidents.',
    'The response playbooks exist, and Microsoft Sentinel may run them.',
  ],
  postDeployment: [
    'Give the managed identity of the playbook the role Microsoft Sentinel Responder on the workspace, and Microsoft Sentinel Playbook Operator and Reader on each response playbook.',
    'Enter the URL of the trigger as another outbound webhook in SIGNL4. It holds a secret.',
    'Authorise the SIGNL4 connection with the API key.',
  ],
  tags: ['On-call', 'Incident response', 'Remediation'],
  entities: [],
  restrictCallers: true,
  isWanted: respondsWithoutRelay,
  build,
};

function respondChoices({ respond: choice }: Config): Choices {
  return {
    Responses: {
      type: 'Object',
      defaultValue: responsesParameter(choice),
      description:
        'Word behind #run to what it starts: playbook (resource id), entity (kind, left out for the incident), who (holder, on-duty, either), teams and people (empty: all), confirm (ask twice).',
    },
    PerHour: { type: 'Int', defaultValue: choice.perHour, description: 'Most starts from one alert within an hour.' },
    Protected: {
      type: 'Array',
      defaultValue: choice.protected.map((name) => name.toLowerCase()),
      description: 'Names of entities that nothing is started on, in lower case.',
    },
  };
}

function build(config: Config): Workflow {
  const answer = respond('Answer SIGNL4', {
    description: 'At once, and the same for everybody: why something is refused stands on the incident.',
    statusCode: 202,
  });
  const note = variable('Note', 'string', text`${noteText}`, {
    description: 'What the person typed; empty where there is nothing.',
    on: ['Succeeded', 'Skipped'],
  });
  const words = variable('Words', 'array', wordsOf(note.value), {
    description: '#run or #confirm, the name of the response, the entity that is meant.',
  });
  const isCommand = condition('Is it a command', {
    description: 'Only the beginning of a note is one. Everything else that SIGNL4 tells ends here.',
    all: [row.any([RUN, CONFIRM].map((word) => row.is(at(words.value, 0), word)))],
    no: [terminate('No command', { description: 'Nothing is asked for.', as: 'Cancelled' })],
  });
  const name = coalesce(at(words.value, 1), '');
  const response = variable('Response', 'object', coalesce(at(parameter('Responses'), name), json('{}')), {
    description: 'What the list allows under this name; empty where it has none.',
  });
  const asked = askSignl4(words.value);
  const incident = variable(
    'Incident',
    'string',
    text`${workspaceArmId}/providers/Microsoft.SecurityInsights/Incidents/${guidOf(asked.alert)}`,
    { description: 'The one that SIGNL4 has for the alert.' },
  );
  const entities = resourceManagerCall('List entities', {
    description: 'Of the incident.',
    method: 'POST',
    resource: text`${incident.value}/entities`,
  });
  const entity = at(response.value, 'entity');
  const meant = filterArray('The entity that is meant', {
    description: 'Of the kind that the response works on, and of the name in the note where there is one.',
    on: 'finished',
    from: list(entities.body('entities')),
    where: and(
      equals(lower(coalesce(at(item, 'kind'), '')), lower(coalesce(entity, ''))),
      // The whole name; without one, "" fits each.
      contains(
        call('concat', '""', lower(string(at(item, 'properties')))),
        call('concat', '"', join(call('skip', words.value, 2), ' '), '"'),
      ),
    ),
  });
  const protectedOnes = filterArray('Protected names', {
    description: 'Those that the entity has.',
    from: parameter('Protected'),
    where: contains(lower(string(meant.body())), call('concat', '"', item, '"')),
  });
  const checks = variable(
    'Checks',
    'array',
    checksOf({ ...asked, words: words.value, response: response.value, meant, protectedOnes }),
    { description: 'What must hold, and what people read where it does not.' },
  );
  const against = filterArray('What speaks against it', {
    description: 'Empty: it may run.',
    from: checks.value,
    where: equals(at(item, 'holds'), false),
  });
  const tell = (label: string, message: Text, start: Partial<StepOptions>) =>
    connector(label, annotateAlert, {
      description: 'A note on the alert: the phone shows it.',
      ...start,
      path: { alertId },
      body: { text: text`${annotationMarker}${message}`, userId },
      retry: patientRetry,
    });
  const refusal = text`${withoutMarkup(userName)} did not start "${withoutMarkup(name)}": ${at(call('first', against.body()), 'says')}.`;
  const guard = condition('May it run', {
    description: 'Every refusal stands on the incident and on the phone.',
    all: [row.is(length(against.body()), 0)],
    no: [
      putComment('Comment on the refusal', {
        description: 'One for a note, and one in an hour for all that SIGNL4 does not confirm.',
        incidentArmId: incident.value,
        commentId: commentId(coalesce(asked.notedAt, call('utcNow', THIS_HOUR)), 'refused'),
        message: refusal,
      }),
      tell('Tell of the refusal', refusal, { on: 'finished' }),
      terminate('Not started', { description: 'Nothing was run.', as: 'Cancelled', on: 'finished' }),
    ],
  });
  const playbook = at(response.value, 'playbook');
  const comment = putComment('Comment who asked', {
    description: 'Before the run, so that the person stands beside it whatever comes. One note has one comment.',
    incidentArmId: incident.value,
    commentId: commentId(asked.notedAt, 'asked'),
    message: text`${withoutMarkup(coalesce(at(call('first', asked.person.body()), 'name'), userId))} started "${name}" from the phone: ${playbook}, SIGNL4 alert ${alertId}.`,
  });
  const isNew = condition('Is it asked for the first time', {
    description: '201: the comment is new. A note that is told again, under whatever id, starts nothing.',
    all: [row.is(comment.outputs('statusCode'), 201)],
    no: [terminate('Started before', { description: 'By the same note.', as: 'Cancelled' })],
  });
  const started = runResponse({ name, playbook, entity, meant, incident: incident.value });
  return workflow({
    choices: respondChoices(config),
    derived: [derivedWorkspace(config.workspace), derivedResourceManager, derivedTenant],
    trigger: whenCalled('When_SIGNL4_calls', 'SIGNL4 tells what happened to an alert.', notificationSchema),
    steps: [
      ...[answer, note.declaration, words.declaration, isCommand, response.declaration],
      ...asked.steps,
      ...[incident.declaration, entities, meant, protectedOnes, checks.declaration, against, guard],
      ...[comment, isNew],
      ...started.steps,
      tell('Tell how it ended', started.ended, {
        description: 'A playbook that succeeded says that it ended, not that it worked.',
        on: 'any',
      }),
    ],
  });
}

const THIS_HOUR = 'yyyy-MM-ddTHH:00:00Z';

/** As the relay makes it. */
function commentId(notedAt: Expr, on: keyof typeof commentIdFormats): Expr {
  return call('formatDateTime', notedAt, commentIdFormats[on]);
}

/** In lower case, with one blank between two; a line break counts as one. */
const wordsOf = (note: Expr) => split(call('replace', lower(call('trim', note)), '\n', ' '), ' ');

/** GUID of the incident: SIGNL4's word counts; where it knows no such alert, the refusal goes where the notification says. */
const guidOf = (alert: Step) =>
  call(
    'encodeUriComponent',
    last(split(string(coalesce(alert.body('externalId'), at(triggerBody, 'alert', 'externalEventId'))), ':')),
  );

import { type Config, respondsWithoutRelay } from '../../src/config/config.ts';
import { RUN_PLAYBOOK_API_VERSION, WORKFLOW_RUNS_API_VERSION } from '../../src/domain/run-playbook.ts';
import { annotationMarker } from '../../src/rules/comment.ts';
import {
  CONFIRM,
  commentIdFormats,
  MAY_HAVE_BEGUN,
  NOTE_MINUTES,
  RUN,
  responsesParameter,
  unfinishedStates,
} from '../../src/rules/respond.ts';
import {
  and,
  at,
  call,
  coalesce,
  contains,
  type Expr,
  empty,
  emptyList,
  equals,
  item,
  join,
  json,
  last,
  length,
  list,
  lower,
  not,
  type Operand,
  or,
  parameter,
  row,
  split,
  string,
  type Text,
  text,
  triggerBody,
  when,
} from '../../src/wdl/build.ts';
import { noteText, notificationSchema, userName } from '../../src/workflow/parts/notification.ts';
import {
  derivedResourceManager,
  putComment,
  resourceManagerCall,
  withoutMarkup,
} from '../../src/workflow/parts/resource-manager.ts';
import { derivedTenant, derivedWorkspace, tenantId, workspaceArmId } from '../../src/workflow/parts/workspace.ts';
import type { Playbook } from '../../src/workflow/playbook.ts';
import { annotateAlert, getAlertDetails, listUsers } from '../../src/workflow/signl4.ts';
import { patientRetry, type Step, type StepOptions } from '../../src/workflow/step.ts';
import { condition } from '../../src/workflow/steps/condition.ts';
import { connector } from '../../src/workflow/steps/connector.ts';
import { filterArray } from '../../src/workflow/steps/filter-array.ts';
import { respond } from '../../src/workflow/steps/respond.ts';
import { terminate } from '../../src/workflow/steps/terminate.ts';
import { until } from '../../src/workflow/steps/until.ts';
import { variable } from '../../src/workflow/steps/variable.ts';
import { wait } from '../../src/workflow/steps/wait.ts';
import { whenCalled } from '../../src/workflow/triggers.ts';
import { type Choices, type Workflow, workflow } from '../../src/workflow/workflow.ts';
import { checksOf, userId } from './checks.ts';

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

/** Looks at the run: 40 times, 15 seconds apart. */
const LOOK_SECONDS = 15;
const LOOKS = 40;

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
  const alert = connector('Get alert', getAlertDetails, {
    description: 'As SIGNL4 has it: the notification alone proves nothing.',
    path: { alertId: alertId },
    retry: patientRetry,
  });
  const notes = (label: string, start: StepOptions, where: Expr) =>
    filterArray(label, { ...start, from: list(alert.body('timelineEntries')), where });
  const age = (unit: 'addMinutes' | 'addHours', count: number) =>
    call('greater', coalesce(at(item, 'timestamp'), ''), call(unit, call('utcNow'), -count));
  // SIGNL4 may put a label before the note: "Annotated: #run isolate".
  const says = (command: readonly Operand[]) =>
    call('endsWith', call('concat', ': ', lower(string(at(item, 'text')))), call('concat', ': ', ...command));
  const notesOf = (label: string, start: StepOptions, command: readonly Operand[]) =>
    notes(label, start, and(equals(at(item, 'userId'), userId), age('addMinutes', NOTE_MINUTES), says(command)));
  const own = notesOf(
    'This note',
    { description: `As SIGNL4 has it: of the last ${NOTE_MINUTES} minutes, by who acted.`, on: 'finished' },
    [join(words.value, ' ')],
  );
  const notedAt = at(last(call('sort', own.body(), 'timestamp')), 'timestamp');
  const first = notesOf('The note before it', { description: `The same with ${RUN}, which ${CONFIRM} confirms.` }, [
    `${RUN} `,
    join(call('skip', words.value, 1), ' '),
  ]);
  const recent = notes(
    'Starts within an hour',
    { description: 'Notes like this one on the alert, by anybody.' },
    and(contains(lower(string(at(item, 'text'))), call('concat', at(words.value, 0), ' ')), age('addHours', 1)),
  );
  const users = connector('List users', listUsers, {
    description: 'The people of the SIGNL4 account, with their duty in every team.',
    retry: patientRetry,
  });
  const person = filterArray('The person', {
    description: 'Active ones alone: who was invited, or has left, may nothing.',
    on: 'finished',
    from: when(equals(users.status, 'Succeeded'), users.body(), emptyList),
    where: and(equals(at(item, 'id'), userId), not(or(isTrue('isDeactivated'), isTrue('isInvite')))),
  });
  const duty = filterArray('Duty in the team', {
    description: 'On duty (1), or on duty as manager (100), in the team of the alert.',
    from: list(at(call('first', person.body()), 'dutyInfos')),
    where: and(
      equals(at(item, 'teamId'), alert.body('teamId')),
      contains(json('[1,100]'), coalesce(at(item, 'dutyMode'), 0)),
    ),
  });
  const incident = variable(
    'Incident',
    'string',
    text`${workspaceArmId}/providers/Microsoft.SecurityInsights/Incidents/${guidOf(alert)}`,
    {
      description: 'The one that SIGNL4 has for the alert.',
    },
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
    checksOf({
      words: words.value,
      response: response.value,
      alert,
      own,
      first,
      recent,
      person,
      duty,
      meant,
      protectedOnes,
    }),
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
        commentId: commentId(coalesce(notedAt, call('utcNow', THIS_HOUR)), 'refused'),
        message: refusal,
      }),
      tell('Tell of the refusal', refusal, { on: 'finished' }),
      terminate('Not started', { description: 'Nothing was run.', as: 'Cancelled', on: 'finished' }),
    ],
  });
  const playbook = at(response.value, 'playbook');
  const asked = putComment('Comment who asked', {
    description: 'Before the run, so that the person stands beside it whatever comes. One note has one comment.',
    incidentArmId: incident.value,
    commentId: commentId(notedAt, 'asked'),
    message: text`${withoutMarkup(coalesce(at(call('first', person.body()), 'name'), userId))} started "${name}" from the phone: ${playbook}, SIGNL4 alert ${alertId}.`,
  });
  const isNew = condition('Is it asked for the first time', {
    description: '201: the comment is new. A note that is told again, under whatever id, starts nothing.',
    all: [row.is(asked.outputs('statusCode'), 201)],
    no: [terminate('Started before', { description: 'By the same note.', as: 'Cancelled' })],
  });
  const entityId = call(
    'concat',
    workspaceArmId,
    '/providers/Microsoft.SecurityInsights/entities/',
    at(call('first', meant.body()), 'name'),
  );
  const run = resourceManagerCall('Run the response', {
    description: 'Through Microsoft Sentinel. Never repeated: a second start would run it twice.',
    method: 'POST',
    resource: text`${when(empty(entity), incident.value, entityId)}/runPlaybook`,
    version: RUN_PLAYBOOK_API_VERSION,
    body: { logicAppsResourceId: playbook, tenantId, incidentArmId: incident.value },
    repeat: false,
  });
  const runs = resourceManagerCall('List its runs', {
    description: 'Those that began since.',
    method: 'GET',
    resource: text`${playbook}/runs`,
    version: WORKFLOW_RUNS_API_VERSION,
    queries: {
      $filter: text`startTime ge ${call('addSeconds', at(call('actions', run.key), 'startTime'), -5)}`,
    },
  });
  // Newest first: the last is the one that Sentinel began for us, the others came later.
  const state = at(last(list(runs.body('value'))), 'properties', 'status');
  const follow = until('Until it has ended', {
    description: `Looks at the run for ${(LOOKS * LOOK_SECONDS) / 60} minutes.`,
    done: not(contains(json(JSON.stringify(unfinishedStates)), coalesce(state, ''))),
    rounds: LOOKS,
    timeout: 'PT15M',
    steps: [wait('Wait a moment', { description: 'Sentinel starts it in some seconds.', seconds: LOOK_SECONDS }), runs],
  });
  const answered = run.outputs('statusCode');
  // Nobody knows what came of it where the answer is late, an error of the server, or missing.
  const wasStarted = when(
    equals(answered, 204),
    'was started',
    when(call('less', coalesce(answered, MAY_HAVE_BEGUN), MAY_HAVE_BEGUN), 'was not started', 'may have been started'),
  );
  return workflow({
    choices: respondChoices(config),
    derived: [derivedWorkspace(config.workspace), derivedResourceManager, derivedTenant],
    trigger: whenCalled('When_SIGNL4_calls', 'SIGNL4 tells what happened to an alert.', notificationSchema),
    steps: [
      ...[
        answer,
        note.declaration,
        words.declaration,
        isCommand,
        response.declaration,
        alert,
        own,
        first,
        recent,
        users,
        person,
        duty,
      ],
      ...[incident.declaration, entities, meant, protectedOnes, checks.declaration, against, guard],
      ...[asked, isNew, run, follow],
      tell(
        'Tell how it ended',
        text`"${name}" ${wasStarted} (Microsoft Sentinel answered ${answered}). Its run: ${coalesce(state, 'cannot be seen')}.`,
        {
          description: 'A playbook that succeeded says that it ended, not that it worked.',
          on: 'any',
        },
      ),
    ],
  });
}

const THIS_HOUR = 'yyyy-MM-ddTHH:00:00Z';

/** As the relay makes it. */
function commentId(notedAt: Expr, on: keyof typeof commentIdFormats): Expr {
  return call('formatDateTime', notedAt, commentIdFormats[on]);
}

const alertId = string(at(triggerBody, 'alert', 'id'));

/** In lower case, with one blank between two; a line break counts as one. */
const wordsOf = (note: Expr) => split(call('replace', lower(call('trim', note)), '\n', ' '), ' ');

const isTrue = (member: string) => equals(at(item, member), true);

/** GUID of the incident: SIGNL4's word counts; where it knows no such alert, the refusal goes where the notification says. */
const guidOf = (alert: Step) =>
  call(
    'encodeUriComponent',
    last(split(string(coalesce(alert.body('externalId'), at(triggerBody, 'alert', 'externalEventId'))), ':')),
  );

import { type Config, playbooksAreForeign, respondsWithoutRelay, tenantOfResponse } from '../../src/config/config.ts';
import { annotationMarker } from '../../src/rules/comment.ts';
import {
  blanks,
  CONFIRM,
  commentIdFormats,
  lateRefusals,
  RUN,
  refusals,
  responsesParameter,
  SOMEBODY,
} from '../../src/rules/respond.ts';
import { protectedNames } from '../../src/rules/response-entity.ts';
import {
  at,
  call,
  coalesce,
  type Expr,
  empty,
  equals,
  isNot,
  item,
  last,
  length,
  list,
  lower,
  not,
  parameter,
  row,
  split,
  string,
  type Text,
  text,
  triggerBody,
  when,
} from '../../src/wdl/build.ts';
import { noteText, notificationSchema } from '../../src/workflow/parts/notification.ts';
import { derivedResourceManager, putComment, withoutMarkup } from '../../src/workflow/parts/resource-manager.ts';
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
import { alertId, askSignl4, userId, withBlanksFor } from './asked.ts';
import { checksOf } from './checks.ts';
import { entityMeant } from './meant.ts';
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
    'Authorise the SIGNL4 connection with the API key.',
    'Give the managed identity of the playbook the role Microsoft Sentinel Responder on the workspace, and Microsoft Sentinel Playbook Operator and Reader on each response playbook.',
    'Enter the URL of the trigger as another outbound webhook in SIGNL4. It holds a secret.',
  ],
  tags: ['On-call', 'Incident response', 'Remediation'],
  entities: [],
  restrictCallers: true,
  isWanted: respondsWithoutRelay,
  build,
};

function respondChoices(config: Config): Choices {
  const { respond: choice } = config;
  const tenantOf = (id: string) => (playbooksAreForeign(config) ? tenantOfResponse(config, id) : undefined);
  return {
    Responses: {
      type: 'Object',
      defaultValue: responsesParameter(choice, tenantOf),
      description:
        'Word behind #run to what it starts: playbook (resource id), entity (kind, left out for the incident), who (holder, on-duty, either), teams and people (empty: all), confirm (ask twice), tenantId (where it is another).',
    },
    PerHour: {
      type: 'Int',
      defaultValue: choice.perHour,
      description: 'Most #run notes, and most #confirm notes, on one alert within an hour.',
    },
    Protected: {
      type: 'Array',
      defaultValue: [...protectedNames(choice.protected)],
      description: 'Names of entities that nothing is started on, in lower case, each also without its domain.',
    },
  };
}

function build(config: Config): Workflow {
  const answer = respond('Answer SIGNL4', {
    description: 'At once, and the same for everybody: why something is refused is on the incident.',
    statusCode: 202,
  });
  const note = variable('Note', 'string', lower(string(noteText)), {
    description: 'What the person typed; empty where there is nothing.',
    on: ['Succeeded', 'Skipped'],
  });
  const words = filterArray('Words', {
    description: '#run or #confirm, the name of the response, the entity that is meant.',
    from: split(withBlanksFor(note.value, blanks.kinds), ' '),
    where: not(equals(item, '')),
  });
  const isCommand = condition('Is it a command', {
    description: 'Only the beginning of a note is one. Everything else that SIGNL4 tells ends here.',
    all: [row.any([RUN, CONFIRM].map((word) => row.is(at(words.body(), 0), word)))],
    no: [terminate('No command', { description: 'Nothing is asked for.', as: 'Cancelled' })],
  });
  const name = coalesce(at(words.body(), 1), '');
  const response = at(parameter('Responses'), name);
  const asked = askSignl4(words.body());
  const { own, person, notedAt } = asked;
  const incident = variable(
    'Incident',
    'string',
    text`${workspaceArmId}/providers/Microsoft.SecurityInsights/Incidents/${guidOf(asked.alert)}`,
    { description: 'The one that SIGNL4 has for the alert.', on: 'finished' },
  );
  const entity = at(response, 'entity');
  const meant = entityMeant(words.body(), entity, incident.value);
  const checks = variable('Checks', 'array', checksOf({ ...asked, ...meant, words: words.body(), response }), {
    description: 'What must hold, and what people read where it does not.',
    on: 'finished',
  });
  const against = filterArray('What speaks against it', {
    description: 'Empty: it may run.',
    from: checks.value,
    where: equals(at(item, 'holds'), false),
  });
  const isUnconfirmed = empty(own.body());
  const actor = at(call('first', list(person.body())), 'name');
  // What SIGNL4 does not confirm anybody may have made up: of that nothing is told.
  const who = when(isUnconfirmed, SOMEBODY, coalesce(actor, SOMEBODY));
  const what = when(isUnconfirmed, 'a response', call('concat', '"', withoutMarkup(name), '"'));
  const why = coalesce(
    at(call('first', list(against.body())), 'says'),
    when(equals(against.status, 'Succeeded'), lateRefusals.noComment, refusals.cannotAsk),
  );
  const refusal = text`${withoutMarkup(who)} did not start ${what}: ${why}.`;
  const playbook = at(response, 'playbook');
  const comment = putComment('Comment who asked', {
    description: 'Before the run, so that it says who asked whatever comes. One note has one comment. Never repeated.',
    incidentArmId: incident.value,
    commentId: commentId(notedAt, 'asked'),
    message: text`${withoutMarkup(coalesce(actor, userId))} asked for "${name}" from the phone: ${playbook}, SIGNL4 alert ${alertId}.`,
    repeat: false,
  });
  const refused = putComment('Comment on the refusal', {
    description: 'One for a note, and one in an hour for all that SIGNL4 does not confirm.',
    incidentArmId: incident.value,
    commentId: commentId(coalesce(notedAt, call('utcNow', THIS_HOUR)), 'refused'),
    message: refusal,
  });
  const guard = condition('May it run', {
    description: 'Every refusal is a comment on the incident.',
    on: 'any',
    all: [row.is(against.status, 'Succeeded'), row.is(length(list(against.body())), 0)],
    yes: [comment],
    no: [refused],
  });
  const tell = (label: string, message: Text, start: StepOptions) =>
    connector(label, annotateAlert, {
      ...start,
      path: { alertId },
      body: { text: text`${annotationMarker}${message}`, userId: when(isUnconfirmed, null, userId) },
      retry: patientRetry,
    });
  const started = runResponse({
    ...{ name, playbook, entity, meant: meant.meant, incident: incident.value },
    tenant: at(response, 'tenantId'),
  });
  const isNew = condition('Is it asked for the first time', {
    description: '201: the comment is new. A note that is told again, under whatever id, starts nothing.',
    on: 'any',
    all: [row.is(comment.outputs('statusCode'), 201)],
    yes: [
      ...started.steps,
      tell('Tell how it ended', started.ended, {
        description:
          'A note on the alert: the phone shows it. Succeeded says that the playbook ended, not that it worked.',
        on: 'any',
      }),
    ],
    no: [
      condition('Is it news', {
        description:
          'A comment that was there (200) was told before. What SIGNL4 does not confirm is told with a new comment alone.',
        all: [
          isNot(comment.outputs('statusCode'), 200),
          isNot(refused.outputs('statusCode'), 200),
          row.any([isNot(length(list(own.body())), 0), row.is(refused.outputs('statusCode'), 201)]),
        ],
        yes: [tell('Tell of the refusal', refusal, { description: 'A note on the alert: the phone shows it.' })],
      }),
    ],
  });
  return workflow({
    choices: respondChoices(config),
    derived: [derivedWorkspace(config.workspace), derivedResourceManager, derivedTenant],
    trigger: whenCalled('When_SIGNL4_calls', 'SIGNL4 tells what happened to an alert.', notificationSchema),
    steps: [
      ...[answer, note.declaration, words, isCommand],
      ...[...asked.steps, incident.declaration, ...meant.steps],
      ...[checks.declaration, against, guard, isNew],
    ],
  });
}

const THIS_HOUR = 'yyyy-MM-ddTHH:00:00Z';

/** As the relay makes it. */
function commentId(notedAt: Expr, on: keyof typeof commentIdFormats): Expr {
  return call('formatDateTime', notedAt, commentIdFormats[on]);
}

/** GUID of the incident: SIGNL4's word counts; where it knows no such alert, or nothing, the refusal goes where the notification says. */
function guidOf(alert: Step): Expr {
  const told = coalesce(at(triggerBody, 'alert', 'externalEventId'), '');
  const known = when(equals(alert.outputs('statusCode'), 200), coalesce(alert.body('externalId'), told), told);
  return call('encodeUriComponent', last(split(known, ':')));
}

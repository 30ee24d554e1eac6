import type { Config } from '../../src/config/config.ts';
import { alertStates } from '../../src/domain/notification.ts';
import { annotationMarker, commentMarker } from '../../src/rules/comment.ts';
import { pagesClosed } from '../../src/rules/filter.ts';
import {
  and,
  at,
  call,
  coalesce,
  contains,
  type Expr,
  emptyList,
  equals,
  isNot,
  item,
  lacks,
  last,
  length,
  list,
  lower,
  not,
  parameter,
  type Row,
  row,
  split,
  string,
  type Text,
  take,
  text,
  triggerBody,
  when,
} from '../../src/wdl/build.ts';
import { tagChoice, teamChoice } from '../../src/workflow/parts/choices.ts';
import { derivedForExternalId, incidentExternalId, incidentProperties } from '../../src/workflow/parts/incident.ts';
import {
  confirmation,
  findAlerts,
  isUnconfirmed,
  sendToSignl4,
  steering,
} from '../../src/workflow/parts/page-the-team.ts';
import type { Playbook } from '../../src/workflow/playbook.ts';
import { annotateAlert, listAlerts } from '../../src/workflow/signl4.ts';
import { patientRetry, type Step } from '../../src/workflow/step.ts';
import { condition } from '../../src/workflow/steps/condition.ts';
import { connector } from '../../src/workflow/steps/connector.ts';
import { filterArray } from '../../src/workflow/steps/filter-array.ts';
import { forEach } from '../../src/workflow/steps/for-each.ts';
import { select } from '../../src/workflow/steps/select.ts';
import { terminate } from '../../src/workflow/steps/terminate.ts';
import { variable } from '../../src/workflow/steps/variable.ts';
import { whenIncident } from '../../src/workflow/triggers.ts';
import { type Choices, type Workflow, workflow } from '../../src/workflow/workflow.ts';

export const syncIncident: Playbook = {
  name: 'SIGNL4-Sync-Incident',
  title: 'SIGNL4 - Tell the on-call team what changed in the incident',
  description:
    'Runs when an incident that was sent to SIGNL4 changes, and compares it with its alerts: closed resolves them all, a person who takes it acknowledges, reopened or raised pages again, new alerts and comments become annotations.',
  prerequisites: [
    'SIGNL4-Send-Incident sends the incidents.',
    'The SIGNL4 custom connector is deployed into the same resource group.',
  ],
  postDeployment: [
    'Authorise the SIGNL4 connection with the API key.',
    'Give the managed identity of the playbook the role Microsoft Sentinel Responder on the workspace.',
    'Allow Microsoft Sentinel to run playbooks of the resource group.',
    'Create an automation rule that runs the playbook when an incident is updated.',
  ],
  tags: ['Notification', 'On-call', 'Sync'],
  entities: [],
  restrictCallers: false,
  build,
};

const annotatorChoice: Choices = {
  AnnotateAs: {
    type: 'String',
    defaultValue: '',
    description: 'Id of the SIGNL4 user in whose name annotations appear. Empty or a blank: in nobody’s name.',
  },
};

const status = at(incidentProperties, 'status');
const title = text`${at(incidentProperties, 'severity')}: ${at(incidentProperties, 'title')}`;
const notClosed = isNot(status, 'Closed');

function build(config: Config): Workflow {
  const { sync } = config;
  const externalId = incidentExternalId(config);
  const tags = select('Tags', {
    description: 'Names of the tags of the incident.',
    from: coalesce(at(incidentProperties, 'labels'), emptyList),
    to: at(item, 'labelName'),
  });
  const guard = condition('Was it sent to SIGNL4', {
    description: 'Only incidents with the tag have an alert in SIGNL4.',
    all: [row.contains(tags.body(), parameter('Tag'))],
    no: [
      terminate('Never sent', {
        description: 'SIGNL4 does not know this incident.',
        as: 'Cancelled',
      }),
    ],
  });
  const isMerged = contains(lower(string(tags.body())), MERGED_TAG);
  const changed = text`${at(triggerBody, 'incidentUpdates', 'updatedFields')}${when(isMerged, MERGED, '')}`;
  const updated = variable('Updated fields', 'string', changed, {
    description:
      'What this update changed; nothing where the sweep or a person runs the playbook. Then whether Defender merged the incident into another one.',
  });
  const alerts = connector('List alerts', listAlerts, {
    description: 'Every alert of this incident in SIGNL4.',
    body: { externalId },
    retry: patientRetry,
  });
  const states = select('Alert states', {
    description: 'Each alert in a word: open, acknowledged, closed; or closed since, by a person after this update.',
    from: list(alerts.body('results')),
    to: text`${stateOf(stateCode)}${since}`,
  });
  const facts: Facts = { externalId, updated: updated.value, states: states.body(), alerts };
  return workflow({
    choices: { ...teamChoice, ...tagChoice(config.tag), ...annotatorChoice },
    derived: derivedForExternalId(config),
    trigger: whenIncident('An automation rule runs the playbook when an incident was updated.'),
    steps: [
      tags,
      guard,
      updated.declaration,
      alerts,
      states,
      ...(sync.closed ? [resolveWhenClosed(config, facts)] : []),
      ...takenOrAgain(config, facts),
      ...annotateNews(config, facts),
    ],
  });
}

interface Facts {
  readonly externalId: Text;
  readonly updated: Expr;
  readonly states: Expr;
  /** The list of alerts that the states are from. */
  readonly alerts: Step;
}

/** Tag that Defender gives an incident that it merged into another one, as it is in their JSON. */
const MERGED_TAG = '"redirected"';
/** Stands behind the updated fields of such an incident. */
const MERGED = ' Merged';

/** Where SIGNL4 says the state of an alert: in lists below `status`, in notifications beside it. */
const stateCode = coalesce(at(item, 'status', 'statusCode'), at(item, 'statusCode'));

/** To the second, so that two services' times compare as texts. */
const second = (time: Expr) => take(string(time), 'yyyy-MM-ddTHH:mm:ss'.length);

/** Added to "closed" where a person closed the alert after this update: then the update reopened nothing. */
const since = when(
  and(
    isIn(at(item, 'status', 'statusCode'), 'closed'),
    not(equals(at(item, 'history', 'closedBy'), null)),
    call(
      'greaterOrEquals',
      second(at(item, 'history', 'closedAt')),
      second(at(incidentProperties, 'lastModifiedTimeUtc')),
    ),
  ),
  ' since',
  '',
);

/** SIGNL4's code of an alert's state as a word. */
function stateOf(code: Expr): Expr {
  return when(isIn(code, 'closed'), 'closed', when(isIn(code, 'acknowledged'), 'acknowledged', 'open'));
}

function isIn(code: Expr, state: keyof typeof alertStates): Expr {
  return equals(string(code), String(alertStates[state]));
}

const event = (state: 'new' | 'acknowledged' | 'resolved', externalId: Text, message: Text) => ({
  Title: title,
  Message: message,
  ...steering(state, externalId),
});

/** By state, not by event: repeating it changes nothing, so the sweep may repeat it. */
function resolveWhenClosed({ filter }: Config, { externalId, updated, states }: Facts): Step {
  // Merging is what a machine does: it silences no phone, for Sentinel does not say what goes on.
  // Where closed incidents page too, only closing one settles its page.
  return condition('Is it closed', {
    description: 'Closed in Microsoft Sentinel, not merged, and an alert still rings or waits.',
    all: [
      row.is(status, 'Closed'),
      lacks(updated, MERGED),
      row.any([row.contains(states, 'open'), row.contains(states, 'acknowledged')]),
      ...(pagesClosed(filter) ? [row.contains(updated, 'Status')] : []),
    ],
    yes: [
      sendToSignl4('Resolve the alerts', {
        description: 'One event resolves every alert with this external id.',
        event: event('resolved', externalId, text`Closed in Microsoft Sentinel.`),
        repeat: true,
      }),
    ],
  });
}

/** One update leads to one thing: what a person took does not page again. */
function takenOrAgain(config: Config, facts: Facts): readonly Step[] {
  const { sync } = config;
  const again = pageAgain(config, facts);
  if (!sync.acknowledged) return again;
  const owner = (name: string) => at(incidentProperties, 'owner', name);
  const acknowledge = sendToSignl4('Acknowledge the alerts', {
    description: 'The phones stop ringing.',
    event: event('acknowledged', facts.externalId, text`${owner('assignedTo')} is on it in Microsoft Sentinel.`),
    repeat: true,
  });
  return [
    condition('Did a person take it', {
      description:
        'Only what a person did silences a phone: never a rule, a playbook, alert grouping, or a group as owner.',
      all: [
        notClosed,
        row.is(at(triggerBody, 'incidentUpdates', 'updatedBy', 'source'), 'User'),
        row.any([
          row.contains(facts.updated, 'Owner'),
          row.all([row.contains(facts.updated, 'Status'), row.is(status, 'Active')]),
        ]),
        isNot(owner('userPrincipalName'), null),
        isNot(owner('ownerType'), 'Group'),
        row.contains(facts.states, 'open'),
      ],
      yes: [acknowledge],
      no: again,
    }),
  ];
}

function pageAgain({ sync, callback }: Config, { externalId, updated, states, alerts }: Facts): readonly Step[] {
  // Where closing on the phone leaves the incident open, only one that is new again was reopened for sure.
  const backToWork = callback.closed.status === 'Closed' ? [] : [row.is(status, 'New')];
  const reopened = row.all([
    row.contains(updated, 'Status'),
    ...backToWork,
    row.contains(states, 'closed'),
    lacks(states, 'closed since'),
    lacks(states, 'open'),
    lacks(states, 'acknowledged'),
  ]);
  const raised = row.all([
    row.contains(updated, 'Severity'),
    isNot(at(incidentProperties, 'severity'), 'Informational'),
    lacks(states, 'acknowledged'),
    row.is(at(incidentProperties, 'owner', 'userPrincipalName'), null),
  ]);
  const causes: readonly Row[] = [...(sync.closed ? [reopened] : []), ...(sync.severityRaised ? [raised] : [])];
  if (causes.length === 0) return [];
  const page = event(
    'new',
    externalId,
    text`Reopened or raised in Microsoft Sentinel.\n\n${at(incidentProperties, 'description')}\n\n${at(incidentProperties, 'incidentUrl')}`,
  );
  const send = sendToSignl4('Page again', {
    description: 'A short event of its own: the first one is history.',
    event: page,
    repeat: false,
  });
  const find = findAlerts('Ask SIGNL4 again', {
    description: 'Whether the event arrived: its answer may have been lost on the way.',
    on: 'finished',
    externalId,
  }).step;
  const once = sendToSignl4('Page once more', {
    description: 'SIGNL4 did not take the first one.',
    event: page,
    repeat: true,
  });
  return [
    condition('Must somebody look again', {
      description: 'Reopened while every alert is closed, or raised while nobody is on it.',
      all: [notClosed, row.any(causes)],
      yes: [
        send,
        find,
        condition('Did SIGNL4 not take it', {
          description: 'Neither an event id nor one alert more than before.',
          on: 'any',
          all: [isUnconfirmed(send), row.atMost(alertsIn(find), alertsIn(alerts))],
          yes: [once, confirmation('Confirmation from SIGNL4', once)],
        }),
      ],
    }),
  ];
}

/** Our mark is at the beginning of a comment, possibly in the portal's mark-up. */
const NEAR = 25;

/** A merge as a comment: Sentinel does not say into which incident. */
const MERGED_SAYS = JSON.stringify({
  properties: {
    message: 'Merged into another incident by Defender. Find it and close this alert.',
  },
});

/** How many alerts an answer of SIGNL4 names, and one; also of an answer that is not JSON at all. States of delivery are in it, too. */
const alertsIn = (answer: Step) => length(split(lower(string(answer.body())), '"eventid":'));

/** Comments of people and alerts that came later, on the alerts that are still open. */
function annotateNews({ sync }: Config, { alerts, updated }: Facts): readonly Step[] {
  if (!sync.comments) return [];
  const newAlerts = list(at(triggerBody, 'incidentUpdates', 'alerts'));
  const written = list(at(triggerBody, 'incidentUpdates', 'comments'));
  const isMerged = and(contains(updated, 'Status'), contains(updated, MERGED));
  const comments = filterArray('Comments by people', {
    description: 'New comments, but for those that this solution wrote; that it was merged counts as one.',
    from: when(isMerged, call('createArray', call('json', MERGED_SAYS)), written),
    where: not(contains(take(string(at(item, 'properties', 'message')), NEAR), commentMarker.trim())),
  });
  const isNews = call('greater', length(call('union', comments.body(), newAlerts)), 0);
  const told = filterArray('Alerts to tell', {
    description: 'Those that are not closed, where there are new comments by people or new alerts.',
    from: list(alerts.body('results')),
    where: and(isNews, not(isIn(stateCode, 'closed'))),
  });
  const comment = at(last(comments.body()), 'properties', 'message');
  const howMany = when(call('empty', newAlerts), '', call('concat', string(length(newAlerts)), ' new alerts: '));
  const latest = (name: string) => at(last(newAlerts), 'properties', name);
  return [
    comments,
    told,
    forEach('For each of them', {
      description: 'Usually one.',
      items: told.body(),
      atATime: 1,
      steps: (alert) => [
        connector('Annotate', annotateAlert, {
          description: 'The latest comment and the latest alert, and how many are new.',
          path: { alertId: at(alert, 'id') },
          body: {
            text: text`${call('concat', annotationMarker, coalesce(comment, ''))}\n${howMany}${latest('alertDisplayName')} ${latest('severity')} ${latest('description')}`,
            userId: annotator,
          },
          retry: patientRetry,
        }),
      ],
    }),
  ];
}

/** A blank counts as empty: the designer does not let people empty a field again. */
const annotator = when(
  call('empty', call('trim', parameter('AnnotateAs'))),
  null,
  call('trim', parameter('AnnotateAs')),
);

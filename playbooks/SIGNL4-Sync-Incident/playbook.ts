import type { Config } from '../../src/config/config.ts';
import { filterLocals, filterWdl, isForwardedWdl, tagParameter } from '../../src/rules/filter-wdl.ts';
import { syncParameters, syncWdl } from '../../src/rules/sync-wdl.ts';
import {
  at,
  coalesce,
  type Expr,
  empty,
  emptyList,
  parameter,
  raw,
  triggerBody,
  when,
} from '../../src/workflow/expression.ts';
import { failWhere } from '../../src/workflow/parts/fail-where.ts';
import {
  endWithoutIncident,
  externalIdOf,
  incidentEvent,
  messageChoices,
  triggerIncident,
} from '../../src/workflow/parts/incident-page.ts';
import { localSteps } from '../../src/workflow/parts/local-actions.ts';
import { sendToSignl4, teamChoice } from '../../src/workflow/parts/page-somebody.ts';
import type { Playbook } from '../../src/workflow/playbook.ts';
import { annotateAlert, listAlerts } from '../../src/workflow/signl4.ts';
import { patientRetry, type Step } from '../../src/workflow/step.ts';
import { compose } from '../../src/workflow/steps/compose.ts';
import { condition } from '../../src/workflow/steps/condition.ts';
import { connector } from '../../src/workflow/steps/connector.ts';
import { forEach } from '../../src/workflow/steps/for-each.ts';
import { scope } from '../../src/workflow/steps/scope.ts';
import { whenIncident } from '../../src/workflow/triggers.ts';
import { type Choices, type Workflow, workflow } from '../../src/workflow/workflow.ts';

const whereabouts = triggerIncident;
const { incident } = whereabouts;
const externalId = externalIdOf(whereabouts);

export const syncIncident: Playbook = {
  name: 'SIGNL4-Sync-Incident',
  title: 'SIGNL4 - Tell the on-call team what changed in the incident',
  description:
    'Runs when an incident that was sent to SIGNL4 changes: closed resolves the alert, an owner or Active acknowledges it, a raised severity alerts again, comments become annotations. Ignores what came from SIGNL4.',
  prerequisites: [
    'SIGNL4-Send-Incident sends the incidents.',
    'The SIGNL4 custom connector is deployed into the same resource group.',
  ],
  postDeployment: [
    'Authorise the SIGNL4 connection with the API key.',
    'Create an automation rule that runs the playbook when an incident is updated, with the condition that it was not updated by a playbook or an application.',
  ],
  tags: ['Notification', 'On-call', 'Sync'],
  entities: [],
  restrictCallers: false,
  build,
};

/** Names, or parts of them, under which Sentinel knows our own changes, unless somebody renames the playbooks or the relay. */
const ownNames = [
  'signl4-relay-',
  'SIGNL4-Send-Incident',
  'SIGNL4-Callback',
  'SIGNL4-Sweep',
  'SIGNL4-Page-Entity',
  'SIGNL4-Who-Is-On-Call',
];

const annotatorChoice: Choices = {
  AnnotateAs: {
    type: 'String',
    defaultValue: '',
    description: 'Id of the SIGNL4 user in whose name comments appear as annotations. Empty: in nobody’s name.',
  },
};

function build(config: Config): Workflow {
  const sync = syncWdl(triggerBody.wdl);
  const tags = filterWdl(incident.wdl).locals.filter(({ name }) => name === filterLocals.tags);
  const lookAtChange = scope('Look at the change', {
    description: 'What changed, and who changed it.',
    steps: localSteps([...tags, ...sync.locals]),
  });
  const changes = [
    whenClosed(raw(sync.resolve)),
    whenSomebodyIsOnIt(raw(sync.acknowledge)),
    whenRaised(config, raw(sync.alertAgain)),
    whenCommented(raw(sync.annotate), raw(sync.annotation)),
  ];
  const isKnown = condition('Does SIGNL4 know the incident', {
    description:
      'The tag says that it was sent. What this solution changed itself is not sent back: it would go in circles.',
    all: [raw(isForwardedWdl())],
    yes: [
      ...changes,
      failWhere(changes, {
        question: 'Does SIGNL4 know all of it',
        end: 'SIGNL4 was not told',
        code: 'Signl4NotTold',
        message: 'SIGNL4 did not take the change: an alert may go on ringing for an incident that somebody is on.',
      }),
    ],
    no: [
      compose('SIGNL4 does not know it', {
        description: 'The tags of the incident, among which ours is missing.',
        value: coalesce(at(incident, 'properties', 'labels'), emptyList),
      }),
    ],
  });
  return workflow({
    choices: {
      ...teamChoice,
      ...tagParameter(config.tag),
      ...syncParameters(config.sync, ownNames),
      ...annotatorChoice,
      ...messageChoices(config),
    },
    trigger: whenIncident('An automation rule runs the playbook when an incident was updated.'),
    steps: [endWithoutIncident(incident), lookAtChange, isKnown],
  });
}

/** An event that acts on the alerts of the incident instead of raising one. */
function statusEvent(status: 'acknowledged' | 'resolved', message: string) {
  return {
    Title: coalesce(at(incident, 'properties', 'title'), 'Microsoft Sentinel incident'),
    Message: message,
    'X-S4-ExternalID': externalId,
    'X-S4-Status': status,
    'X-S4-SourceSystem': 'MicrosoftSentinel',
  };
}

function whenClosed(isDue: Expr): Step {
  return condition('Was it closed', {
    description: 'Closed in Microsoft Sentinel: nobody needs to be on it any more.',
    all: [isDue],
    yes: [
      sendToSignl4('Resolve the alert', {
        description: 'Closes the SIGNL4 alert of this incident.',
        event: statusEvent('resolved', 'Closed in Microsoft Sentinel.'),
      }),
    ],
  });
}

function whenSomebodyIsOnIt(isDue: Expr): Step {
  return condition('Is somebody on it', {
    description: 'Active, or with an owner, in Microsoft Sentinel: the alert stops ringing.',
    on: 'finished',
    all: [isDue],
    yes: [
      sendToSignl4('Acknowledge the alert', {
        description: 'Acknowledges the SIGNL4 alert of this incident.',
        event: statusEvent('acknowledged', 'Somebody is on it in Microsoft Sentinel.'),
      }),
    ],
  });
}

function whenRaised(config: Config, isDue: Expr): Step {
  const { steps, event, plain } = incidentEvent(config, whereabouts);
  return condition('Was the severity raised', {
    description: 'It is worse than it was: the team is alerted again.',
    on: 'finished',
    all: [isDue],
    yes: [
      ...steps,
      sendToSignl4('Alert again', {
        description: 'Raises another alert for this incident, with its severity as it is now.',
        on: 'finished',
        event: coalesce(event, plain),
      }),
    ],
  });
}

function whenCommented(isDue: Expr, annotation: Expr): Step {
  const find = connector('Find the alerts', listAlerts, {
    description: 'The SIGNL4 alerts of this incident.',
    body: { externalId },
    retry: patientRetry,
  });
  return condition('Did somebody comment', {
    description: 'Comments of people; those that SIGNL4 wrote are left out.',
    on: 'finished',
    all: [isDue],
    yes: [
      find,
      forEach('For each alert', {
        description: 'Usually one.',
        items: coalesce(find.body('results'), emptyList),
        atATime: 1,
        steps: (alert) => [
          connector('Annotate the alert', annotateAlert, {
            description: 'The comment as an annotation.',
            path: { alertId: at(alert, 'id') },
            body: { text: annotation, userId: when(empty(parameter('AnnotateAs')), null, parameter('AnnotateAs')) },
            retry: patientRetry,
          }),
        ],
      }),
    ],
  });
}

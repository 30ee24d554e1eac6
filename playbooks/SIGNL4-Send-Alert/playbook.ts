import type { Config } from '../../src/config/config.ts';
import { alertFieldsWdl, detailsOfAlert, wordsOfAlert } from '../../src/rules/alert-fields-wdl.ts';
import { filterParameters } from '../../src/rules/filter-wdl.ts';
import { nameTables } from '../../src/rules/product-names.ts';
import { at, call, coalesce, concat, empty, not, raw, triggerBody } from '../../src/workflow/expression.ts';
import { buildEvent, filterSteps, messageChoices } from '../../src/workflow/parts/incident-page.ts';
import { pageTheTeam, teamChoice } from '../../src/workflow/parts/page-somebody.ts';
import type { Playbook } from '../../src/workflow/playbook.ts';
import { compose } from '../../src/workflow/steps/compose.ts';
import { condition } from '../../src/workflow/steps/condition.ts';
import { terminate } from '../../src/workflow/steps/terminate.ts';
import { whenAlert } from '../../src/workflow/triggers.ts';
import { type Choices, type Workflow, workflow } from '../../src/workflow/workflow.ts';

const alert = triggerBody;

export const sendAlert: Playbook = {
  name: 'SIGNL4-Send-Alert',
  title: 'SIGNL4 - Page the on-call team about an alert',
  description:
    'Sends a Microsoft Sentinel alert to the SIGNL4 team on call. For analytics rules that create no incident; where there is one, use the incident playbook.',
  prerequisites: [
    'The SIGNL4 custom connector is deployed into the same resource group.',
    'A SIGNL4 team with its team secret, and an API key of SIGNL4.',
  ],
  postDeployment: [
    'Authorise the SIGNL4 connection with the API key.',
    'Allow Microsoft Sentinel to run playbooks of the resource group.',
    'Create an automation rule that runs the playbook when an alert is created.',
  ],
  tags: ['Notification', 'On-call'],
  entities: [],
  restrictCallers: false,
  build,
};

/** An alert has neither state, owner nor tags. */
const testsOfAlerts = ['Severity', 'Title', 'Excluded title', 'Product', 'Analytics rule', 'Tactic'] as const;
const choicesOfIncidents: ReadonlySet<string> = new Set(['Statuses', 'RequiredTags', 'ExcludedTags', 'Owners']);

function alertChoices(config: Config): Choices {
  const choices = filterParameters(config.filter, nameTables(config.friendlyNames));
  return Object.fromEntries(Object.entries(choices).filter(([name]) => !choicesOfIncidents.has(name)));
}

function build(config: Config): Workflow {
  const isThereAnAlert = condition('Is there an alert', {
    description: 'The designer runs a playbook with an empty body.',
    all: [not(empty(coalesce(at(alert, 'SystemAlertId'), '')))],
    yes: [],
    no: [
      terminate('Nothing to do', {
        description: 'Run the playbook from an alert or an automation rule.',
        as: 'Cancelled',
      }),
    ],
  });
  const details = compose('Details of the alert', {
    description: 'They arrive as a text.',
    value: raw(detailsOfAlert(alert.wdl)),
  });
  const incident = compose('Alert in the shape of an incident', {
    description: 'So that the filter is that of incidents.',
    on: 'any',
    value: {
      properties: {
        title: at(alert, 'AlertDisplayName'),
        severity: at(alert, 'Severity'),
        relatedAnalyticRuleIds: raw(wordsOfAlert(details.outputs('Analytic Rule Ids').wdl)),
        additionalData: {
          alertProductNames: [coalesce(at(alert, 'ProductName'), '')],
          tactics: raw(wordsOfAlert(at(alert, 'Tactics').wdl)),
        },
      },
    },
  });
  const filter = filterSteps(incident.outputs());
  const tests = testsOfAlerts.map((test) => [test, filter.verdict[test] ?? raw('true')] as const);
  // Not the id of an incident: what happens to this alert in SIGNL4 changes nothing in Sentinel.
  const externalId = concat(
    'sentinel-alert:',
    call('toLower', coalesce(at(alert, 'WorkspaceId'), '')),
    ':',
    call('toLower', coalesce(at(alert, 'SystemAlertId'), '')),
  );
  const built = buildEvent(config, {
    fields: alertFieldsWdl(alert.wdl),
    externalId,
    title: at(alert, 'AlertDisplayName'),
    link: at(alert, 'AlertUri'),
    bareTitle: raw("'Microsoft Sentinel alert'"),
  });
  const shouldPage = condition('Should somebody be paged', {
    description: 'One row per part of the filter that alerts can be tested for.',
    all: tests.map(([, test]) => test),
    yes: [...built.steps, pageTheTeam({ on: 'any', event: coalesce(built.event, built.plain), bare: built.bare }).step],
    no: [
      compose('Why nobody is paged', {
        description: 'Which part of the filter said no.',
        value: Object.fromEntries(tests),
      }),
    ],
  });
  return workflow({
    choices: { ...teamChoice, ...alertChoices(config), ...messageChoices(config) },
    trigger: whenAlert('An automation rule runs the playbook when an analytics rule raises an alert.'),
    steps: [isThereAnAlert, details, incident, filter.look, shouldPage],
  });
}

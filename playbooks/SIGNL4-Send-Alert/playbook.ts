import type { Config } from '../../src/config/config.ts';
import { alertRows } from '../../src/rules/filter-targets.ts';
import { nameTables } from '../../src/rules/product-names.ts';
import {
  at,
  call,
  coalesce,
  type Expr,
  isNot,
  item,
  join,
  list,
  take,
  text,
  triggerBody,
} from '../../src/wdl/build.ts';
import { listChoices, teamChoice } from '../../src/workflow/parts/choices.ts';
import { entityLine, hasEntityNames } from '../../src/workflow/parts/entities.ts';
import { companyToken, compileMessage, friendlyProduct, nameChoices } from '../../src/workflow/parts/message.ts';
import { findAlerts, pageTheTeam } from '../../src/workflow/parts/page-the-team.ts';
import type { Playbook } from '../../src/workflow/playbook.ts';
import { condition } from '../../src/workflow/steps/condition.ts';
import { select } from '../../src/workflow/steps/select.ts';
import { terminate } from '../../src/workflow/steps/terminate.ts';
import { whenAlert } from '../../src/workflow/triggers.ts';
import { type Workflow, workflow } from '../../src/workflow/workflow.ts';

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

const alert = (name: string): Expr => at(triggerBody, name);
/** Not the id of an incident: what happens to this alert in SIGNL4 changes nothing in Sentinel. */
const externalId = text`sentinel-alert:${alert('WorkspaceId')}:${alert('SystemAlertId')}`;

function build(config: Config): Workflow {
  const find = findAlerts('Find it in SIGNL4', {
    description: 'Whether the team was paged before. Where SIGNL4 does not answer, the page goes out.',
    externalId,
  });
  const { rows, lists } = alertRows(config.filter, nameTables(config.friendlyNames), triggerBody);
  const guard = condition('Should somebody be paged', {
    description: 'Nobody was paged yet, and the alert is one of those that you chose.',
    on: 'finished',
    all: [find.hasNone, isNot(alert('SystemAlertId'), null), ...rows],
    no: [
      terminate('Paged before or not wanted', {
        description: 'One of the rows above does not hold. Nobody is paged.',
        as: 'Cancelled',
      }),
    ],
  });
  const entities = select('Entities', {
    description: 'One line for each entity: kind, name, and what tells it apart.',
    from: call('json', coalesce(alert('Entities'), '[]')),
    to: entityLine({ shape: 'raw', kind: at(item, 'Type'), members: item, hasNames: hasEntityNames(config) }),
  });
  const message = compileMessage(
    config,
    {
      'incident.title': alert('AlertDisplayName'),
      'incident.description': alert('Description'),
      'incident.severity': alert('Severity'),
      'incident.link': alert('AlertUri'),
      'incident.url': alert('AlertUri'),
      'incident.id': alert('SystemAlertId'),
      'incident.created': alert('StartTimeUtc'),
      'incident.provider': alert('ProviderName'),
      'alerts.list': call('createArray', friendlyProduct(alert('ProductName'))),
      'entities.list': join(take(list(entities.body()), config.message.maxEntities), '\n'),
      company: companyToken(config, alert('WorkspaceId')),
    },
    alert('Severity'),
  );
  const page = pageTheTeam({
    externalId,
    message,
    bare: {
      title: text`Microsoft Sentinel alert`,
      text: text`SIGNL4 did not take the whole alert. ${alert('AlertUri')}`,
    },
  });
  return workflow({
    choices: { ...teamChoice, ...listChoices(lists), ...nameChoices(config) },
    trigger: whenAlert('An automation rule runs the playbook when an analytics rule raises an alert.'),
    steps: [find.step, guard, entities, page.step],
  });
}

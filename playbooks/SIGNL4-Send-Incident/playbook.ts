import type { Config } from '../../src/config/config.ts';
import { pagesClosed } from '../../src/rules/filter.ts';
import { protectedLists, sendRows } from '../../src/rules/filter-targets.ts';
import {
  at,
  coalesce,
  contains,
  emptyList,
  isNot,
  item,
  lacks,
  parameter,
  string,
  text,
  when,
} from '../../src/wdl/build.ts';
import { listChoices, relayChoices, tagChoice, teamChoice } from '../../src/workflow/parts/choices.ts';
import {
  derivedForExternalId,
  incidentArmId,
  incidentExternalId,
  incidentName,
  incidentProperties,
} from '../../src/workflow/parts/incident.ts';
import { incidentMessage, nameChoices } from '../../src/workflow/parts/message.ts';
import { findAlerts, pageTheTeam } from '../../src/workflow/parts/page-the-team.ts';
import { derivedResourceManager, putComment } from '../../src/workflow/parts/resource-manager.ts';
import { tagsToAdd, untilItHolds, update } from '../../src/workflow/parts/update-incident.ts';
import type { Playbook } from '../../src/workflow/playbook.ts';
import { getIncident } from '../../src/workflow/sentinel.ts';
import { noRetry } from '../../src/workflow/step.ts';
import { condition } from '../../src/workflow/steps/condition.ts';
import { connector } from '../../src/workflow/steps/connector.ts';
import { select } from '../../src/workflow/steps/select.ts';
import { terminate } from '../../src/workflow/steps/terminate.ts';
import { whenIncident } from '../../src/workflow/triggers.ts';
import { type Workflow, workflow } from '../../src/workflow/workflow.ts';

export const sendIncident: Playbook = {
  name: 'SIGNL4-Send-Incident',
  title: 'SIGNL4 - Page the on-call team about an incident',
  description:
    'Sends a Microsoft Sentinel incident with its alerts and entities to the SIGNL4 team on call, tags it and comments on it. Filters by status, severity, title, tag, product, analytics rule, owner and tactic.',
  prerequisites: [
    'The SIGNL4 custom connector is deployed into the same resource group.',
    'A SIGNL4 team with its team secret, and an API key of SIGNL4.',
  ],
  postDeployment: [
    'Authorise the SIGNL4 connection with the API key.',
    'Give the managed identity of the playbook the role Microsoft Sentinel Responder on the workspace.',
    'Allow Microsoft Sentinel to run playbooks of the resource group.',
    'Create an automation rule that runs the playbook when an incident is created.',
  ],
  tags: ['Notification', 'On-call', 'Incident response'],
  entities: [],
  restrictCallers: false,
  build,
};

function build(config: Config): Workflow {
  const externalId = incidentExternalId(config);
  const find = findAlerts('Find it in SIGNL4', {
    description: 'Whether the team was paged before. Where SIGNL4 does not answer, the page goes out.',
    externalId,
  });
  const get = connector('Get incident', getIncident, {
    description: 'As it is now: a run may come late. Where it cannot be read, the page goes out.',
    on: 'finished',
    body: { incidentArmId },
    retry: noRetry,
    timeout: 'PT10S',
  });
  const isRead = contains(string(get.body()), '"properties":{');
  const now = (property: string) => when(isRead, get.body('properties', property), at(incidentProperties, property));
  const tags = select('Tags', {
    description: 'Names of the tags of the incident.',
    on: 'finished',
    from: coalesce(now('labels'), emptyList),
    to: at(item, 'labelName'),
  });
  const isOpen = pagesClosed(config.filter) ? [] : [isNot(now('status'), 'Closed')];
  const guard = condition('Should somebody be paged', {
    description: 'Nobody was paged yet, and the incident is one of those that you chose.',
    all: [
      find.hasNone,
      lacks(tags.body(), parameter('Tag')),
      ...isOpen,
      ...sendRows(config.filter, { properties: incidentProperties, tags: tags.body() }),
    ],
    no: [
      terminate('Paged before or not wanted', {
        description: 'One of the rows above does not hold. Nobody is paged.',
        as: 'Cancelled',
      }),
    ],
  });
  const { steps, message } = incidentMessage(config, tags.body());
  const link = at(incidentProperties, 'incidentUrl');
  const page = pageTheTeam({
    externalId,
    message,
    bare: {
      title: text`Microsoft Sentinel incident ${at(incidentProperties, 'incidentNumber')}`,
      text: text`SIGNL4 did not take the whole alert. ${link}`,
    },
    relaySeconds: config.relay.url === '' ? undefined : config.relay.timeoutSeconds,
  });
  const tag = update('Tag the incident', {
    description: 'The tag says that SIGNL4 has it.',
    incidentArmId,
    change: tagsToAdd(parameter('Tag')),
  });
  return workflow({
    choices: {
      ...teamChoice,
      ...listChoices(protectedLists(config.filter)),
      ...tagChoice(config.tag),
      ...nameChoices(config),
      ...relayChoices(config.relay.url),
    },
    derived: [derivedResourceManager, ...derivedForExternalId(config)],
    trigger: whenIncident('An automation rule, or an analyst, runs the playbook on an incident.'),
    steps: [
      find.step,
      get,
      tags,
      guard,
      ...steps,
      page.step,
      untilItHolds('Until it is tagged', {
        description: 'Others change the same incident at the same time: up to five tries.',
        write: tag,
      }),
      putComment('Comment on the incident', {
        description: 'Says that somebody was paged, with the id of the SIGNL4 event.',
        incidentArmId,
        commentId: text`${incidentName}`,
        message: text`sent to the person on call. Event ${page.eventId}`,
      }),
    ],
  });
}

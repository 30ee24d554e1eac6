import type { Config } from '../../src/config/config.ts';
import { eventWdl } from '../../src/rules/event-wdl.ts';
import { filterParameters, filterWdl, isForwardedWdl, tagParameter } from '../../src/rules/filter-wdl.ts';
import { externalIdWdl, incidentFieldsWdl } from '../../src/rules/incident-fields-wdl.ts';
import { messageParameters, nameParameters } from '../../src/rules/message-parameters.ts';
import { nameTables } from '../../src/rules/product-names.ts';
import { at, coalesce, empty, not, raw, triggerBody } from '../../src/workflow/expression.ts';
import { localSteps } from '../../src/workflow/parts/local-actions.ts';
import { markAsSent } from '../../src/workflow/parts/mark-as-sent.ts';
import { relayChoices, richestEvent, sendToSignl4, teamChoice } from '../../src/workflow/parts/page-somebody.ts';
import { derivedResourceManager } from '../../src/workflow/parts/resource-manager.ts';
import type { Playbook } from '../../src/workflow/playbook.ts';
import { compose } from '../../src/workflow/steps/compose.ts';
import { condition } from '../../src/workflow/steps/condition.ts';
import { scope } from '../../src/workflow/steps/scope.ts';
import { terminate } from '../../src/workflow/steps/terminate.ts';
import { whenIncident } from '../../src/workflow/triggers.ts';
import { type Workflow, workflow } from '../../src/workflow/workflow.ts';

const incident = at(triggerBody, 'object');
const workspaceId = raw("coalesce(triggerBody()?['workspaceId'], '')");
const workspaceName = at(triggerBody, 'workspaceInfo', 'WorkspaceName');

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
  const names = nameTables(config.friendlyNames);
  const filter = filterWdl(incident.wdl);
  const source = incidentFieldsWdl({
    incident: incident.wdl,
    alerts: at(incident, 'properties', 'alerts').wdl,
    entities: at(incident, 'properties', 'relatedEntities').wdl,
    workspaceId: workspaceId.wdl,
    workspaceName: workspaceName.wdl,
  });
  const externalId = raw(externalIdWdl(workspaceId.wdl, incident.wdl));
  const message = eventWdl(config.message, {
    ...source,
    externalId: externalId.wdl,
    severity: source.fields['incident.severity'],
  });

  const isThereAnIncident = condition('Is there an incident', {
    description: 'The designer runs a playbook with an empty body.',
    all: [not(empty(coalesce(at(incident, 'id'), '')))],
    yes: [],
    no: [
      terminate('Nothing to do', {
        description: 'Run the playbook from an incident or an automation rule.',
        as: 'Cancelled',
      }),
    ],
  });

  const lookAtIt = scope('Look at the incident', {
    description: 'What the filter needs to know.',
    steps: localSteps(filter.locals),
  });

  const plainEvent = compose('Plain event', {
    description: 'The least that somebody must be told, should the rest fail.',
    value: {
      Title: coalesce(at(incident, 'properties', 'title'), 'Microsoft Sentinel incident'),
      Message: coalesce(at(incident, 'properties', 'incidentUrl'), ''),
      'X-S4-ExternalID': externalId,
      'X-S4-Status': 'new',
      'X-S4-SourceSystem': 'MicrosoftSentinel',
    },
  });
  const buildEvent = scope('Build the event', {
    description: 'Fills the templates with what the incident says.',
    steps: localSteps(message.locals),
  });
  const { steps: chooseEvent, event } = richestEvent({
    localEvent: raw(message.event),
    plainEvent: plainEvent.outputs(),
    request: triggerBody,
    timeoutSeconds: config.relay.timeoutSeconds,
  });
  const send = sendToSignl4('Send to SIGNL4', {
    description: 'Pages the team on call. One incident is one alert: its external id says which.',
    event,
  });

  const shouldPage = condition('Should somebody be paged', {
    description: 'One row per part of the filter, and no second page for an incident that was sent before.',
    all: [...filter.conditions.map(raw), not(raw(isForwardedWdl()))],
    yes: [
      plainEvent,
      buildEvent,
      ...chooseEvent,
      send,
      ...markAsSent({
        send,
        incidentArmId: at(incident, 'id'),
        commentId: at(incident, 'name'),
      }),
    ],
    no: [
      compose('Why nobody is paged', {
        description: 'Which part of the filter said no.',
        value: {
          ...Object.fromEntries(Object.entries(filter.verdict).map(([test, wdl]) => [test, raw(wdl)])),
          'Not sent before': not(raw(isForwardedWdl())),
        },
      }),
    ],
  });

  return workflow({
    choices: {
      ...teamChoice,
      ...filterParameters(config.filter, names),
      ...tagParameter(config.tag),
      ...messageParameters(config.message),
      ...nameParameters(names, config.company),
      ...relayChoices(config.relay.url),
    },
    derived: [derivedResourceManager],
    trigger: whenIncident('An automation rule, or an analyst, runs the playbook on an incident.'),
    steps: [isThereAnIncident, lookAtIt, shouldPage],
  });
}

import type { Config } from '../../src/config/config.ts';
import { at, call, coalesce, isNot, parameter, text, triggerBody, when } from '../../src/wdl/build.ts';
import { teamChoice } from '../../src/workflow/parts/choices.ts';
import { entityName, hasEntityNames, nameChoicesOfEntities } from '../../src/workflow/parts/entities.ts';
import { confirmation, sendToSignl4, steering } from '../../src/workflow/parts/page-the-team.ts';
import { derivedResourceManager, putComment, withoutMarkup } from '../../src/workflow/parts/resource-manager.ts';
import type { Playbook } from '../../src/workflow/playbook.ts';
import { condition } from '../../src/workflow/steps/condition.ts';
import { terminate } from '../../src/workflow/steps/terminate.ts';
import { variable } from '../../src/workflow/steps/variable.ts';
import { whenEntity } from '../../src/workflow/triggers.ts';
import { type Derived, type Workflow, workflow } from '../../src/workflow/workflow.ts';

export const pageEntity: Playbook = {
  name: 'SIGNL4-Page-Entity',
  title: 'SIGNL4 - Page the on-call team about an entity',
  description:
    'An analyst pages the SIGNL4 team on call about an account, a host, an IP address, a URL or a file hash. Deploy it once per kind of entity.',
  prerequisites: [
    'The SIGNL4 custom connector is deployed into the same resource group.',
    'A SIGNL4 team with its team secret, and an API key of SIGNL4.',
  ],
  postDeployment: [
    'Authorise the SIGNL4 connection with the API key.',
    'Give the managed identity of the playbook the role Microsoft Sentinel Responder on the workspace, to comment on the incident.',
  ],
  tags: ['Notification', 'On-call', 'Entity'],
  entities: ['account', 'host', 'ip', 'url', 'filehash'],
  restrictCallers: false,
  build,
};

const INCIDENT_BLADE = '/#asset/Microsoft_Azure_Security_Insights/Incident';

function build(config: Config): Workflow {
  const incidentArmId = at(triggerBody, 'IncidentArmID');
  const entity = at(triggerBody, 'Entity');
  const guard = condition('Is there an entity', {
    description: 'The designer runs a playbook with an empty body.',
    all: [isNot(entity, null)],
    no: [terminate('Nothing to do', { description: 'Run the playbook on an entity.', as: 'Cancelled' })],
  });
  const name = variable(
    'Entity',
    'string',
    entityName({
      shape: 'trigger',
      kind: parameter('EntityType'),
      members: at(entity, 'properties'),
      hasNames: hasEntityNames(config),
    }),
    { description: 'What a person calls it, and what tells it apart.' },
  );
  const send = sendToSignl4('Send to SIGNL4', {
    description: 'Pages the team on call. Every run is an alert of its own: an analyst asked for it.',
    event: {
      Title: text`${parameter('EntityType')}: ${name.value}`,
      Message: parameter('Request'),
      ...steering('new', text`sentinel-entity:${at(call('workflow'), 'run', 'name')}`),
      Link: when(
        call('empty', coalesce(incidentArmId, '')),
        '',
        call('concat', parameter('Portal'), INCIDENT_BLADE, incidentArmId),
      ),
    },
    repeat: true,
  });
  const isThereAnIncident = condition('Is there an incident', {
    description: 'From the entity page there is none.',
    all: [isNot(incidentArmId, null), isNot(incidentArmId, '')],
    yes: [
      putComment('Comment on the incident', {
        description: 'Says in the incident that the team was paged about the entity.',
        incidentArmId,
        commentId: text`${call('guid')}`,
        message: text`the team on call was paged about ${withoutMarkup(name.value)}.`,
      }),
    ],
  });
  return workflow({
    choices: {
      ...teamChoice,
      Request: {
        type: 'String',
        defaultValue: 'An analyst asks you to look at this entity in Microsoft Sentinel.',
        description: 'Text of the SIGNL4 alert.',
      },
      ...nameChoicesOfEntities(config),
    },
    derived: [entityType, portal, derivedResourceManager],
    trigger: whenEntity("[variables('TriggerPath')]", 'An analyst runs the playbook on an entity.'),
    steps: [guard, name.declaration, send, confirmation('Confirmation from SIGNL4', send), isThereAnIncident],
  });
}

const portal: Derived = {
  parameters: {
    Portal: { description: 'Azure portal of this cloud; set by the deployment.', arm: '[environment().portal]' },
  },
  deployment: { parameters: {}, variables: {} },
};

/** The kind is part of the trigger's path, where Sentinel looks for it: fixed by the deployment, not a choice at run time. */
const entityType: Derived = {
  parameters: {
    EntityType: { description: 'Kind of entity; set by the deployment.', arm: "[parameters('EntityType')]" },
  },
  deployment: {
    parameters: {
      EntityType: {
        type: 'String',
        defaultValue: 'IP',
        allowedValues: ['Account', 'Host', 'IP', 'URL', 'FileHash'],
        description: 'Kind of entity that the playbook runs on.',
      },
    },
    variables: {
      TriggerPath: "[concat('/entity/@{encodeURIComponent(''', parameters('EntityType'), ''')}')]",
    },
  },
};

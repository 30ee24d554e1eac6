import { alertLimits } from '../../src/rules/alert-limits.ts';
import { commentMessageWdl } from '../../src/rules/comment-wdl.ts';
import { entityNameWdl } from '../../src/rules/entity-fields-wdl.ts';
import { cutText } from '../../src/rules/expressions.ts';
import { at, coalesce, concat, empty, not, parameter, raw, triggerBody, when } from '../../src/workflow/expression.ts';
import { sendToSignl4, teamChoice } from '../../src/workflow/parts/page-somebody.ts';
import { derivedResourceManager, putComment } from '../../src/workflow/parts/resource-manager.ts';
import type { Playbook } from '../../src/workflow/playbook.ts';
import { compose } from '../../src/workflow/steps/compose.ts';
import { condition } from '../../src/workflow/steps/condition.ts';
import { terminate } from '../../src/workflow/steps/terminate.ts';
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

function build(): Workflow {
  const incidentArmId = coalesce(at(triggerBody, 'IncidentArmID'), '');
  const name = compose('Entity', {
    description: 'What a person calls it.',
    value: raw(entityNameWdl(at(triggerBody, 'Entity').wdl)),
  });
  const isThereAnEntity = condition('Is there an entity', {
    description: 'The designer runs a playbook with an empty body.',
    all: [not(empty(name.outputs()))],
    yes: [],
    no: [
      terminate('Nothing to do', {
        description: 'Run the playbook on an entity.',
        as: 'Cancelled',
      }),
    ],
  });
  const send = sendToSignl4('Send to SIGNL4', {
    description: 'Pages the team on call. Every run is an alert of its own: an analyst asked for it.',
    event: {
      Title: raw(cutText(concat(parameter('EntityType'), ': ', name.outputs()).wdl, alertLimits.title)),
      Message: parameter('Request'),
      'X-S4-ExternalID': concat('sentinel-entity:', raw("workflow()?['run']?['name']")),
      'X-S4-Status': 'new',
      'X-S4-SourceSystem': 'MicrosoftSentinel',
      Entity: raw(cutText(name.outputs().wdl, alertLimits.parameter)),
      Kind: parameter('EntityType'),
      Link: when(empty(incidentArmId), '', concat(parameter('Portal'), INCIDENT_BLADE, incidentArmId)),
    },
  });
  const isThereAnIncident = condition('Is there an incident', {
    description: 'From the entity page there is none.',
    all: [not(empty(incidentArmId))],
    yes: [
      putComment('Comment on the incident', {
        description: 'Says in the incident that the team was paged about the entity.',
        incidentArmId,
        commentId: raw('guid()'),
        message: raw(commentMessageWdl(concat('the team on call was paged about ', name.outputs(), '.').wdl)),
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
    },
    derived: [entityType, portal, derivedResourceManager],
    trigger: whenEntity("[variables('TriggerPath')]", 'An analyst runs the playbook on an entity.'),
    steps: [name, isThereAnEntity, send, isThereAnIncident],
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

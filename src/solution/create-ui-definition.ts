import type { Draft } from './draft.ts';
import { type JsonMap, listAt, mapOf, withMember } from './json-tree.ts';

const PLAYBOOKS_TEXT =
  'This solution installs the Playbook templates to help implement your Security Orchestration, Automation and Response (SOAR) operations. After installing the solution, these will be deployed under Playbook Templates in the Automation blade in Microsoft Sentinel. They can be configured and managed from the Manage solution view in Content Hub.';

/** The steps in the order the wizard shows them, whatever the order of the data file. */
const STEP_ORDER = ['dataconnectors', 'workbooks', 'analytics', 'playbooks'];

/** createUiDefinition.json: the wizard that installs the solution. Playbooks have one common step, however many there are. */
export function createUiDefinition(description: string, draft: Draft): JsonMap {
  return mapOf({
    $schema: 'https://schema.management.azure.com/schemas/0.1.2-preview/CreateUIDefinition.MultiVm.json#',
    handler: 'Microsoft.Azure.CreateUIDef',
    version: '0.1.2-preview',
    parameters: {
      config: { isWizard: false, basics: basicsConfig(description) },
      basics: [WORKSPACE_LIST, WORKSPACE_CHOICE],
      steps: STEP_ORDER.flatMap((name) => draft.uiSteps.get(name) ?? []),
      outputs: {
        'workspace-location':
          "[first(map(filter(basics('getLAWorkspace').value, (filter) => and(contains(toLower(filter.id), toLower(resourceGroup().name)),equals(filter.name,basics('workspace')))), (item) => item.location))]",
        location: '[location()]',
        workspace: "[basics('workspace')]",
      },
    },
  });
}

function basicsConfig(description: string): unknown {
  return {
    description,
    subscription: {
      resourceProviders: [
        'Microsoft.OperationsManagement/solutions',
        'Microsoft.OperationalInsights/workspaces/providers/alertRules',
        'Microsoft.Insights/workbooks',
        'Microsoft.Logic/workflows',
      ],
    },
    location: { metadata: { hidden: 'Hiding location, we get it from the log analytics workspace' }, visible: false },
    resourceGroup: { allowExisting: true },
  };
}

const WORKSPACE_LIST = {
  name: 'getLAWorkspace',
  type: 'Microsoft.Solutions.ArmApiControl',
  toolTip: 'This filters by workspaces that exist in the Resource Group selected',
  condition: '[greater(length(resourceGroup().name),0)]',
  request: {
    method: 'GET',
    path: "[concat(subscription().id,'/providers/Microsoft.OperationalInsights/workspaces?api-version=2020-08-01')]",
  },
};

const WORKSPACE_CHOICE = {
  name: 'workspace',
  type: 'Microsoft.Common.DropDown',
  label: 'Workspace',
  placeholder: 'Select a workspace',
  toolTip: 'This dropdown will list only workspace that exists in the Resource Group selected',
  constraints: {
    allowedValues:
      '[map(filter(basics(\'getLAWorkspace\').value, (filter) => contains(toLower(filter.id), toLower(resourceGroup().name))), (item) => parse(concat(\'{"label":"\', item.name, \'","value":"\', item.name, \'"}\')))]',
    required: true,
  },
  visible: true,
};

/** The step that tells of the playbooks. */
export function playbooksStep(text: string | undefined): JsonMap {
  return mapOf({
    name: 'playbooks',
    label: 'Playbooks',
    subLabel: { preValidation: 'Configure the playbooks', postValidation: 'Done' },
    bladeTitle: 'Playbooks',
    elements: [
      textBlock('playbooks-text', { text: text ?? PLAYBOOKS_TEXT }),
      textBlock('playbooks-link', {
        link: {
          label: 'Learn more',
          uri: 'https://docs.microsoft.com/azure/sentinel/tutorial-respond-threats-playbook?WT.mc_id=Portal-Microsoft_Azure_CreateUIDef',
        },
      }),
    ],
  });
}

/** The step of a kind of content whose items each get a section. */
export function contentStep(
  step: {
    readonly name: string;
    readonly label: string;
    readonly preValidation: string;
    readonly text: string;
    readonly uri: string;
  },
  text: string | undefined,
): JsonMap {
  const { name, label, preValidation } = step;
  return mapOf({
    name,
    label,
    subLabel: { preValidation, postValidation: 'Done' },
    bladeTitle: label,
    elements: [
      textBlock(`${name}-text`, { text: text ?? step.text }),
      textBlock(`${name}-link`, { link: { label: 'Learn more', uri: step.uri } }),
    ],
  });
}

/** What a step says of one item. */
export function sectionOf(name: string, label: string, text: string): JsonMap {
  return mapOf({ name, type: 'Microsoft.Common.Section', label, elements: [textBlock(`${name}-text`, { text })] });
}

export function withElement(step: JsonMap, element: JsonMap): JsonMap {
  return withMember(step, 'elements', [...listAt(step, 'elements'), element]);
}

export function textBlock(name: string, options: unknown): JsonMap {
  return mapOf({ name, type: 'Microsoft.Common.TextBlock', options });
}

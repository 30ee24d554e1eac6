import { CREATE_UI_SCHEMA } from '../domain/schemas.ts';
import type { Draft } from './draft.ts';
import { type JsonMap, listAt, mapOf, withMember } from './json-tree.ts';

/** A step that tells of one kind of content. */
export interface ContentStep {
  readonly label: string;
  readonly text: string;
  /** Where to learn more. */
  readonly uri: string;
}

const PLAYBOOKS: ContentStep = {
  label: 'Playbooks',
  text: 'This solution installs the Playbook templates to help implement your Security Orchestration, Automation and Response (SOAR) operations. After installing the solution, these will be deployed under Playbook Templates in the Automation blade in Microsoft Sentinel. They can be configured and managed from the Manage solution view in Content Hub.',
  uri: 'https://docs.microsoft.com/azure/sentinel/tutorial-respond-threats-playbook?WT.mc_id=Portal-Microsoft_Azure_CreateUIDef',
};

/** The steps in the order the wizard shows them, whatever the order of the data file. */
const STEP_ORDER = ['dataconnectors', 'workbooks', 'analytics', 'playbooks'];

/** createUiDefinition.json: the wizard that installs the solution. Playbooks have one common step, however many there are. */
export function createUiDefinition(description: string, draft: Draft): JsonMap {
  return mapOf({
    $schema: CREATE_UI_SCHEMA,
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
  return contentStep(PLAYBOOKS, text);
}

/** @param own text of the solution in place of that of the step */
function contentStep({ label, text, uri }: ContentStep, own: string | undefined): JsonMap {
  const name = label.toLowerCase();
  return mapOf({
    name,
    label,
    subLabel: { preValidation: `Configure the ${name}`, postValidation: 'Done' },
    bladeTitle: label,
    elements: [
      textBlock(`${name}-text`, { text: own ?? text }),
      textBlock(`${name}-link`, { link: { label: 'Learn more', uri } }),
    ],
  });
}

/** Adds what a step says of one item; the step comes with its first one. */
export function addSection(
  step: ContentStep,
  own: string | undefined,
  section: { readonly name: string; readonly label: string; readonly text: string },
  { uiSteps }: Draft,
): void {
  const { name, label, text } = section;
  const elements = [textBlock(`${name}-text`, { text })];
  const key = step.label.toLowerCase();
  const made = uiSteps.get(key) ?? contentStep(step, own);
  const added = mapOf({ name, type: 'Microsoft.Common.Section', label, elements });
  uiSteps.set(key, withMember(made, 'elements', [...listAt(made, 'elements'), added]));
}

export function textBlock(name: string, options: unknown): JsonMap {
  return mapOf({ name, type: 'Microsoft.Common.TextBlock', options });
}

import { UserError } from '../domain/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../wdl/types.ts';
import { evaluateArm } from './evaluate.ts';
import { copyCount, type FoundWorkflow, findWorkflows } from './find-workflows.ts';
import { type ParameterValues, unwrapValues } from './parameter.ts';
import { type Deployment, offlineDeployment } from './scope.ts';
import { textOfArm, toJson } from './value.ts';

/** A workflow as a deployment would create it. */
export interface WorkflowResource {
  readonly name: string;
  readonly id: string;
  readonly location: string;
  readonly tags: JsonObject;
  readonly definition: JsonObject;
  /** `properties.parameters`, unwrapped: name -> value. */
  readonly parameters: Readonly<Record<string, Json>>;
  /** JSON pointer of the definition in the template's text. */
  readonly pointer: string;
}

/** A workflow out of a template. */
interface TemplateWorkflow extends WorkflowResource {
  /** Parameters without a value that have been read, of templates around it, too: each reads as its own name. */
  readonly standIns: readonly string[];
}

export interface WorkflowSelection {
  readonly parameters?: ParameterValues;
  readonly deployment?: Partial<Deployment>;
  /** Where the template has several: the workflow's name, or the JSON pointer of its resource. */
  readonly workflow?: string;
}

/** Whether a document is an ARM template rather than a workflow. */
export function isArmTemplate(json: Json): json is JsonObject {
  return isJsonObject(json) && (Array.isArray(json['resources']) || isJsonObject(json['resources']));
}

/**
 * Evaluates an ARM template as far as needed for its workflow: the definition and its parameter values. Also finds workflows in
 * nested deployments and in Content Hub packages (contentTemplates, templateSpecs in older ones).
 * @throws UserError `arm.no-workflow`, `arm.several-workflows` (naming them), and errors of its expressions
 */
export function workflowFromTemplate(template: JsonObject, selection: WorkflowSelection = {}): TemplateWorkflow {
  const deployment = { ...offlineDeployment, ...selection.deployment };
  const found = findWorkflows(template, selection.parameters ?? {}, deployment);
  const { workflow } = selection;
  const chosen = workflow === undefined ? found : found.filter((one) => isChosen(one, workflow));
  const [first] = chosen;
  if (!first) {
    throw found.length === 0
      ? new UserError('arm.no-workflow', 'The template has no resource of type Microsoft.Logic/workflows.')
      : new UserError('arm.no-workflow', `The template has no workflow '${workflow}'.`, {
          remedy: `It has: ${listed(found)}.`,
        });
  }
  if (chosen.length === 1) return evaluated(first);
  const isOneName = new Set(chosen.map(({ name }) => name.toLowerCase())).size === 1;
  throw new UserError('arm.several-workflows', `The template has ${chosen.length} workflows: ${listed(chosen)}.`, {
    remedy: isOneName
      ? `They have one name: choose by the place instead, --workflow ${first.pointer}.`
      : 'Choose one with --workflow <name>.',
  });
}

/** By name, or by the pointer of its resource if two have the same name. */
function isChosen({ name, pointer }: FoundWorkflow, wanted: string): boolean {
  return wanted.startsWith('/') ? pointer === wanted : name.toLowerCase() === wanted.toLowerCase();
}

/** Names; ambiguous ones with their pointers. */
function listed(found: readonly FoundWorkflow[]): string {
  const isTwice = (name: string) => found.filter((one) => one.name.toLowerCase() === name.toLowerCase()).length > 1;
  return found.map(({ name, pointer }) => (isTwice(name) ? `${name} (${pointer})` : name)).join(', ');
}

function evaluated({ resource, scope, pointer }: FoundWorkflow): TemplateWorkflow {
  const { copy } = resource;
  if (copy !== undefined && isJsonObject(copy)) copyCount(copy, scope, pointer);
  const name = textOfArm(evaluateArm(resource['name'] ?? '', scope, `${pointer}/name`));
  const { subscriptionId, resourceGroup, location } = scope.deployment;
  const properties = toJson(evaluateArm(resource['properties'] ?? {}, scope, `${pointer}/properties`));
  const definition = isJsonObject(properties) ? properties['definition'] : undefined;
  if (definition === undefined || !isJsonObject(definition) || !isJsonObject(properties)) {
    throw new UserError('arm.no-workflow', `The workflow '${name}' has no properties.definition.`, {
      where: { path: `${pointer}/properties` },
    });
  }
  const tags = toJson(evaluateArm(resource['tags'] ?? {}, scope, `${pointer}/tags`));
  return {
    name,
    id: `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Logic/workflows/${name}`,
    location: textOfArm(evaluateArm(resource['location'] ?? location, scope, `${pointer}/location`)),
    tags: isJsonObject(tags) ? tags : {},
    definition,
    parameters: unwrapValues(properties['parameters'] ?? {}),
    standIns: [...(scope.standIns ?? [])],
    pointer: `${pointer}/properties/definition`,
  };
}

import { UserError } from '../../domain/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../wdl/types.ts';
import { evaluateArm } from './evaluate.ts';
import type { ParameterValues } from './parameter.ts';
import { type ArmScope, type Deployment, offlineDeployment } from './scope.ts';
import { templateScope } from './template.ts';
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
  /** Parameters of the template without a value that have been read: each reads as its own name. */
  readonly standIns: readonly string[];
}

export interface WorkflowSelection {
  readonly parameters?: ParameterValues;
  readonly deployment?: Partial<Deployment>;
  /** Name of the workflow, where the template has several. */
  readonly workflow?: string;
}

/** Whether a document is an ARM template rather than a workflow. */
export function isArmTemplate(json: Json): json is JsonObject {
  return isJsonObject(json) && (Array.isArray(json['resources']) || isJsonObject(json['resources']));
}

/**
 * Evaluates an ARM template far enough to obtain its workflow: the definition and the values of its parameters. Workflows
 * inside nested deployments and inside Content Hub's contentTemplates are found too.
 * @throws UserError `arm.no-workflow`, `arm.several-workflows` (naming them), and whatever an expression of it lacks
 */
export function workflowFromTemplate(template: JsonObject, selection: WorkflowSelection = {}): TemplateWorkflow {
  const deployment = { ...offlineDeployment, ...selection.deployment };
  const found = findWorkflows(template, selection.parameters ?? {}, deployment, '');
  const wanted = selection.workflow?.toLowerCase();
  const chosen = wanted === undefined ? found : found.filter(({ name }) => name.toLowerCase() === wanted);
  const [first] = chosen;
  const names = found.map(({ name }) => name).join(', ');
  if (!first) {
    throw found.length === 0
      ? new UserError('arm.no-workflow', 'The template has no resource of type Microsoft.Logic/workflows.')
      : new UserError('arm.no-workflow', `The template has no workflow '${selection.workflow}'.`, {
          remedy: `It has: ${names}.`,
        });
  }
  if (chosen.length > 1) {
    throw new UserError('arm.several-workflows', `The template has ${chosen.length} workflows: ${names}.`, {
      remedy: 'Choose one with --workflow <name>.',
    });
  }
  return evaluated(first);
}

interface Found {
  readonly name: string;
  readonly resource: JsonObject;
  readonly scope: ArmScope;
  readonly pointer: string;
}

function findWorkflows(
  template: JsonObject,
  parameters: ParameterValues,
  deployment: Deployment,
  pointer: string,
): Found[] {
  const scope = templateScope(template, parameters, deployment);
  return resourcesOf(template, `${pointer}/resources`).flatMap(({ resource, at }) => {
    if (evaluateArm(resource['condition'] ?? true, scope, `${at}/condition`) === false) return [];
    const type = String(resource['type']).toLowerCase();
    if (type === 'microsoft.logic/workflows') {
      return [
        { name: textOfArm(evaluateArm(resource['name'] ?? '', scope, `${at}/name`)), resource, scope, pointer: at },
      ];
    }
    const properties = resource['properties'];
    if (properties === undefined || !isJsonObject(properties)) return [];
    if (type === 'microsoft.resources/deployments' && properties['template'] !== undefined) {
      return findInDeployment(properties, scope, `${at}/properties`);
    }
    if (type.endsWith('/contenttemplates') && properties['mainTemplate'] !== undefined) {
      const inner = toJson(evaluateArm(properties['mainTemplate'], scope, `${at}/properties/mainTemplate`));
      return isJsonObject(inner) ? findWorkflows(inner, parameters, deployment, `${at}/properties/mainTemplate`) : [];
    }
    return [];
  });
}

/** A nested template evaluates its own expressions where its scope is `inner`, else those of the outer template. */
function findInDeployment(properties: JsonObject, scope: ArmScope, at: string): Found[] {
  const template = properties['template'];
  if (template === undefined || !isJsonObject(template)) return [];
  const options = properties['expressionEvaluationOptions'];
  const isInner = options !== undefined && isJsonObject(options) && String(options['scope']).toLowerCase() === 'inner';
  const given = unwrapValues(toJson(evaluateArm(properties['parameters'] ?? {}, scope, `${at}/parameters`)));
  if (isInner) return findWorkflows(template, given, scope.deployment, `${at}/template`);
  return resourcesOf(template, `${at}/template/resources`)
    .filter(({ resource }) => String(resource['type']).toLowerCase() === 'microsoft.logic/workflows')
    .map(({ resource, at: pointer }) => ({
      name: textOfArm(evaluateArm(resource['name'] ?? '', scope, `${pointer}/name`)),
      resource,
      scope,
      pointer,
    }));
}

/** Resources come as a list, or by symbolic name (languageVersion 2.0). */
function resourcesOf(template: JsonObject, pointer: string): { resource: JsonObject; at: string }[] {
  const resources = template['resources'];
  if (resources === undefined || typeof resources !== 'object' || resources === null) return [];
  return Object.entries(resources).flatMap(([key, resource]: [string, Json]) =>
    isJsonObject(resource) ? [{ resource, at: `${pointer}/${key}` }] : [],
  );
}

function evaluated({ name, resource, scope, pointer }: Found): TemplateWorkflow {
  if (resource['copy'] !== undefined) {
    throw new UserError('arm.copy', `The workflow '${name}' is made by a copy loop, which cannot be run offline.`, {
      where: { path: `${pointer}/copy` },
    });
  }
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

/** `{ name: { value } }` as parameter files and workflow resources write it, or `{ name: value }` -> name -> value. */
export function unwrapValues(parameters: Json): Readonly<Record<string, Json>> {
  if (!isJsonObject(parameters)) return {};
  return Object.fromEntries(
    Object.entries(parameters).map(([name, entry]) => {
      const isWrapped =
        isJsonObject(entry) &&
        entry['value'] !== undefined &&
        Object.keys(entry).every((key) => ['value', 'type', 'metadata'].includes(key));
      return [name, isWrapped ? (entry['value'] ?? null) : entry];
    }),
  );
}

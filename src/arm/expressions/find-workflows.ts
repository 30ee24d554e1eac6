import { UserError } from '../../domain/errors.ts';
import { pointerStep } from '../../wdl/pointer.ts';
import { isJsonObject, type Json, type JsonObject } from '../../wdl/types.ts';
import { evaluateArm } from './evaluate.ts';
import { type ParameterValues, unwrapValues } from './parameter.ts';
import type { ArmScope, Deployment } from './scope.ts';
import { templateScope } from './template.ts';
import { textOfArm, toJson } from './value.ts';

/** A workflow resource of a template, not evaluated yet but for its name. */
export interface FoundWorkflow {
  readonly name: string;
  readonly resource: JsonObject;
  readonly scope: ArmScope;
  /** JSON pointer of the resource in the template's text. */
  readonly pointer: string;
}

/** Types that bring a template which is evaluated when somebody installs it, not when they are deployed. */
const PACKED = /\/(?:contenttemplates|templatespecs\/versions)$/;

/**
 * Every workflow that a template would create: of its own, of nested deployments, and of the templates that Content Hub packs
 * into contentTemplates or, in older packages, into templateSpecs. One whose condition is false is passed over.
 */
export function findWorkflows(
  template: JsonObject,
  parameters: ParameterValues,
  deployment: Deployment,
  pointer: string,
): FoundWorkflow[] {
  const scope = templateScope(template, parameters, deployment);
  return resourcesOf(template, pointer).flatMap((placed) => found(placed, scope, parameters));
}

interface Placed {
  readonly resource: JsonObject;
  /** In lower case; of a child resource with the type of its parent before it. */
  readonly type: string;
  readonly at: string;
}

function found(placed: Placed, scope: ArmScope, parameters: ParameterValues): FoundWorkflow[] {
  const { resource, type, at } = placed;
  if (resource['existing'] === true || isSwitchedOff(placed, scope)) return [];
  if (type === 'microsoft.logic/workflows') return [{ name: nameOf(placed, scope), resource, scope, pointer: at }];
  const properties = resource['properties'];
  const own = properties !== undefined && isJsonObject(properties) ? properties : {};
  return [
    ...(type === 'microsoft.resources/deployments' ? inDeployment(own, scope, parameters, `${at}/properties`) : []),
    ...(PACKED.test(type) ? inPackedTemplate(own, scope, parameters, `${at}/properties/mainTemplate`) : []),
    ...resourcesOf(resource, at, type).flatMap((child) => found(child, scope, parameters)),
  ];
}

/** A condition that cannot be evaluated counts as true. */
function isSwitchedOff({ resource, at }: Placed, scope: ArmScope): boolean {
  return orUndefined(() => evaluateArm(resource['condition'] ?? true, scope, `${at}/condition`)) === false;
}

/** A name that cannot be evaluated stands for itself, so that the other workflows of the template can be chosen. */
function nameOf({ resource, at }: Placed, scope: ArmScope): string {
  const written = resource['name'] ?? '';
  return textOfArm(orUndefined(() => evaluateArm(written, scope, `${at}/name`)) ?? String(written));
}

function orUndefined<T>(evaluate: () => T): T | undefined {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** A nested template evaluates its own expressions where its scope is `inner`, else those of the outer template. */
function inDeployment(properties: JsonObject, scope: ArmScope, outer: ParameterValues, at: string): FoundWorkflow[] {
  const template = properties['template'];
  if (template === undefined || !isJsonObject(template)) return [];
  const options = properties['expressionEvaluationOptions'];
  const isInner = options !== undefined && isJsonObject(options) && String(options['scope']).toLowerCase() === 'inner';
  if (!isInner) return resourcesOf(template, `${at}/template`).flatMap((placed) => found(placed, scope, outer));
  const given = orUndefined(() => toJson(evaluateArm(properties['parameters'] ?? {}, scope, `${at}/parameters`)));
  return findWorkflows(template, unwrapValues(given ?? {}), scope.deployment, `${at}/template`);
}

/**
 * The template inside a package: the package's own expressions are evaluated now, those that are escaped when it is installed, with the
 * values that were given for the package.
 */
function inPackedTemplate(
  properties: JsonObject,
  scope: ArmScope,
  parameters: ParameterValues,
  at: string,
): FoundWorkflow[] {
  const written = properties['mainTemplate'];
  if (written === undefined) return [];
  const template = orUndefined(() => toJson(evaluateArm(written, scope, at)));
  return template !== undefined && isJsonObject(template)
    ? findWorkflows(template, parameters, scope.deployment, at)
    : [];
}

/** Resources come as a list, or by symbolic name (languageVersion 2.0). */
function resourcesOf(parent: JsonObject, pointer: string, parentType?: string): Placed[] {
  const resources = parent['resources'];
  if (resources === undefined || typeof resources !== 'object' || resources === null) return [];
  return Object.entries(resources).flatMap(([key, resource]: [string, Json]) => {
    if (!isJsonObject(resource)) return [];
    const type = String(resource['type']).toLowerCase();
    const isChild = parentType !== undefined && !type.startsWith('microsoft.');
    return [
      { resource, type: isChild ? `${parentType}/${type}` : type, at: `${pointer}/resources${pointerStep(key)}` },
    ];
  });
}

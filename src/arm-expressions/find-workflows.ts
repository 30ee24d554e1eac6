import { UserError } from '../domain/errors.ts';
import { objectOf } from '../domain/json.ts';
import { pointerStep } from '../domain/json-pointer.ts';
import { isJsonObject, type Json, type JsonObject } from '../wdl/types.ts';
import { evaluateArm } from './evaluate.ts';
import { type ParameterValues, unwrapValues } from './parameter.ts';
import type { ArmScope, Deployment } from './scope.ts';
import { templateScope } from './template.ts';
import { textOfArm, toJson } from './value.ts';

/** A workflow resource of a template, of which only the name is evaluated. */
export interface FoundWorkflow {
  readonly name: string;
  readonly resource: JsonObject;
  readonly scope: ArmScope;
  /** JSON pointer of the resource in the template's text. */
  readonly pointer: string;
}

/** Types that contain a template which is evaluated on installation rather than on deployment. */
const PACKED = /\/(?:contenttemplates|templatespecs\/versions)$/;

/**
 * All workflows that a template would create: its own, those of nested deployments, and those in templates that Content Hub packs
 * into contentTemplates (templateSpecs in older packages). Skips those with a false condition.
 */
export function findWorkflows(
  template: JsonObject,
  parameters: ParameterValues,
  deployment: Deployment,
  pointer = '',
  standIns = new Set<string>(),
): FoundWorkflow[] {
  const scope = templateScope(template, parameters, deployment, standIns);
  return resourcesOf(template, pointer).flatMap((placed) => found(placed, scope, parameters, standIns));
}

/**
 * Names of all parameters whose values are given with the template: its own, and those of packed templates. Nested deployments
 * with inner scope get theirs from the template.
 */
export function templateParameterNames(template: JsonObject): readonly string[] {
  const namesIn = (placed: Placed): string[] => {
    const { resources, packed } = inside(placed);
    const names = packed !== undefined && isJsonObject(packed) ? templateParameterNames(packed) : [];
    return [...names, ...resources.flatMap(namesIn)];
  };
  const own = Object.keys(objectOf(template['parameters']));
  return [...new Set([...own, ...resourcesOf(template, '').flatMap(namesIn)])];
}

interface Placed {
  readonly resource: JsonObject;
  /** In lower case; of a child resource with the type of its parent before it. */
  readonly type: string;
  readonly at: string;
}

/** What a resource contains. */
interface Inside {
  /** Children, and the resources of a nested template that shares the scope of the outer one. */
  readonly resources: readonly Placed[];
  /** A nested template with an inner scope: it evaluates its own expressions. */
  readonly inner?: JsonObject;
  /** A template that is evaluated when somebody installs it; may be an expression as a whole. */
  readonly packed?: Json;
}

function inside({ resource, type, at }: Placed): Inside {
  const properties = objectOf(resource['properties']);
  const children = resourcesOf(resource, at, type);
  const packed = properties['mainTemplate'];
  if (PACKED.test(type) && packed !== undefined) return { resources: children, packed };
  const template = properties['template'];
  if (type !== 'microsoft.resources/deployments' || template === undefined || !isJsonObject(template)) {
    return { resources: children };
  }
  const { scope } = objectOf(properties['expressionEvaluationOptions']);
  if (String(scope).toLowerCase() === 'inner') return { resources: children, inner: template };
  return { resources: [...resourcesOf(template, `${at}/properties/template`), ...children] };
}

function found(
  placed: Placed,
  outer: ArmScope,
  parameters: ParameterValues,
  standIns: Set<string>,
): readonly FoundWorkflow[] {
  return copiesOf(placed, outer).flatMap((scope) => foundInCopy(placed, scope, parameters, standIns));
}

/** One scope per copy of a resource. A loop whose count cannot be evaluated counts as one resource. */
function copiesOf({ resource, at }: Placed, scope: ArmScope): readonly ArmScope[] {
  const { copy } = resource;
  if (copy === undefined || !isJsonObject(copy)) return [scope];
  const count = orUndefined(() => copyCount(copy, scope, at));
  if (count === undefined) return [scope];
  return Array.from({ length: count }, (_, index) => ({
    ...scope,
    copyIndexes: new Map([...(scope.copyIndexes ?? []), ['', index], [String(copy['name']), index]]),
  }));
}

/** Maximum number of copies ("Resource iteration in ARM templates", copy limits). */
const MOST_COPIES = 800;

/** @throws UserError `arm.copy` for a count that is none, and whatever its expression lacks */
export function copyCount(copy: JsonObject, scope: ArmScope, at: string): number {
  const path = `${at}/copy/count`;
  const count = evaluateArm(copy['count'] ?? null, scope, path);
  if (typeof count === 'number' && Number.isInteger(count) && count >= 0 && count <= MOST_COPIES) return count;
  const message = `The copy loop must have a whole number from 0 to ${MOST_COPIES} as its count, but it is '${textOfArm(count)}'.`;
  throw new UserError('arm.copy', message, { where: { path } });
}

function foundInCopy(
  placed: Placed,
  scope: ArmScope,
  parameters: ParameterValues,
  standIns: Set<string>,
): readonly FoundWorkflow[] {
  const { resource, type, at } = placed;
  if (resource['existing'] === true || isSwitchedOff(placed, scope)) return [];
  if (type === 'microsoft.logic/workflows') return [{ name: nameOf(placed, scope), resource, scope, pointer: at }];
  const { resources, inner, packed } = inside(placed);
  const deployment = { ...scope.deployment, deploymentName: nameOf(placed, scope) };
  return [
    ...(inner
      ? findWorkflows(inner, innerValues(placed, scope), deployment, `${at}/properties/template`, standIns)
      : []),
    ...(packed === undefined
      ? []
      : inPackedTemplate(packed, scope, parameters, `${at}/properties/mainTemplate`, standIns)),
    ...resources.flatMap((one) => found(one, scope, parameters, standIns)),
  ];
}

/** A condition that cannot be evaluated counts as true. */
function isSwitchedOff({ resource, at }: Placed, scope: ArmScope): boolean {
  return orUndefined(() => evaluateArm(resource['condition'] ?? true, scope, `${at}/condition`)) === false;
}

/** A name that cannot be evaluated is used as written, so that the template's other workflows can still be chosen. */
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

/** What a nested deployment gives the parameters of its template. */
function innerValues({ resource, at }: Placed, scope: ArmScope): ParameterValues {
  const written = objectOf(resource['properties'])['parameters'] ?? {};
  return unwrapValues(orUndefined(() => toJson(evaluateArm(written, scope, `${at}/properties/parameters`))) ?? {});
}

/**
 * The template inside a package: the package's own expressions are evaluated now, escaped ones on installation with the values
 * given for the package.
 */
function inPackedTemplate(
  written: Json,
  scope: ArmScope,
  parameters: ParameterValues,
  at: string,
  standIns: Set<string>,
): FoundWorkflow[] {
  const template = orUndefined(() => toJson(evaluateArm(written, scope, at)));
  return template !== undefined && isJsonObject(template)
    ? findWorkflows(template, parameters, scope.deployment, at, standIns)
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

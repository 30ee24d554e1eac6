import { evaluateArm } from '../../arm-expressions/evaluate.ts';
import { unwrapValues } from '../../arm-expressions/parameter.ts';
import type { ArmScope, AzureAnswers, Deployment } from '../../arm-expressions/scope.ts';
import { templateScope } from '../../arm-expressions/template.ts';
import { toJson } from '../../arm-expressions/value.ts';
import { UserError } from '../../domain/errors.ts';
import { isJsonObject, type Json, type JsonObject, listOf, memberAt, textOf } from '../../domain/json.ts';
import { ArmError } from '../sentinel/arm-error.ts';
import { lower } from './state.ts';

/** A resource of a template whose turn has come: everything in it evaluated. */
export interface EvaluatedResource {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  /** Location, kind, tags, identity, properties. */
  readonly body: JsonObject;
}

export interface TemplateRun {
  readonly template: JsonObject;
  readonly parameters: JsonObject;
  readonly place: Deployment;
  /** Left out: nothing takes place, so references stay unresolved. */
  readonly azure?: AzureAnswers;
  /** Told each resource in an order that `dependsOn` allows: the last of the template first, wherever it may. */
  readonly visit: (resource: EvaluatedResource) => void;
  /** Told when a nested deployment begins. */
  readonly enter?: (name: string) => void;
}

/** Goes through a template as Resource Manager does. Gives its outputs. @throws ArmError 400 InvalidTemplate for a template that is wrong. */
export function runTemplate(run: TemplateRun): JsonObject {
  checkParameters(run.template, run.parameters);
  const place = { ...run.place, ...(run.azure && { azure: run.azure }) };
  const scope = templateScope(run.template, run.parameters, place);
  for (const resource of inOrder(expand(run.template, scope))) visitOne(resource, run);
  return evaluated(() => outputsOf(run.template, scope));
}

interface Declared {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly copyName: string | undefined;
  readonly dependsOn: readonly string[];
  readonly isWanted: boolean;
  readonly resource: JsonObject;
  readonly scope: ArmScope;
}

function checkParameters({ parameters: declared = {} }: JsonObject, given: JsonObject): void {
  if (!isJsonObject(declared)) return;
  const failed = (text: string) => invalid(`Deployment template validation failed: '${text}'.`);
  for (const [name, declaration] of Object.entries(declared)) {
    const value = given[name];
    if (value === undefined && memberAt(declaration, 'defaultValue') === undefined)
      throw failed(
        `The value for the template parameter '${name}' at line '1' and column '2' is not provided. Please see https://aka.ms/arm-create-parameter-file for usage details.`,
      );
    const type = lower(textOf(memberAt(declaration, 'type')) ?? 'string');
    if (value !== undefined && !fits(value, type))
      throw failed(
        `Template parameter JToken type is not valid. Expected '${type}'. Actual '${typeof value}' for '${name}'`,
      );
    const least = Number(textOf(memberAt(declaration, 'minLength')) ?? 0);
    if (typeof value === 'string' && value.length < least)
      throw failed(
        `The provided value for the template parameter '${name}' is not valid. Length of the value should be greater than or equal to '${least}'`,
      );
  }
  const unknown = Object.keys(given).find((name) => !Object.keys(declared).some((each) => lower(each) === lower(name)));
  if (unknown !== undefined)
    throw failed(
      `The template parameters '${unknown}' in the parameters file are not valid; they are not present in the original template and can therefore not be provided at deployment time`,
    );
}

function fits(value: Json, type: string): boolean {
  if (type.endsWith('string')) return typeof value === 'string';
  if (type === 'int') return Number.isInteger(value);
  if (type === 'bool') return typeof value === 'boolean';
  return type === 'array' ? Array.isArray(value) : isJsonObject(value);
}

function expand(template: JsonObject, scope: ArmScope): readonly Declared[] {
  return listOf(template['resources']).flatMap((value) => {
    const resource = value as JsonObject;
    const copy = isJsonObject(resource['copy']) ? resource['copy'] : undefined;
    if (!copy) return [evaluated(() => declare(resource, scope, undefined))];
    const name = textOf(copy['name']) ?? '';
    const count = Number(evaluated(() => toJson(evaluateArm(copy['count'] ?? 0, scope))));
    return Array.from({ length: count }, (_, index) => {
      const copyIndexes = new Map([
        ['', index],
        [name, index],
      ]);
      return evaluated(() => declare(resource, { ...scope, copyIndexes }, name));
    });
  });
}

function declare(resource: JsonObject, scope: ArmScope, copyName: string | undefined): Declared {
  const value = (key: string) => textOf(toJson(evaluateArm(resource[key] ?? '', scope))) ?? '';
  const [type, name] = [value('type'), value('name')];
  const { subscriptionId, resourceGroup } = scope.deployment;
  const nested = lower(type) === 'microsoft.resources/deployments';
  const group = `/subscriptions/${(nested && value('subscriptionId')) || subscriptionId}/resourceGroups/${(nested && value('resourceGroup')) || resourceGroup}`;
  const own = value('scope');
  const base = own === '' ? group : own.startsWith('/') ? own : `${group}/providers/${own}`;
  return {
    ...{ type, name, copyName, resource, scope },
    id: `${base}/providers/${interleaved(type, name)}`,
    dependsOn: listOf(resource['dependsOn']).map((each) =>
      lower(textOf(toJson(evaluateArm(each as Json, scope))) ?? ''),
    ),
    isWanted: toJson(evaluateArm(resource['condition'] ?? true, scope)) !== false,
  };
}

function interleaved(type: string, name: string): string {
  const [namespace = '', ...types] = type.split('/');
  const names = name.split('/');
  if (names.length !== types.length || names.some((each) => each === ''))
    throw invalid(
      `The template resource '${name}' for type '${type}' has incorrect segment lengths. A nested resource type must have identical number of segments as its resource name.`,
    );
  return [namespace, ...types.flatMap((each, index) => [each, names[index] ?? ''])].join('/');
}

/** What depends on nothing that is still to come goes first; of those the last one, so that a missing `dependsOn` shows. */
function inOrder(all: readonly Declared[]): readonly Declared[] {
  const isMeant = (by: string, { id, name, copyName }: Declared) =>
    by === lower(id) || by === lower(name) || by === lower(copyName ?? '') || lower(id).endsWith(`/${by}`);
  for (const { name, dependsOn } of all)
    for (const by of dependsOn)
      if (!all.some((each) => isMeant(by, each)))
        throw invalid(
          `Deployment template validation failed: 'The resource '${by}' is not defined in the template ('${name}' depends on it). Please see https://aka.ms/arm-syntax for usage details.'.`,
        );
  const ordered: Declared[] = [];
  let open = [...all];
  while (open.length > 0) {
    const next = open.findLast(({ dependsOn }) => !open.some((each) => dependsOn.some((by) => isMeant(by, each))));
    if (!next) throw invalid("Deployment template validation failed: 'Circular dependency detected on resource'.");
    ordered.push(next);
    open = open.filter((each) => each !== next);
  }
  return ordered.filter(({ isWanted }) => isWanted);
}

/** What of a resource is for Resource Manager alone. */
const templateMembers: ReadonlySet<string> = new Set([
  'type',
  'name',
  'apiVersion',
  'copy',
  'condition',
  'dependsOn',
  'scope',
]);

function visitOne({ id, type, name, resource, scope }: Declared, run: TemplateRun): void {
  if (lower(type) === 'microsoft.resources/deployments') {
    visitNested(resource, name, scope, run);
    return;
  }
  const own = Object.fromEntries(Object.entries(resource).filter(([key]) => !templateMembers.has(key)));
  const body = evaluated(() => toJson(evaluateArm(own, scope)));
  run.visit({ id, type, name, body: isJsonObject(body) ? body : {} });
}

function visitNested(resource: JsonObject, name: string, scope: ArmScope, run: TemplateRun): void {
  const properties = resource['properties'] as JsonObject;
  const isInner = memberAt(properties, 'expressionEvaluationOptions', 'scope') === 'inner';
  if (!isInner)
    throw invalid(`The nested deployment '${name}' has the scope 'outer', which this simulator does not run.`);
  const text = (key: string) => textOf(evaluated(() => toJson(evaluateArm(resource[key] ?? '', scope)))) ?? '';
  const given = evaluated(() => unwrapValues(toJson(evaluateArm(properties['parameters'] ?? {}, scope)) as Json));
  run.enter?.(name);
  runTemplate({
    ...run,
    template: properties['template'] as JsonObject,
    parameters: given as JsonObject,
    place: {
      ...run.place,
      subscriptionId: text('subscriptionId') || run.place.subscriptionId,
      resourceGroup: text('resourceGroup') || run.place.resourceGroup,
      deploymentName: name,
    },
  });
}

function outputsOf({ outputs = {} }: JsonObject, scope: ArmScope): JsonObject {
  if (!isJsonObject(outputs)) return {};
  const entries = Object.entries(outputs).map(([name, output]) => {
    const value = toJson(evaluateArm((memberAt(output, 'value') ?? null) as Json, scope));
    return [name, { type: textOf(memberAt(output, 'type')) ?? 'String', value }] as const;
  });
  return Object.fromEntries(entries);
}

/** What an expression of the template lacks is a fault of the template. */
function evaluated<T>(evaluate: () => T): T {
  try {
    return evaluate();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw invalid(
      `Deployment template language expression evaluation failed: '${error.message}'. Please see https://aka.ms/arm-functions for usage details.`,
    );
  }
}

function invalid(message: string): ArmError {
  return new ArmError(400, 'InvalidTemplate', message).with({
    additionalInfo: [{ type: 'TemplateViolation', info: { lineNumber: 1, linePosition: 2, path: '' } }],
  });
}

import { type ConnectorOperation, findOperation, operations } from '../../../src/connector/operations.ts';
import { type Definition, resolve, type Schema, type Visibility } from '../../../src/connector/swagger.ts';
import { parseTemplate } from '../../../src/wdl/parse.ts';
import { printExpression } from '../../../src/wdl/print.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../src/wdl/types.ts';
import { complaintsOf, type Parameter, savedValue } from './parameter.ts';
import { at, type Offer } from './settings.ts';

/*
 * Operations of connectors: how the designer finds one again from method and path, and what it writes back. Facts:
 * Azure/LogicAppsUX, libs/designer/src/lib/core/utils/swagger/{operation,inputsbuilder}.ts and
 * libs/logic-apps-shared/src/parsers/lib/{swagger/parameterprocessor,common/schemaprocessor}.ts.
 */

export const connectorOffer: Offer = {
  secure: ['inputs', 'outputs'],
  retryPolicy: true,
  timeout: true,
  trackedProperties: true,
  options: ['DisableAsyncPattern', 'DisableAutomaticDecompression'],
};

export const connectorTriggerOffer: Offer = {
  secure: ['inputs', 'outputs'],
  retryPolicy: true,
  timeout: true,
  concurrency: 'runs',
};

export interface SavedInputs {
  readonly inputs: JsonObject;
  readonly complaints: readonly string[];
}

const REFERENCE = /^@parameters\('\$connections'\)\['([^']+)'\]\['connectionId'\]$/;

/** The inputs of a connector's action, or of its webhook trigger, which has no method and is always subscribed by POST. */
export function savedConnectorInputs(
  inputs: JsonObject,
  connectors: Readonly<Record<string, Definition>>,
  isWebhook: boolean,
): SavedInputs {
  const [, key = ''] = REFERENCE.exec(String(at(inputs, 'host', 'connection', 'name'))) ?? [];
  const connector = connectors[key];
  if (!connector) return { inputs, complaints: [`has no connector for the connection "${key}"`] };
  const method = isWebhook ? 'post' : String(inputs['method']);
  const path = String(inputs['path']);
  const operation = findOperation(operations(connector), method, path);
  if (!operation) return { inputs, complaints: [`is not an operation of "${key}": ${method} ${path}`] };
  const body = savedMembers(inputs['body'], bodyParameters(connector, operation));
  const queries = savedMembers(inputs['queries'], queryParameters(operation));
  return {
    inputs: {
      host: { connection: { name: `@parameters('$connections')['${key}']['connectionId']` } },
      ...(!isWebhook && { method: operation.method }),
      ...(body.value !== undefined && { body: body.value }),
      path,
      ...(queries.value !== undefined && { queries: queries.value }),
    },
    complaints: [...complaintsOfPath(operation.path, path), ...body.complaints, ...queries.complaints],
  };
}

/** Literal parts must be those of the template, and a value is encoded once. */
function complaintsOfPath(template: string, path: string): readonly string[] {
  const read = parseTemplate(path);
  const parts = read.kind === 'interpolation' ? read.parts : read.kind === 'literal' ? [read.text] : [];
  const values = parts.flatMap((part) => (typeof part === 'string' ? [] : [part]));
  const shape = parts.map((part) => (typeof part === 'string' ? part : '{}')).join('');
  return [
    ...(shape === template.replaceAll(/\{.*?\}/g, '{}') ? [] : [`has a path that does not fit ${template}`]),
    ...values
      .filter((value) => value.kind !== 'call' || value.name !== 'encodeURIComponent')
      .map((value) => `does not encode @{${printExpression(value)}} in its path`),
  ];
}

interface ConnectorParameter extends Parameter {
  readonly visibility?: Visibility | undefined;
}

function queryParameters({ parameters }: ConnectorOperation): readonly ConnectorParameter[] {
  return parameters
    .filter((parameter) => parameter.in === 'query')
    .map(({ name, type, required, visibility }) => ({
      path: [name],
      type: type as Parameter['type'],
      required,
      visibility,
    }));
}

function bodyParameters(definition: Definition, operation: ConnectorOperation): readonly ConnectorParameter[] {
  return operation.parameters
    .filter((parameter) => parameter.in === 'body')
    .flatMap(({ schema, required }) => (schema ? leaves(definition, schema, [], required) : []));
}

/** Objects are taken apart, arrays are not. A member is required where all that it lies in are. */
function leaves(
  definition: Definition,
  reference: Schema,
  path: readonly string[],
  required: boolean,
): readonly ConnectorParameter[] {
  const schema = resolve(definition, reference) ?? {};
  const members = Object.entries(schema.properties ?? {});
  if (schema.type === 'object' && members.length > 0) {
    return members.flatMap(([name, member]) =>
      leaves(definition, member, [...path, name], required && (schema.required ?? []).includes(name)),
    );
  }
  const { type, format, 'x-ms-visibility': visibility } = schema;
  return [
    { path, type: (type ?? 'any') as Parameter['type'], ...(format !== undefined && { format }), required, visibility },
  ];
}

/**
 * Members of a body or of the queries. Known ones come first and get the definition's spelling, others are kept behind them.
 * A body that is one expression is kept as a whole.
 */
function savedMembers(
  value: Json | undefined,
  parameters: readonly ConnectorParameter[],
): { readonly value: Json | undefined; readonly complaints: readonly string[] } {
  if (value !== undefined && !isJsonObject(value)) {
    const whole: Parameter = { path: [], type: 'object' };
    return { value: savedValue(whole, value), complaints: complaintsOf(whole, value) };
  }
  const rest = structuredClone(value ?? {}) as Mutable;
  const saved: Mutable = {};
  const complaints: string[] = [];
  for (const parameter of byVisibility(parameters)) {
    const given = taken(rest, parameter.path);
    complaints.push(...complaintsOf(parameter, given).map((complaint) => `${parameter.path.join('.')} ${complaint}`));
    const kept = savedValue(parameter, given);
    if (kept !== undefined) put(saved, parameter.path, kept);
  }
  for (const [name, member] of Object.entries(rest)) {
    const unknown: Parameter = { path: [name], type: 'any' };
    complaints.push(...complaintsOf(unknown, member).map((complaint) => `${name} ${complaint}`));
    put(saved, [name], savedValue(unknown, member) ?? null);
  }
  return { value: Object.keys(saved).length > 0 ? saved : undefined, complaints };
}

function byVisibility(parameters: readonly ConnectorParameter[]): readonly ConnectorParameter[] {
  const rank = ({ required, visibility }: ConnectorParameter) =>
    required ? 0 : visibility === 'important' ? 1 : visibility === 'advanced' ? 2 : 3;
  return [...parameters].sort((left, right) => rank(left) - rank(right));
}

export type Mutable = { [name: string]: Json };

/** Takes a value out, whatever the casing of its path, and what became empty with it. */
export function taken(parent: Mutable, [first = '', ...rest]: readonly string[]): Json | undefined {
  const name = Object.keys(parent).find((candidate) => candidate.toLowerCase() === first.toLowerCase());
  const value = name === undefined ? undefined : parent[name];
  if (name === undefined || value === undefined) return undefined;
  if (rest.length === 0) {
    delete parent[name];
    return value;
  }
  if (!isJsonObject(value)) return undefined;
  const found = taken(value as Mutable, rest);
  if (Object.keys(value).length === 0) delete parent[name];
  return found;
}

export function put(parent: Mutable, [first = '', ...rest]: readonly string[], value: Json): void {
  if (rest.length === 0) {
    parent[first] = value;
    return;
  }
  const inner = isJsonObject(parent[first]) ? { ...parent[first] } : {};
  put(inner, rest, value);
  parent[first] = inner;
}

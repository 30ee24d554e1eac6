import {
  type Definition,
  lookUp,
  type Operation,
  type Parameter,
  type PathItem,
  type Schema,
} from '../../../connector/swagger.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../domain/json.ts';
import { pointerStep } from '../../../domain/json-pointer.ts';
import { type Call, callsOf, HOLE, pathDistance, withHoles } from '../../calls.ts';
import { at, objectAt, textAt } from '../../json-walk.ts';
import { oncePer } from '../../once-per.ts';
import type { SubjectRule, Violation } from '../../rule.ts';
import { sources } from '../../sources.ts';
import type { WorkflowSubject } from '../../workflow-subject.ts';

/** Compares calls of custom connectors with the definition of the connector, if that is in the same tree. */
export const connectorCallRules: readonly SubjectRule<WorkflowSubject>[] = [
  {
    id: 'connector-call.unknown-operation',
    level: 'error',
    source: sources.customConnectors,
    help: 'Use a method and path that the definition of the connector has.',
    check: (subject) =>
      connectorCalls(subject)
        .filter(({ path, operations }) => path !== undefined && operations.length === 0)
        .map(({ call, path }) => ({
          pointer: `${call.node.pointer}/inputs/path`,
          message: `the connector has no ${call.method.toUpperCase()} ${path?.replaceAll(HOLE, '…')}`,
        })),
  },
  {
    id: 'connector-call.parameters',
    level: 'error',
    source: sources.customConnectors,
    help: 'Give the required parameters of the operation, and only those it has.',
    check: (subject) =>
      connectorCalls(subject).flatMap((one) => (one.operations[0] ? parameterProblems(one, one.operations[0]) : [])),
  },
  {
    id: 'connector-call.body',
    level: 'warning',
    source: sources.customConnectors,
    help: 'Write the body as the operation takes it.',
    check: (subject) =>
      connectorCalls(subject).flatMap((one) => (one.operations[0] ? bodyProblems(one, one.operations[0]) : [])),
  },
];

interface FoundOperation {
  readonly path: string;
  readonly operation: Operation;
  readonly parameters: readonly Parameter[];
}

interface ConnectorCall {
  readonly call: Call;
  readonly definition: Definition;
  readonly path: string | undefined;
  readonly operations: readonly FoundOperation[];
}

const connectorCalls = oncePer((subject: WorkflowSubject): ConnectorCall[] =>
  callsOf(subject).flatMap((call) => {
    if (call.api?.kind !== 'custom' || call.api.definition === undefined) return [];
    const { definition } = call.api;
    const path = withHoles(textAt(call.inputs, 'path') ?? '');
    const operations = path === undefined ? [] : findOperations(definition, call.method, path);
    return [{ call, definition, path, operations }];
  }),
);

/** Operations that a path may refer to, best match first. */
function findOperations(definition: Definition, method: string, written: string): FoundOperation[] {
  return Object.entries(definition.paths ?? {})
    .map(([path, item]) => ({ path, item, distance: pathDistance(written, path) ?? Number.POSITIVE_INFINITY }))
    .filter(({ distance }) => Number.isFinite(distance))
    .sort((a, b) => a.distance - b.distance)
    .flatMap(({ path, item }) => {
      const operation = (item as Readonly<Record<string, Operation | undefined>>)[method];
      return operation === undefined
        ? []
        : [{ path, operation, parameters: parametersOf(definition, operation, item) }];
    });
}

function parametersOf(definition: Definition, operation: Operation, item: PathItem): Parameter[] {
  const all = [...(item.parameters ?? []), ...(operation.parameters ?? [])];
  return all.flatMap((one) => {
    const parameter = one.$ref === undefined ? one : lookUp<Parameter>(definition, one.$ref);
    return parameter === undefined ? [] : [parameter];
  });
}

const PLACES = { query: 'queries', header: 'headers' } as const;

function parameterProblems({ call }: ConnectorCall, { parameters, operation }: FoundOperation): Violation[] {
  return (['query', 'header'] as const).flatMap((place) => {
    const member = PLACES[place];
    const given = call.inputs[member];
    if (typeof given === 'string') return []; // computed as a whole
    const values = objectAt(given);
    const pointer = `${call.node.pointer}/inputs`;
    const declared = parameters.filter((one) => one.in === place);
    const missing = declared.filter(
      ({ name = '', required, default: fallback }) => required && fallback === undefined && !hasName(values, name),
    );
    const unknown =
      place === 'query' ? Object.keys(values).filter((name) => !declared.some((one) => one.name === name)) : [];
    return [
      ...missing.map(({ name }) => ({
        pointer,
        message: `${operation.operationId} needs the ${place} parameter "${name}"`,
      })),
      ...unknown.map((name) => ({
        pointer: `${pointer}/${member}${pointerStep(name)}`,
        message: `${operation.operationId} has no query parameter "${name}"`,
      })),
    ];
  });
}

function bodyProblems({ call, definition }: ConnectorCall, { parameters, operation }: FoundOperation): Violation[] {
  const declared = parameters.find((one) => one.in === 'body');
  const body = at(call.inputs, 'body');
  const pointer = `${call.node.pointer}/inputs`;
  if (declared === undefined) {
    return body === undefined
      ? []
      : [{ pointer: `${pointer}/body`, message: `${operation.operationId} takes no body` }];
  }
  if (body === undefined)
    return declared.required ? [{ pointer, message: `${operation.operationId} needs a body` }] : [];
  return valueProblems(body, declared.schema, definition, `${pointer}/body`, new Set());
}

/** Where a literal value violates a schema; expressions are only known in a run. */
function valueProblems(
  value: Json,
  given: Schema | undefined,
  definition: Definition,
  pointer: string,
  seen: ReadonlySet<Schema>,
): Violation[] {
  const schema = given?.$ref === undefined ? given : lookUp<Schema>(definition, given.$ref);
  if (schema === undefined || seen.has(schema) || value === null || (typeof value === 'string' && value.includes('@')))
    return [];
  const inside = new Set([...seen, schema]);
  if (schema.type !== undefined && !isOfType(value, schema.type))
    return [{ pointer, message: `the value is no ${schema.type}` }];
  if (schema.enum !== undefined && !isJsonObject(value) && !Array.isArray(value) && !schema.enum.includes(value)) {
    return [{ pointer, message: `${JSON.stringify(value)} is not possible here; possible: ${schema.enum.join(', ')}` }];
  }
  if (Array.isArray(value)) {
    return (value as readonly Json[]).flatMap((item, index) =>
      valueProblems(item, schema.items, definition, `${pointer}/${index}`, seen),
    );
  }
  return isJsonObject(value) ? memberProblems(value, schema, definition, pointer, inside) : [];
}

function memberProblems(
  value: JsonObject,
  schema: Schema,
  definition: Definition,
  pointer: string,
  seen: ReadonlySet<Schema>,
): Violation[] {
  const properties = schema.properties ?? {};
  const isOpen =
    schema.properties === undefined ||
    (schema.additionalProperties !== undefined && schema.additionalProperties !== false);
  const missing = (schema.required ?? []).filter(
    (name) => value[name] === undefined && properties[name]?.default === undefined,
  );
  return [
    ...missing.map((name) => ({ pointer, message: `the body lacks "${name}"` })),
    ...Object.entries(value).flatMap(([name, member]) => {
      const place = pointer + pointerStep(name);
      const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (property !== undefined) return valueProblems(member, property, definition, place, seen);
      return isOpen || name.includes('@') ? [] : [{ pointer: place, message: `the operation knows no "${name}"` }];
    }),
  ];
}

function isOfType(value: Json, type: string): boolean {
  switch (type) {
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isJsonObject(value);
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return typeof value === 'number';
    case 'boolean':
    case 'string':
      return typeof value === type;
    default:
      return true;
  }
}

function hasName(values: JsonObject, name: string): boolean {
  return Object.keys(values).some((one) => one.toLowerCase() === name.toLowerCase());
}

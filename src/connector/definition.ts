import { UserError } from '../domain/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../domain/json.ts';
import { entries, findSpecProblems, singleMembers } from './problems.ts';
import type { SpecDocument } from './spec.ts';
import { type Definition, methods } from './swagger.ts';

/** Order of the members of the file (Microsoft Learn, "Follow coding standards"). */
export const memberOrder = [
  'swagger',
  'info',
  'host',
  'basePath',
  'schemes',
  'consumes',
  'produces',
  'securityDefinitions',
  'security',
  'paths',
  'definitions',
  'parameters',
  'responses',
  'x-ms-connector-metadata',
] as const;

/** Order of the members of an operation, the most interesting first. */
const operationOrder = [
  'operationId',
  'summary',
  'description',
  'x-ms-trigger',
  'x-ms-trigger-hint',
  'x-ms-visibility',
];

const operationMembers = new Set<string>(methods);

/**
 * Merges the documents of all resources into one definition. Parameters and success responses are inlined, because not all
 * designers follow references to them. References to schemas are kept, and so are those to error responses, which no designer
 * shows. Pickers become `x-ms-dynamic-values`, and common members are added to every operation.
 * @throws UserError with the first problem of the documents: a duplicate name, a broken reference, …
 */
export function buildDefinition(documents: readonly SpecDocument[]): Definition {
  const [problem] = findSpecProblems(documents);
  if (problem !== undefined) {
    const where = { file: problem.file, path: problem.path.join('.') };
    throw new UserError('connector-spec.invalid', problem.message, { where, remedy: problem.remedy });
  }
  const shared = {
    parameters: merged(documents, 'parameters'),
    responses: merged(documents, 'responses'),
    pickers: merged(documents, 'x-pickers'),
  };
  const single: JsonObject = Object.assign({}, ...documents.map(({ content }) => pick(content, singleMembers)));
  const everyOperation = entries(entries(single, 'x-every-operation'), 'responses');
  const members: JsonObject = {
    ...single,
    paths: mapValues(merged(documents, 'paths'), (item) => pathItem(item, shared, everyOperation)),
    definitions: mapValues(merged(documents, 'definitions'), (schema) =>
      requiredFirst(withoutGroupTitle(writtenOut(schema, shared))),
    ),
    responses: mapValues(shared.responses, (response) => writtenOut(response, shared)),
  };
  return pick(members, memberOrder) as Definition;
}

interface Shared {
  readonly parameters: JsonObject;
  readonly responses: JsonObject;
  readonly pickers: JsonObject;
}

function pathItem(item: Json, shared: Shared, everyOperation: JsonObject): Json {
  if (!isJsonObject(item)) return item;
  return Object.fromEntries(
    Object.entries(item).map(([member, value]) => {
      if (!operationMembers.has(member) || !isJsonObject(value)) return [member, writtenOut(value, shared)];
      const responses = inNumericOrder({ ...everyOperation, ...entries(value, 'responses') });
      const operation = writtenOut(ordered({ ...value, responses: {} }, operationOrder), shared) as JsonObject;
      const parameters = requiredParametersFirst(operation);
      return [
        member,
        { ...operation, ...parameters, responses: mapEntries(responses, (code, one) => answer(code, one, shared)) },
      ];
    }),
  );
}

/** An answer as it is in an operation. */
function answer(code: string, response: Json, shared: Shared): Json {
  const isShared = isJsonObject(response) && typeof response['$ref'] === 'string';
  return isShared && Number(code) >= 400 ? response : writtenOut(response, shared);
}

/** Inlines references to shared parameters and responses, and pickers. */
function writtenOut(value: Json, shared: Shared): Json {
  if (Array.isArray(value)) return value.map((item: Json) => writtenOut(item, shared));
  if (!isJsonObject(value)) return value;
  const reference = value['$ref'];
  if (typeof reference === 'string') {
    const [, map, name = ''] = reference.split('/');
    if (map === 'parameters' || map === 'responses') return writtenOut(named(shared[map], name), shared);
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([member, content]) =>
      member === 'x-picker' && typeof content === 'string'
        ? ['x-ms-dynamic-values', named(shared.pickers, content)]
        : [member, writtenOut(content, shared)],
    ),
  );
}

/**
 * A schema without titles of nested objects, which the designer would put before every field: "Event Title". In the spec they
 * document what an object is.
 */
function withoutGroupTitle(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutGroupTitle);
  if (!isJsonObject(value)) return value;
  const isGroup = value['type'] === 'object' && isJsonObject(value['properties']);
  return Object.fromEntries(
    Object.entries(value).flatMap(([member, content]) =>
      isGroup && member === 'title' ? [] : [[member, withoutGroupTitle(content)]],
    ),
  );
}

/** A schema whose required members come first: the designer shows them in this order. */
function requiredFirst(schema: Json): Json {
  if (!isJsonObject(schema)) return schema;
  const { properties, required } = schema;
  if (properties === undefined || !isJsonObject(properties) || !Array.isArray(required)) return schema;
  const names = required as readonly Json[];
  const [first, rest] = [true, false].map((wanted) =>
    Object.entries(properties).filter(([name]) => names.includes(name) === wanted),
  );
  return { ...schema, properties: Object.fromEntries([...(first ?? []), ...(rest ?? [])]) };
}

/** The parameters of an operation, in the order in which the designer shows them. */
function requiredParametersFirst({ parameters }: JsonObject): JsonObject {
  if (!Array.isArray(parameters)) return {};
  const isRequired = (parameter: Json) => isJsonObject(parameter) && parameter['required'] === true;
  const all = parameters as readonly Json[];
  return { parameters: [...all.filter(isRequired), ...all.filter((one) => !isRequired(one))] };
}

function merged(documents: readonly SpecDocument[], map: string): JsonObject {
  return Object.assign({}, ...documents.map(({ content }) => entries(content, map)));
}

/** An entry that `findSpecProblems` has checked to exist. */
function named(map: JsonObject, name: string): Json {
  const entry = map[name];
  if (entry === undefined) throw new Error(`no entry "${name}"`);
  return entry;
}

/** The members named, in the order named; those that are absent are left out. */
function pick(value: JsonObject, members: readonly string[]): JsonObject {
  return Object.fromEntries(
    members.flatMap((member) => {
      const content = value[member];
      return content === undefined ? [] : [[member, content]];
    }),
  );
}

function mapValues(map: JsonObject, change: (value: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}

function mapEntries(map: JsonObject, change: (key: string, value: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(key, value)]));
}

function ordered(value: JsonObject, first: readonly string[]): JsonObject {
  const rank = (member: string) => (first.includes(member) ? first.indexOf(member) : first.length);
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => rank(left) - rank(right)));
}

/** JavaScript enumerates numeric keys in ascending order in any case; made explicit so that nothing relies on it by accident. */
function inNumericOrder(responses: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(responses).sort(([left], [right]) => Number(left) - Number(right)));
}

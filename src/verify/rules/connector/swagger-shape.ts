import { isJsonObject, type Json, type JsonObject } from '../../../domain/json.ts';
import { pointerStep } from '../../../domain/json-pointer.ts';
import { objectAt } from '../../json-walk.ts';
import type { Violation } from '../../rule.ts';

const METHODS = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch']);
const MAPS = ['paths', 'definitions', 'parameters', 'responses', 'securityDefinitions'];
const TEXTS = [
  'operationId',
  'summary',
  'description',
  'title',
  'type',
  'format',
  'name',
  'in',
  '$ref',
  'x-ms-summary',
  'x-ms-visibility',
  'host',
  'basePath',
];

const known = new WeakMap<JsonObject, readonly Violation[]>();

/** Violations of the structure of OpenAPI 2.0; the other rules only run if there are none. */
export function shapeProblems(definition: JsonObject): readonly Violation[] {
  const found = known.get(definition) ?? [
    ...texts(objectAt(definition, 'info'), '/info'),
    ...texts(definition, ''),
    ...['schemes', 'consumes', 'produces'].flatMap((name) => listOfTexts(definition[name], `/${name}`)),
    ...listOfObjects(definition['x-ms-connector-metadata'], '/x-ms-connector-metadata'),
    ...MAPS.flatMap((name) => mapOfObjects(definition[name], `/${name}`)),
    ...listOfObjects(definition['security'], '/security'),
    ...Object.entries(objectAt(definition, 'paths')).flatMap(([path, item]) =>
      pathProblems(item, `/paths${pointerStep(path)}`),
    ),
    ...parametersIn(definition['parameters'], '/parameters'),
    ...Object.entries(objectAt(definition, 'definitions')).flatMap(([name, schema]) =>
      schemaProblems(schema, `/definitions${pointerStep(name)}`),
    ),
    ...responsesIn(definition['responses'], '/responses'),
  ];
  known.set(definition, found);
  return found;
}

function pathProblems(item: Json, pointer: string): Violation[] {
  const operations = Object.entries(objectAt(item)).filter(([method]) => METHODS.has(method.toLowerCase()));
  const notification = objectAt(item)['x-ms-notification-content'];
  const place = `${pointer}/x-ms-notification-content`;
  return [
    ...parametersIn(objectAt(item)['parameters'], `${pointer}/parameters`),
    ...(notification === undefined
      ? []
      : isJsonObject(notification)
        ? schemaIn(notification, place)
        : [{ pointer: place, message: 'is not an object' }]),
    ...operations.flatMap(([method, operation]) => operationProblems(operation, `${pointer}/${method}`)),
  ];
}

function operationProblems(operation: Json, pointer: string): Violation[] {
  if (!isJsonObject(operation)) return [{ pointer, message: 'is not an object' }];
  return [
    ...texts(operation, pointer),
    ...parametersIn(operation['parameters'], `${pointer}/parameters`),
    ...['schemes', 'consumes', 'produces', 'tags'].flatMap((name) =>
      listOfTexts(operation[name], `${pointer}/${name}`),
    ),
    ...mapOfObjects(operation['responses'], `${pointer}/responses`),
    ...responsesIn(operation['responses'], `${pointer}/responses`),
  ];
}

/** A list, or at the top of a definition a map, of parameters. */
function parametersIn(parameters: Json | undefined, pointer: string): Violation[] {
  if (parameters === undefined) return [];
  const isMap = isJsonObject(parameters) && pointer === '/parameters';
  if (!isMap && !Array.isArray(parameters)) return [{ pointer, message: 'is not a list of objects' }];
  return Object.entries(parameters).flatMap(([key, one]: [string, Json]) => {
    const place = pointer + pointerStep(key);
    if (!isJsonObject(one)) return [{ pointer: place, message: 'is not an object' }];
    return [...texts(one, place), ...schemaIn(one, place), ...itemProblems(one, place)];
  });
}

function responsesIn(responses: Json | undefined, pointer: string): Violation[] {
  return Object.entries(objectAt(responses)).flatMap(([code, response]) =>
    isJsonObject(response)
      ? [...texts(response, pointer + pointerStep(code)), ...schemaIn(response, pointer + pointerStep(code))]
      : [],
  );
}

/** The member `schema` of a parameter, a response or a notification. */
function schemaIn(holder: JsonObject, pointer: string): Violation[] {
  const schema = holder['schema'];
  return schema === undefined ? [] : schemaProblems(schema, `${pointer}/schema`);
}

function schemaProblems(schema: Json, pointer: string): Violation[] {
  if (!isJsonObject(schema)) return [{ pointer, message: 'is not an object' }];
  const { properties, required, allOf } = schema;
  return [
    ...texts(schema, pointer),
    ...(properties === undefined || isJsonObject(properties)
      ? []
      : [{ pointer: `${pointer}/properties`, message: 'is not an object' }]),
    ...(typeof required === 'boolean' ? [] : listOfTexts(required, `${pointer}/required`)),
    ...listOfObjects(allOf, `${pointer}/allOf`),
    ...Object.entries(objectAt(properties)).flatMap(([name, one]) =>
      schemaProblems(one, `${pointer}/properties${pointerStep(name)}`),
    ),
    ...itemProblems(schema, pointer),
  ];
}

function itemProblems(schema: JsonObject, pointer: string): Violation[] {
  const {
    items,
    additionalProperties,
    enum: values,
    'x-ms-dynamic-values': picker,
    'x-ms-enum-values': shown,
  } = schema;
  return [
    ...(items === undefined ? [] : schemaProblems(items, `${pointer}/items`)),
    ...(additionalProperties === undefined || typeof additionalProperties === 'boolean'
      ? []
      : schemaProblems(additionalProperties, `${pointer}/additionalProperties`)),
    ...(picker === undefined || isJsonObject(picker)
      ? []
      : [{ pointer: `${pointer}/x-ms-dynamic-values`, message: 'is not an object' }]),
    ...listOfObjects(shown, `${pointer}/x-ms-enum-values`),
    ...(values === undefined || Array.isArray(values)
      ? []
      : [{ pointer: `${pointer}/enum`, message: 'is not a list' }]),
  ];
}

function texts(value: JsonObject, pointer: string): Violation[] {
  return TEXTS.filter((name) => value[name] !== undefined && typeof value[name] !== 'string').map((name) => ({
    pointer: `${pointer}/${name}`,
    message: 'is not a string',
  }));
}

function listOfTexts(value: Json | undefined, pointer: string): Violation[] {
  return value === undefined || (Array.isArray(value) && value.every((one) => typeof one === 'string'))
    ? []
    : [{ pointer, message: 'is not a list of texts' }];
}

function mapOfObjects(value: Json | undefined, pointer: string): Violation[] {
  return value === undefined || (isJsonObject(value) && Object.values(value).every(isJsonObject))
    ? []
    : [{ pointer, message: 'is not an object of objects' }];
}

function listOfObjects(value: Json | undefined, pointer: string): Violation[] {
  return value === undefined || (Array.isArray(value) && value.every(isJsonObject))
    ? []
    : [{ pointer, message: 'is not a list of objects' }];
}

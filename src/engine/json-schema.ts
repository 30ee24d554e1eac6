import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { unescapeStep } from '../domain/json-pointer.ts';
import type { Json, JsonObject } from '../wdl/types.ts';
import { isArray, isObject, toJson, typeName, type WdlObject, type WdlValue } from '../wdl/values.ts';

/** One violation, as the Parse JSON action lists it in `outputs.errors`. */
export interface SchemaViolation extends WdlObject {
  readonly message: string;
  readonly path: string;
  readonly schemaId: string;
  readonly errorType: string;
}

/** Size of the cache of compiled schemas, which recur with every run and every item of a loop. */
const KEPT = 200;
const compiled = new Map<string, ValidateFunction>();

/**
 * Validates a value against a schema as the designer generates it: draft 4, ignoring unknown keywords.
 * @throws Error for a schema that cannot be compiled
 */
export function schemaViolations(schema: WdlValue, value: WdlValue): readonly SchemaViolation[] {
  const validate = compile(toJson(schema));
  if (validate(toJson(value))) return [];
  return joinedRequired(validate.errors ?? []).map((error) => violation(error, value));
}

/**
 * Joins all missing properties of an object into one violation, in the order of the schema, as Newtonsoft's validator reports
 * them.
 */
function joinedRequired(errors: readonly ErrorObject[]): ErrorObject[] {
  const first = new Map<string, ErrorObject>();
  return errors.flatMap((error) => {
    if (error.keyword !== 'required') return [error];
    const place = `${error.instancePath} ${error.schemaPath}`;
    const known = first.get(place);
    if (known) {
      known.params['missingProperty'] += `, ${String(error.params['missingProperty'])}`;
      return [];
    }
    const joined = { ...error, params: { ...error.params } };
    first.set(place, joined);
    return [joined];
  });
}

/**
 * Whether a schema uses the keywords `pattern` or `patternProperties`, which the service refuses. Properties may have these
 * names.
 */
export function usesPatterns(schema: WdlValue, isNameTable = false): boolean {
  if (isArray(schema)) return schema.some((item) => usesPatterns(item));
  if (!isObject(schema)) return false;
  return Object.entries(schema).some(([name, member]) => {
    if (!isNameTable && (name === 'pattern' || name === 'patternProperties')) return true;
    return usesPatterns(member, !isNameTable && (name === 'properties' || name === 'definitions'));
  });
}

function compile(schema: Json): ValidateFunction {
  const key = JSON.stringify(schema);
  const known = compiled.get(key);
  if (known) return known;
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false, verbose: true, validateSchema: false });
  addFormats.default(ajv);
  const validate = ajv.compile(modernSchema(schema) as JsonObject | boolean);
  const [oldest] = compiled.keys();
  if (compiled.size >= KEPT && oldest !== undefined) compiled.delete(oldest);
  compiled.set(key, validate);
  return validate;
}

const TYPES = new Set(['null', 'boolean', 'object', 'array', 'number', 'integer', 'string']);

/** Converts draft 4 to draft 7: exclusive bounds become numbers, `id` is dropped, unknown types allow anything. */
function modernSchema(schema: Json, isNameTable = false): Json {
  if (Array.isArray(schema)) return (schema as readonly Json[]).map((item) => modernSchema(item));
  if (typeof schema !== 'object' || schema === null) return schema;
  const modern: Record<string, Json> = {};
  for (const [name, member] of Object.entries(schema as JsonObject)) {
    if (isNameTable) modern[name] = modernSchema(member);
    else if (name === 'type') {
      const types = [member].flat().filter((type) => TYPES.has(String(type)));
      if (types.length > 0) modern['type'] = types;
    } else if (name === 'enum' || name === 'const' || name === 'default' || name === 'required') {
      if (name !== 'required' || Array.isArray(member)) modern[name] = member;
    } else if (!['$schema', 'id', '$id', 'nullable', 'exclusiveMinimum', 'exclusiveMaximum'].includes(name)) {
      modern[name] = modernSchema(member, name === 'properties' || name === 'definitions');
    }
  }
  return isNameTable ? modern : { ...modern, ...exclusiveBounds(schema as JsonObject) };
}

function exclusiveBounds(schema: JsonObject): Record<string, Json> {
  const bounds: Record<string, Json> = {};
  for (const bound of ['Minimum', 'Maximum']) {
    const exclusive = schema[`exclusive${bound}`];
    const limit = schema[bound.toLowerCase()];
    if (typeof exclusive === 'number') bounds[`exclusive${bound}`] = exclusive;
    else if (exclusive === true && limit !== undefined) bounds[`exclusive${bound}`] = limit;
  }
  return bounds;
}

const SHOWN_TYPES: Readonly<Record<string, string>> = {
  null: 'Null',
  boolean: 'Boolean',
  object: 'Object',
  array: 'Array',
  number: 'Number',
  integer: 'Integer',
  string: 'String',
};

function violation(error: ErrorObject, root: WdlValue): SchemaViolation {
  const value = error.data as Json;
  const isScalar = typeof value !== 'object' && value !== null;
  return {
    message: message(error, value),
    lineNumber: 0,
    linePosition: 0,
    path: readablePath(error.instancePath, root),
    ...(isScalar && { value }),
    schemaId: error.schemaPath.slice(0, error.schemaPath.lastIndexOf('/')),
    errorType: error.keyword,
    childErrors: [],
  };
}

/** Messages of Newtonsoft's validator, as used by the service, for the keywords that the designer generates. */
function message({ keyword, params, schema, message: fallback }: ErrorObject, value: Json): string {
  switch (keyword) {
    case 'type': {
      const expected = [schema].flat().map((type) => SHOWN_TYPES[String(type)] ?? String(type));
      const found = typeName(value as WdlValue);
      return `Invalid type. Expected ${expected.join(', ')} but got ${found === 'Float' ? 'Number' : found}.`;
    }
    case 'required':
      return `Required properties are missing from object: ${String(params['missingProperty'])}.`;
    case 'enum':
      return `Value ${JSON.stringify(value)} is not defined in enum.`;
    case 'additionalProperties':
      return `Property '${String(params['additionalProperty'])}' has not been defined and the schema does not allow additional properties.`;
    case 'minItems':
      return `Array item count ${(value as readonly Json[]).length} is less than minimum count of ${String(schema)}.`;
    case 'maxItems':
      return `Array item count ${(value as readonly Json[]).length} exceeds maximum count of ${String(schema)}.`;
    case 'minLength':
      return `String '${String(value)}' is less than minimum length of ${String(schema)}.`;
    case 'maxLength':
      return `String '${String(value)}' exceeds maximum length of ${String(schema)}.`;
    default:
      return `JSON is not valid against '${keyword}': ${fallback ?? 'it does not match'}.`;
  }
}

/** `/rows/1/name` -> `rows[1].name`. */
function readablePath(pointer: string, root: WdlValue): string {
  let at: WdlValue | undefined = root;
  let path = '';
  for (const step of pointer.split('/').slice(1)) {
    const name = unescapeStep(step);
    const isIndex: boolean = at !== undefined && isArray(at);
    if (isIndex) path += `[${name}]`;
    else path += /^\w+$/.test(name) ? `${path ? '.' : ''}${name}` : `['${name}']`;
    at = at === undefined ? undefined : isArray(at) ? at[Number(name)] : isObject(at) ? at[name] : undefined;
  }
  return path;
}

import type { ErrorObject } from 'ajv';
import { isJsonObject, type Json, listOf } from '../domain/json.ts';
import { pointerNames } from '../domain/json-pointer.ts';
import { nearest } from '../domain/text.ts';
import { resolved } from './defaults.ts';
import { type ConfigProblem, formatPath, type Path } from './problem.ts';
import type { SchemaNode, SchemaType } from './schema/node.ts';
import { configSchema } from './schema.ts';

type Explanation = Omit<ConfigProblem, 'path'> & { readonly path?: Path };

/** One violation: what stands in the file, where, and the schema that it misses. */
interface Violation {
  readonly value: unknown;
  readonly schema: SchemaNode;
  readonly path: Path;
  /** The key itself, where it is the key that misses the schema. */
  readonly name: string | undefined;
  /** Depends on the keyword, see ajv's documentation of error objects. */
  readonly params: Readonly<Record<string, unknown>>;
}
type Explain = (violation: Violation) => Explanation | undefined;

/** How each way of missing the schema reads. A keyword without a row would be a schema that we do not write. */
const explanations: Readonly<Record<string, Explain>> = {
  additionalProperties: unknownKey,
  type: wrongType,
  enum: ({ value, schema: { enum: allowed = [] } }) => ({
    code: 'config.unknown-value',
    message: `must be one of ${allowed.join(', ')}; got ${shown(value)}`,
    at: 'value',
    ...didYouMean(typeof value === 'string' ? candidates(value, allowed) : []),
  }),
  pattern: ({ value, schema, name }) => ({
    code: 'config.format',
    message: `${shown(name ?? value)} ${schema.patternErrorMessage ?? `does not match ${schema.pattern}`}`,
    ...placeOf(name),
    ...exampleOf(schema),
  }),
  minimum: outOfRange,
  maximum: outOfRange,
  minLength: wrongLength,
  maxLength: wrongLength,
  maxItems: ({ schema }) => ({
    code: 'config.too-many',
    message: `the list is longer than ${schema.maxItems}`,
    at: 'value',
  }),
  uniqueItems: ({ value, params }) => {
    const [first = 0, second = 0] = [Number(params['i']), Number(params['j'])].sort((a, b) => a - b);
    return {
      code: 'config.repeated',
      message: `${shown(listOf(value)[second])} is in the list twice`,
      at: 'value',
      remedy: `Remove it here, entry ${first + 1} says the same.`,
      path: [second],
    };
  },
  required: ({ params }) => ({
    code: 'config.missing',
    message: `"${params['missingProperty']}" is missing`,
    at: 'value',
    remedy: `Add "${params['missingProperty']}: …"`,
  }),
  // The error inside (pattern, length) says what is wrong with the name.
  propertyNames: () => undefined,
};

/** An ajv error about `root` in the words of the file's author; none for errors that only repeat another. */
export function explain(error: ErrorObject, root: Json): readonly ConfigProblem[] {
  const explainer = explanations[error.keyword];
  if (!explainer) throw new Error(`no explanation for the schema keyword ${error.keyword}`);
  const { path, value } = follow(error.instancePath, root);
  const schema = follow(error.schemaPath.replace(/\/[^/]*$/, ''), configSchema as unknown as Json).value as SchemaNode;
  const explanation = explainer({ value, schema, path, name: error.propertyName, params: error.params });
  return explanation ? [{ ...explanation, path: [...path, ...(explanation.path ?? [])] }] : [];
}

/** Where a JSON Pointer (RFC 6901), also as a fragment, leads from `root`. */
function follow(pointer: string, root: Json): { readonly path: Path; readonly value: Json } {
  const path: (string | number)[] = [];
  let value = root;
  for (const step of pointerNames(pointer)) {
    path.push(Array.isArray(value) ? Number(step) : step);
    value = (value as Readonly<Record<string, Json>>)[step] ?? null;
  }
  return { path, value };
}

/** A key that is wrong lies one step below the section that holds it. */
function placeOf(name: string | undefined): Pick<Explanation, 'at' | 'path'> {
  return name === undefined ? { at: 'value' } : { at: 'key', path: [name] };
}

function unknownKey({ schema, path, params }: Violation): Explanation {
  const key = String(params['additionalProperty']);
  const known = Object.keys(schema.properties ?? {});
  const place = path.length === 0 ? 'at the top level' : `in ${formatPath(path)}`;
  return {
    code: 'config.unknown-key',
    message: `there is no key "${key}" ${place}`,
    at: 'key',
    path: [key],
    remedy: elsewhere(key, known) ?? `Known here: ${known.join(', ')}.`,
  };
}

/** The near miss among the known keys, and the section where a key of exactly this name lives. */
function elsewhere(key: string, known: readonly string[]): string | undefined {
  const guess = nearest(key, known);
  const guesses = [
    ...(guess === undefined ? [] : [`"${guess}"`]),
    ...homesOf(key).map((home) => `"${key}" in "${home}"`),
  ];
  return didYouMean(guesses).remedy;
}

/** What somebody meant who wrote only the beginning of a value, or misspelt it. */
function candidates(typed: string, allowed: readonly string[]): readonly string[] {
  const longer = allowed.filter((value) => typed !== '' && value.toLowerCase().startsWith(typed.toLowerCase()));
  return longer.length > 0 ? longer : [nearest(typed, allowed) ?? []].flat();
}

function didYouMean(guesses: readonly string[]): { remedy?: string } {
  return guesses.length === 0 ? {} : { remedy: `Did you mean ${guesses.join(' or ')}?` };
}

function homesOf(key: string): readonly string[] {
  return Object.entries(configSchema.properties as Readonly<Record<string, SchemaNode>>).flatMap(([home, node]) =>
    resolved(node).properties?.[key] ? [home] : [],
  );
}

const typeNames: Readonly<Record<SchemaType, string>> = {
  object: 'a section',
  array: 'a list',
  string: 'a string',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'nothing',
};

function wrongType({ value, schema }: Violation): Explanation {
  const wanted: SchemaType = (Array.isArray(schema.type) ? schema.type[0] : schema.type) ?? 'string';
  return {
    code: 'config.type',
    message: `expected ${typeNames[wanted]}, got ${shown(value)}`,
    at: 'value',
    ...remedyOf(wanted, value, schema),
  };
}

function remedyOf(wanted: SchemaType, value: unknown, schema: SchemaNode): { remedy?: string } {
  if (value === null) return { remedy: 'Write a value, or remove the line to get the default.' };
  const isText = typeof value === 'string';
  if (wanted === 'array' && typeof value !== 'object') {
    const allowed = resolved(schema.items ?? {}).enum ?? [];
    return { remedy: `Write a list: [${isText ? (candidates(value, allowed)[0] ?? value) : value}]` };
  }
  if (wanted === 'boolean' && isText && /^(yes|on)$/i.test(value)) return { remedy: 'Write true.' };
  if (wanted === 'boolean' && isText && /^(no|off)$/i.test(value)) return { remedy: 'Write false.' };
  if ((wanted === 'boolean' || wanted === 'integer') && isText && /^(\d+|true|false)$/.test(value))
    return { remedy: `Remove the quotes: ${value}` };
  if (wanted === 'string' && (typeof value === 'number' || typeof value === 'boolean'))
    return { remedy: `Put it in quotes: "${value}"` };
  if (wanted === 'object' && schema.properties)
    return { remedy: `Put its members on lines of their own: ${Object.keys(schema.properties).join(', ')}` };
  return {};
}

function exampleOf({ examples: [example] = [] }: SchemaNode): { remedy?: string } {
  return example === undefined ? {} : { remedy: `For example ${shown(example)}` };
}

function outOfRange({ value, schema }: Violation): Explanation {
  const range = `${schema.minimum} to ${schema.maximum}`;
  return {
    code: 'config.range',
    message: `${shown(value)} is out of range`,
    at: 'value',
    remedy: `Choose a whole number from ${range}.`,
  };
}

function wrongLength({ value, schema, name }: Violation): Explanation {
  const length = String(name ?? value).length;
  return {
    code: 'config.length',
    message: length === 0 ? 'the text is empty' : `the text has ${length} characters; ${schema.maxLength} are allowed`,
    ...placeOf(name),
  };
}

/** A value as people recognise it in their file; long ones shortened. */
function shown(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (isJsonObject(value)) return 'a section';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…"` : text;
}

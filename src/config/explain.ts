import type { ErrorObject } from 'ajv';
import { isJsonObject } from '../domain/json.ts';
import { nearest } from '../domain/text.ts';
import { resolved } from './defaults.ts';
import { formatPath, type Path, type Problem } from './problem.ts';
import type { SchemaNode, SchemaType } from './schema/node.ts';
import { configSchema } from './schema.ts';

type Explanation = Omit<Problem, 'path'> & { readonly path?: Path };
type Explain = (error: ErrorObject, schema: SchemaNode, path: Path) => Explanation | undefined;

/** How each way of missing the schema reads. A keyword without a row would be a schema that we do not write. */
const explanations: Readonly<Record<string, Explain>> = {
  additionalProperties: unknownKey,
  type: wrongType,
  enum: (error, schema) => {
    const allowed = schema.enum ?? [];
    return {
      code: 'config.unknown-value',
      message: `${shown(error.data)} is none of ${allowed.join(', ')}`,
      at: 'value',
      ...didYouMean(typeof error.data === 'string' ? candidates(error.data, allowed) : []),
    };
  },
  pattern: (error, schema) => ({
    code: 'config.format',
    message: `${shown(error.propertyName ?? error.data)} ${schema.patternErrorMessage ?? `does not match ${schema.pattern}`}`,
    at: error.propertyName === undefined ? 'value' : 'key',
    ...(error.propertyName === undefined ? {} : { path: [error.propertyName] }),
    ...exampleOf(schema),
  }),
  minimum: outOfRange,
  maximum: outOfRange,
  minLength: wrongLength,
  maxLength: wrongLength,
  maxItems: (_error, schema) => ({
    code: 'config.too-many',
    message: `the list is longer than ${schema.maxItems}`,
    at: 'value',
  }),
  uniqueItems: (error) => {
    const { i, j } = error.params as { readonly i: number; readonly j: number };
    const [first, second] = [Math.min(i, j), Math.max(i, j)];
    return {
      code: 'config.repeated',
      message: `${shown((error.data as readonly unknown[])[second])} is in the list twice`,
      at: 'value',
      remedy: `Remove it here, entry ${first + 1} says the same.`,
      path: [second],
    };
  },
  required: (error) => {
    const { missingProperty } = error.params as { readonly missingProperty: string };
    return {
      code: 'config.missing',
      message: `"${missingProperty}" is missing`,
      at: 'value',
      remedy: `Add "${missingProperty}: …"`,
    };
  },
  // The error inside (pattern, length) says what is wrong with the name.
  propertyNames: () => undefined,
};

/** An ajv error in the words of the file's author. */
export function explain(error: ErrorObject): readonly Problem[] {
  const explainer = explanations[error.keyword];
  const path = parsePointer(error.instancePath);
  const explanation = explainer
    ? explainer(error, (error.parentSchema ?? {}) as SchemaNode, path)
    : ({ code: 'config.invalid', message: error.message ?? error.keyword, at: 'value' } as const);
  return explanation ? [{ ...explanation, path: [...path, ...(explanation.path ?? [])] }] : [];
}

/** Array positions come out as numbers; no key of ours consists of digits only where an array could stand. */
function parsePointer(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

function unknownKey(error: ErrorObject, schema: SchemaNode, path: Path): Explanation {
  const { additionalProperty: key } = error.params as { readonly additionalProperty: string };
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
  string: 'a text',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'nothing',
};

function wrongType(error: ErrorObject, schema: SchemaNode): Explanation {
  const wanted: SchemaType = (Array.isArray(schema.type) ? schema.type[0] : schema.type) ?? 'string';
  const value: unknown = error.data;
  return {
    code: 'config.type',
    message: `${typeNames[wanted]} must stand here, not ${shown(value)}`,
    at: 'value',
    ...remedyOf(wanted, value, schema),
  };
}

function remedyOf(wanted: SchemaType, value: unknown, schema: SchemaNode): { remedy?: string } {
  if (value === null) return { remedy: 'Write a value, or remove the line to get the default.' };
  const isText = typeof value === 'string';
  if (wanted === 'array' && typeof value !== 'object') return { remedy: `Write a list: [${value}]` };
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

function outOfRange(error: ErrorObject, schema: SchemaNode): Explanation {
  const range = `${schema.minimum} to ${schema.maximum}`;
  return {
    code: 'config.range',
    message: `${shown(error.data)} is out of range`,
    at: 'value',
    remedy: `Choose a whole number from ${range}.`,
  };
}

function wrongLength(error: ErrorObject, schema: SchemaNode): Explanation {
  const length = String(error.propertyName ?? error.data).length;
  return {
    code: 'config.length',
    message: length === 0 ? 'the text is empty' : `the text has ${length} characters; ${schema.maxLength} are allowed`,
    at: error.propertyName === undefined ? 'value' : 'key',
    ...(error.propertyName === undefined ? {} : { path: [error.propertyName] }),
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

import type { ErrorObject } from 'ajv';
import { isJsonObject, type Json, listOf } from '../domain/json.ts';
import { pointerNames } from '../domain/json-pointer.ts';
import { nearest } from '../domain/text.ts';
import { candidates, hiddenIn, visible } from './candidates.ts';
import { resolved } from './defaults.ts';
import { type ConfigProblem, formatPath, type Path } from './problem.ts';
import type { SchemaNode, SchemaType } from './schema/node.ts';
import { configSchema } from './schema.ts';
import { rangeRemedy, remedyOf, wholeFileRemedy } from './type-remedies.ts';

type Explanation = Omit<ConfigProblem, 'path'> & { readonly path?: Path };

/** One violation: what stands in the file, where, and the schema that it misses. */
interface Violation {
  readonly value: unknown;
  readonly schema: SchemaNode;
  readonly path: Path;
  /** The key itself, where it is the key that misses the schema. */
  readonly name: string | undefined;
  /** The value as it was typed, where that is known and is one line. */
  readonly typed: string | undefined;
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
    ...(isWrapped(value, schema) ? { remedy: WRAPPED } : exampleOf(schema)),
  }),
  minimum: outOfRange,
  maximum: outOfRange,
  minLength: wrongLength,
  maxLength: wrongLength,
  maxItems: ({ value, schema: { maxItems = 0 } }) => ({
    code: 'config.too-many',
    message: `the list has ${listOf(value).length} entries; ${maxItems} are allowed`,
    at: 'value',
    remedy: `Take ${listOf(value).length - maxItems} out, or split the file into several.`,
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

/**
 * An ajv error about `root` in the words of the file's author; none for errors that only repeat another. `typedAt` gives a value as
 * it was typed: numbers lose zeros and digits when they are read.
 */
export function explain(
  error: ErrorObject,
  root: Json,
  typedAt: (path: Path) => string | undefined = () => undefined,
): readonly ConfigProblem[] {
  const explainer = explanations[error.keyword];
  if (!explainer) throw new Error(`no explanation for the schema keyword ${error.keyword}`);
  const { path, value } = follow(error.instancePath, root);
  const schema = follow(error.schemaPath.replace(/\/[^/]*$/, ''), configSchema as unknown as Json).value as SchemaNode;
  const explanation = explainer({
    ...{ value, schema, path, name: error.propertyName, params: error.params },
    typed: typedAt(path),
  });
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
    message: `there is no key "${visible(key)}" ${place}`,
    at: 'key',
    path: [key],
    remedy: hiddenIn(key) ?? mergeKey(key) ?? elsewhere(key, known) ?? `Known here: ${known.join(', ')}.`,
  };
}

function mergeKey(key: string): string | undefined {
  return key === '<<' ? 'Merge keys are YAML 1.1: write the members out.' : undefined;
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

function didYouMean(guesses: readonly string[]): { remedy?: string } {
  return guesses.length === 0 ? {} : { remedy: `Did you mean ${guesses.join(' or ')}?` };
}

function homesOf(key: string): readonly string[] {
  return Object.entries(configSchema.properties as Readonly<Record<string, SchemaNode>>).flatMap(([home, node]) =>
    Object.hasOwn(resolved(node).properties ?? {}, key) ? [home] : [],
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

function wrongType(violation: Violation): Explanation {
  const { value, schema, path, typed } = violation;
  const wanted: SchemaType = (Array.isArray(schema.type) ? schema.type[0] : schema.type) ?? 'string';
  const isScalar = typeof value === 'number' || typeof value === 'boolean';
  const remedy = path.length === 0 ? wholeFileRemedy(value) : remedyOf(wanted, violation);
  return {
    code: 'config.type',
    message: `expected ${typeNames[wanted]}, got ${(isScalar && typed) || shown(value)}`,
    at: 'value',
    ...(remedy !== undefined && { remedy }),
  };
}

function exampleOf({ examples: [example] = [] }: SchemaNode): { remedy?: string } {
  return example === undefined ? {} : { remedy: `For example ${shown(example)}` };
}

function outOfRange({ value, schema, typed }: Violation): Explanation {
  return {
    code: 'config.range',
    message: `${typed ?? shown(value)} is out of range`,
    at: 'value',
    remedy: rangeRemedy(schema),
  };
}

function wrongLength({ value, schema: { maxLength = 0 }, name }: Violation): Explanation {
  // As JSON Schema counts: characters, not UTF-16 units.
  const { length } = [...String(name ?? value)];
  const remedy = `Shorten it by ${length - maxLength} ${length - maxLength === 1 ? 'character' : 'characters'}.`;
  return {
    code: 'config.length',
    message: length === 0 ? 'the text is empty' : `the text has ${length} characters; ${maxLength} are allowed`,
    ...placeOf(name),
    remedy: length > maxLength ? remedy : 'Write a text, or remove the line to get the default.',
  };
}

/** A value as people recognise it in their file; long ones shortened. */
function shown(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (isJsonObject(value)) return 'a section';
  const text = visible(JSON.stringify(value));
  return text.length > 60 ? `${text.slice(0, 57)}…"` : text;
}

const WRAPPED =
  'It ends with a line break. Write it on one line; a "-" after "|" and ">" (">-") leaves the last line break out.';

/** Whether only what stands around the text is wrong. */
function isWrapped(value: unknown, { pattern }: SchemaNode): boolean {
  if (typeof value !== 'string' || pattern === undefined || !value.endsWith('\n')) return false;
  return new RegExp(pattern, 'u').test(value.trim());
}

import type { ErrorObject } from 'ajv';
import { isJsonObject, type Json, listOf } from '../domain/json.ts';
import { pointerNames } from '../domain/json-pointer.ts';
import { nearest, plural } from '../domain/text.ts';
import { candidates, hiddenIn, visible } from './candidates.ts';
import { resolved } from './defaults.ts';
import { type ConfigProblem, formatPath, type Path } from './problem.ts';
import type { SchemaNode, SchemaType } from './schema/node.ts';
import { rangeRemedy, remedyOf, wholeFileRemedy } from './type-remedies.ts';

/** `kind`: the code without its prefix. */
type Explanation = Omit<ConfigProblem, 'code' | 'path'> & { readonly kind: string; readonly path?: Path };

/** A kind of YAML file whose schema errors are explained. */
export interface ExplainedFile {
  readonly schema: SchemaNode;
  /** Prefix of the codes: `config`. */
  readonly codes: string;
  /** Remedy for a file that is obviously something else. */
  readonly otherFile: string;
}

/** A value that violates its schema. */
interface Violation {
  readonly file: ExplainedFile;
  readonly value: unknown;
  readonly schema: SchemaNode;
  readonly path: Path;
  /** Set if it is the key itself that violates the schema. */
  readonly name: string | undefined;
  /** The value as typed, if that is known and is a single line. */
  readonly typed: string | undefined;
  /** Depends on the keyword; see ajv's documentation of error objects. */
  readonly params: Readonly<Record<string, unknown>>;
}
type Explain = (violation: Violation) => Explanation | undefined;

/** Explanations by keyword. Our schemas use no others. */
const explanations: Readonly<Record<string, Explain>> = {
  additionalProperties: unknownKey,
  type: wrongType,
  enum: ({ value, schema: { enum: allowed = [] } }) => ({
    kind: 'unknown-value',
    message: `must be one of ${allowed.join(', ')}; got ${shown(value)}`,
    at: 'value',
    ...didYouMean(typeof value === 'string' ? candidates(value, allowed.map(String)) : []),
  }),
  pattern: wrongFormat,
  minimum: outOfRange,
  maximum: outOfRange,
  minLength: wrongLength,
  maxLength: wrongLength,
  minItems: () => ({ kind: 'empty', message: 'the list is empty', at: 'value' }),
  maxItems: ({ value, schema: { maxItems = 0 } }) => ({
    kind: 'too-many',
    message: `the list has ${listOf(value).length} entries; ${maxItems} are allowed`,
    at: 'value',
    remedy: `Take ${listOf(value).length - maxItems} out, or split the file into several.`,
  }),
  uniqueItems: ({ value, params }) => {
    const [first = 0, second = 0] = [Number(params['i']), Number(params['j'])].sort((a, b) => a - b);
    return {
      kind: 'repeated',
      message: `${shown(listOf(value)[second])} is in the list twice`,
      at: 'value',
      remedy: `Remove it here, entry ${first + 1} says the same.`,
      path: [second],
    };
  },
  required: ({ schema, params }) => {
    const key = String(params['missingProperty']);
    const [description] = (schema.properties?.[key]?.description ?? '').split(/(?<=\.) /, 1);
    return {
      kind: 'missing',
      message: `"${key}" is missing`,
      at: 'value',
      remedy: `Add "${key}: …"${description ? ` (${description})` : ''}`,
    };
  },
  // The error inside (pattern, length) says what is wrong with the name.
  propertyNames: () => undefined,
};

/**
 * Explains an ajv error about `root`, without ajv's or JSON Schema's terms. Empty for errors that only repeat another one. `typedAt`
 * returns a value as it was typed, because parsing drops zeros and digits of numbers.
 */
export function explain(
  error: ErrorObject,
  root: Json,
  file: ExplainedFile,
  typedAt: (path: Path) => string | undefined = () => undefined,
): readonly ConfigProblem[] {
  const explainer = explanations[error.keyword];
  if (!explainer) throw new Error(`no explanation for the schema keyword ${error.keyword}`);
  const { path, value } = follow(error.instancePath, root);
  const schema = follow(error.schemaPath.replace(/\/[^/]*$/, ''), file.schema as unknown as Json).value as SchemaNode;
  const explanation = explainer({
    ...{ file, value, schema, path, name: error.propertyName, params: error.params },
    typed: typedAt(path),
  });
  if (!explanation) return [];
  const { kind, path: below = [], ...problem } = explanation;
  return [{ ...problem, code: `${file.codes}.${kind}`, path: [...path, ...below] }];
}

/** Resolves a JSON Pointer (RFC 6901), or one in a URI fragment, from `root`. */
function follow(pointer: string, root: Json): { readonly path: Path; readonly value: Json } {
  const path: (string | number)[] = [];
  let value = root;
  for (const step of pointerNames(pointer)) {
    path.push(Array.isArray(value) ? Number(step) : step);
    value = (value as Readonly<Record<string, Json>>)[step] ?? null;
  }
  return { path, value };
}

/** The path of an invalid key is one step below its section. */
function placeOf(name: string | undefined): Pick<Explanation, 'at' | 'path'> {
  return name === undefined ? { at: 'value' } : { at: 'key', path: [name] };
}

function unknownKey({ file, schema, path, params }: Violation): Explanation {
  const key = String(params['additionalProperty']);
  const known = Object.keys(schema.properties ?? {});
  const place = path.length === 0 ? 'at the top level' : `in ${formatPath(path)}`;
  return {
    kind: 'unknown-key',
    message: `there is no key "${visible(key)}" ${place}`,
    at: 'key',
    path: [key],
    remedy: hiddenIn(key) ?? mergeKey(key) ?? elsewhere(key, known, file.schema) ?? `Known here: ${known.join(', ')}.`,
  };
}

function mergeKey(key: string): string | undefined {
  return key === '<<' ? 'Merge keys are YAML 1.1: write the members out.' : undefined;
}

/** Suggests the most similar known key, and sections that have a key of exactly this name. */
function elsewhere(key: string, known: readonly string[], root: SchemaNode): string | undefined {
  const guess = nearest(key, known);
  const guesses = [
    ...(guess === undefined ? [] : [`"${guess}"`]),
    ...homesOf(key, root).map((home) => `"${key}" in "${home}"`),
  ];
  return didYouMean(guesses).remedy;
}

function didYouMean(guesses: readonly string[]): { remedy?: string } {
  return guesses.length === 0 ? {} : { remedy: `Did you mean ${guesses.join(' or ')}?` };
}

function homesOf(key: string, { properties = {} }: SchemaNode): readonly string[] {
  return Object.entries(properties).flatMap(([home, node]) =>
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
  const { file, value, schema, path, typed } = violation;
  // Null only means that the section may be left empty.
  const allowed = [schema.type ?? 'string'].flat().filter((type) => type !== 'null');
  const [wanted = 'string'] = allowed;
  const isScalar = typeof value === 'number' || typeof value === 'boolean';
  const remedy = path.length === 0 ? wholeFileRemedy(value, file) : remedyOf(wanted, violation);
  return {
    kind: 'type',
    message: `expected ${allowed.map((type) => typeNames[type]).join(' or ')}, got ${(isScalar && typed) || shown(value)}`,
    at: 'value',
    ...(remedy !== undefined && { remedy }),
  };
}

function exampleOf({ examples: [example] = [] }: SchemaNode): { remedy?: string } {
  return example === undefined ? {} : { remedy: `For example ${shown(example)}` };
}

function wrongFormat({ value, schema, name }: Violation): Explanation {
  return {
    kind: 'format',
    message: `${shown(name ?? value)} ${schema.patternErrorMessage ?? `does not match ${schema.pattern}`}`,
    ...placeOf(name),
    ...(isWrapped(value, schema) ? { remedy: WRAPPED } : exampleOf(schema)),
  };
}

function outOfRange(violation: Violation): Explanation {
  const { value, schema, typed } = violation;
  // A string with a format of which some are numbers, such as the duration 0.
  if (schema.pattern !== undefined) return wrongFormat(violation);
  return {
    kind: 'range',
    message: `${typed ?? shown(value)} is out of range`,
    at: 'value',
    remedy: rangeRemedy(schema),
  };
}

function wrongLength({ value, schema: { maxLength = 0 }, name }: Violation): Explanation {
  // As JSON Schema counts: characters, not UTF-16 units.
  const { length } = [...String(name ?? value)];
  const remedy = `Shorten it by ${plural(length - maxLength, 'character')}.`;
  return {
    kind: 'length',
    message: length === 0 ? 'the text is empty' : `the text has ${length} characters; ${maxLength} are allowed`,
    ...placeOf(name),
    remedy: length > maxLength ? remedy : 'Write a text, or remove the line to get the default.',
  };
}

/** A value as people recognise it in their file; long ones are shortened. */
function shown(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (isJsonObject(value)) return 'a section';
  const text = visible(JSON.stringify(value));
  return text.length > 60 ? `${text.slice(0, 57)}…"` : text;
}

const WRAPPED =
  'It ends with a line break. Write it on one line; a "-" after "|" and ">" (">-") leaves the last line break out.';

/** Whether the string would be valid without the line break at its end. */
function isWrapped(value: unknown, { pattern }: SchemaNode): boolean {
  if (typeof value !== 'string' || pattern === undefined || !value.endsWith('\n')) return false;
  return new RegExp(pattern, 'u').test(value.trim());
}

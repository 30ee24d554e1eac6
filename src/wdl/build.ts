import type { ConditionTree, Json } from './types.ts';

/** A bare WDL expression, without the leading `@`. Built from references and calls, so that it cannot name what does not exist. */
export interface Expr {
  readonly wdl: string;
}

/** Text with expressions in it: `Closed by @{…}`. Made by the `text` tag. */
export interface Text {
  readonly interpolated: string;
}

/** What an argument of a call may be: a literal or an expression. */
export type Operand = Expr | string | number | boolean | null;

/** Any input of an action: JSON whose leaves may be expressions or texts. `undefined` members are left out. */
export type Input =
  | Expr
  | Text
  | Exclude<Json, object>
  | readonly Input[]
  | { readonly [name: string]: Input | undefined };

/**
 * An object of inputs. Where the designer wants an object, it takes that or one expression, and refuses a string that has
 * expressions in it.
 */
export type Members = { readonly [name: string]: Input | undefined; readonly interpolated?: never };

function isExpr(value: unknown): value is Expr {
  return typeof value === 'object' && value !== null && 'wdl' in value;
}

function isText(value: unknown): value is Text {
  return typeof value === 'object' && value !== null && 'interpolated' in value;
}

/** A literal in an expression: texts in single quotation marks, doubled inside. */
function operand(value: Operand): string {
  if (isExpr(value)) return value.wdl;
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
}

/** A string where an expression is due. */
export function literal(text: string): Expr {
  return { wdl: operand(text) };
}

/** `call('concat', 'a', title)` is `concat('a', …)`. */
export function call(name: string, ...args: readonly Operand[]): Expr {
  return { wdl: `${name}(${args.map(operand).join(', ')})` };
}

/** Null-safe path: `at(trigger, 'object', 'properties')` is `…?['object']?['properties']`; numbers index arrays. */
export function at(parent: Expr, ...path: readonly (string | number | Expr)[]): Expr {
  return { wdl: path.reduce<string>((wdl, part) => `${wdl}?[${operand(part)}]`, parent.wdl) };
}

/** Text with expressions: text`Closed by ${name}` becomes `Closed by @{…}`. Texts and other texts are inserted as they are. */
export function text(parts: TemplateStringsArray, ...values: readonly (Expr | Text | string)[]): Text {
  const literal = (part: string) => part.replaceAll('@{', '@@{');
  const interpolated = parts.reduce((sum, part, i) => {
    const value = values[i];
    return sum + literal(part) + (value === undefined ? '' : inserted(value));
  }, '');
  return { interpolated };
}

function inserted(value: Expr | Text | string): string {
  if (typeof value === 'string') return value.replaceAll('@{', '@@{');
  if (isText(value)) return value.interpolated;
  const literal = textLiteral(value);
  return typeof literal === 'string' ? literal : `@{${value.wdl}}`;
}

/** The current item of the nearest select, filter or loop. */
export const item: Expr = { wdl: 'item()' };

/** The parameter of a workflow; declare it in `parameters` of the workflow. */
export function parameter(name: string): Expr {
  return call('parameters', name);
}

export const triggerBody: Expr = { wdl: 'triggerBody()' };

/**
 * The value as it is in the definition: `@…`, text with `@{…}`, or plain JSON with a leading `@` escaped. An expression
 * that is a mere text is written as that text, as the designer does.
 */
export function toJson(value: Input): Json {
  if (isExpr(value)) return textLiteral(value) ?? `@${value.wdl}`;
  if (isText(value)) return value.interpolated.replace(/^\[/, "@{'['}");
  if (typeof value === 'string') return value.startsWith('@') ? `@${value}` : value.replaceAll('@{', '@@{');
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object' || value === null) return value as Json;
  const members = Object.entries(value as { readonly [name: string]: Input | undefined });
  return Object.fromEntries(
    members.flatMap(([name, member]) => (member === undefined ? [] : [[name, toJson(member)]])),
  );
}

const TEXT_LITERAL = /^'((?:[^']|'')*)'$/;

function textLiteral({ wdl }: Expr): Json | undefined {
  const [, text] = TEXT_LITERAL.exec(wdl) ?? [];
  return text === undefined ? undefined : toJson(text.replaceAll("''", "'"));
}

// ---- the functions that the playbooks use ----------------------------------------------------------------------------

export const coalesce = (...args: readonly Operand[]) => call('coalesce', ...args);
export const empty = (value: Operand) => call('empty', value);
export const contains = (whole: Operand, part: Operand) => call('contains', whole, part);
export const equals = (a: Operand, b: Operand) => call('equals', a, b);
export const not = (value: Operand) => call('not', value);
/** One alone is written without the function around it. */
const group =
  (name: 'and' | 'or') =>
  (...all: readonly Expr[]): Expr => {
    const [only, ...others] = all;
    return only && others.length === 0 ? only : call(name, ...all);
  };
export const and = group('and');
export const or = group('or');
export const when = (condition: Operand, yes: Operand, no: Operand) => call('if', condition, yes, no);
/** Text of anything: null becomes an empty text, an object its JSON. */
export const string = (value: Operand) => call('string', value);
export const lower = (value: Operand) => call('toLower', value);
export const length = (value: Operand) => call('length', value);
export const json = (text: string) => call('json', text);
export const emptyList = json('[]');
/** An array that may be missing or null. */
export const list = (value: Expr) => coalesce(value, emptyList);
export const join = (items: Operand, separator: string) => call('join', items, separator);
export const take = (value: Operand, count: number) => call('take', value, count);
export const last = (value: Operand) => call('last', value);
export const split = (value: Operand, separator: string) => call('split', value, separator);

// ---- rows of a condition ----------------------------------------------------------------------------------------------

/** One row, or a group of rows, as the designer shows and stores a condition. */
export type Row = ConditionTree;

/** A side of a row: one token or one text, never a mixture, which the designer shows as raw text. */
export type Side = Expr | string | number | null;

/**
 * `null` is written as an expression: the designer saves a bare one back as an empty text. So is a string that begins with a
 * bracket, which a template would take for an expression of its own.
 */
function side(value: Side): Json {
  if (value === null) return '@null';
  return typeof value === 'string' && value.startsWith('[') ? `@{${operand(value)}}` : toJson(value);
}

export const row = {
  is: (left: Side, right: Side): Row => ({ equals: [side(left), side(right)] }),
  contains: (left: Side, right: Side): Row => ({ contains: [side(left), side(right)] }),
  startsWith: (left: Side, right: Side): Row => ({ startsWith: [side(left), side(right)] }),
  atMost: (left: Side, right: Side): Row => ({ lessOrEquals: [side(left), side(right)] }),
  /** Negates one row; the designer garbles a negated group. */
  not: (negated: Row): Row => ({ not: negated }),
  /** Any of some rows; one alone is written without a group. */
  any: (rows: readonly Row[]): Row => (rows.length === 1 && rows[0] ? rows[0] : { or: rows }),
  all: (rows: readonly Row[]): Row => (rows.length === 1 && rows[0] ? rows[0] : { and: rows }),
} as const;

/** A row that does not hold: "is not equal to", "does not contain". */
export const isNot = (left: Side, right: Side): Row => row.not(row.is(left, right));
export const lacks = (left: Side, right: Side): Row => row.not(row.contains(left, right));

import type { Json } from '../wdl/types.ts';

/** A bare WDL expression, without the leading `@`. Built from references and calls, so that it cannot name what does not exist. */
export interface Expr {
  readonly wdl: string;
}

/** Text with expressions in it: `Closed by @{…}`. Made by the `text` tag. */
export interface Text {
  readonly interpolated: string;
}

/** What stands for an argument of a call: a literal or an expression. */
export type Operand = Expr | string | number | boolean | null;

/** Any input of an action: JSON whose leaves may be expressions or texts. `undefined` members are left out. */
export type Input =
  | Expr
  | Text
  | Exclude<Json, object>
  | readonly Input[]
  | { readonly [name: string]: Input | undefined };

/**
 * An object of inputs. Where the designer wants an object, it takes that or one expression, and refuses a text that has
 * expressions in it.
 */
export type Members = { readonly [name: string]: Input | undefined; readonly interpolated?: never };

/** An expression that somebody else compiled (`src/rules`); `workflow()` checks what it refers to. */
export function raw(wdl: string): Expr {
  return { wdl };
}

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
  return isExpr(value) ? `@{${value.wdl}}` : value.interpolated;
}

/** The current item of the nearest select, filter or loop. */
export const item: Expr = { wdl: 'item()' };

/** The parameter of a workflow; declare it in `parameters` of the workflow. */
export function parameter(name: string): Expr {
  return call('parameters', name);
}

export const triggerBody: Expr = { wdl: 'triggerBody()' };

/**
 * The value as it stands in the definition: `@…`, text with `@{…}`, or plain JSON with a leading `@` escaped. An expression
 * that is a mere text is written as that text, as the designer does.
 */
export function toJson(value: Input): Json {
  if (isExpr(value)) return textLiteral(value) ?? `@${value.wdl}`;
  if (isText(value)) return value.interpolated;
  if (typeof value === 'string') return value.replace(/^@/, '@@').replaceAll(/(?<!^@?)@\{/g, '@@{');
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

// ---- the functions the playbooks use most ---------------------------------------------------------------------------

export const coalesce = (...args: readonly Operand[]) => call('coalesce', ...args);
export const concat = (...args: readonly Operand[]) => call('concat', ...args);
export const empty = (value: Operand) => call('empty', value);
export const contains = (whole: Operand, part: Operand) => call('contains', whole, part);
export const equals = (a: Operand, b: Operand) => call('equals', a, b);
export const not = (value: Operand) => call('not', value);
export const or = (...args: readonly Operand[]) => call('or', ...args);
export const when = (condition: Operand, yes: Operand, no: Operand) => call('if', condition, yes, no);
export const json = (value: Operand) => call('json', value);
export const emptyList: Expr = { wdl: "json('[]')" };

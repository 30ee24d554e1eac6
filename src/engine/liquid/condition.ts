import { compareNumbers } from '../../wdl/compare.ts';
import { isObject, type WdlNumber } from '../../wdl/values.ts';
import type { Scope } from './scope.ts';
import { compareTexts, converted, EMPTY, itemsOf, kindOf, LiquidError, type LiquidValue } from './values.ts';
import { WORD } from './words.ts';

/** `left operator right`, or `left` alone, with what follows behind an `and` or an `or`. */
export interface Condition {
  readonly left: string;
  readonly operator: string;
  readonly right: string;
  readonly next?: { readonly relation: string; readonly condition: Condition };
}

const RELATION = String.raw`\b(?:\s?and\s?|\s?or\s?)\b`;
const PARTS = new RegExp(String.raw`${RELATION}|(?:\s*(?!${RELATION})(?:${WORD}|\S+)\s*)+`, 'g');
const COMPARISON = new RegExp(String.raw`(${WORD})\s*([=!<>a-zA-Z_]+)?\s*(${WORD})?`);

/** Reads what stands behind `if`; undefined where that is no condition. `and` and `or` bind alike, from the right. */
export function readCondition(text: string): Condition | undefined {
  const parts = (text.match(PARTS) ?? []).map((part) => part.trim());
  let condition: Condition | undefined;
  for (let at = parts.length - 1; at >= 0; at -= 2) {
    const match = COMPARISON.exec(parts[at] ?? '');
    if (!match) return undefined;
    const [, left = '', operator = '', right = ''] = match;
    const next = condition && { relation: parts[at + 1] ?? '', condition };
    condition = { left, operator, right, ...(next && { next }) };
  }
  return condition;
}

/** @throws LiquidError for an operator that there is not, and for values that cannot be compared */
export function holds({ left, operator, right, next }: Condition, scope: Scope): boolean {
  const result = compared(scope.lookUp(left), operator, right, scope);
  if (next === undefined) return result;
  return next.relation === 'and' ? result && holds(next.condition, scope) : result || holds(next.condition, scope);
}

function compared(left: LiquidValue, operator: string, right: string, scope: Scope): boolean {
  if (operator === '') return left !== null && left !== false;
  const name = operator.toLowerCase();
  const compare = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (compare === undefined) throw new LiquidError(`Unknown operator ${operator}`);
  return compare(left, scope.lookUp(right));
}

type Comparison = (left: LiquidValue, right: LiquidValue) => boolean;

const OPERATORS: Readonly<Record<string, Comparison>> = {
  '==': sameLiquid,
  '!=': (left, right) => !sameLiquid(left, right),
  '<>': (left, right) => !sameLiquid(left, right),
  '<': ordered((order) => order < 0),
  '>': ordered((order) => order > 0),
  '<=': ordered((order) => order <= 0),
  '>=': ordered((order) => order >= 0),
  contains: (left, right) =>
    typeof left === 'string' ? left.includes(text(right)) : (itemsOf(left) ?? []).some((one) => sameLiquid(one, right)),
  startswith: (left, right) =>
    typeof left === 'string' ? left.startsWith(text(right)) : sameLiquid(itemsOf(left)?.[0] ?? null, right),
  endswith: (left, right) =>
    typeof left === 'string' ? left.endsWith(text(right)) : sameLiquid(itemsOf(left)?.at(-1) ?? null, right),
  haskey: (left, right) => (membersOf(left) ?? []).some(([name]) => name === right),
  hasvalue: (left, right) => (membersOf(left) ?? []).some(([, value]) => sameLiquid(value, right)),
};

/** Values of two types are the same where one of them, converted to the type of the other, is. */
export function sameLiquid(left: LiquidValue, right: LiquidValue): boolean {
  if (left === EMPTY) return isEmpty(right);
  if (right === EMPTY) return isEmpty(left);
  if (left === null || right === null) return left === right;
  return convertsTo(right, left) || convertsTo(left, right);
}

function isEmpty(value: LiquidValue): boolean {
  return itemsOf(value)?.length === 0 || membersOf(value)?.length === 0;
}

function convertsTo(value: LiquidValue, other: LiquidValue): boolean {
  if (value === other) return true;
  try {
    return orderOf(converted(value, kindOf(other)), other) === 0;
  } catch (error) {
    if (error instanceof LiquidError) return false;
    throw error;
  }
}

/** Nothing is in any order with null. */
function ordered(test: (order: number) => boolean): Comparison {
  return (left, right) => {
    if (left === null || right === null) return false;
    const order = orderOf(left, converted(right, kindOf(left)));
    return order !== undefined && test(order);
  };
}

/** Order of two values of one type; undefined where they have none. */
function orderOf(left: LiquidValue, right: LiquidValue): number | undefined {
  if (typeof left === 'string' && typeof right === 'string') return left === right ? 0 : compareTexts(left, right);
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  if (kindOf(left) === 'other' || kindOf(left) !== kindOf(right)) return undefined;
  return compareNumbers(left as WdlNumber, right as WdlNumber);
}

function text(value: LiquidValue): string {
  if (typeof value === 'string') return value;
  throw new LiquidError('Unable to cast an object to the type System.String.');
}

/** Name and value of every member; undefined for what is no object. */
function membersOf(value: LiquidValue) {
  return typeof value === 'object' && value !== null && isObject(value) ? Object.entries(value) : undefined;
}

import { type ArmValue, argumentError, sameArmValue, textOfArm, typeNameOf } from '../value.ts';
import { ANY_NUMBER, type ArmFunctions, booleanArg, fn, isArray, numberArg } from './signature.ts';

/** Numeric, comparison, logical and conversion functions of ARM templates. `if`, `and`, `or` are in evaluate.ts. */
export const numberFunctions: ArmFunctions = {
  add: fn(2, 2, (args, _, name) => numberArg(args, 0, name) + numberArg(args, 1, name)),
  sub: fn(2, 2, (args, _, name) => numberArg(args, 0, name) - numberArg(args, 1, name)),
  mul: fn(2, 2, (args, _, name) => numberArg(args, 0, name) * numberArg(args, 1, name)),
  div: fn(2, 2, (args, _, name) => Math.trunc(numberArg(args, 0, name) / divisor(args, name))),
  mod: fn(2, 2, (args, _, name) => numberArg(args, 0, name) % divisor(args, name)),
  max: fn(1, ANY_NUMBER, (args, _, name) => Math.max(...numbers(args, name))),
  min: fn(1, ANY_NUMBER, (args, _, name) => Math.min(...numbers(args, name))),
  int: fn(1, 1, ([value = null], _, name) => {
    const text = textOfArm(value);
    if (!/^\s*[+-]?\d+\s*$/.test(text)) throw argumentError(name, `cannot make an integer of '${text}'`);
    return Number(text);
  }),
  float: fn(1, 1, ([value = null], _, name) => {
    const number = Number(textOfArm(value));
    if (Number.isNaN(number)) throw argumentError(name, `cannot make a number of '${textOfArm(value)}'`);
    return number;
  }),
  bool: fn(1, 1, ([value = null], _, name) => {
    if (typeof value === 'number') return value !== 0;
    const text = textOfArm(value).toLowerCase();
    if (text === 'true' || text === '1') return true;
    if (text === 'false' || text === '0') return false;
    throw argumentError(name, `cannot make a boolean of '${textOfArm(value)}'`);
  }),
  true: fn(0, 0, () => true),
  false: fn(0, 0, () => false),
  null: fn(0, 0, () => null),
  not: fn(1, 1, ([value], _, name) => !booleanArg(value, 0, name)),
  coalesce: fn(1, ANY_NUMBER, (args) => args.find((value) => value !== null) ?? null),
  equals: fn(2, 2, ([a = null, b = null]) => sameArmValue(a, b)),
  less: fn(2, 2, ([a, b], _, name) => order(a, b, name) < 0),
  lessorequals: fn(2, 2, ([a, b], _, name) => order(a, b, name) <= 0),
  greater: fn(2, 2, ([a, b], _, name) => order(a, b, name) > 0),
  greaterorequals: fn(2, 2, ([a, b], _, name) => order(a, b, name) >= 0),
};

function divisor(args: readonly ArmValue[], name: string): number {
  const value = numberArg(args, 1, name);
  if (value === 0) throw argumentError(name, 'cannot divide by zero');
  return value;
}

function numbers(args: readonly ArmValue[], name: string): number[] {
  const all = args.length === 1 && isArray(args[0]) ? args[0] : args;
  return all.map((_, index) => numberArg(all, index, name));
}

function order(a: ArmValue | undefined, b: ArmValue | undefined, name: string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : Number(a > b);
  throw argumentError(name, `compares two integers or two strings, not ${typeNameOf(a)} and ${typeNameOf(b)}`);
}

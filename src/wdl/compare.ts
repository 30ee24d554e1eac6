import { compareDecimals, decimalOfInteger, isDecimal } from './decimal.ts';
import type { WdlNumber, WdlObject, WdlValue } from './values.ts';
import { isArray, isInteger, isNumber, isObject, toNumber } from './values.ts';

/**
 * Deep equality as `equals`, `contains`, `union` and `intersection` see it: texts by case, numbers by value (1 is 1.0),
 * objects without regard to the order of their members. Values of different types differ; null equals only null.
 */
export function deepEquals(a: WdlValue, b: WdlValue): boolean {
  if (a === b) return true;
  if (isNumber(a) && isNumber(b)) return compareNumbers(a, b) === 0;
  if (isArray(a))
    return isArray(b) && a.length === b.length && a.every((item, index) => deepEquals(item, b[index] ?? null));
  return isObject(a) && isObject(b) && objectsEqual(a, b);
}

function objectsEqual(a: WdlObject, b: WdlObject): boolean {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => Object.hasOwn(b, name) && deepEquals(a[name] ?? null, b[name] ?? null));
}

/** Negative, zero or positive; `NaN` when one of them is not a number. */
export function compareNumbers(a: WdlNumber, b: WdlNumber): number {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0;
  if (isInteger(a) && isInteger(b)) {
    const difference = bigintOf(a) - bigintOf(b);
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }
  const left = asDecimal(a);
  const right = asDecimal(b);
  if (left && right) return compareDecimals(left, right);
  const difference = toNumber(a) - toNumber(b);
  return Number.isNaN(difference) ? (toNumber(a) === toNumber(b) ? 0 : Number.NaN) : Math.sign(difference);
}

function asDecimal(value: WdlNumber) {
  if (isDecimal(value)) return value;
  return isInteger(value) ? decimalOfInteger(bigintOf(value)) : undefined;
}

/** An integer as a bigint. */
export function bigintOf(value: WdlNumber): bigint {
  return typeof value === 'number' ? BigInt(value) : BigInt(isDecimal(value) ? value.toNumber() : value.value);
}

/** Ordinal comparison that ignores case, as `greater`, `less` and their kin compare texts. */
export function compareIgnoringCase(a: string, b: string): number {
  const left = upperInvariant(a);
  const right = upperInvariant(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Ordinal comparison. */
export function compareOrdinal(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const ASCII = /^[\0-\x7f]*$/;

/**
 * Upper case character by character: no character changes into two (`ß` stays), so positions stay where they are. The dotless
 * i stays too, as .NET's invariant culture leaves it.
 */
export function upperInvariant(text: string): string {
  return ASCII.test(text)
    ? text.toUpperCase()
    : mapCharacters(text, (character) => (character === 'ı' ? character : character.toUpperCase()));
}

/** Lower case character by character. */
export function lowerInvariant(text: string): string {
  return ASCII.test(text) ? text.toLowerCase() : mapCharacters(text, (character) => character.toLowerCase());
}

function mapCharacters(text: string, change: (character: string) => string): string {
  let result = '';
  for (const character of text) {
    const changed = change(character);
    result += changed.length === character.length ? changed : character;
  }
  return result;
}

/**
 * Text that is the same for two values exactly when `deepEquals` holds, so that large arrays are compared in linear
 * time.
 */
export function identity(value: WdlValue): string {
  if (value === null) return 'n';
  if (typeof value === 'string') return `s${value}`;
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (isNumber(value)) return `#${numberIdentity(value)}`;
  if (isArray(value)) return `[${value.map((item) => quoted(identity(item))).join(',')}]`;
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${quoted(name)}:${quoted(identity(value[name] ?? null))}`).join(',')}}`;
}

function numberIdentity(value: WdlNumber): string {
  if (isDecimal(value)) return value.scale === 0 ? value.toString() : value.toString().replace(/\.?0+$/, '');
  const plain = toNumber(value);
  if (isInteger(value)) return bigintOf(value).toString();
  return Number.isInteger(plain) ? BigInt(plain).toString() : String(plain);
}

function quoted(text: string): string {
  return `${text.length}:${text}`;
}

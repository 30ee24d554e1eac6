import { bigintOf } from '../../wdl/compare.ts';
import { decimalOfInteger, isDecimal, parseDecimal, type WdlDecimal } from '../../wdl/decimal.ts';
import { defaultCulture } from '../../wdl/dotnet/culture.ts';
import { invariantNumber } from '../../wdl/dotnet/number-parse.ts';
import { numberText } from '../../wdl/number-text.ts';
import { integer, isArray, isInteger, isNumber, toNumber, type WdlNumber, type WdlValue } from '../../wdl/values.ts';

/** `empty` and `blank`: equal to a text or an array that has nothing in it. */
export const EMPTY = Symbol('empty');

export type LiquidValue = WdlValue | typeof EMPTY;

/** Why a part of a template cannot be rendered: the text stands in its place, behind "Liquid error: ". */
export class LiquidError extends Error {}

/** Types between which .NET converts values. */
export type Kind = 'text' | 'integer' | 'float' | 'decimal' | 'boolean' | 'other';

export function kindOf(value: LiquidValue): Kind {
  if (typeof value === 'string') return 'text';
  if (typeof value === 'boolean') return 'boolean';
  if (value === null || typeof value === 'symbol' || !isNumber(value)) return 'other';
  return isInteger(value) ? 'integer' : isDecimal(value) ? 'decimal' : 'float';
}

/**
 * A value as another type, as .NET's `Convert.ChangeType` makes it.
 * @throws LiquidError where there is no such conversion, or the text is none of that type
 */
export function converted(value: LiquidValue, kind: Kind): LiquidValue {
  const from = kindOf(value);
  if (from === kind) return value;
  if (from === 'other' || kind === 'other') throw new LiquidError('Object must implement IConvertible.');
  switch (kind) {
    case 'text':
      return typeof value === 'boolean' ? (value ? 'True' : 'False') : numberText(value as WdlNumber);
    case 'boolean':
      return typeof value === 'string' ? booleanOf(value) : toNumber(value as WdlNumber) !== 0;
    case 'integer':
      return typeof value === 'boolean' ? Number(value) : integerOf(value as string | WdlNumber);
    default:
      return decimal(typeof value === 'boolean' ? Number(value) : (value as string | WdlNumber));
  }
}

function booleanOf(text: string): boolean {
  const word = text.trim().toLowerCase();
  if (word === 'true' || word === 'false') return word === 'true';
  throw new LiquidError('String was not recognized as a valid Boolean.');
}

/** Half goes to the even neighbour; a text must have no fraction. */
function integerOf(value: string | WdlNumber): WdlNumber {
  if (typeof value === 'string') {
    if (/^\s*[+-]?\d+\s*$/.test(value)) return integer(BigInt(value.trim().replace(/^\+/, '')));
    throw new LiquidError('Input string was not in a correct format.');
  }
  if (isInteger(value)) return value;
  const number = toNumber(value);
  const floor = Math.floor(number);
  const isHalf = number - floor === 0.5;
  return integer(BigInt(isHalf ? floor + (floor % 2 === 0 ? 0 : 1) : Math.round(number)));
}

/** A number, or the text of one, as a decimal. */
export function decimal(value: string | WdlNumber): WdlDecimal {
  if (typeof value !== 'string' && isDecimal(value)) return value;
  if (typeof value !== 'string' && isInteger(value)) return decimalOfInteger(bigintOf(value));
  const text = typeof value === 'string' ? invariantNumber(value, defaultCulture().numbers) : numberText(value);
  const read = text === undefined ? undefined : parseDecimal(text);
  if (read === undefined) throw new LiquidError('Input string was not in a correct format.');
  return read;
}

/** What `{{ … }}` writes: nothing for null and for objects, the items of an array one after the other. */
export function printed(value: LiquidValue): string {
  if (value === null || typeof value === 'symbol') return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (isArray(value)) return value.map((item) => (typeof item === 'boolean' ? itemText(item) : printed(item))).join('');
  return isNumber(value) ? itemText(value) : '';
}

/** A value inside a joined list: booleans are `True` and `False`; a decimal has no zeros at its end. */
export function itemText(value: LiquidValue): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'symbol' || value === null || !isNumber(value)) return printed(value);
  const text = numberText(value);
  return isDecimal(value) && text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** A text, a list or null as the items that a loop or a filter goes through; undefined for a value without items. */
export function itemsOf(value: LiquidValue): readonly WdlValue[] | undefined {
  if (typeof value === 'string') return [...value];
  return typeof value === 'object' && value !== null && isArray(value) ? value : undefined;
}

/** Order of two texts as .NET's en-US culture has it: `a`, `A`, `b`. */
const collator = new Intl.Collator('en-US');

export function compareTexts(a: string, b: string): number {
  return Math.sign(collator.compare(a, b));
}

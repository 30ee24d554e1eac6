import { bigintOf } from '../compare.ts';
import { isDecimal } from '../decimal.ts';
import type { WdlNumber } from '../values.ts';
import { isInteger, toNumber } from '../values.ts';
import type { NumberCulture } from './culture-data.ts';

/** The exact decimal value of a number: `unscaled / 10^scale`, never negative, and its sign apart. */
export interface Digits {
  readonly negative: boolean;
  readonly unscaled: bigint;
  readonly scale: number;
}

/** What to do with an exact half: .NET rounds binary floats to even and everything else away from zero. */
export type HalfRule = 'even' | 'away';

/** All digits of a number. A float expands to the exact value of its binary form; it must be finite. */
export function exactDigits(value: WdlNumber): Digits {
  if (isDecimal(value)) return signed(value.unscaled, value.scale);
  if (isInteger(value)) return signed(bigintOf(value), 0);
  return exactDigitsOfFloat(toNumber(value));
}

/** The digits that .NET works with in custom formats of a float: fifteen significant ones. */
export function fifteenDigits(value: number): Digits {
  const [mantissa = '0', exponent = '0'] = Math.abs(value).toExponential(14).split('e');
  const shift = Number(exponent) - 14;
  const digits = BigInt(mantissa.replace('.', ''));
  return {
    negative: value < 0,
    unscaled: shift > 0 ? digits * 10n ** BigInt(shift) : digits,
    scale: Math.max(-shift, 0),
  };
}

/** Digits with exactly `scale` digits after the point (a negative scale rounds to tens, hundreds, …). */
export function roundDigits(digits: Digits, scale: number, half: HalfRule): Digits {
  if (scale >= digits.scale) {
    return { ...digits, unscaled: digits.unscaled * 10n ** BigInt(scale - digits.scale), scale };
  }
  const divisor = 10n ** BigInt(digits.scale - scale);
  const quotient = digits.unscaled / divisor;
  const twice = (digits.unscaled % divisor) * 2n;
  const up = twice > divisor || (twice === divisor && (half === 'away' || quotient % 2n === 1n));
  return { ...digits, unscaled: up ? quotient + 1n : quotient, scale };
}

/** Digits before and after the point, without leading zeros: `{ whole: '', fraction: '05' }` for 0.05. */
export function splitDigits({ unscaled, scale }: Digits): { whole: string; fraction: string } {
  if (scale <= 0) {
    const text = unscaled === 0n ? '' : `${unscaled}${'0'.repeat(-scale)}`;
    return { whole: text, fraction: '' };
  }
  const text = unscaled.toString().padStart(scale, '0');
  return { whole: text.slice(0, text.length - scale).replace(/^0+/, ''), fraction: text.slice(text.length - scale) };
}

/** Multiplies by a power of ten. */
export function shiftPoint(digits: Digits, by: number): Digits {
  return by <= digits.scale
    ? { ...digits, scale: digits.scale - by }
    : { ...digits, unscaled: digits.unscaled * 10n ** BigInt(by - digits.scale), scale: 0 };
}

/** `1234567` -> `1,234,567`, by the culture's group sizes. */
export function groupDigits(digits: string, { groupSeparator, groupSizes }: NumberCulture): string {
  const [first, rest] = groupSizes;
  const groups: string[] = [];
  let end = digits.length;
  for (let size = first; end > 0; size = rest) {
    groups.unshift(digits.slice(Math.max(end - size, 0), end));
    end -= size;
  }
  return groups.join(groupSeparator);
}

/** Significant digits and the power of ten of the first one; zero has exponent 0. */
export function significantDigits(value: Digits, count: number, half: HalfRule): { digits: string; exponent: number } {
  if (value.unscaled === 0n) return { digits: '0'.repeat(count), exponent: 0 };
  let exponent = value.unscaled.toString().length - 1 - value.scale;
  let rounded = roundDigits(value, count - 1 - exponent, half).unscaled.toString();
  if (rounded.length > count) {
    // 9.99 rounded to two digits is 10: one digit more, which is a zero.
    exponent += 1;
    rounded = rounded.slice(0, count);
  }
  return { digits: rounded, exponent };
}

function signed(unscaled: bigint, scale: number): Digits {
  const negative = unscaled < 0n;
  return { negative, unscaled: negative ? -unscaled : unscaled, scale };
}

const view = new DataView(new ArrayBuffer(8));

function exactDigitsOfFloat(value: number): Digits {
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const negative = bits >> 63n === 1n;
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = biased === 0 ? fraction : fraction | (1n << 52n);
  const exponent = (biased === 0 ? 1 : biased) - 1075;
  if (exponent >= 0) return { negative, unscaled: mantissa << BigInt(exponent), scale: 0 };
  return { negative, unscaled: mantissa * 5n ** BigInt(-exponent), scale: -exponent };
}

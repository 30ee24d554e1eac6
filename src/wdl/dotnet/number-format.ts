import { bigintOf } from '../compare.ts';
import { isDecimal } from '../decimal.ts';
import { numberText } from '../number-text.ts';
import type { WdlNumber } from '../values.ts';
import { isInteger, toNumber } from '../values.ts';
import type { Culture, NumberCulture } from './culture-data.ts';
import { formatCustomNumber } from './custom-number-format.ts';
import type { HalfRule } from './digits.ts';
import { exactDigits, groupDigits, roundDigits, shiftPoint, significantDigits, splitDigits } from './digits.ts';

/** A format that .NET rejects ("Format specifier was invalid"). */
export class FormatError extends Error {}

/** Longest precision taken: .NET allows 999,999,999 digits, which only fills memory. */
const MAX_PRECISION = 1_000;

/**
 * A number by a .NET numeric format: a standard one (`C N P F E G R D X B`, with a precision) or a custom one
 * (`#,##0.00;(0)`). Throws `FormatError` for a format that .NET rejects.
 * Documents: "Standard numeric format strings", "Custom numeric format strings".
 */
export function formatNumber(value: WdlNumber, format: string, culture: Culture): string {
  if (!Number.isFinite(toNumber(value))) return numberText(value);
  const standard = /^([A-Za-z])(\d{0,9})$/.exec(format);
  if (format === '') return localize(numberText(value), culture.numbers);
  if (!standard) return formatCustomNumber(value, format, culture.numbers);
  const [, letter = '', digits = ''] = standard;
  const formatter = Object.hasOwn(STANDARD, letter.toUpperCase()) ? STANDARD[letter.toUpperCase()] : undefined;
  if (formatter === undefined) throw new FormatError(`there is no numeric format '${letter}'`);
  const precision = digits === '' ? undefined : Number(digits);
  if (precision !== undefined && precision > MAX_PRECISION) {
    throw new FormatError(`a precision of ${precision} digits is more than ${MAX_PRECISION}`);
  }
  return formatter(value, precision, culture.numbers, letter);
}

type StandardFormat = (
  value: WdlNumber,
  precision: number | undefined,
  culture: NumberCulture,
  letter: string,
) => string;

const STANDARD: Readonly<Record<string, StandardFormat>> = {
  C: (value, precision, culture) =>
    inPattern(culture.currencyPattern, fixed(value, precision ?? culture.currencyDecimals, culture, true)),
  N: (value, precision, culture) => withSign(fixed(value, precision ?? 2, culture, true)),
  F: (value, precision, culture) => withSign(fixed(value, precision ?? 2, culture, false)),
  P: (value, precision, culture) => inPattern(culture.percentPattern, fixed(value, precision ?? 2, culture, true, 2)),
  E: (value, precision, culture, letter) => exponential(value, precision ?? 6, culture, letter),
  G: (value, precision, culture, letter) =>
    precision === undefined || precision === 0
      ? localize(numberText(value), culture)
      : general(value, precision, culture, letter === 'g' ? 'e' : 'E'),
  R: (value, _precision, culture) => localize(numberText(value), culture),
  D: (value, precision) => {
    const whole = wholeOnly(value, 'D');
    const digits = (whole < 0n ? -whole : whole).toString().padStart(precision ?? 1, '0');
    return `${whole < 0n ? '-' : ''}${digits}`;
  },
  X: (value, precision, _culture, letter) => {
    const digits = BigInt.asUintN(64, wholeOnly(value, 'X'))
      .toString(16)
      .padStart(precision ?? 1, '0');
    return letter === 'X' ? digits.toUpperCase() : digits;
  },
  B: (value, precision) =>
    BigInt.asUintN(64, wholeOnly(value, 'B'))
      .toString(2)
      .padStart(precision ?? 1, '0'),
};

interface SignedText {
  readonly negative: boolean;
  readonly text: string;
}

function fixed(value: WdlNumber, decimals: number, culture: NumberCulture, grouped: boolean, shift = 0): SignedText {
  const exact = shiftPoint(exactDigits(value), shift);
  const rounded = roundDigits(exact, decimals, halfRule(value));
  const { whole, fraction } = splitDigits(rounded);
  const left = grouped ? groupDigits(whole || '0', culture) : whole || '0';
  const text = fraction ? `${left}${culture.decimalSeparator}${fraction}` : left;
  return { negative: rounded.negative && rounded.unscaled !== 0n, text };
}

function halfRule(value: WdlNumber): HalfRule {
  return isDecimal(value) || isInteger(value) ? 'away' : 'even';
}

function withSign({ negative, text }: SignedText): string {
  return negative ? `-${text}` : text;
}

function inPattern(pattern: string, { negative, text }: SignedText): string {
  return (negative ? '-' : '') + pattern.replace('n', () => text);
}

function wholeOnly(value: WdlNumber, letter: string): bigint {
  if (isInteger(value)) return bigintOf(value);
  throw new FormatError(`the format '${letter}' is for integers only`);
}

function exponential(value: WdlNumber, decimals: number, culture: NumberCulture, letter: string): string {
  const exact = exactDigits(value);
  const { digits, exponent } = significantDigits(exact, decimals + 1, halfRule(value));
  const fraction = digits.slice(1);
  const mantissa = fraction ? `${digits[0]}${culture.decimalSeparator}${fraction}` : digits;
  return `${exact.negative && exact.unscaled !== 0n ? '-' : ''}${mantissa}${letter}${exponentText(exponent, 3)}`;
}

function general(value: WdlNumber, precision: number, culture: NumberCulture, letter: string): string {
  const exact = exactDigits(value);
  const { digits, exponent } = significantDigits(exact, precision, halfRule(value));
  const significant = digits.replace(/0+$/, '') || '0';
  const sign = exact.negative && exact.unscaled !== 0n ? '-' : '';
  if (exponent >= precision || exponent <= -5) {
    const fraction = significant.slice(1);
    const mantissa = fraction ? `${significant[0]}${culture.decimalSeparator}${fraction}` : significant;
    return `${sign}${mantissa}${letter}${exponentText(exponent, 2)}`;
  }
  if (exponent < 0) return `${sign}0${culture.decimalSeparator}${'0'.repeat(-exponent - 1)}${significant}`;
  const whole = significant.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = significant.slice(exponent + 1);
  return `${sign}${whole}${fraction ? culture.decimalSeparator + fraction : ''}`;
}

function exponentText(exponent: number, digits: number): string {
  return `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(digits, '0')}`;
}

function localize(invariant: string, culture: NumberCulture): string {
  return invariant.replace('.', culture.decimalSeparator);
}

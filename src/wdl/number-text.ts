import { isDecimal } from './decimal.ts';
import type { WdlNumber } from './values.ts';
import { WdlFloat } from './values.ts';

/**
 * A number as .NET writes it without a format: the shortest digits that read back to the same value, in scientific
 * notation (`1E+16`, `1E-05`) where the point would be too far outside the digits.
 */
export function numberText(value: WdlNumber): string {
  if (typeof value === 'number')
    return Number.isInteger(value) && Math.abs(value) < 2 ** 63 ? integerText(value) : floatText(value);
  return value instanceof WdlFloat
    ? floatText(value.value)
    : 'unscaled' in value
      ? value.toString()
      : value.value.toString();
}

/** A number inside JSON text: whole floats and decimals have `.0`, so that they are not integers when read again. */
export function jsonNumberText(value: WdlNumber): string {
  const text = numberText(value);
  if (value instanceof WdlFloat && !Number.isFinite(value.value)) return `"${text}"`;
  const isFraction = value instanceof WdlFloat || isDecimal(value);
  return isFraction && /^-?\d+$/.test(text) ? `${text}.0` : text;
}

function integerText(value: number): string {
  return Number.isSafeInteger(value) ? String(value === 0 ? 0 : value) : BigInt(value).toString();
}

const DOUBLE_PRECISION = 15;

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa = '0', exponentText = '0'] = Math.abs(value).toExponential().split('e');
  const digits = mantissa.replace('.', '');
  const pointAfter = Number(exponentText) + 1;
  const sign = value < 0 ? '-' : '';
  if (pointAfter > Math.max(digits.length, DOUBLE_PRECISION) || pointAfter < -3) {
    const exponent = pointAfter - 1;
    const exponentDigits = String(Math.abs(exponent)).padStart(2, '0');
    return `${sign}${mantissa}E${exponent < 0 ? '-' : '+'}${exponentDigits}`;
  }
  if (pointAfter <= 0) return `${sign}0.${'0'.repeat(-pointAfter)}${digits}`;
  const whole = digits.slice(0, pointAfter).padEnd(pointAfter, '0');
  const fraction = digits.slice(pointAfter);
  return `${sign}${whole}${fraction ? `.${fraction}` : ''}`;
}

import { WdlError } from './errors.ts';

const MAX_SCALE = 28;
/** .NET's decimal holds a 96-bit integer and a scale of at most 28. */
const MAX_UNSCALED = 2n ** 96n - 1n;

/** A .NET decimal: `unscaled / 10^scale`. Arithmetic on decimals stays decimal, trailing zeros included. */
export class WdlDecimal {
  readonly unscaled: bigint;
  readonly scale: number;

  constructor(unscaled: bigint, scale: number) {
    this.unscaled = unscaled;
    this.scale = scale;
  }

  toNumber(): number {
    return Number(this.toString());
  }

  toJSON(): number {
    return this.toNumber();
  }

  toString(): string {
    const digits = abs(this.unscaled)
      .toString()
      .padStart(this.scale + 1, '0');
    const whole = digits.slice(0, digits.length - this.scale);
    const fraction = digits.slice(digits.length - this.scale);
    return `${this.unscaled < 0n ? '-' : ''}${whole}${fraction ? `.${fraction}` : ''}`;
  }
}

export function isDecimal(value: unknown): value is WdlDecimal {
  return value instanceof WdlDecimal;
}

/** Reads invariant text (`-12.50`, `1e3`); `undefined` when it is not a number. Digits beyond 28 are rounded half to even. */
export function parseDecimal(text: string): WdlDecimal | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/.exec(text);
  if (!match || !(match[2] || match[3])) return undefined;
  const fraction = match[3] ?? '';
  const exponent = Number(match[4] ?? 0);
  const sign = match[1] === '-' ? -1n : 1n;
  const unscaled = sign * BigInt(`${match[2] ?? ''}${fraction}`);
  const scale = fraction.length - exponent;
  if (unscaled === 0n) return new WdlDecimal(0n, Math.min(Math.max(scale, 0), MAX_SCALE));
  if (scale < -40) throw overflow();
  return scale < 0 ? rounded(unscaled * 10n ** BigInt(-scale), 0) : rounded(unscaled, scale);
}

export function decimalOfInteger(value: bigint): WdlDecimal {
  return rounded(value, 0);
}

export function addDecimals(a: WdlDecimal, b: WdlDecimal): WdlDecimal {
  const scale = Math.max(a.scale, b.scale);
  return rounded(atScale(a, scale) + atScale(b, scale), scale);
}

export function negateDecimal(a: WdlDecimal): WdlDecimal {
  return new WdlDecimal(-a.unscaled, a.scale);
}

export function multiplyDecimals(a: WdlDecimal, b: WdlDecimal): WdlDecimal {
  return rounded(a.unscaled * b.unscaled, a.scale + b.scale);
}

/** The caller has checked that the divisor is not zero. */
export function divideDecimals(a: WdlDecimal, b: WdlDecimal): WdlDecimal {
  const guard = MAX_SCALE + 2;
  const quotient = rounded((a.unscaled * 10n ** BigInt(guard + b.scale)) / b.unscaled, guard + a.scale);
  return withoutTrailingZeros(quotient, Math.max(a.scale - b.scale, 0));
}

/** Sign of the dividend, like every remainder of .NET. */
export function remainderOfDecimals(a: WdlDecimal, b: WdlDecimal): WdlDecimal {
  const scale = Math.max(a.scale, b.scale);
  return new WdlDecimal(atScale(a, scale) % atScale(b, scale), scale);
}

export function compareDecimals(a: WdlDecimal, b: WdlDecimal): number {
  const scale = Math.max(a.scale, b.scale);
  const difference = atScale(a, scale) - atScale(b, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function atScale(value: WdlDecimal, scale: number): bigint {
  return value.unscaled * 10n ** BigInt(scale - value.scale);
}

function withoutTrailingZeros(value: WdlDecimal, minimumScale: number): WdlDecimal {
  let { unscaled, scale } = value;
  while (scale > minimumScale && unscaled % 10n === 0n) {
    unscaled /= 10n;
    scale -= 1;
  }
  return new WdlDecimal(unscaled, scale);
}

/** Drops digits, half to even, until scale and magnitude are what a decimal can hold. */
function rounded(unscaled: bigint, scale: number): WdlDecimal {
  let drop = Math.max(scale - MAX_SCALE, 0);
  while (abs(divideHalfEven(unscaled, drop)) > MAX_UNSCALED) {
    drop += 1;
    if (drop > scale) throw overflow();
  }
  return new WdlDecimal(divideHalfEven(unscaled, drop), scale - drop);
}

function divideHalfEven(value: bigint, digits: number): bigint {
  if (digits === 0) return value;
  const divisor = 10n ** BigInt(digits);
  const quotient = value / divisor;
  const twice = abs(value % divisor) * 2n;
  const up = twice > divisor || (twice === divisor && quotient % 2n !== 0n);
  return up ? quotient + (value < 0n ? -1n : 1n) : quotient;
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function overflow(): WdlError {
  return new WdlError('wdl.overflow', 'The value was either too large or too small for a decimal number.', {
    remedy: 'A decimal holds at most 28 digits, up to about 7.9 * 10^28.',
  });
}

import { WdlDecimal } from '../../../wdl/decimal.ts';
import { exactDigits, roundDigits } from '../../../wdl/dotnet/digits.ts';
import { WdlError } from '../../../wdl/errors.ts';
import { calculate } from '../../../wdl/functions/math.ts';
import { float, isInteger, isNumber, toNumber, type WdlNumber } from '../../../wdl/values.ts';
import { converted, decimal, itemText, LiquidError, type LiquidValue } from '../values.ts';
import { type FilterTable, filter } from './signature.ts';

type Operation = Parameters<typeof calculate>[0];

/** Two integers stay one; with any other number it is a sum of decimals, so that 0.1 and 0.2 are 0.3. Null makes null. */
function arithmetic(operation: Operation, a: LiquidValue, b: LiquidValue): LiquidValue {
  if (a === null || b === null) return null;
  if (typeof a === 'symbol' || typeof b === 'symbol' || !isNumber(a) || !isNumber(b)) {
    throw new LiquidError('Argument is not numeric.');
  }
  try {
    return isInteger(a) && isInteger(b) ? calculate(operation, a, b) : calculate(operation, decimal(a), decimal(b));
  } catch (error) {
    if (!(error instanceof WdlError)) throw error;
    throw new LiquidError(
      error.reason === 'wdl.division-by-zero'
        ? 'Attempted to divide by zero.'
        : 'Arithmetic operation resulted in an overflow.',
    );
  }
}

function operation(name: Operation) {
  return filter(['any', 'any'], ([a, b]) => arithmetic(name, a, b));
}

/** Half goes to the even neighbour; null for what is no number. */
function round(value: LiquidValue, places: LiquidValue): LiquidValue {
  try {
    const scale = places === null ? 0 : toNumber(converted(places, 'integer') as WdlNumber);
    const number = converted(value ?? 0, 'decimal') as WdlDecimal;
    const { negative, unscaled } = roundDigits(exactDigits(number), scale, 'even');
    return new WdlDecimal(negative ? -unscaled : unscaled, scale);
  } catch (error) {
    if (error instanceof LiquidError) return null;
    throw error;
  }
}

/** A value read as a float, or undefined. */
function floatOf(value: LiquidValue): number | undefined {
  try {
    return decimal(itemText(value)).toNumber();
  } catch (error) {
    if (error instanceof LiquidError) return undefined;
    throw error;
  }
}

function bounded(choose: (a: number, b: number) => number) {
  return filter(['any', 'any'], ([value, bound]) => {
    const [number, limit] = [floatOf(value), floatOf(bound)];
    return number === undefined || limit === undefined ? value : float(choose(number, limit));
  });
}

export const numberFilters: FilterTable = {
  Plus: filter(['any', 'any'], ([a, b]) => (typeof a === 'string' ? a + itemText(b) : arithmetic('add', a, b))),
  Minus: operation('sub'),
  Times: filter(['any', 'any'], ([a, b]) =>
    typeof a === 'string' && typeof b !== 'symbol' && b !== null && isInteger(b)
      ? a.repeat(Math.max(0, toNumber(b)))
      : arithmetic('mul', a, b),
  ),
  DividedBy: operation('div'),
  Modulo: operation('mod'),
  Round: filter(['any', 'any'], ([value, places]) => round(value, places), null),
  Abs: filter(['any'], ([value]) => float(Math.abs(floatOf(value) ?? 0))),
  AtLeast: bounded(Math.max),
  AtMost: bounded(Math.min),
};

import { bigintOf, compareNumbers } from '../compare.ts';
import type { WdlDecimal } from '../decimal.ts';
import {
  addDecimals,
  decimalOfInteger,
  divideDecimals,
  isDecimal,
  multiplyDecimals,
  negateDecimal,
  parseDecimal,
  remainderOfDecimals,
} from '../decimal.ts';
import { MAX_RANGE_ITEMS } from '../limits.ts';
import { numberText } from '../number-text.ts';
import type { WdlArray, WdlNumber, WdlValue } from '../values.ts';
import { float, integer, isArray, isInt64, isInteger, isNumber, toNumber, typeName } from '../values.ts';
import type { FunctionDefinition, Parameter } from './signature.ts';
import { define, defineVariadic, functionError, number, whole } from './signature.ts';

/** One operation on the three kinds of numbers: two integers stay integer, a decimal makes decimals, else floats. */
interface Operation {
  integers(a: bigint, b: bigint): bigint;
  floats(a: number, b: number): number;
  decimals(a: WdlDecimal, b: WdlDecimal): WdlDecimal;
}

const OPERATIONS = {
  add: { integers: (a, b) => a + b, floats: (a, b) => a + b, decimals: addDecimals },
  sub: { integers: (a, b) => a - b, floats: (a, b) => a - b, decimals: (a, b) => addDecimals(a, negateDecimal(b)) },
  mul: { integers: (a, b) => a * b, floats: (a, b) => a * b, decimals: multiplyDecimals },
  // Towards zero, like .NET.
  div: { integers: (a, b) => a / b, floats: (a, b) => a / b, decimals: divideDecimals },
  mod: { integers: (a, b) => a % b, floats: (a, b) => a % b, decimals: remainderOfDecimals },
} satisfies Readonly<Record<string, Operation>>;

type OperationName = keyof typeof OPERATIONS;

function calculate(name: OperationName, a: WdlNumber, b: WdlNumber): WdlNumber {
  const operation: Operation = OPERATIONS[name];
  if ((name === 'div' || name === 'mod') && toNumber(b) === 0) {
    throw functionError(
      name,
      'attempts to divide by zero',
      'wdl.division-by-zero',
      'Test the divisor with if(equals(…, 0), …).',
    );
  }
  if (isInteger(a) && isInteger(b)) return checkedInteger(name, operation.integers(bigintOf(a), bigintOf(b)));
  if (isDecimal(a) || isDecimal(b)) return operation.decimals(asDecimal(name, a), asDecimal(name, b));
  return float(operation.floats(toNumber(a), toNumber(b)));
}

function checkedInteger(functionName: string, value: bigint): WdlNumber {
  if (isInt64(value)) return integer(value);
  throw functionError(
    functionName,
    'results in an integer that is too large or too small for 64 bits',
    'wdl.overflow',
    'Convert one of the values with float(…) or decimal(…).',
  );
}

function asDecimal(functionName: string, value: WdlNumber): WdlDecimal {
  if (isDecimal(value)) return value;
  if (isInteger(value)) return decimalOfInteger(bigintOf(value));
  const decimal = parseDecimal(numberText(value));
  if (decimal !== undefined) return decimal;
  throw functionError(functionName, 'cannot combine a decimal with a value that is not a number', 'wdl.overflow');
}

function arithmetic(name: OperationName, first: string, second: string): FunctionDefinition {
  return define(name, [number(first), number(second)], ([a, b]) => calculate(name, a, b));
}

/** Numbers, or one array of numbers. */
function numberOrArray(name: string): Parameter<WdlNumber | WdlArray> {
  const read = (value: WdlValue) => (isNumber(value) || isArray(value) ? value : undefined);
  return { name, expects: 'a number or an array of numbers', optional: false, read };
}

function extreme(name: 'max' | 'min', better: (order: number) => boolean): FunctionDefinition {
  return defineVariadic(name, [numberOrArray('number1')], (args) => {
    const [only] = args;
    const values = args.length === 1 && only !== undefined && isArray(only) ? only : args;
    if (values.length === 0) throw functionError(name, 'expects an array with at least one number');
    const numbers = values.map((value) => requireNumber(name, value));
    const best = numbers.reduce((so, value) => (better(compareNumbers(value, so)) ? value : so));
    return numbers.some(isDecimal) ? asDecimal(name, best) : best;
  });
}

function requireNumber(functionName: string, value: WdlValue): WdlNumber {
  if (isNumber(value)) return value;
  throw functionError(
    functionName,
    `expects all of its values to be numbers. Found a value of type '${typeName(value)}'`,
    'wdl.argument-type',
  );
}

function range(start: number, count: number): WdlValue {
  if (count < 0 || count > MAX_RANGE_ITEMS || start + count > 2_147_483_647) {
    throw functionError(
      'range',
      `parameters are out of range: 'count' must be a positive integer no larger than ${MAX_RANGE_ITEMS} and the sum of ` +
        `'start index' and 'count' must be no larger than 2147483647. The provided values are '${start}' and '${count}'`,
    );
  }
  return Array.from({ length: count }, (_, index) => start + index);
}

function rand(minimum: number, maximum: number, random: () => number): number {
  if (minimum > maximum) {
    throw functionError(
      'rand',
      `expects its first parameter not to be above its second: '${minimum}' and '${maximum}'`,
    );
  }
  return minimum + Math.floor(random() * (maximum - minimum));
}

/** Reference: "Math functions". */
export const mathFunctions: readonly FunctionDefinition[] = [
  arithmetic('add', 'summand1', 'summand2'),
  arithmetic('div', 'dividend', 'divisor'),
  extreme('max', (order) => order > 0),
  extreme('min', (order) => order < 0),
  arithmetic('mod', 'dividend', 'divisor'),
  arithmetic('mul', 'multiplicand1', 'multiplicand2'),
  define('rand', [whole('minValue'), whole('maxValue')], ([minimum, maximum], context) =>
    rand(minimum, maximum, () => context.random()),
  ),
  define('range', [whole('startIndex'), whole('count')], ([start, count]) => range(start, count)),
  arithmetic('sub', 'minuend', 'subtrahend'),
];

import { compareIgnoringCase, compareNumbers, deepEquals } from '../compare.ts';
import type { WdlValue } from '../values.ts';
import { isInteger, isNumber, toNumber, typeName } from '../values.ts';
import type { FunctionDefinition, Parameter } from './signature.ts';
import { any, define, defineLazy, defineVariadic, functionError } from './signature.ts';

function boolean(name: string): Parameter<boolean> {
  const read = (value: WdlValue) => (typeof value === 'boolean' ? value : undefined);
  return { name, expects: 'a boolean', optional: false, read };
}

/** The documentation lets a boolean equal the integers 1 and 0; otherwise values of different types differ. */
function equal(a: WdlValue, b: WdlValue): boolean {
  if (typeof a === 'boolean' && isInteger(b)) return toNumber(b) === Number(a);
  if (typeof b === 'boolean' && isInteger(a)) return toNumber(a) === Number(b);
  return deepEquals(a, b);
}

/** Two numbers, or two texts, which are compared without regard to case. */
function comparison(name: string, holds: (order: number) => boolean): FunctionDefinition {
  return define(name, [any('value'), any('compareTo')], ([a, b]) => {
    if (isNumber(a) && isNumber(b)) return holds(compareNumbers(a, b));
    if (typeof a === 'string' && typeof b === 'string') return holds(compareIgnoringCase(a, b));
    throw functionError(
      name,
      `expects two parameters of matching types, numbers or strings. ` +
        `The function was invoked with values of type '${typeName(a)}' and '${typeName(b)}' that do not match`,
      'wdl.argument-type',
      'Convert one of them with int(…), float(…) or string(…).',
    );
  });
}

/** Reads arguments until one decides; the rest is never evaluated. */
function connective(name: string, decisive: boolean): FunctionDefinition {
  return defineLazy(name, [any('expression1')], true, (args) => {
    for (const evaluate of args) {
      const value = evaluate();
      if (typeof value !== 'boolean') {
        throw functionError(
          name,
          `expects all of its parameters to be booleans. Found invalid parameter type '${typeName(value)}'`,
          'wdl.argument-type',
          'Use bool(…) for a string or number that stands for a boolean.',
        );
      }
      if (value === decisive) return decisive;
    }
    return !decisive;
  });
}

/**
 * Reference: "Logical comparison functions". `and`, `or` and `if` evaluate no more arguments than they need, as the
 * service does; the documentation is silent.
 */
export const logicalFunctions: readonly FunctionDefinition[] = [
  connective('and', false),
  defineVariadic('equals', [any('object1'), any('object2')], ([first = null, ...others]) =>
    others.every((other) => equal(first, other)),
  ),
  comparison('greater', (order) => order > 0),
  comparison('greaterOrEquals', (order) => order >= 0),
  defineLazy('if', [boolean('expression'), any('valueIfTrue'), any('valueIfFalse')], false, (args) => {
    const [condition, whenTrue, whenFalse] = args;
    const value = condition?.() ?? null;
    if (typeof value !== 'boolean') {
      throw functionError(
        'if',
        `expects its first parameter to be of type boolean. The provided value is of type '${typeName(value)}'`,
        'wdl.argument-type',
        'Compare with equals(…), or convert with bool(…).',
      );
    }
    return (value ? whenTrue : whenFalse)?.() ?? null;
  }),
  comparison('less', (order) => order < 0),
  comparison('lessOrEquals', (order) => order <= 0),
  define('not', [boolean('expression')], ([value]) => !value),
  connective('or', true),
];

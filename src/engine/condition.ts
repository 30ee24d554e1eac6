import { WdlError } from '../wdl/errors.ts';
import { isArray, isObject, typeName, type WdlValue } from '../wdl/values.ts';
import { evaluate, type Scope } from './context.ts';

/**
 * Evaluates the condition of an If or Until: an expression in a string, or the designer's tree `{ and: [{ equals: [a, b] }] }`.
 * Operands may be expressions; `and` and `or` without operands are true, as in the designer.
 * @returns the value, which need not be a boolean if the condition is a string
 * @throws WdlError for an expression that cannot be evaluated, or an unknown operator
 */
export function evaluateCondition(condition: unknown, scope: Scope): WdlValue {
  if (typeof condition === 'string' || typeof condition === 'boolean') return evaluate(condition, scope);
  const value = condition as WdlValue;
  if (condition === undefined || condition === null || !isObject(value)) throw shapeError(value ?? null);
  const entries = Object.entries(value);
  if (entries.length === 0) return true;
  return entries.every(([operator, operands]) => {
    const result = evaluateOperator(operator, operands, scope);
    if (typeof result !== 'boolean') throw booleanError(operator, result);
    return result;
  });
}

function evaluateOperator(operator: string, operands: WdlValue, scope: Scope): WdlValue {
  const truth = (operand: WdlValue): boolean => {
    const result = evaluateCondition(operand, scope);
    if (typeof result !== 'boolean') throw booleanError(operator, result);
    return result;
  };
  switch (operator.toLowerCase()) {
    case 'and':
      return operandsOf(operator, operands).every(truth);
    case 'or': {
      const list = operandsOf(operator, operands);
      return list.length === 0 || list.some(truth);
    }
    case 'not':
      return !truth(isArray(operands) ? (operands[0] ?? null) : operands);
    default: {
      if (!/^[a-z]\w*$/i.test(operator)) throw shapeError(operator);
      const values = operandsOf(operator, operands).map((operand) => evaluate(operand, scope));
      const args = values.map((_, index) => `item()[${index}]`).join(', ');
      return evaluate(`@${operator}(${args})`, scope, { value: values });
    }
  }
}

function operandsOf(operator: string, operands: WdlValue): readonly WdlValue[] {
  if (isArray(operands)) return operands;
  throw new WdlError('wdl.argument-type', `the operator '${operator}' of the condition expects an array of operands`);
}

function shapeError(value: WdlValue): WdlError {
  return new WdlError('wdl.argument-type', `the condition is not an expression but of type '${typeName(value)}'`, {
    remedy: `Write "@equals(…)", or the designer's form {"and": [{"equals": ["@…", "…"]}]}.`,
  });
}

function booleanError(operator: string, value: WdlValue): WdlError {
  return new WdlError(
    'wdl.argument-type',
    `the operator '${operator}' of the condition expects operands of type 'Boolean', but one is of type '${typeName(value)}'`,
  );
}

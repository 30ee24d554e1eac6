import type { Json, JsonObject } from '../../../src/domain/json.ts';
import { type Expr, type Row, type Text, toJson } from '../../../src/wdl/build.ts';
import { fromPlainContext } from '../../../src/wdl/context.ts';
import { evaluateExpression, evaluateTemplate } from '../../../src/wdl/evaluate.ts';
import { readPlainContext } from '../../../src/wdl/plain-context.ts';

/*
 * What the rules write for a workflow, evaluated by the project's own evaluator of the Workflow Definition Language.
 */

export interface Facts {
  /** Body of the trigger. */
  readonly trigger?: JsonObject | { readonly [name: string]: unknown };
  /** Value of `item()`. */
  readonly item?: Json;
  readonly parameters?: Readonly<Record<string, Json>>;
}

const environment = { now: () => Date.UTC(2026, 0, 10, 8), random: () => 0.5 };

function contextOf({ trigger, item, parameters = {} }: Facts) {
  const context = {
    ...(trigger && { trigger: { outputs: { body: trigger } } }),
    ...(item !== undefined && { item }),
    parameters,
  };
  return fromPlainContext(readPlainContext(JSON.parse(JSON.stringify(context))), environment);
}

/** Whether an expression is true. */
export function holds({ wdl }: Expr, facts: Facts): boolean {
  return evaluateExpression(wdl, contextOf(facts)) === true;
}

/** A string with its tokens filled in. */
export function textOf(text: Text, facts: Facts): string {
  return String(evaluateTemplate(toJson(text) as never, contextOf(facts)));
}

/** Whether a row or a group of rows holds. */
export function conditionHolds(row: Row, facts: Facts): boolean {
  return evaluateExpression(expressionOf(row), contextOf(facts)) === true;
}

function expressionOf(row: Row): string {
  const [[operator, operands] = ['', []]] = Object.entries(row) as [string, unknown][];
  if (operator === 'not') return `not(${expressionOf(operands as Row)})`;
  if (operator === 'and' || operator === 'or')
    return `${operator}(${(operands as Row[]).map(expressionOf).join(', ')})`;
  return `${operator}(${(operands as Json[]).map(operandOf).join(', ')})`;
}

function operandOf(operand: Json): string {
  if (typeof operand !== 'string') return JSON.stringify(operand);
  if (operand.startsWith('@{')) return operand.slice(2, -1);
  return operand.startsWith('@') ? operand.slice(1) : `'${operand.replaceAll("'", "''")}'`;
}

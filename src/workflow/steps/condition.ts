import type { ConditionTree } from '../../wdl/types.ts';
import type { Expr } from '../expression.ts';
import { sequence } from '../sequence.ts';
import { type Step, type StepOptions, step } from '../step.ts';

export interface ConditionOptions extends StepOptions {
  /** All must be true: one row each in the designer. */
  readonly all: readonly Expr[];
  readonly yes: readonly Step[];
  readonly no?: readonly Step[];
}

/** Goes one way or the other. */
export function condition(name: string, options: ConditionOptions): Step {
  const { all, yes, no = [] } = options;
  return step(
    name,
    options,
    {
      type: 'If',
      expression: allTrue(all),
      actions: sequence(yes, 'inside'),
      else: { actions: sequence(no, 'inside') },
    },
    [...yes, ...no],
  );
}

/** The designer's own form: a group of rows, each "expression is equal to true". */
function allTrue(expressions: readonly Expr[]): ConditionTree {
  return { and: expressions.map((expression) => ({ equals: [`@${expression.wdl}`, true] })) };
}

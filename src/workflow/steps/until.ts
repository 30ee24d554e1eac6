import type { Expr } from '../../wdl/build.ts';
import { sequence } from '../sequence.ts';
import { type Step, type StepOptions, step } from '../step.ts';

export interface UntilOptions extends StepOptions {
  readonly done: Expr;
  /** Rounds at most, 1 to 5000. */
  readonly rounds: number;
  /** ISO 8601 */
  readonly timeout: string;
  readonly steps: readonly Step[];
}

/** Repeats steps until an expression is true or a limit is met. */
export function until(name: string, options: UntilOptions): Step {
  return step(
    name,
    options,
    {
      type: 'Until',
      expression: `@${options.done.wdl}`,
      limit: { count: options.rounds, timeout: options.timeout },
      actions: sequence(options.steps, 'inside'),
    },
    options.steps,
  );
}

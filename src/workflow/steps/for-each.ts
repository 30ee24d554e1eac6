import { call, type Expr, toJson } from '../../wdl/build.ts';
import { sequence } from '../sequence.ts';
import { type Step, type StepOptions, step } from '../step.ts';

export interface ForEachOptions extends StepOptions {
  readonly items: Expr;
  /** Iterations at a time, 1 to 50. Loops that write take 1. */
  readonly atATime: number;
  /** The steps of one iteration, given its item. */
  readonly steps: (item: Expr) => readonly Step[];
}

/** Runs steps for every item of an array. */
export function forEach(name: string, options: ForEachOptions): Step {
  const steps = options.steps(call('items', name.replaceAll(' ', '_')));
  return step(
    name,
    options,
    {
      type: 'Foreach',
      foreach: toJson(options.items),
      actions: sequence(steps, 'inside'),
      runtimeConfiguration: { concurrency: { repetitions: options.atATime } },
    },
    steps,
  );
}

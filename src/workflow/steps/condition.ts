import type { Row } from '../../wdl/build.ts';
import { sequence } from '../sequence.ts';
import { type Step, type StepOptions, step } from '../step.ts';

export interface ConditionOptions extends StepOptions {
  /** All must hold, as the designer shows them: value, operator, value. */
  readonly all: readonly Row[];
  readonly yes?: readonly Step[];
  readonly no?: readonly Step[];
}

/** Runs one of two branches. Both are always written, because it is not documented what the service does without them. */
export function condition(name: string, options: ConditionOptions): Step {
  const { all, yes = [], no = [] } = options;
  return step(
    name,
    options,
    {
      type: 'If',
      expression: { and: all },
      actions: sequence(yes, 'inside'),
      else: { actions: sequence(no, 'inside') },
    },
    [...yes, ...no],
  );
}

import { type Input, toJson } from '../expression.ts';
import { type Step, type StepOptions, step } from '../step.ts';

/** Gives a value a name; later steps read it with `outputs()`. */
export function compose(name: string, options: StepOptions & { readonly value: Input }): Step {
  return step(name, options, { type: 'Compose', inputs: toJson(options.value) });
}

import { sequence } from '../sequence.ts';
import { type Step, type StepOptions, step } from '../step.ts';

/** Several steps under one name, with one outcome. */
export function scope(name: string, options: StepOptions & { readonly steps: readonly Step[] }): Step {
  return step(name, options, { type: 'Scope', actions: sequence(options.steps, 'inside') }, options.steps);
}

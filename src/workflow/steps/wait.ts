import { type Step, type StepOptions, step } from '../step.ts';

/** Lets time pass ("Delay"). */
export function wait(name: string, options: StepOptions & { readonly seconds: number }): Step {
  return step(name, options, { type: 'Wait', inputs: { interval: { count: options.seconds, unit: 'Second' } } });
}

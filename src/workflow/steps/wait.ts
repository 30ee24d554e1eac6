import type { WaitUnit } from '../../wdl/types.ts';
import { type Step, type StepOptions, step } from '../step.ts';

/** Waits; "Delay" in the designer. */
export function wait(name: string, options: StepOptions & { readonly count: number; readonly unit: WaitUnit }): Step {
  return step(name, options, { type: 'Wait', inputs: { interval: { count: options.count, unit: options.unit } } });
}

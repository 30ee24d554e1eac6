import { type Text, toJson } from '../../wdl/build.ts';
import { type Step, type StepOptions, step } from '../step.ts';

/** Ends the run. A failure carries a code and a sentence that a person reads in the run history. */
export function terminate(
  name: string,
  options: StepOptions &
    (
      | { readonly as: 'Succeeded' | 'Cancelled' }
      | { readonly as: 'Failed'; readonly code: string; readonly message: string | Text }
    ),
): Step {
  return step(name, options, {
    type: 'Terminate',
    inputs: {
      runStatus: options.as,
      ...(options.as === 'Failed' && { runError: { code: options.code, message: toJson(options.message) as string } }),
    },
  });
}

import { type Input, toJson } from '../../wdl/build.ts';
import type { Json } from '../../wdl/types.ts';
import { type Step, type StepOptions, step } from '../step.ts';

/** Checks a value against a JSON Schema and fails where it does not fit; `body()` gives the parsed value. */
export function parseJson(
  name: string,
  options: StepOptions & { readonly content: Input; readonly schema: Json },
): Step {
  return step(name, options, {
    type: 'ParseJson',
    inputs: { content: toJson(options.content), schema: options.schema },
  });
}

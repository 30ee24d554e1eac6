import { type Expr, type Members, type Text, toJson } from '../../wdl/build.ts';
import { type Step, type StepOptions, step } from '../step.ts';

/**
 * Maps every item of an array; `to` uses `item`. `body()` gives the new array. A string begins with a token: one that begins with
 * anything else is not valid JSON to the designer, and the playbook cannot be saved.
 */
export function select(
  name: string,
  options: StepOptions & { readonly from: Expr; readonly to: Expr | Text | Members },
): Step {
  return step(name, options, { type: 'Select', inputs: { from: toJson(options.from), select: toJson(options.to) } });
}

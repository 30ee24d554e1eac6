import { type Expr, type Members, toJson } from '../expression.ts';
import { type Step, type StepOptions, step } from '../step.ts';

/** Maps every item of an array; `to` uses `item`. `body()` gives the new array. */
export function select(
  name: string,
  options: StepOptions & { readonly from: Expr; readonly to: Expr | Members },
): Step {
  return step(name, options, { type: 'Select', inputs: { from: toJson(options.from), select: toJson(options.to) } });
}

import { type Expr, toJson } from '../../wdl/build.ts';
import { type Step, type StepOptions, step } from '../step.ts';

/** Keeps the items for which `where` (uses `item`) is true. `body()` gives the shorter array. */
export function filterArray(name: string, options: StepOptions & { readonly from: Expr; readonly where: Expr }): Step {
  return step(name, options, { type: 'Query', inputs: { from: toJson(options.from), where: toJson(options.where) } });
}

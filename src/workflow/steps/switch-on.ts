import { type Expr, toJson } from '../../wdl/build.ts';
import { sequence } from '../sequence.ts';
import { type Step, type StepOptions, step } from '../step.ts';

export interface SwitchOptions extends StepOptions {
  readonly value: Expr;
  /** Name of the case as drawn to its value and steps. */
  readonly cases: Readonly<Record<string, { readonly is: string | number; readonly steps: readonly Step[] }>>;
  readonly otherwise?: readonly Step[];
}

/** One way of several, by value; its members in the order in which the designer writes them. */
export function switchOn(name: string, options: SwitchOptions): Step {
  const { value, cases, otherwise = [] } = options;
  const branches = Object.entries(cases);
  return step(
    name,
    options,
    {
      type: 'Switch',
      expression: toJson(value),
      default: { actions: sequence(otherwise, 'inside') },
      cases: Object.fromEntries(
        branches.map(([caseName, branch]) => [
          caseName.replaceAll(' ', '_'),
          { actions: sequence(branch.steps, 'inside'), case: branch.is },
        ]),
      ),
    },
    [...branches.flatMap(([, branch]) => branch.steps), ...otherwise],
  );
}

import { call, type Expr, type Input, toJson } from '../../wdl/build.ts';
import type { VariableType } from '../../wdl/types.ts';
import { type Step, type StepOptions, step } from '../step.ts';

/** A variable and the step that declares it. Declare at the top of the workflow, never inside a scope. */
export interface Variable {
  readonly name: string;
  readonly declaration: Step;
  /** `variables('Note')`: shown by its name, and never null where it was declared with a string. */
  readonly value: Expr;
}

/** The name that people see is that of the variable; the action is called after it unless `action` says otherwise. */
export function variable(
  name: string,
  type: VariableType,
  initial: Input,
  options: StepOptions & { readonly action?: string },
): Variable {
  const { action = name, ...rest } = options;
  return {
    name,
    declaration: step(action, rest, {
      type: 'InitializeVariable',
      inputs: { variables: [{ name, type, value: toJson(initial) }] },
    }),
    value: call('variables', name),
  };
}

/** Gives a variable another value. The value may not name the variable itself: the service refuses that. */
export function setVariable(name: string, options: StepOptions & { readonly of: Variable; readonly to: Input }): Step {
  const { of, to, ...rest } = options;
  return step(name, rest, { type: 'SetVariable', inputs: { name: of.name, value: toJson(to) } });
}

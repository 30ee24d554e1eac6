import type { VariableType } from '../../wdl/types.ts';
import { call, type Expr, type Input, toJson } from '../expression.ts';
import { type Step, type StepOptions, step } from '../step.ts';

/** A variable and the step that declares it. Declare at the top of the workflow, never inside a scope. */
export interface Variable {
  readonly declaration: Step;
  readonly value: Expr;
  set(name: string, options: StepOptions & { readonly to: Input }): Step;
  append(name: string, options: StepOptions & { readonly item: Input }): Step;
}

export function variable(
  variableName: string,
  type: VariableType,
  initial: Input,
  options: StepOptions & { readonly name: string },
): Variable {
  return {
    declaration: step(options.name, options, {
      type: 'InitializeVariable',
      inputs: { variables: [{ name: variableName, type, value: toJson(initial) }] },
    }),
    value: call('variables', variableName),
    set: (name, { to, ...rest }) =>
      step(name, rest, { type: 'SetVariable', inputs: { name: variableName, value: toJson(to) } }),
    append: (name, { item, ...rest }) =>
      step(name, rest, {
        type: type === 'array' ? 'AppendToArrayVariable' : 'AppendToStringVariable',
        inputs: { name: variableName, value: toJson(item) },
      }),
  };
}

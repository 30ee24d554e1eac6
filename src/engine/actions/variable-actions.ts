import { checkTextLength } from '../../wdl/functions/text-limit.ts';
import { toText } from '../../wdl/text.ts';
import type {
  AppendToArrayVariableAction,
  AppendToStringVariableAction,
  DecrementVariableAction,
  IncrementVariableAction,
  InitializeVariableAction,
  SetVariableAction,
} from '../../wdl/types.ts';
import { isNumber, typeName, type WdlObject, type WdlValue } from '../../wdl/values.ts';
import { evaluate, type Scope } from '../context.ts';
import { failed, NO_CODE, type Outcome, succeeded } from '../outcome.ts';
import { conflictWith } from '../variable-conflict.ts';
import { type Variable, variableMismatch, variableType } from '../variables.ts';
import { actionOf, type Executor } from './executor.ts';

/** Initialize variable: its values cannot refer to each other. */
export const initializeVariable: Executor = (scope) => {
  const declared = actionOf<InitializeVariableAction>(scope).inputs.variables.map((one) => ({
    name: one.name,
    type: variableType(one.type) ?? 'String',
    shown: String(one.type),
    value: one.value === undefined ? null : evaluate(one.value, scope),
  }));
  const inputs = { variables: declared.map(({ name, shown, value }) => ({ name, type: shown, value })) };
  for (const variable of declared) {
    if (scope.run.variables.has(variable.name.toLowerCase())) {
      return failed('BadRequest', `The variable '${variable.name}' is already initialized.`, inputs);
    }
    const mismatch = variableMismatch(variable, variable.value);
    if (mismatch) return failed('BadRequest', mismatch, inputs);
  }
  for (const { name, type, value } of declared) {
    scope.run.variables.set(name.toLowerCase(), { name, type, value, isShared: true });
  }
  return succeeded(inputs, undefined, NO_CODE);
};

/** Set variable. */
export const setVariable: Executor = (scope) => {
  const { name, value } = actionOf<SetVariableAction>(scope).inputs;
  return update(scope, name, evaluate(value ?? null, scope), (variable, next) => {
    const mismatch = variableMismatch(variable, next);
    return mismatch ? { problem: mismatch } : { value: next };
  });
};

/** Increment and Decrement variable; the default is 1. */
export const incrementVariable: Executor = (scope) => step(scope, 'add');
export const decrementVariable: Executor = (scope) => step(scope, 'sub');

function step(scope: Scope, operation: 'add' | 'sub'): Outcome {
  const { name, value } = actionOf<IncrementVariableAction | DecrementVariableAction>(scope).inputs;
  const verb = operation === 'add' ? 'Increment' : 'Decrement';
  return update(scope, name, evaluate(value ?? 1, scope), (variable, by) => {
    if (!isNumber(by) || (variable.type !== 'Integer' && variable.type !== 'Float')) {
      return {
        problem: `The action type '${verb}Variable' only supports variables of types 'Integer, Float'. The variable '${name}' is of type '${variable.type}' and the value of type '${typeName(by)}'.`,
      };
    }
    const next = evaluate(`@${operation}(item()[0], item()[1])`, scope, { value: [variable.value, by] });
    const mismatch = variableMismatch(variable, next);
    return mismatch ? { problem: mismatch } : { value: next };
  });
}

/** Append to array variable: adds one element, which may be neither null nor an array. */
export const appendToArrayVariable: Executor = (scope) => {
  const { name, value } = actionOf<AppendToArrayVariableAction>(scope).inputs;
  return update(scope, name, evaluate(value ?? null, scope), (variable, item) => {
    if (variable.type !== 'Array' || item === null || Array.isArray(item)) {
      return {
        problem: cannotAppend(variable, item, 'AppendToArrayVariable', 'Float, Integer, String, Boolean, Object'),
      };
    }
    const list = (variable.value ?? []) as WdlValue[];
    if (variable.isShared) return { value: [...list, item], isOwn: true };
    list.push(item);
    return { value: list, isOwn: true };
  });
};

/** Append to string variable: null appends nothing, other values are converted to strings. */
export const appendToStringVariable: Executor = (scope) => {
  const { name, value } = actionOf<AppendToStringVariableAction>(scope).inputs;
  return update(scope, name, evaluate(value ?? null, scope), (variable, item) => {
    if (variable.type !== 'String') {
      return {
        problem: cannotAppend(
          variable,
          item,
          'AppendToStringVariable',
          'Float, Integer, String, Boolean, Object, Array',
        ),
      };
    }
    // Not with a function of the language, which would copy the whole string on every append.
    const text = `${toText(variable.value)}${toText(item)}`;
    checkTextLength('concat', text.length);
    return { value: text };
  });
};

function cannotAppend({ name, type }: Variable, item: WdlValue, action: string, types: string): string {
  return `The input value is of type '${typeName(item)}' which cannot be appended to the variable '${name}' of type '${type}'. The action type '${action}' only supports values of types '${types}'.`;
}

type Change = (
  variable: Variable,
  value: WdlValue,
) => { readonly value: WdlValue /** Nobody else holds it. */; readonly isOwn?: true } | { readonly problem: string };

function update(scope: Scope, name: string, value: WdlValue, change: Change): Outcome {
  const { run, node } = scope;
  const inputs: WdlObject = { name, value };
  const variable = run.variables.get(name.toLowerCase());
  if (!variable) {
    return failed(
      'BadRequest',
      `The variable '${name}' must be initialized before it can be used in action '${node.name}'.`,
      inputs,
      `Let '${node.name}' run after the Initialize variable action of '${name}'.`,
    );
  }
  const conflict = conflictWith(scope, variable.name);
  if (conflict) return failed('VariableUpdateConflict', conflict.message, inputs, conflict.remedy);
  const changed = change(variable, value);
  if ('problem' in changed) return failed('BadRequest', changed.problem, inputs);
  variable.value = changed.value;
  variable.isShared = changed.isOwn !== true;
  const isAppended = node.type === 'AppendToArrayVariable' || node.type === 'AppendToStringVariable';
  return succeeded(inputs, isAppended ? undefined : { body: { name: variable.name, value: changed.value } }, NO_CODE);
}

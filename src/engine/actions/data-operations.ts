import { WdlError } from '../../wdl/errors.ts';
import type { JoinAction, QueryAction, SelectAction } from '../../wdl/types.ts';
import { isArray, typeName, type WdlArray, type WdlValue } from '../../wdl/values.ts';
import { evaluate, type Scope } from '../context.ts';
import { failed, type Outcome, succeeded } from '../outcome.ts';
import { actionOf, type Executor } from './executor.ts';

/** Select: one value per item; `item()` is the item. */
export const select: Executor = (scope) => {
  const { from, select: map } = actionOf<SelectAction>(scope).inputs;
  const source = readSource(scope, from, 'select');
  if ('outcome' in source) return source.outcome;
  const body = source.items.map((item) => evaluate(map ?? null, scope, { value: item }));
  return succeeded({ from: source.items, select: map ?? null }, { body });
};

/** Query ("Filter array"): the items for which the condition is true. */
export const query: Executor = (scope) => {
  const { from, where } = actionOf<QueryAction>(scope).inputs;
  const source = readSource(scope, from, 'query');
  if ('outcome' in source) return source.outcome;
  const body: WdlValue[] = [];
  for (const item of source.items) {
    const keep = evaluate(where ?? null, scope, { value: item });
    if (typeof keep !== 'boolean') {
      throw new WdlError(
        'wdl.argument-type',
        `the result of the evaluation of 'query' action expression '${String(where)}' is of type '${typeName(keep)}' but is expected to be a value of type 'Boolean'`,
      );
    }
    if (keep) body.push(item);
  }
  return succeeded({ from: source.items, where: where ?? null }, { body });
};

/** Join: the items as strings with a separator between them. */
export const join: Executor = (scope) => {
  const { from, joinWith } = actionOf<JoinAction>(scope).inputs;
  const source = readSource(scope, from, 'join');
  if ('outcome' in source) return source.outcome;
  const separator = evaluate(joinWith ?? '', scope);
  const body = evaluate('@join(item()[0], item()[1])', scope, { value: [source.items, separator] });
  return succeeded({ from: source.items, joinWith: separator }, { body });
};

/** The array that a data operation works on, or why it fails. */
export function readSource(
  scope: Scope,
  from: unknown,
  operation: string,
): { readonly items: WdlArray } | { readonly outcome: Outcome } {
  const value = evaluate(from ?? null, scope);
  if (isArray(value)) return { items: value };
  const expected = operation === 'table' ? "of type 'Array'" : 'an array';
  return {
    outcome: failed(
      'BadRequest',
      `The 'from' property value in the '${operation}' action inputs is of type '${typeName(value)}'. The value must be ${expected}.`,
      { from: value },
    ),
  };
}

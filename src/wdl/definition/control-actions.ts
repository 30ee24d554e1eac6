/** Actions that hold other actions, and the conditions they decide by. */
import type { Json } from '../json.ts';
import type { ActionBase } from './action-base.ts';
import type { Action } from './actions.ts';
import type { Expression } from './settings.ts';

/** Actions by name. The order of the members is the order in which the designer lists siblings. */
export type Actions = Readonly<Record<string, Action>>;

/** Actions that hold other actions. */
export type ContainerAction = ScopeAction | IfAction | SwitchAction | ForeachAction | UntilAction;

interface ScopeAction extends ActionBase {
  readonly type: 'Scope';
  readonly actions: Actions;
}

export interface IfAction extends ActionBase {
  readonly type: 'If';
  readonly expression: ConditionExpression;
  readonly actions: Actions;
  readonly else?: { readonly actions: Actions };
}

/** An expression as text, or the designer's tree of operators. */
type ConditionExpression = Expression | ConditionTree;

/** A condition as the designer stores it: operator -> operands. */
export type ConditionTree =
  | { readonly and: readonly ConditionTree[] }
  | { readonly or: readonly ConditionTree[] }
  | { readonly not: ConditionTree }
  | { readonly [Operator in ComparisonOperator]?: readonly [Json, Json] };

type ComparisonOperator =
  | 'equals'
  | 'greater'
  | 'greaterOrEquals'
  | 'less'
  | 'lessOrEquals'
  | 'contains'
  | 'startsWith'
  | 'endsWith';

export interface SwitchAction extends ActionBase {
  readonly type: 'Switch';
  readonly expression: Json;
  readonly cases: Readonly<Record<string, { readonly case: string | number; readonly actions: Actions }>>;
  readonly default?: { readonly actions: Actions };
}

/** `foreach`: an array or an expression for one. Iterations run 20 at a time unless concurrency says otherwise. */
export interface ForeachAction extends ActionBase {
  readonly type: 'Foreach';
  readonly foreach: Json;
  readonly actions: Actions;
}

/** Repeats until `expression` is true, at most `limit.count` (default 60) times or `limit.timeout` (default PT1H). */
export interface UntilAction extends ActionBase {
  readonly type: 'Until';
  readonly expression: ConditionExpression;
  readonly actions: Actions;
}

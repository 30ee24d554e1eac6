import type { Scope } from '../context.ts';
import type { Outcome } from '../outcome.ts';
import type { ActionRecord } from '../record.ts';
import type { Process } from '../scheduler.ts';

/**
 * Runs one action: evaluates what it needs, waits for what it waits for, and says how it ended. A `WdlError` that it throws
 * becomes a failed outcome. What it puts into the record meanwhile stays there if it is cut off. An action that takes no time
 * returns its outcome at once.
 */
export type Executor = (scope: Scope, record: ActionRecord) => Process<Outcome> | Outcome;

/** The action of a node, as the type it has been checked to be. */
export function actionOf<T>({ node }: Scope): T {
  return node.action as T;
}

import type { Scope } from '../context.ts';
import type { Outcome } from '../outcome.ts';
import type { ActionRecord } from '../record.ts';
import type { Process } from '../scheduler.ts';

/**
 * Runs one action: evaluates its inputs, waits if necessary, and returns its outcome. A thrown `WdlError` becomes a failed
 * outcome. What it writes to the record before it is cancelled is kept. An action that takes no time returns its outcome
 * directly.
 */
export type Executor = (scope: Scope, record: ActionRecord) => Process<Outcome> | Outcome;

/** The node's action, cast to the type that was checked. */
export function actionOf<T>({ node }: Scope): T {
  return node.action as T;
}

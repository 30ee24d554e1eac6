import { toText } from '../../wdl/text.ts';
import type { ForeachAction } from '../../wdl/types.ts';
import { isArray, typeName, wholeNumber } from '../../wdl/values.ts';
import { branchFailed } from '../branch-status.ts';
import { evaluate, type Scope } from '../context.ts';
import { Frame } from '../frame.ts';
import { FOREACH_DEFAULT_PARALLEL } from '../limits.ts';
import { type ActionNode, ancestors } from '../model.ts';
import { joinIterations } from '../not-run.ts';
import { containerFailed, containerSucceeded, type Outcome } from '../outcome.ts';
import { joinForeach } from '../record.ts';
import { inParallel } from '../scheduler.ts';
import { actionOf, type Executor } from './executor.ts';

/**
 * Foreach: runs its actions for every item, up to 20 items at a time unless the concurrency says otherwise, and sequentially
 * inside another Foreach. All items run even if some fail.
 */
export const foreachAction: Executor = function* (scope, record) {
  const { run, frame, node } = scope;
  const expression = actionOf<ForeachAction>(scope).foreach;
  const items = evaluate(expression ?? null, scope);
  if (!isArray(items)) return notAnArray(node, expression, typeName(items));
  if (items.length > run.limits.foreachItems) return tooMany(node, items.length, run.limits.foreachItems);
  const width = parallelism(scope);
  if (typeof width !== 'number') return width;
  record.iterations = items.length;
  const [body] = node.branches;
  const frames: Frame[] = [];
  let hasFailed = false;
  try {
    yield* inParallel(items.length, width, function* (index) {
      const iteration = new Frame(frame, { loop: node, index, item: items[index] ?? null, isParallel: width > 1 });
      frames[index] = iteration;
      if (!body) return;
      yield* run.runBranch(run, iteration, body);
      if (branchFailed(body, iteration)) hasFailed = true;
    });
  } finally {
    joinIterations(run, node, frame, frames, joinForeach);
  }
  return hasFailed ? containerFailed : containerSucceeded;
};

/**
 * Number of parallel iterations, or why it is invalid. The reference of action types calls `repetitions` an integer from 1 to 50.
 * No document says that the service refuses to save an expression there, so it is evaluated.
 */
function parallelism(scope: Scope): number | Outcome {
  const { node, run } = scope;
  const isSequential = String(node.action.operationOptions ?? '')
    .toLowerCase()
    .includes('sequential');
  if (isSequential || ancestors(node).some(({ type }) => type === 'Foreach')) return 1;
  const written = node.action.runtimeConfiguration?.concurrency?.repetitions;
  if (written === undefined) return FOREACH_DEFAULT_PARALLEL;
  const value = evaluate(written, scope);
  const count = wholeNumber(typeof value === 'string' ? Number(value) : value);
  const most = run.limits.foreachParallel;
  if (count !== undefined && count >= 1 && count <= most) return count;
  const message = `The concurrency of the Foreach '${node.name}' must be a whole number from 1 to ${most}, but it is '${toText(value)}'.`;
  const pointer = `${node.pointer}/runtimeConfiguration/concurrency/repetitions`;
  return { status: 'Failed', code: 'BadRequest', error: { code: 'BadRequest', message, pointer } };
}

function notAnArray(node: ActionNode, expression: unknown, found: string): Outcome {
  const shown = typeof expression === 'string' ? expression : JSON.stringify(expression);
  return {
    status: 'Failed',
    code: 'ExpressionEvaluationFailed',
    error: {
      code: 'ExpressionEvaluationFailed',
      message: `The execution of template action '${node.name}' failed: the result of the evaluation of 'foreach' expression '${shown}' is of type '${found}'. The result must be a valid array.`,
      pointer: `${node.pointer}/foreach`,
      ...(found === 'Null' && { remedy: `Give it an empty array where there is nothing: coalesce(…, json('[]')).` }),
    },
  };
}

function tooMany(node: ActionNode, count: number, most: number): Outcome {
  return {
    status: 'Failed',
    code: 'ForeachItemsLimitExceeded',
    error: {
      code: 'ForeachItemsLimitExceeded',
      message: `The execution of template action '${node.name}' failed: a Foreach processes at most ${most} items, but there are ${count}.`,
      pointer: `${node.pointer}/foreach`,
    },
  };
}

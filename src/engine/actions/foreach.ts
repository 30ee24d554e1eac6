import type { ForeachAction } from '../../wdl/types.ts';
import { isArray, typeName } from '../../wdl/values.ts';
import { evaluate } from '../context.ts';
import { Frame } from '../frame.ts';
import { branchFailed, runBranch } from '../graph.ts';
import { FOREACH_DEFAULT_PARALLEL } from '../limits.ts';
import type { ActionNode } from '../model.ts';
import { containerFailed, containerSucceeded, type Outcome } from '../outcome.ts';
import { joinForeach } from '../record.ts';
import { inParallel } from '../scheduler.ts';
import { joinIterations } from '../settle.ts';
import { isParallel } from '../variable-conflict.ts';
import { actionOf, type Executor } from './executor.ts';

/**
 * Foreach: its actions for every item, up to 20 items at a time unless the concurrency says otherwise; inside another
 * Foreach one at a time. Every item has its turn even when others fail.
 */
export const foreachAction: Executor = function* (scope, record) {
  const { run, frame, node } = scope;
  const expression = actionOf<ForeachAction>(scope).foreach;
  const items = evaluate(expression ?? null, scope);
  if (!isArray(items)) return notAnArray(node, expression, typeName(items));
  if (items.length > run.limits.foreachItems) return tooMany(node, items.length, run.limits.foreachItems);
  record.iterations = items.length;
  const [body] = node.branches;
  const frames: Frame[] = [];
  let hasFailed = false;
  try {
    yield* inParallel(items.length, parallelism(node, run.limits.foreachParallel), function* (index) {
      const iteration = new Frame(frame, { loop: node, index, item: items[index] ?? null });
      frames[index] = iteration;
      if (!body) return;
      yield* runBranch(run, iteration, body);
      if (branchFailed(body, iteration)) hasFailed = true;
    });
  } finally {
    joinIterations(run, node, frame, frames, joinForeach);
  }
  return hasFailed ? containerFailed : containerSucceeded;
};

function parallelism(node: ActionNode, most: number): number {
  if (!isParallel(node)) return 1;
  const wanted = node.action.runtimeConfiguration?.concurrency?.repetitions ?? FOREACH_DEFAULT_PARALLEL;
  return Math.min(Math.max(1, wanted), most);
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

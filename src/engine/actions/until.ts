import type { UntilAction } from '../../wdl/types.ts';
import { typeName, wholeNumber } from '../../wdl/values.ts';
import { branchFailed } from '../branch-status.ts';
import { evaluateCondition } from '../condition.ts';
import { evaluate, type Scope } from '../context.ts';
import { parseDuration } from '../duration.ts';
import { Frame } from '../frame.ts';
import { joinIterations } from '../not-run.ts';
import { containerFailed, containerSucceeded, failed, type Outcome, wrongResult } from '../outcome.ts';
import { joinUntil } from '../record.ts';
import { actionOf, type Executor } from './executor.ts';

/**
 * Until: runs its actions, then tests the condition, until it is true or a limit is reached. The last iteration decides the
 * status. Reaching a limit is not a failure unless `operationOptions` includes `FailWhenLimitsReached` ("Run loops").
 */
export const untilAction: Executor = function* (scope, record) {
  const { run, frame, node } = scope;
  const { expression } = actionOf<UntilAction>(scope);
  const limits = readLimits(scope);
  if ('outcome' in limits) return limits.outcome;
  const deadline = run.clock.now() + limits.timeout;
  const [body] = node.branches;
  const frames: Frame[] = [];
  try {
    for (;;) {
      const iteration = new Frame(frame, { loop: node, index: frames.length });
      frames.push(iteration);
      record.iterations = frames.length;
      if (body) yield* run.runBranch(run, iteration, body);
      const isDone = evaluateCondition(expression, { ...scope, frame: iteration });
      if (typeof isDone !== 'boolean') return wrongResult(node, String(expression), typeName(isDone), 'Boolean');
      const isCounted = frames.length >= limits.count;
      const isLate = run.clock.now() >= deadline;
      if (!isDone && !isCounted && !isLate) continue;
      if (!isDone && failsAtLimit(scope))
        return limitReached(node.name, isCounted ? 'count' : 'timeout', frames.length);
      return body && branchFailed(body, iteration) ? containerFailed : containerSucceeded;
    }
  } finally {
    joinIterations(run, node, frame, frames, joinUntil);
  }
};

function failsAtLimit({ node }: Scope): boolean {
  return String(node.action.operationOptions ?? '')
    .toLowerCase()
    .includes('failwhenlimitsreached');
}

function readLimits(
  scope: Scope,
): { readonly count: number; readonly timeout: number } | { readonly outcome: Outcome } {
  const { limits } = scope.run;
  const { count, timeout } = scope.node.action.limit ?? {};
  const times = count === undefined ? limits.untilDefaultCount : evaluate(count, scope);
  const most = wholeNumber(typeof times === 'string' ? Number(times) : times);
  if (most === undefined || most < 1 || most > limits.untilCount) {
    const message = `The 'limit.count' of '${scope.node.name}' is a number from 1 to ${limits.untilCount}, not '${String(times)}'.`;
    return { outcome: failed('BadRequest', message) };
  }
  const text = timeout === undefined ? undefined : evaluate(timeout, scope);
  const duration = text === undefined ? limits.untilDefaultTimeoutMs : parseDuration(String(text));
  if (duration === undefined) {
    const message = `The 'limit.timeout' of '${scope.node.name}' is not an ISO 8601 duration: '${String(text)}'.`;
    return { outcome: failed('BadRequest', message) };
  }
  return { count: most, timeout: duration };
}

function limitReached(name: string, limit: string, iterations: number): Outcome {
  return failed(
    'ActionFailed',
    `The execution of template action '${name}' failed: its condition was not met within its 'limit.${limit}', after ${iterations} iteration(s).`,
  );
}

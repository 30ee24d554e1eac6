import type { IfAction, SwitchAction } from '../../wdl/types.ts';
import { isInteger, typeName, type WdlValue } from '../../wdl/values.ts';
import { branchFailed } from '../branch-status.ts';
import { evaluateCondition } from '../condition.ts';
import { evaluate, type Scope } from '../context.ts';
import type { Branch } from '../model.ts';
import { skipBranch } from '../not-run.ts';
import { containerFailed, containerSucceeded, type Outcome, wrongResult } from '../outcome.ts';
import type { Process } from '../scheduler.ts';
import { actionOf, type Executor } from './executor.ts';

/** Scope: groups its actions under one status. */
export const scopeAction: Executor = function* (scope) {
  return yield* takeBranch(scope, scope.node.branches[0]);
};

/** If: one of two branches. */
export const ifAction: Executor = function* (scope) {
  const { expression } = actionOf<IfAction>(scope);
  const value = evaluateCondition(expression, scope);
  if (typeof value !== 'boolean') return wrongResult(scope.node, shown(expression), typeName(value), 'Boolean');
  const [whenTrue, whenFalse] = scope.node.branches;
  return yield* takeBranch(scope, value ? whenTrue : whenFalse);
};

/** Switch: runs the case with the value of the expression, otherwise the default. Strings are compared case-sensitively. */
export const switchAction: Executor = function* (scope) {
  const { expression, cases } = actionOf<SwitchAction>(scope);
  const value = evaluate(expression, scope);
  if (typeof value !== 'string' && !isInteger(value)) {
    return wrongResult(scope.node, shown(expression), typeName(value), 'String, Integer');
  }
  const values = Object.values(cases ?? {}).map((one) => evaluate(one.case as WdlValue, scope));
  const odd = values.find((one) => typeName(one) !== typeName(value));
  if (odd !== undefined) return mismatch(scope, typeName(value), typeName(odd));
  const index = values.indexOf(value);
  return yield* takeBranch(scope, scope.node.branches.at(index < 0 ? -1 : index));
};

function* takeBranch({ run, frame, node }: Scope, taken: Branch | undefined): Process<Outcome> {
  for (const branch of node.branches) if (branch !== taken) skipBranch(run, frame, branch);
  if (!taken) return containerSucceeded;
  yield* run.runBranch(run, frame, taken);
  return branchFailed(taken, frame) ? containerFailed : containerSucceeded;
}

/** The service compares strictly: a case of another type than the expression's fails the Switch. */
function mismatch({ node }: Scope, found: string, expected: string): Outcome {
  return {
    status: 'Failed',
    code: 'InternalServerError',
    error: {
      code: 'ActionConditionFailed',
      message: `The execution of template action '${node.name}' failed: an unexpected exception encountered when evaluating branching condition. 'Template language function 'strongEquals' expects parameters of same type, but found '${found},${expected}' distinct types.'`,
      pointer: node.pointer,
      remedy: `Make the expression and the cases of one type, for example with string(…).`,
    },
  };
}

function shown(expression: unknown): string {
  return typeof expression === 'string' ? expression : JSON.stringify(expression);
}

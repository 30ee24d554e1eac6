import type { CodedProblem } from '../domain/problem.ts';
import type { WdlError } from '../wdl/errors.ts';
import type { WdlValue } from '../wdl/values.ts';
import type { ActionNode } from './model.ts';

/** Final statuses of an action. */
export type EndStatus = 'Succeeded' | 'Failed' | 'Skipped' | 'TimedOut' | 'Cancelled';

/** The "Error" in the run history. `pointer` (location in the definition) and `remedy` are our additions. */
export interface ActionError extends CodedProblem {
  readonly pointer?: string;
}

/** How an action ended. Codes and messages are those that the service reports in actions() and result(). */
export interface Outcome {
  readonly status: EndStatus;
  readonly code: string;
  readonly error?: ActionError;
  readonly inputs?: WdlValue;
  readonly outputs?: WdlValue;
}

export function succeeded(inputs: WdlValue | undefined, outputs: WdlValue | undefined, code = 'OK'): Outcome {
  return {
    status: 'Succeeded',
    code,
    ...(inputs !== undefined && { inputs }),
    ...(outputs !== undefined && { outputs }),
  };
}

/** Failed for a reason of its own. */
export function failed(code: string, message: string, inputs?: WdlValue, remedy?: string): Outcome {
  return {
    status: 'Failed',
    code,
    error: { code, message, ...(remedy !== undefined && { remedy }) },
    ...(inputs !== undefined && { inputs }),
  };
}

/** Code of containers, variables and Terminate in the service. */
export const NO_CODE = 'NotSpecified';

export const containerFailed: Outcome = {
  status: 'Failed',
  code: 'ActionFailed',
  error: { code: 'ActionFailed', message: 'An action failed. No dependent actions succeeded.' },
};

export const containerSucceeded: Outcome = { status: 'Succeeded', code: NO_CODE };

/** An expression in the action's inputs cannot be parsed or evaluated. */
export function invalidInputs(node: ActionNode, error: WdlError): Outcome {
  const place = `action '${node.name}' inputs`;
  return invalid(node, error, place, 'in');
}

/** The same for an expression of a container: the condition, the value of a Switch, the end of an Until. */
export function invalidCondition(node: ActionNode, error: WdlError): Outcome {
  return invalid(node, error, `action '${node.name}'`, 'for');
}

function invalid(node: ActionNode, error: WdlError, place: string, preposition: string): Outcome {
  const { remedy } = error.details;
  const message = `Unable to process template language expressions ${preposition} ${place} at line '0' and column '0': '${error.message}'.`;
  return {
    status: 'Failed',
    code: 'BadRequest',
    error: { code: error.code, message, pointer: node.pointer, ...(remedy !== undefined && { remedy }) },
  };
}

/** A container's expression evaluates to a type that the container cannot use. */
export function wrongResult(node: ActionNode, expression: string, found: string, expected: string): Outcome {
  const subject = node.type === 'If' ? 'condition' : 'scope';
  return {
    status: 'Failed',
    code: 'ExpressionEvaluationFailed',
    error: {
      code: 'ExpressionEvaluationFailed',
      message: `The execution of template action '${node.name}' failed: The result of the evaluation of '${subject}' action expression '${expression}' is not valid. It is of type '${found}' but is expected to be a value of type '${expected}'.`,
      pointer: node.pointer,
    },
  };
}

function skipped(code: string, message: string): Outcome {
  return { status: 'Skipped', code: 'ActionSkipped', error: { code, message } };
}

export function skippedByRunAfter(
  node: ActionNode,
  before: ActionNode,
  expected: readonly string[],
  actual: string,
): Outcome {
  return skipped(
    'ActionConditionFailed',
    `The execution of template action '${node.name}' is skipped: the 'runAfter' condition for action '${before.name}' is not satisfied. Expected status values '${expected.join(', ')}' and actual value '${actual}'.`,
  );
}

export function skippedByBranch(node: ActionNode): Outcome {
  return skipped(
    'ActionBranchingConditionNotSatisfied',
    `The execution of template action '${node.name}' skipped: the branching condition for this action is not satisfied.`,
  );
}

export function skippedByParent(node: ActionNode, parent: ActionNode, status: string, code: string): Outcome {
  return skipped(
    'ActionDependencyFailed',
    `The execution of template action '${node.name}' is skipped: dependant action '${parent.name}' completed with status '${status}' and code '${code}'.`,
  );
}

/** A Terminate ended the run before this action started. */
export const skippedByTerminate: Outcome = { status: 'Skipped', code: 'Terminated' };

/** `limit.timeout` of the action or an enclosing container has passed. */
export function timedOut(node: ActionNode, inputs?: WdlValue): Outcome {
  return {
    status: 'TimedOut',
    code: 'ActionTimedOut',
    error: {
      code: 'ActionTimedOut',
      message: `The execution of template action '${node.name}' timed out: it took longer than its 'limit.timeout'.`,
    },
    ...(inputs !== undefined && { inputs }),
  };
}

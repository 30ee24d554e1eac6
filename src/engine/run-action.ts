import { WdlError } from '../wdl/errors.ts';
import { isObject } from '../wdl/values.ts';
import { executors } from './actions/executors.ts';
import { unsubscribe } from './actions/webhooks.ts';
import { evaluate, type Scope } from './context.ts';
import { parseDuration } from './duration.ts';
import type { Frame } from './frame.ts';
import { type ActionNode, isContainer } from './model.ts';
import { closeContainer, newTrackingId } from './not-run.ts';
import { failed, invalidCondition, invalidInputs, type Outcome, timedOut } from './outcome.ts';
import type { ActionRecord } from './record.ts';
import type { RunState } from './run-state.ts';
import { type Process, turn, within } from './scheduler.ts';
import { staticOutcome } from './static-result.ts';

/** Runs one action and keeps its record. Parallel actions take turns, one action at a time. */
export function* runAction(run: RunState, frame: Frame, node: ActionNode): Process<void> {
  const record: ActionRecord = {
    node,
    startTime: run.clock.now(),
    endTime: run.clock.now(),
    status: 'Running',
    code: '',
    trackingId: newTrackingId(run),
  };
  frame.put(record);
  yield* turn();
  const scope: Scope = { run, frame, node };
  const outcome = yield* limited(scope, record);
  record.endTime = run.clock.now();
  record.status = outcome.status;
  record.code = outcome.code;
  record.error = outcome.error;
  if (outcome.inputs !== undefined) record.inputs = outcome.inputs;
  if (outcome.outputs !== undefined) record.outputs = outcome.outputs;
  if (isContainer(node)) closeContainer(run, frame, record);
  track(scope, record);
}

/** Applies `limit.timeout`, which includes retries and polling. An Until handles its own. */
function* limited(scope: Scope, record: ActionRecord): Process<Outcome> {
  const { node, run } = scope;
  const fixed = staticOutcome(node, run.model.definition);
  if (fixed) return fixed;
  const text = node.action.limit?.timeout;
  if (text === undefined || node.type === 'Until') return yield* execute(scope, record);
  const limit = attempt(node, () => evaluate(text, scope));
  if ('outcome' in limit) return limit.outcome;
  const milliseconds = typeof limit.value === 'string' ? parseDuration(limit.value) : undefined;
  if (milliseconds === undefined) {
    const message = `The 'limit.timeout' of action '${node.name}' is not an ISO 8601 duration: '${String(limit.value)}'.`;
    return failed('BadRequest', message, undefined, 'Write it like PT30S or PT1H.');
  }
  const result = yield* within(execute(scope, record), run.clock.now() + milliseconds);
  if (result) return result.value;
  if (node.type === 'HttpWebhook') yield* unsubscribe(scope);
  return timedOut(node, record.inputs);
}

function* execute(scope: Scope, record: ActionRecord): Process<Outcome> {
  try {
    const result = executors[scope.node.type](scope, record);
    return 'status' in result ? result : yield* result;
  } catch (error) {
    if (error instanceof WdlError) return brokenExpression(scope.node, error);
    throw error;
  }
}

function attempt<T>(node: ActionNode, work: () => T): { value: T } | { outcome: Outcome } {
  try {
    return { value: work() };
  } catch (error) {
    if (error instanceof WdlError) return { outcome: brokenExpression(node, error) };
    throw error;
  }
}

function brokenExpression(node: ActionNode, error: WdlError): Outcome {
  return isContainer(node) ? invalidCondition(node, error) : invalidInputs(node, error);
}

/**
 * Evaluates tracked properties after the action has ended, with access to `action()`. Errors in them do not affect the outcome.
 */
function track(scope: Scope, record: ActionRecord): void {
  const { trackedProperties } = scope.node.action;
  if (!trackedProperties) return;
  try {
    const value = evaluate(trackedProperties, scope);
    if (isObject(value)) record.trackedProperties = value;
  } catch (error) {
    if (!(error instanceof WdlError)) throw error;
    scope.run.warnings.add(`The tracked properties of '${scope.node.name}' cannot be evaluated: ${error.message}`);
  }
}

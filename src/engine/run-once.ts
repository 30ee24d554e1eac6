import { WdlError } from '../wdl/errors.ts';
import type { Json } from '../wdl/types.ts';
import { toJson } from '../wdl/values.ts';
import { branchFailed } from './branch-status.ts';
import type { Calls } from './calls.ts';
import { evaluate } from './context.ts';
import { recordUnreached } from './not-run.ts';
import { type ActionError, containerFailed } from './outcome.ts';
import { actionResults, iso, type RunResult, type RunStatus, shownCalls } from './result.ts';
import type { RunState } from './run-state.ts';
import { runProcess, within } from './scheduler.ts';
import { HIDDEN, securedProperties } from './secure.ts';
import type { ChosenTrigger } from './trigger-input.ts';

interface Ending {
  readonly status: RunStatus;
  readonly code?: string;
  readonly error?: ActionError;
}

/** Runs the actions of a workflow whose trigger has fired, and returns the result. */
export async function runOnce(run: RunState, chosen: ChosenTrigger, calls: Calls): Promise<RunResult> {
  const { root } = run.model;
  let isInTime = true;
  await runProcess(
    (function* () {
      isInTime = (yield* within(run.runBranch(run, run.root, root), run.startTime + run.limits.runMs)) !== undefined;
    })(),
    run.clock,
    calls,
  );
  recordUnreached(run, run.root, root.nodes);
  const ending = endingOf(run, isInTime);
  const outputs = ending.status === 'Succeeded' ? workflowOutputs(run) : {};
  const isBroken = 'error' in outputs;
  return {
    ...(isBroken ? { status: 'Failed' as const, code: outputs.error.code, error: outputs.error } : ending),
    runName: run.workflow.runName,
    startTime: iso(run.startTime),
    endTime: iso(run.clock.now()),
    trigger: firedTrigger(run, chosen),
    outputs: isBroken ? {} : (outputs.values ?? {}),
    ...responseOf(run),
    actions: actionResults(run),
    calls: shownCalls(run.calls),
    warnings: [...run.warnings],
  };
}

/** Status of the run: set by Terminate, otherwise by its last actions. */
function endingOf(run: RunState, isInTime: boolean): Ending {
  if (run.termination) {
    const { status, error } = run.termination;
    return { status, code: 'Terminated', ...(error && { error }) };
  }
  if (!isInTime) {
    const message = 'The workflow run timed out: it took longer than a run may.';
    return { status: 'TimedOut', code: 'WorkflowRunTimedOut', error: { code: 'WorkflowRunTimedOut', message } };
  }
  if (!branchFailed(run.model.root, run.root)) return { status: 'Succeeded' };
  const { code, error } = containerFailed;
  return { status: 'Failed', code, ...(error && { error }) };
}

function workflowOutputs(run: RunState): { values?: Record<string, Json> } | { error: ActionError } {
  const declared = Object.entries(run.model.definition.outputs ?? {});
  try {
    const values = declared.map(([name, { value }]) => [
      name,
      toJson(evaluate(value ?? null, { run, frame: run.root, node: undefined })),
    ]);
    return { values: Object.fromEntries(values) as Record<string, Json> };
  } catch (error) {
    if (!(error instanceof WdlError)) throw error;
    const message = `Unable to process template language expressions in the outputs of the workflow: '${error.message}'.`;
    return { error: { code: error.code, message, pointer: '/outputs' } };
  }
}

function firedTrigger(run: RunState, { name, trigger }: ChosenTrigger): RunResult['trigger'] {
  const outputs = run.trigger['outputs'];
  const isSecured = securedProperties(trigger).includes('outputs');
  return {
    name,
    status: 'Succeeded',
    ...(outputs !== undefined && { outputs: isSecured ? HIDDEN : toJson(outputs) }),
  };
}

/**
 * What the caller of a Request trigger receives: the Response; 202 if the workflow has none or splits its items; a gateway error
 * if it has one that did not run.
 */
function responseOf(run: RunState): Pick<RunResult, 'response'> {
  if (run.triggerType !== 'Request') return {};
  const accepted = { response: { status: 202, headers: {}, afterMs: 0 } };
  if (run.isSplit) return accepted;
  if (run.response) {
    const { body, ...rest } = run.response;
    return { response: { ...rest, ...(body !== undefined && { body: toJson(body) }) } };
  }
  const afterMs = run.clock.now() - run.startTime;
  if (!run.model.nodes.some(({ type }) => type === 'Response')) return accepted;
  const message = `The server did not receive a response from an upstream server. Request tracking id '${run.workflow.runName}'.`;
  return { response: { status: 502, headers: {}, body: { error: { code: 'NoResponse', message } }, afterMs } };
}

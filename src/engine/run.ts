import { pointerStep } from '../domain/json-pointer.ts';
import { processingMessage, WdlError } from '../wdl/errors.ts';
import type { Json, WorkflowDefinition } from '../wdl/types.ts';
import type { WdlObject } from '../wdl/values.ts';
import { connectorRequest } from './actions/api-connection.ts';
import { httpRequest } from './actions/http.ts';
import { type Calls, isFailure } from './calls.ts';
import { checkWorkflow, problemsError } from './check/check-workflow.ts';
import { type Clock, seededRandom, virtualClock } from './clock.ts';
import { evaluate, evaluationContext, type Place } from './context.ts';
import { Frame } from './frame.ts';
import { runBranch } from './graph.ts';
import { type Limits, serviceLimits } from './limits.ts';
import { type WorkflowModel, workflowModel } from './model.ts';
import type { ActionError } from './outcome.ts';
import { resolveParameters } from './parameters.ts';
import { timeText } from './record.ts';
import { checkTriggerInput, openPathParameters } from './request-trigger.ts';
import { iso, type RunResult, shownCalls } from './result.ts';
import { runOnce } from './run-once.ts';
import type { RunState, WorkflowInfo, WorkflowResponse } from './run-state.ts';
import { secureParts } from './secure.ts';
import { answerOutputs, type Request } from './transport.ts';
import { chooseTrigger, type Firing, fire, isPolling, triggerObject, triggerOutputs } from './trigger.ts';
import type { ChosenTrigger, TriggerInput } from './trigger-input.ts';

export interface RunOptions {
  /** Values of the workflow's parameters, including `$connections`. */
  readonly parameters?: Readonly<Record<string, Json>>;
  readonly trigger?: TriggerInput;
  /** Answers every call to something outside the workflow. */
  readonly calls: Calls;
  /** Default: a virtual clock from 2026-01-10T08:00Z, on which waiting costs nothing. */
  readonly clock?: Clock;
  /** Random number, 0 ≤ x < 1. Default: the same sequence for every run. */
  readonly random?: () => number;
  readonly limits?: Partial<Limits>;
  readonly workflowInfo?: Partial<WorkflowInfo>;
  /** Called when a Response answers the caller of a Request trigger, because the run may continue for long. */
  readonly onResponse?: (response: WorkflowResponse) => void;
}

const offlineWorkflow: WorkflowInfo = {
  name: 'offline',
  id: '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/offline/providers/Microsoft.Logic/workflows/offline',
  location: 'westeurope',
  tags: {},
  runName: '08584000000000000000000000000CU00',
};

/**
 * Runs a workflow from its trigger to its end, as the Consumption runtime would.
 * @throws UserError `workflow.*` for a definition that the service would not save or this engine cannot run (one error with all
 * problems), and for invalid parameters or triggers. Failures during the run are in the result.
 */
export async function runWorkflow(definition: WorkflowDefinition, options: RunOptions): Promise<RunResult> {
  const limits = { ...serviceLimits, ...options.limits };
  const model = checkedModel(definition, limits);
  const chosen = chooseTrigger(definition, options.trigger?.name);
  const parameters = resolveParameters(definition, options.parameters ?? {});
  const workflow = { ...offlineWorkflow, ...options.workflowInfo };
  const clock = options.clock ?? virtualClock();
  const random = options.random ?? seededRandom();
  const secure = secureParts(model, chosen.trigger);

  const newRun = (runName: string, outputs: WdlObject): RunState => ({
    model,
    parameters,
    workflow: { ...workflow, runName },
    clock,
    random,
    limits,
    secure,
    startTime: clock.now(),
    runBranch,
    root: new Frame(),
    variables: new Map(),
    lastWriters: new Map(),
    calls: [],
    warnings: new Set(),
    trigger: triggerObject(chosen, outputs, timeText(clock.now()), runName),
    triggerType: chosen.type,
    isSplit: chosen.trigger.splitOn !== undefined,
    response: undefined,
    onResponse: options.onResponse,
    termination: undefined,
    nextTrackingId: 0,
  });

  const first = newRun(workflow.runName, {});
  const firing = await awaitTrigger(first, chosen, options);
  if (firing.kind !== 'fires') return notFired(first, chosen, firing);
  const open = openPathParameters(chosen, options.trigger ?? {});
  const results: RunResult[] = [];
  for (const [index, outputs] of firing.outputs.entries()) {
    const run = newRun(index === 0 ? workflow.runName : `${workflow.runName}-${index}`, outputs);
    if (index === 0) run.calls.push(...first.calls);
    if (open.length > 0) run.warnings.add(openPathWarning(chosen, open));
    results.push(await runOnce(run, chosen, options.calls));
  }
  const [result, ...siblings] = results;
  if (!result) throw new Error('a trigger that fires starts at least one run');
  return siblings.length > 0 ? { ...result, siblings } : result;
}

/** Caches checked definitions, so that each is checked once. */
const checkedModels = new WeakMap<WorkflowDefinition, WorkflowModel>();

function checkedModel(definition: WorkflowDefinition, limits: Limits): WorkflowModel {
  const known = checkedModels.get(definition);
  if (known) return known;
  const [first, ...others] = checkWorkflow(definition, limits);
  if (first) throw problemsError([first, ...others]);
  const model = workflowModel(definition);
  checkedModels.set(definition, model);
  return model;
}

/** Outputs of the trigger for the given input; a polling trigger without input makes its call. */
async function awaitTrigger(
  run: RunState,
  chosen: ChosenTrigger,
  { trigger = {}, calls }: RunOptions,
): Promise<Firing> {
  checkTriggerInput(chosen, trigger);
  const isGiven = trigger.body !== undefined || trigger.headers !== undefined || trigger.outputs !== undefined;
  const polled = isPolling(chosen) && !isGiven ? await poll(run, chosen, calls) : undefined;
  if (polled && 'kind' in polled) return polled;
  const given = polled ?? triggerOutputs(chosen, trigger);
  if ('error' in given) return { kind: 'failed', error: given.error };
  const { outputs } = given;
  run.trigger = triggerObject(chosen, outputs, timeText(run.startTime), run.workflow.runName);
  return fire(chosen, outputs, evaluationContext(placeOf(run)), run.limits.splitOnItems);
}

/** One poll of a trigger: 200 fires, 202 means nothing new ("API Connection trigger", "HTTP trigger"). */
async function poll(
  run: RunState,
  chosen: ChosenTrigger,
  calls: Calls,
): Promise<Firing | { readonly outputs: WdlObject }> {
  const { name } = chosen;
  const request = pollRequest(run, chosen);
  if ('error' in request) return { kind: 'failed', error: request.error };
  const call = { ...request, retry: 0 };
  const result = await calls(call);
  if (isFailure(result)) {
    run.calls.push({ ...call, time: run.startTime, failure: result.failure.message });
    const { code, message } = result.failure;
    return { kind: 'failed', error: { code, message } };
  }
  run.calls.push({ ...call, time: run.startTime, status: result.status });
  if (result.status === 202) return { kind: 'skipped', reason: `The trigger '${name}' found nothing new (202).` };
  if (result.status >= 400) {
    return {
      kind: 'failed',
      error: { code: String(result.status), message: `The trigger '${name}' was answered ${result.status}.` },
    };
  }
  return { outputs: answerOutputs(result) };
}

/** The request of a polling trigger, or why it cannot be made. */
function pollRequest(run: RunState, { name, type, trigger }: ChosenTrigger): Request | { readonly error: ActionError } {
  const pointer = `/triggers${pointerStep(name)}/inputs`;
  try {
    const inputs = evaluate(('inputs' in trigger && trigger.inputs) || {}, placeOf(run));
    const request =
      type === 'Http' ? httpRequest('Http', name, inputs) : connectorRequest('ApiConnection', run, name, inputs);
    return 'problem' in request ? { error: { code: 'BadRequest', message: request.problem, pointer } } : request;
  } catch (error) {
    if (!(error instanceof WdlError)) throw error;
    const { remedy } = error.details;
    const message = processingMessage(error, { kind: 'trigger', name });
    return { error: { code: error.code, message, pointer, ...(remedy !== undefined && { remedy }) } };
  }
}

function openPathWarning({ name }: ChosenTrigger, open: readonly string[]): string {
  return `The path of the trigger '${name}' has parameters that are null here: ${open.join(', ')}. Give the run a request with a path.`;
}

function placeOf(run: RunState): Place {
  return { run, frame: run.root, node: undefined };
}

function notFired(run: RunState, { name }: ChosenTrigger, firing: Exclude<Firing, { kind: 'fires' }>): RunResult {
  const now = iso(run.startTime);
  const isSkipped = firing.kind === 'skipped';
  return {
    status: isSkipped ? 'Skipped' : 'Failed',
    code: isSkipped ? 'TriggerSkipped' : firing.error.code,
    ...(!isSkipped && { error: firing.error }),
    runName: run.workflow.runName,
    startTime: now,
    endTime: now,
    trigger: {
      name,
      status: isSkipped ? 'Skipped' : 'Failed',
      reason: isSkipped ? firing.reason : firing.error.message,
    },
    outputs: {},
    actions: {},
    calls: shownCalls(run.calls),
    warnings: [],
  };
}

import type { Json } from '../wdl/types.ts';
import { toJson, type WdlValue } from '../wdl/values.ts';
import type { ActionError } from './outcome.ts';
import { NO_CODE } from './outcome.ts';
import type { ActionRecord } from './record.ts';
import type { CallRecord, RunState } from './run-state.ts';
import { HIDDEN, sanitizedAuthentication } from './secure.ts';

export type RunStatus = 'Succeeded' | 'Failed' | 'Cancelled' | 'TimedOut' | 'Skipped';

/** One execution of an action or of one of its iterations. Times are ISO 8601. */
interface Execution {
  readonly status: ActionRecord['status'];
  /** Omitted if the service has none: containers and variables. */
  readonly code?: string;
  readonly startTime: string;
  readonly endTime: string;
  readonly inputs?: Json;
  readonly outputs?: Json;
  readonly error?: ActionError;
  readonly trackedProperties?: Json;
  readonly retries?: readonly { readonly startTime: string; readonly endTime: string; readonly code: string }[];
}

interface Repetition extends Execution {
  /** Index in every enclosing loop, outermost first. */
  readonly indexes: readonly number[];
}

export interface ActionResult extends Execution {
  readonly type: string;
  /** Foreach and Until: number of iterations. */
  readonly iterations?: number;
  /** Actions in loops: all iterations. `outputs` above is then a list (Foreach) or the last one's (Until). */
  readonly repetitions?: readonly Repetition[];
}

export interface RunResult {
  /** `Skipped`: the trigger did not fire, so nothing ran. */
  readonly status: RunStatus;
  readonly code?: string;
  readonly error?: ActionError;
  readonly runName: string;
  readonly startTime: string;
  readonly endTime: string;
  readonly trigger: {
    readonly name: string;
    readonly status: string;
    readonly outputs?: Json;
    readonly reason?: string;
  };
  /** Values of the definition's `outputs`. */
  readonly outputs: Readonly<Record<string, Json>>;
  /** Response to the caller of a Request trigger, and after how long. */
  readonly response?: {
    readonly status: number;
    readonly headers: Json;
    readonly body?: Json;
    readonly afterMs: number;
  };
  /** By name, in the order of the definition. */
  readonly actions: Readonly<Record<string, ActionResult>>;
  /** All calls in order, with secrets removed from their authentication. */
  readonly calls: readonly CallRecord[];
  /** Things that worked here but may behave differently in the service. */
  readonly warnings: readonly string[];
  /** Runs for the other items if the trigger splits an array. */
  readonly siblings?: readonly RunResult[];
}

/** Results of all actions, with secured content removed. */
export function actionResults(run: RunState): Record<string, ActionResult> {
  const results: Record<string, ActionResult> = {};
  for (const node of run.model.nodes) {
    const record = run.root.own(node.id);
    if (record) results[node.name] = actionResult(record, run);
  }
  return results;
}

function actionResult(record: ActionRecord, run: RunState): ActionResult {
  const repetitions = record.repetitions ? flatten(record, [], run) : undefined;
  const error = record.error ?? repetitions?.find((one) => one.error && one.status !== 'Skipped')?.error;
  return {
    type: record.node.type,
    ...execution(record, run),
    ...(error && { error }),
    ...(record.iterations !== undefined && { iterations: record.iterations }),
    ...(repetitions && { repetitions }),
  };
}

function flatten(record: ActionRecord, indexes: readonly number[], run: RunState): Repetition[] {
  if (!record.repetitions) return [{ indexes, ...execution(record, run) }];
  return record.repetitions.flatMap((one, index) => flatten(one, [...indexes, index], run));
}

function execution(record: ActionRecord, run: RunState): Execution {
  const { status, code, startTime, endTime, inputs, outputs, error, trackedProperties, retries } = record;
  const secured = run.secure.get(record.node.id);
  return {
    status,
    ...(code !== NO_CODE && code !== '' && { code }),
    startTime: iso(startTime),
    endTime: iso(endTime),
    ...(inputs !== undefined && { inputs: shown(inputs, secured?.inputs) }),
    ...(outputs !== undefined && { outputs: shown(outputs, secured?.outputs) }),
    ...(error && { error }),
    ...(trackedProperties && { trackedProperties: toJson(trackedProperties) }),
    ...(retries && {
      retries: retries.map((one) => ({ startTime: iso(one.startTime), endTime: iso(one.endTime), code: one.code })),
    }),
  };
}

function shown(value: WdlValue, isSecured: boolean | undefined): Json {
  return isSecured ? HIDDEN : toJson(value);
}

export function shownCalls(calls: readonly CallRecord[]): CallRecord[] {
  return calls.map((one) =>
    one.authentication === undefined ? one : { ...one, authentication: sanitizedAuthentication(one.authentication) },
  );
}

export function iso(instant: number): string {
  return new Date(instant).toISOString();
}

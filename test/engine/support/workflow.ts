import type { CallResult, Calls, OutgoingCall } from '../../../src/engine/calls.ts';
import type { RunResult } from '../../../src/engine/result.ts';
import { type RunOptions, runWorkflow } from '../../../src/engine/run.ts';
import { WORKFLOW_SCHEMA, type WorkflowDefinition } from '../../../src/wdl/types.ts';

/** Definitions of tests are written as a person writes them in the code view: unchecked JSON. */
type Loose = Readonly<Record<string, unknown>>;

export function workflow(actions: Loose, more: Loose = {}): WorkflowDefinition {
  return {
    $schema: WORKFLOW_SCHEMA,
    contentVersion: '1.0.0.0',
    parameters: { $connections: { type: 'Object', defaultValue: {} } },
    triggers: { manual: { type: 'Request', kind: 'Http', inputs: {} } },
    actions,
    ...more,
  } as unknown as WorkflowDefinition;
}

/** Runs actions behind a Request trigger. Calls are an error unless they are answered. */
export function run(actions: Loose, options: Partial<RunOptions> & { definition?: Loose } = {}): Promise<RunResult> {
  const { definition, ...rest } = options;
  return runWorkflow(workflow(actions, definition), { calls: noCalls, ...rest });
}

const noCalls: Calls = (call) => {
  throw new Error(`no call was expected, but ${call.action} calls ${call.method} ${call.path}`);
};

/** Answers calls from a list, in order; the last answer repeats. Keeps what was asked. */
export function scripted(...answers: readonly CallResult[]): Calls & { readonly asked: OutgoingCall[] } {
  const asked: OutgoingCall[] = [];
  const calls = (call: OutgoingCall): CallResult => {
    asked.push(call);
    const answer = answers[Math.min(asked.length, answers.length) - 1];
    if (!answer) throw new Error(`no answer is left for ${call.action}`);
    return answer;
  };
  return Object.assign(calls, { asked });
}

export function compose(inputs: unknown, runAfter: Loose = {}): Loose {
  return { type: 'Compose', inputs, runAfter };
}

export function following(name: string, ...states: string[]): Loose {
  return { [name]: states.length > 0 ? states : ['Succeeded'] };
}

export function http(runAfter: Loose = {}, more: Loose = {}): Loose {
  return { type: 'Http', inputs: { method: 'GET', uri: 'https://api.contoso.com/things' }, runAfter, ...more };
}

/** A Compose that cannot succeed. */
export function failing(runAfter: Loose = {}): Loose {
  return compose('@div(1, 0)', runAfter);
}

export function initialize(name: string, type: string, value?: unknown, runAfter: Loose = {}): Loose {
  return {
    type: 'InitializeVariable',
    inputs: { variables: [{ name, type, ...(value !== undefined && { value }) }] },
    runAfter,
  };
}

/** name -> state. */
export function states(result: RunResult): Record<string, string> {
  return Object.fromEntries(Object.entries(result.actions).map(([name, { status }]) => [name, status]));
}

/** Milliseconds from the start of the run to the start and the end of an action. */
export function span(result: RunResult, action: string): [number, number] {
  const start = Date.parse(result.startTime);
  const { startTime = '', endTime = '' } = result.actions[action] ?? {};
  return [Date.parse(startTime) - start, Date.parse(endTime) - start];
}

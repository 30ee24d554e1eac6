import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { playbookTemplate } from '../../../src/arm/playbook.ts';
import { workflowFromTemplate } from '../../../src/arm-expressions/workflow-resource.ts';
import { type Config, defaultConfig } from '../../../src/config/config.ts';
import type { CallAnswer, CallResult, OutgoingCall } from '../../../src/engine/calls.ts';
import { workflowModel } from '../../../src/engine/model.ts';
import type { RunResult } from '../../../src/engine/result.ts';
import { runWorkflow } from '../../../src/engine/run.ts';
import type { CallRecord } from '../../../src/engine/run-state.ts';
import { releases } from '../../../src/generator/releases.ts';
import type { Json, JsonObject, WorkflowDefinition } from '../../../src/wdl/types.ts';
import type { Playbook } from '../../../src/workflow/playbook.ts';

/** What deployments of the tests give to the parameters that have no default. Others are passed over where they do not apply. */
const deployed: Readonly<Record<string, Json>> = {
  TeamSecret: 'team secret/1',
  WorkspaceName: 'soc-workspace',
  WorkspaceResourceGroup: 'soc-rg',
  WorkspaceSubscriptionId: '11111111-2222-4333-8444-555555555555',
  WorkspaceId: '8a1b6c2d-3e4f-4a5b-9c6d-7e8f90a1b2c3',
};

/** Answers by the name of the action that calls: one for every call, or a list of which the last repeats. */
export type Answers = Readonly<Record<string, CallResult | readonly CallResult[]>>;

interface PlaybookRun {
  readonly result: RunResult;
  /** Calls that one action made, in order. */
  calls(action: string): readonly CallRecord[];
  /** Body of the only call that an action made. */
  sent(action: string): JsonObject;
  status(action: string): string | undefined;
}

export interface PlaybookUnderTest {
  /** Runs the generated playbook, its ARM template evaluated as a deployment would, on a trigger body. */
  run(body: Json | undefined, answers?: Answers, parameters?: Readonly<Record<string, Json>>): Promise<PlaybookRun>;
  /** Actions that no run so far has executed, and those that no run has skipped. The last test of a file looks at them. */
  uncovered(): { readonly neverExecuted: readonly string[]; readonly neverSkipped: readonly string[] };
}

export const ok: CallAnswer = { status: 200, body: {} };

/** No answer within the time a request may take. */
export const slow: CallResult = { status: 200, body: {}, durationMs: 200_000 };

/** A playbook to run, with the answers it gets where a test says nothing else. */
export function playbookUnderTest(
  playbook: Playbook,
  usual: Answers,
  config: Config = defaultConfig,
): PlaybookUnderTest {
  const [release] = releases;
  const template = playbookTemplate(playbook, playbook.build(config), { release }) as unknown as JsonObject;
  const declared = Object.keys(template['parameters'] ?? {});
  const executed = new Set<string>();
  const skipped = new Set<string>();

  const load = (parameters: Readonly<Record<string, Json>>) => {
    const given = Object.entries({ ...deployed, ...parameters }).filter(([name]) => declared.includes(name));
    const found = workflowFromTemplate(template, { parameters: Object.fromEntries(given) });
    return { ...found, definition: found.definition as unknown as WorkflowDefinition };
  };
  const cover = ({ actions }: RunResult) => {
    for (const [name, action] of Object.entries(actions)) {
      for (const { status } of action.repetitions ?? [action]) (status === 'Skipped' ? skipped : executed).add(name);
    }
  };

  return {
    uncovered() {
      const names = workflowModel(load({}).definition).nodes.map(({ name }) => name);
      return {
        neverExecuted: names.filter((name) => !executed.has(name)),
        neverSkipped: names.filter((name) => !skipped.has(name)),
      };
    },
    async run(body, answers = {}, parameters = {}) {
      const { definition, parameters: values, name, id } = load(parameters);
      const result = await runWorkflow(definition, {
        parameters: values,
        calls: answering({ ...usual, ...answers }),
        random: () => 0.5,
        workflowInfo: { name, id, runName: '08584000000000000000000000001CU01' },
        ...(body !== undefined && { trigger: { body } }),
      });
      cover(result);
      const calls = (action: string) => result.calls.filter((call) => call.action === action);
      return {
        result,
        calls,
        sent: (action) => {
          const [only, ...others] = calls(action);
          expect(others, `${action} was to call once`).toEqual([]);
          return (only?.body ?? {}) as JsonObject;
        },
        status: (action) => result.actions[action]?.status,
      };
    },
  };
}

function answering(answers: Answers) {
  const turns = new Map<string, number>();
  return ({ action, method, path }: OutgoingCall): CallResult => {
    const given = answers[action];
    const list: readonly CallResult[] = given === undefined ? [] : Array.isArray(given) ? given : [given as CallResult];
    const turn = turns.get(action) ?? 0;
    turns.set(action, turn + 1);
    const answer = list[Math.min(turn, list.length - 1)];
    if (!answer) throw new Error(`the test has no answer for ${action}: ${method} ${path}`);
    return answer;
  };
}

/** A trigger body from the playbook's own samples. */
export function sample(playbook: Playbook, name: string): JsonObject {
  const file = fileURLToPath(new URL(`../../../playbooks/${playbook.name}/samples/${name}.json`, import.meta.url));
  return JSON.parse(readFileSync(file, 'utf8')) as JsonObject;
}

/** A copy with one member changed: `withValue(body, ['object', 'properties', 'status'], 'Closed')`; undefined removes it. */
export function withValue(json: JsonObject, path: readonly string[], value: Json | undefined): JsonObject {
  const [first = '', ...rest] = path;
  const copy: Record<string, Json> = { ...json };
  if (rest.length > 0) copy[first] = withValue((json[first] ?? {}) as JsonObject, rest, value);
  else if (value === undefined) delete copy[first];
  else copy[first] = value;
  return copy;
}

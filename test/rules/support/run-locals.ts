import type { Json } from '../../../src/domain/json.ts';
import type { LocalAction, Wdl, WorkflowChoices } from '../../../src/rules/expressions.ts';
import { fromPlainContext } from '../../../src/wdl/context.ts';
import { evaluateExpression, toJson } from '../../../src/wdl/evaluate.ts';
import type { WdlObject, WdlValue } from '../../../src/wdl/values.ts';

/** What the expressions of a rule can see: the trigger's body, workflow parameters, bodies of actions that ran before. */
export interface RunInputs {
  readonly triggerBody?: unknown;
  readonly parameters?: WorkflowChoices;
  readonly bodies?: Readonly<Record<string, unknown>>;
}

/** A run of local actions, by the evaluator of the workflow language; `evaluate` sees their results. */
export function runLocals(locals: readonly LocalAction[], inputs: RunInputs): { evaluate: (wdl: Wdl) => Json } {
  const actions: Record<string, WdlObject> = Object.fromEntries(
    Object.entries(inputs.bodies ?? {}).map(([name, body]) => [name, { outputs: { body: body as WdlValue } }]),
  );
  const parameters = Object.fromEntries(
    Object.entries(inputs.parameters ?? {}).map(([name, { defaultValue }]) => [name, defaultValue as WdlValue]),
  );
  const value = (wdl: Wdl, item?: WdlValue): WdlValue =>
    evaluateExpression(
      wdl,
      fromPlainContext(
        {
          trigger: { outputs: { body: (inputs.triggerBody ?? null) as WdlValue } },
          actions,
          parameters,
          ...(item !== undefined && { item }),
        },
        { now: () => 0, random: () => 0 },
      ),
    );
  for (const local of locals) actions[local.name.replaceAll(' ', '_')] = { outputs: outputsOf(local, value) };
  return { evaluate: (wdl) => toJson(value(wdl)) as Json };
}

function outputsOf(local: LocalAction, value: (wdl: Wdl, item?: WdlValue) => WdlValue): WdlValue {
  switch (local.kind) {
    case 'select':
      return { body: itemsOf(local.name, value(local.from)).map((item) => value(local.select, item)) };
    case 'query':
      return { body: itemsOf(local.name, value(local.from)).filter((item) => value(local.where, item) === true) };
    case 'compose':
      return typeof local.inputs === 'string'
        ? value(local.inputs)
        : Object.fromEntries(Object.entries(local.inputs).map(([key, wdl]) => [key, value(wdl)]));
  }
}

function itemsOf(name: string, from: WdlValue): readonly WdlValue[] {
  if (!Array.isArray(from)) throw new TypeError(`"${name}" works on an array, not on ${JSON.stringify(from)}`);
  return from;
}

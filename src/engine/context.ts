import type { EvaluationContext } from '../wdl/context.ts';
import { evaluateTemplate } from '../wdl/evaluate.ts';
import type { WdlObject, WdlValue } from '../wdl/values.ts';
import type { Frame } from './frame.ts';
import type { ActionNode } from './model.ts';
import { type ActionRecord, recordObject, repeatedObject } from './record.ts';
import type { RunState } from './run-state.ts';

/** Where an expression occurs. */
export interface Place {
  readonly run: RunState;
  readonly frame: Frame;
  /** Undefined: in the trigger, or in the outputs of the workflow. */
  readonly node: ActionNode | undefined;
}

/** What the expressions of an action can refer to. */
export interface Scope extends Place {
  readonly node: ActionNode;
}

/** Evaluates a part of a definition, in which every string may be an expression. `item` overrides the value of `item()`. */
export function evaluate(template: unknown, scope: Place, item?: { readonly value: WdlValue }): WdlValue {
  return evaluateTemplate(template as WdlValue, evaluationContext(scope, item));
}

export function evaluationContext({ run, frame, node }: Place, item?: { readonly value: WdlValue }): EvaluationContext {
  const named = (name: string) => frame.find(name.toLowerCase());
  return {
    trigger: () => run.trigger,
    action: (name) => {
      const record = named(name);
      if (record) return recordObject(record, run.workflow.runName);
      const unborn = run.model.byId.get(name.toLowerCase());
      return unborn && { name: unborn.name };
    },
    currentAction: () => {
      const record = node && frame.own(node.id);
      return record && recordObject(record, run.workflow.runName);
    },
    variable: (name) => {
      const variable = run.variables.get(name.toLowerCase());
      if (variable) variable.isShared = true;
      return variable?.value;
    },
    parameter: (name) => run.parameters.get(name.toLowerCase()),
    item: () => (item ? item.value : frame.iterationWhere(({ loop }) => loop.type === 'Foreach')?.item),
    loopItem: (loop) =>
      frame.iterationWhere((one) => one.loop.type === 'Foreach' && one.loop.id === loop.toLowerCase())?.item,
    iterationIndex: (loop) => frame.iterationWhere((one) => one.loop.id === loop.toLowerCase())?.index,
    result: (scope) => resultOf(scope, run, frame),
    workflow: () => workflowObject(run),
    callbackUrl: () => callbackUrl(run, node),
    now: () => run.clock.now(),
    random: run.random,
  };
}

/** `result('Scope')`: records of a container's direct children, in the order of the definition. */
function resultOf(name: string, run: RunState, frame: Frame): WdlValue | undefined {
  const container = run.model.byId.get(name.toLowerCase());
  if (!container || container.branches.length === 0) return undefined;
  const home = frame.holding(container.id);
  if (!home) return undefined;
  return container.branches
    .flatMap(({ nodes }) => nodes)
    .map(({ id }) => home.own(id))
    .filter((record): record is ActionRecord => record !== undefined)
    .map((record) => repeatedObject(record, run.workflow.runName));
}

function workflowObject({ workflow }: RunState): WdlObject {
  const { name, id, location, tags, runName } = workflow;
  return {
    id,
    name,
    type: 'Microsoft.Logic/workflows',
    location,
    tags,
    run: { id: `${id}/runs/${runName}`, name: runName, type: 'Microsoft.Logic/workflows/runs' },
  };
}

function callbackUrl({ workflow }: RunState, node: ActionNode | undefined): string {
  const operation = node ? `runs/${workflow.runName}/actions/${encodeURIComponent(node.name)}/run` : 'triggers/run';
  const path = `/workflows/${workflow.name}/${operation}`;
  return `https://prod-00.${workflow.location}.logic.azure.com:443${path}?api-version=2016-10-01&sp=%2Fruns&sv=1.0&sig=offline`;
}

import type { Action, Actions, RunAfter } from '../wdl/types.ts';
import { type Definition, outcomes, type Step } from './step.ts';

/**
 * Steps one after another as a definition's `actions`, as the designer writes them: at the top of a workflow with
 * `runAfter: {}` on what begins with the trigger, inside a scope without that member, settings last.
 */
export function sequence(steps: readonly Step[], level: 'top' | 'inside'): Actions {
  return Object.fromEntries(
    steps.map((step, index) => {
      const runAfter = runAfterOf(step, steps[index - 1]);
      const isFirst = Object.keys(runAfter).length === 0;
      return [step.key, placed(step.definition, isFirst && level === 'inside' ? {} : { runAfter })];
    }),
  );
}

const SETTINGS: ReadonlySet<string> = new Set(['operationOptions', 'runtimeConfiguration', 'trackedProperties']);

/** The limit of a loop belongs to the loop; that of a call is a setting. */
function placed(definition: Definition, place: { readonly runAfter?: RunAfter }): Action {
  const isSetting = (name: string) => SETTINGS.has(name) || (name === 'limit' && definition.type !== 'Until');
  const members = Object.entries(definition);
  return {
    ...Object.fromEntries(members.filter(([name]) => !isSetting(name))),
    ...place,
    ...Object.fromEntries(members.filter(([name]) => isSetting(name))),
  } as unknown as Action;
}

function runAfterOf(step: Step, before: Step | undefined): RunAfter {
  const predecessors = step.start.after ?? (before ? [before] : []);
  const { on = ['Succeeded'] } = step.start;
  const statuses = typeof on === 'string' ? outcomes[on] : on;
  return Object.fromEntries(predecessors.map((predecessor) => [predecessor.key, statuses]));
}

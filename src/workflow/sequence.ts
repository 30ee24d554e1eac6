import type { Action, Actions, RunAfter } from '../wdl/types.ts';
import { outcomes, type Step } from './step.ts';

/**
 * Steps one after another as a definition's `actions`. At the top of a workflow the designer writes `runAfter: {}` on what
 * begins with the trigger; inside a scope it leaves the member out.
 */
export function sequence(steps: readonly Step[], level: 'top' | 'inside'): Actions {
  return Object.fromEntries(
    steps.map((step, index) => {
      const runAfter = runAfterOf(step, steps[index - 1]);
      const first = Object.keys(runAfter).length === 0;
      const { definition } = step;
      return [step.key, (first && level === 'inside' ? definition : { ...definition, runAfter }) as Action];
    }),
  );
}

function runAfterOf(step: Step, before: Step | undefined): RunAfter {
  const predecessors = step.start.after ?? (before ? [before] : []);
  const { on = ['Succeeded'] } = step.start;
  const statuses = typeof on === 'string' ? outcomes[on] : on;
  return Object.fromEntries(predecessors.map((predecessor) => [predecessor.key, statuses]));
}

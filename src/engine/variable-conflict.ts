import type { Problem } from '../domain/problem.ts';
import type { Scope } from './context.ts';
import { type ActionNode, ancestors } from './model.ts';
import { runsAfter } from './run-order.ts';

/**
 * Records that an action writes a variable, and detects a write by another action in a parallel branch, which makes the value
 * depend on timing. The service runs such a workflow and keeps the last value; here it is an error if one of the two sets the
 * variable, and a warning if both only append or increment. Parallel iterations that write the same variable are a warning too:
 * public playbooks do this often, and it works where the order does not matter.
 */
export function conflictWith({ run, frame, node }: Scope, variable: string): Problem | undefined {
  const loop = frame.iterationWhere(({ isParallel }) => isParallel === true)?.loop;
  if (loop) {
    run.warnings.add(
      `'${node.name}' changes the variable '${variable}' inside '${loop.name}', whose iterations run in parallel: the order is not certain. Set the loop's degree of parallelism to 1.`,
    );
  }
  const last = run.lastWriters.get(variable.toLowerCase());
  run.lastWriters.set(variable.toLowerCase(), { id: node.id, type: node.type });
  const other = last && run.model.byId.get(last.id);
  if (!other || other === node || !areParallel(other, node)) return undefined;
  const message = `The variable '${variable}' is changed by '${node.name}' and by '${other.name}', which run in parallel: its value depends on which of them comes last.`;
  if (node.type === 'SetVariable' || other.type === 'SetVariable') {
    return { message, remedy: `Let one of them run after the other, or give each branch a variable of its own.` };
  }
  run.warnings.add(message);
  return undefined;
}

/** Whether neither runs after the other, in the innermost list that contains both. */
function areParallel(a: ActionNode, b: ActionNode): boolean {
  const wayToA = [a, ...ancestors(a)];
  for (const own of [b, ...ancestors(b)]) {
    const sibling = wayToA.find((one) => one.parent === own.parent);
    if (!sibling) continue;
    if (sibling === own || sibling.branch !== own.branch) return false;
    return !runsAfter(sibling, own) && !runsAfter(own, sibling);
  }
  return false;
}

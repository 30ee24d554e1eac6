import type { Frame } from './frame.ts';
import type { ActionNode, Branch } from './model.ts';
import { runOrder } from './run-order.ts';

/**
 * Status of a list of actions, given by its last actions. A skipped last action counts as its predecessors do; one that failed,
 * timed out or was cancelled fails the list ("Handle errors and exceptions", how the status of branches is evaluated).
 */
export function branchFailed(branch: Branch, frame: Frame): boolean {
  const { byId } = runOrder(branch);
  const seen = new Set<ActionNode>(branch.leaves);
  for (const node of seen) {
    const status = frame.own(node.id)?.status ?? 'Skipped';
    if (status !== 'Skipped') {
      if (status !== 'Succeeded') return true;
      continue;
    }
    for (const id of node.runAfter.keys()) {
      const before = byId.get(id);
      if (before) seen.add(before);
    }
  }
  return false;
}

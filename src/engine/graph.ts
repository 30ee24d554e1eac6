import type { Frame } from './frame.ts';
import type { ActionNode, Branch } from './model.ts';
import { type Outcome, skippedByRunAfter } from './outcome.ts';
import { runAction } from './run-action.ts';
import type { RunState } from './run-state.ts';
import { firstOf, fork, type Process, type Task } from './scheduler.ts';
import { recordSkip } from './settle.ts';

/**
 * Runs a list of actions by their `runAfter`: an action starts as soon as everything it runs after has ended, in the order
 * of the definition where several could. Ends when all have ended or been skipped.
 */
export function* runBranch(run: RunState, frame: Frame, branch: Branch): Process<void> {
  const waiting = new Set(branch.nodes);
  const running = new Set<Task>();
  for (;;) {
    const starting: ActionNode[] = [];
    let hasSkipped = false;
    for (const node of waiting) {
      const state = readiness(node, frame);
      if (state === 'wait') continue;
      waiting.delete(node);
      if (state === 'start') starting.push(node);
      else {
        recordSkip(run, frame, node, state);
        hasSkipped = true;
      }
    }
    const [only] = starting;
    if (only && starting.length === 1 && running.size === 0 && !hasSkipped) {
      yield* runAction(run, frame, only);
      continue;
    }
    for (const node of starting) running.add(yield* fork(runAction(run, frame, node)));
    if (hasSkipped) continue;
    if (running.size === 0) return;
    const ended = yield* firstOf([...running]);
    if (ended) running.delete(ended);
  }
}

/** Whether an action can start, must wait, or is skipped (and why). */
function readiness(node: ActionNode, frame: Frame): 'start' | 'wait' | Outcome {
  let skip: Outcome | undefined;
  for (const [id, expected] of node.runAfter) {
    const before = frame.own(id);
    if (!before || before.status === 'Running') return 'wait';
    if (!expected.includes(before.status)) skip ??= skippedByRunAfter(node, before.node, expected, before.status);
  }
  return skip ?? 'start';
}

/**
 * How a list of actions ended: as its last actions did. A last action that was skipped counts as what it ran after; one that
 * failed, timed out or was cancelled fails the whole ("Handle errors and exceptions", how the status of branches is evaluated).
 */
export function branchFailed({ leaves }: Branch, frame: Frame): boolean {
  const verdicts = new Map<string, boolean>();
  const failed = (node: ActionNode): boolean => {
    const known = verdicts.get(node.id);
    if (known !== undefined) return known;
    const status = frame.own(node.id)?.status ?? 'Skipped';
    const verdict = status === 'Skipped' ? predecessors(node).some(failed) : status !== 'Succeeded';
    verdicts.set(node.id, verdict);
    return verdict;
  };
  return leaves.some(failed);
}

function predecessors({ branch, runAfter }: ActionNode): ActionNode[] {
  return branch.nodes.filter(({ id }) => runAfter.has(id));
}

import type { Frame } from './frame.ts';
import type { ActionNode, Branch } from './model.ts';
import { recordSkip } from './not-run.ts';
import { type Outcome, skippedByRunAfter } from './outcome.ts';
import { runAction } from './run-action.ts';
import { runOrder } from './run-order.ts';
import type { RunState } from './run-state.ts';
import { fork, newGroup, nextOf, type Process, type Task } from './scheduler.ts';

/**
 * Runs a list of actions by `runAfter`: each starts as soon as all its predecessors have ended; if several can start, in the
 * order of the definition. Ends when all have ended or been skipped.
 */
export function* runBranch(run: RunState, frame: Frame, branch: Branch): Process<void> {
  const group = newGroup();
  const running = new Map<Task, ActionNode>();
  let candidates: readonly ActionNode[] = branch.nodes;
  for (;;) {
    const { starting, hasSkipped } = skipOrStart(run, frame, branch, candidates);
    const [only] = starting;
    if (only && starting.length === 1 && running.size === 0 && !hasSkipped) {
      yield* runAction(run, frame, only);
      candidates = followersOf(branch, only);
      continue;
    }
    for (const node of starting) running.set(yield* fork(runAction(run, frame, node), group), node);
    if (running.size === 0) return;
    const ended = yield* nextOf(group);
    const node = running.get(ended);
    running.delete(ended);
    candidates = node ? followersOf(branch, node) : [];
  }
}

function followersOf(branch: Branch, { id }: ActionNode): readonly ActionNode[] {
  return runOrder(branch).followers.get(id) ?? [];
}

/**
 * Skips actions that cannot run, and in turn those that depend on them; returns those that can start, in the order of the
 * definition.
 */
function skipOrStart(
  run: RunState,
  frame: Frame,
  branch: Branch,
  candidates: readonly ActionNode[],
): { readonly starting: readonly ActionNode[]; readonly hasSkipped: boolean } {
  const starting = new Set<ActionNode>();
  let hasSkipped = false;
  const queue = [...candidates];
  for (let next = 0; next < queue.length; next++) {
    const node = queue[next] as ActionNode;
    if (frame.own(node.id) || starting.has(node)) continue;
    const state = readiness(node, frame);
    if (state === 'wait') continue;
    if (state === 'start') starting.add(node);
    else {
      recordSkip(run, frame, node, state);
      hasSkipped = true;
      queue.push(...followersOf(branch, node));
    }
  }
  const { places } = runOrder(branch);
  const place = ({ id }: ActionNode) => places.get(id) ?? 0;
  return { starting: [...starting].sort((a, b) => place(a) - place(b)), hasSkipped };
}

/** Whether an action can start, must wait, or is skipped (with the reason). */
function readiness(node: ActionNode, frame: Frame): 'start' | 'wait' | Outcome {
  let skip: Outcome | undefined;
  for (const [id, expected] of node.runAfter) {
    const before = frame.own(id);
    if (!before || before.status === 'Running') return 'wait';
    if (!expected.includes(before.status)) skip ??= skippedByRunAfter(node, before.node, expected, before.status);
  }
  return skip ?? 'start';
}

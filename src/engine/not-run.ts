import type { Frame } from './frame.ts';
import { type ActionNode, type Branch, descendants } from './model.ts';
import { type Outcome, skippedByBranch, skippedByParent, skippedByRunAfter, skippedByTerminate } from './outcome.ts';
import type { ActionRecord } from './record.ts';
import type { RunState } from './run-state.ts';

/** Ids count up within a run, so that equal runs have equal ids. */
export function newTrackingId(run: RunState): string {
  run.nextTrackingId++;
  return `00000000-0000-4000-8000-${run.nextTrackingId.toString(16).padStart(12, '0')}`;
}

/** Records an action as not run, together with everything inside it. */
export function recordSkip(run: RunState, frame: Frame, node: ActionNode, outcome: Outcome): void {
  frame.put(skipRecord(run, node, outcome));
  for (const child of childrenOf(node)) {
    recordSkip(run, frame, child, skippedByParent(child, node, outcome.status, outcome.code));
  }
}

/** Records a branch of a condition or switch that was not taken. */
export function skipBranch(run: RunState, frame: Frame, branch: Branch): void {
  const waiting = new Set(branch.nodes);
  while (waiting.size > 0) {
    for (const node of waiting) {
      const before = [...node.runAfter].map(([id, expected]) => ({ record: frame.own(id), expected }));
      if (!before.every(({ record }) => record)) continue;
      waiting.delete(node);
      const [first] = before;
      const outcome = first?.record
        ? skippedByRunAfter(node, first.record.node, first.expected, first.record.status)
        : skippedByBranch(node);
      recordSkip(run, frame, node, outcome);
    }
  }
}

function skipRecord(run: RunState, node: ActionNode, outcome: Outcome): ActionRecord {
  const now = run.clock.now();
  return {
    node,
    startTime: now,
    endTime: now,
    status: outcome.status,
    code: outcome.code,
    error: outcome.error,
    trackingId: newTrackingId(run),
  };
}

/** Records an end for each of these actions: running ones are cancelled (by a timeout or a Terminate), others skipped. */
export function recordUnreached(
  run: RunState,
  frame: Frame,
  nodes: readonly ActionNode[],
  parent?: ActionRecord,
): void {
  for (const node of nodes) {
    const record = frame.own(node.id);
    if (!record) {
      const byParent = parent && !run.termination;
      recordSkip(
        run,
        frame,
        node,
        byParent ? skippedByParent(node, parent.node, parent.status, parent.code) : skippedByTerminate,
      );
    } else if (record.status === 'Running') {
      record.status = 'Cancelled';
      record.code = run.termination ? 'Terminated' : 'ActionTimedOut';
      record.endTime = run.clock.now();
      recordUnreached(run, frame, childrenOf(node), record);
    }
  }
}

/** Records everything that a container did not reach when it ended, for whatever reason. */
export function closeContainer(run: RunState, frame: Frame, record: ActionRecord): void {
  recordUnreached(run, frame, childrenOf(record.node), record);
}

function childrenOf(node: ActionNode): readonly ActionNode[] {
  return node.branches.flatMap(({ nodes }) => nodes);
}

/** Merges the records inside a loop into the enclosing frame. */
export function joinIterations(
  run: RunState,
  loop: ActionNode,
  around: Frame,
  frames: readonly Frame[],
  join: (records: readonly ActionRecord[]) => ActionRecord,
): void {
  const begun = frames.filter((frame) => frame !== undefined);
  for (const frame of begun) recordUnreached(run, frame, childrenOf(loop));
  for (const node of descendants(loop)) {
    const records = begun.map((frame) => frame.own(node.id)).filter((record) => record !== undefined);
    around.put(
      records.length > 0
        ? join(records)
        : { ...skipRecord(run, node, { status: 'Skipped', code: 'ActionSkipped' }), repetitions: [] },
    );
  }
}

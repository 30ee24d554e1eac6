import type { ActionNode } from '../engine/model.ts';

/** Statuses that other actions of the branch must have for an action to run, by id; a string if that is impossible. */
type Needs = ReadonlyMap<string, readonly string[]> | string;

const known = new WeakMap<ActionNode, Needs>();

/** Why an action can never run, worded to end a sentence; undefined if it can. Does not consider its containers. */
export function whyUnreachable(node: ActionNode): string | undefined {
  const needs = needsOf(node, new Set());
  return typeof needs === 'string' ? needs : undefined;
}

function needsOf(node: ActionNode, waiting: Set<ActionNode>): Needs {
  const found = known.get(node);
  if (found !== undefined) return found;
  if (waiting.has(node)) return new Map(); // actions that wait for one another: the structure rules say so
  waiting.add(node);
  const needs = combined(node, waiting);
  waiting.delete(node);
  if (waiting.size === 0) known.set(node, needs);
  return needs;
}

function combined(node: ActionNode, waiting: Set<ActionNode>): Needs {
  const all = new Map<string, readonly string[]>();
  for (const before of node.branch.nodes.filter(({ id }) => node.runAfter.has(id))) {
    const states = node.runAfter.get(before.id) ?? [];
    const needs = needsOfState(before, states, waiting);
    if (typeof needs === 'string') return needs;
    for (const [id, allowed] of [[before.id, states] as const, ...needs]) {
      const both = all.get(id)?.filter((state) => allowed.includes(state)) ?? allowed;
      if (both.length === 0) return `"${nameOf(node, id)}" would have to end in two ways at once`;
      all.set(id, both);
    }
  }
  return all;
}

/** What is required for `before` to end with one of these statuses. */
function needsOfState(before: ActionNode, states: readonly string[], waiting: Set<ActionNode>): Needs {
  if (before.type === 'Terminate') return `"${before.name}" before it ends the run`;
  if (!states.includes('Skipped')) {
    const needs = needsOf(before, waiting);
    return typeof needs === 'string' ? `"${before.name}" before it never runs` : needs;
  }
  const isNeverSkipped = states.length === 1 && before.runAfter.size === 0;
  return isNeverSkipped ? `"${before.name}" before it is never skipped` : new Map();
}

function nameOf({ branch }: ActionNode, id: string): string {
  return branch.nodes.find((one) => one.id === id)?.name ?? id;
}

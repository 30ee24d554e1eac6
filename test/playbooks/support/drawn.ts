import type { Json } from '../../../src/domain/json.ts';
import type { ActionNode } from '../../../src/engine/model.ts';

/** A side of a row is one token or one text: the designer shows a mixture as raw text. */
export function isOneTokenOrText(side: Json): boolean {
  return typeof side !== 'string' || !/.@\{|^@\{[^}]*\}./s.test(side.replaceAll('@@', '')) || /^@[^@{]/.test(side);
}

/** Whether a Select's map, where it is a string, begins with a token: the designer refuses to save another. */
export function beginsWithToken(map: Json | undefined): boolean {
  return typeof map !== 'string' || /^@[^@]/.test(map);
}

/** The actions that have run when an action begins; what a condition before it holds is not counted. */
export function runBefore(node: ActionNode | undefined, found = new Set<ActionNode>()): ReadonlySet<ActionNode> {
  if (!node) return found;
  for (const before of node.branch.nodes.filter(({ id }) => node.runAfter.has(id))) {
    if (!found.has(before)) runBefore(before, found.add(before));
  }
  return runBefore(node.parent, found);
}

import type { ActionNode, Branch } from './model.ts';

/** The order that `runAfter` gives the actions of one list. */
interface RunOrder {
  /** By id: what runs directly after an action, in the order of the definition. */
  readonly followers: ReadonlyMap<string, readonly ActionNode[]>;
  /** By id: place in the definition. */
  readonly places: ReadonlyMap<string, number>;
  /** By id: the places of all actions before it, directly or not, as bits. */
  readonly before: ReadonlyMap<string, Uint32Array>;
}

const known = new WeakMap<Branch, RunOrder>();

/** Worked out once per list: workflows of thousands of actions ask for it thousands of times. */
export function runOrder(branch: Branch): RunOrder {
  const found = known.get(branch);
  if (found) return found;
  const order = orderOf(branch);
  known.set(branch, order);
  return order;
}

/** Whether one action of a list runs after another one of the same list, directly or not. */
export function runsAfter(node: ActionNode, before: ActionNode): boolean {
  const { places, before: all } = runOrder(node.branch);
  const place = places.get(before.id);
  const bits = all.get(node.id);
  return place !== undefined && bits !== undefined && (((bits[place >> 5] ?? 0) >>> (place & 31)) & 1) === 1;
}

function orderOf({ nodes }: Branch): RunOrder {
  const places = new Map(nodes.map(({ id }, index) => [id, index]));
  const followers = new Map<string, ActionNode[]>(nodes.map(({ id }) => [id, []]));
  const open = new Map<string, number>();
  for (const node of nodes) {
    const own = [...node.runAfter.keys()].filter((id) => places.has(id));
    for (const id of own) followers.get(id)?.push(node);
    open.set(node.id, own.length);
  }
  const before = new Map<string, Uint32Array>();
  const words = (nodes.length + 31) >> 5;
  const ready = nodes.filter(({ id }) => open.get(id) === 0);
  for (let next = 0; next < ready.length; next++) {
    const node = ready[next] as ActionNode;
    const bits = new Uint32Array(words);
    for (const id of node.runAfter.keys()) {
      const place = places.get(id);
      if (place === undefined) continue;
      const earlier = before.get(id);
      for (let word = 0; word < words; word++) bits[word] = (bits[word] ?? 0) | (earlier?.[word] ?? 0);
      bits[place >> 5] = (bits[place >> 5] ?? 0) | (1 << (place & 31));
    }
    before.set(node.id, bits);
    for (const follower of followers.get(node.id) ?? []) {
      const left = (open.get(follower.id) ?? 0) - 1;
      open.set(follower.id, left);
      if (left === 0) ready.push(follower);
    }
  }
  return { followers, places, before };
}

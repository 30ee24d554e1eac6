import type { ActionNode, Branch } from './model.ts';
import { startOrder } from './start-order.ts';

/** Order of the actions in one list according to `runAfter`. */
interface RunOrder {
  readonly byId: ReadonlyMap<string, ActionNode>;
  /** Direct successors by id, in the order of the definition. */
  readonly followers: ReadonlyMap<string, readonly ActionNode[]>;
  /** Position in the definition by id. */
  readonly places: ReadonlyMap<string, number>;
  /** Positions of all direct and indirect predecessors by id, as a bit set. */
  readonly before: ReadonlyMap<string, Uint32Array>;
}

const known = new WeakMap<Branch, RunOrder>();

/** Computed once per list, because large workflows ask for it thousands of times. */
export function runOrder(branch: Branch): RunOrder {
  const found = known.get(branch);
  if (found) return found;
  const order = orderOf(branch);
  known.set(branch, order);
  return order;
}

/** Whether an action runs after another one of the same list, directly or indirectly. */
export function runsAfter(node: ActionNode, before: ActionNode): boolean {
  const { places, before: all } = runOrder(node.branch);
  const place = places.get(before.id);
  const bits = all.get(node.id);
  return place !== undefined && bits !== undefined && (((bits[place >> 5] ?? 0) >>> (place & 31)) & 1) === 1;
}

function orderOf({ nodes }: Branch): RunOrder {
  const places = new Map(nodes.map(({ id }, index) => [id, index]));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const predecessors = new Map(nodes.map(({ id, runAfter }) => [id, [...runAfter.keys()]]));
  const { order, followers: following } = startOrder(predecessors);
  const followers = new Map([...following].map(([id, ids]) => [id, ids.flatMap((one) => byId.get(one) ?? [])]));
  const before = new Map<string, Uint32Array>();
  const words = (nodes.length + 31) >> 5;
  for (const id of order) {
    const bits = new Uint32Array(words);
    for (const earlier of predecessors.get(id) ?? []) {
      const place = places.get(earlier);
      if (place === undefined) continue;
      const all = before.get(earlier);
      for (let word = 0; word < words; word++) bits[word] = (bits[word] ?? 0) | (all?.[word] ?? 0);
      bits[place >> 5] = (bits[place >> 5] ?? 0) | (1 << (place & 31));
    }
    before.set(id, bits);
  }
  return { byId, followers, places, before };
}

/** Dependencies among ids. */
interface StartOrder {
  /** Topological order. Ids in or after a cycle are left out. */
  readonly order: readonly string[];
  /** What depends on an id, in the order of the input. */
  readonly followers: ReadonlyMap<string, readonly string[]>;
}

/** Orders ids by their dependencies. Dependencies that are not a key of `before` are ignored. */
export function startOrder(before: ReadonlyMap<string, readonly string[]>): StartOrder {
  const followers = new Map<string, string[]>([...before.keys()].map((id) => [id, []]));
  const open = new Map<string, number>();
  for (const [id, earlier] of before) {
    const known = earlier.filter((one) => before.has(one));
    for (const one of known) followers.get(one)?.push(id);
    open.set(id, known.length);
  }
  const order = [...before.keys()].filter((id) => open.get(id) === 0);
  for (let next = 0; next < order.length; next++) {
    for (const follower of followers.get(order[next] ?? '') ?? []) {
      const left = (open.get(follower) ?? 0) - 1;
      open.set(follower, left);
      if (left === 0) order.push(follower);
    }
  }
  return { order, followers };
}

/** Runs `step` for all items, at most `limit` at a time. Results are in the order of the items. `step` must not reject. */
export async function sideBySide<T, R>(
  items: readonly T[],
  limit: number,
  step: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  let next = 0;
  async function session(): Promise<void> {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item !== undefined) results[index] = await step(item);
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, session));
  return results;
}

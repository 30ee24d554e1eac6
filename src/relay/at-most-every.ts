/** A function that asks at most once per `ms` and gives the last answer, or failure, in between. */
export function atMostEvery<T>(ms: number, ask: () => Promise<T>, now: () => number): () => Promise<T> {
  let last: { readonly at: number; readonly answer: Promise<T> } | undefined;
  return () => {
    if (!last || now() - last.at >= ms) last = { at: now(), answer: ask() };
    return last.answer;
  };
}

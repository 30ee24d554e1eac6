/** Caches a function's result per object, for values that many rules need. */
export function oncePer<Argument, Result>(
  of: (argument: Argument) => Result,
  keyOf: (argument: Argument) => object = (argument) => argument as object,
): (argument: Argument) => Result {
  const known = new WeakMap<object, { readonly result: Result }>();
  return (argument) => {
    const key = keyOf(argument);
    const found = known.get(key) ?? { result: of(argument) };
    known.set(key, found);
    return found.result;
  };
}

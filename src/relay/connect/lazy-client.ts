import { upstreamError } from '../upstream.ts';

/**
 * A client that is made with its first call (the Azure libraries take half a second to load) and whose calls reject with an
 * UpstreamError. `streams` are the methods that give an AsyncIterable instead of a promise.
 */
export function lazyClient<T extends object>(
  service: string,
  make: () => Promise<T>,
  streams: readonly (keyof T & string)[] = [],
): T {
  let made: Promise<T> | undefined;
  const client = (): Promise<T> => {
    made ??= make();
    return made;
  };
  const call = async (name: string | symbol, args: readonly unknown[]): Promise<unknown> => {
    const target = await client();
    const method: unknown = Reflect.get(target, name);
    if (typeof method !== 'function') throw new TypeError(`${service} has no ${String(name)}`);
    return Reflect.apply(method, target, args);
  };
  async function* stream(name: string, args: readonly unknown[]): AsyncIterable<unknown> {
    try {
      yield* (await call(name, args)) as AsyncIterable<unknown>;
    } catch (error) {
      throw upstreamError(service, error);
    }
  }
  const handler: ProxyHandler<T> = {
    get: (_, name) => {
      if (typeof name === 'string' && streams.some((each) => each === name)) {
        return (...args: readonly unknown[]) => stream(name, args);
      }
      // A proxy that has a `then` would be taken for a promise.
      if (name === 'then') return undefined;
      return async (...args: readonly unknown[]) => {
        try {
          return await call(name, args);
        } catch (error) {
          throw upstreamError(service, error);
        }
      };
    },
  };
  return new Proxy({} as T, handler);
}

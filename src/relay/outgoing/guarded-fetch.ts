import { type AllowedHosts, assertAllowed, MAX_ANSWER_BYTES } from './allowed-hosts.ts';

const MAX_REDIRECTS = 3;
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * `fetch` for allowed hosts only. Follows redirects only for GET and to allowed hosts; for POST it returns the redirect, because
 * the body may contain what the other host must not see.
 */
export function guardedFetch(allowed: AllowedHosts, send: typeof fetch = fetch): typeof fetch {
  return async (input, init) => {
    let request = new Request(input, init);
    for (let followed = 0; ; followed++) {
      assertAllowed(request.url, allowed);
      const response = await send(request, { redirect: 'manual' });
      const location = response.headers.get('location');
      const follows = redirects.has(response.status) && location !== null && request.method === 'GET';
      if (!follows || followed === MAX_REDIRECTS) return bounded(response);
      await response.body?.cancel();
      const next = new URL(location, request.url);
      const headers = new Headers(request.headers);
      // Credentials are only for the host they were meant for.
      if (next.origin !== new URL(request.url).origin) headers.delete('authorization');
      request = new Request(next, { headers, signal: request.signal });
    }
  };
}

/** The response with a body that fails beyond {@link MAX_ANSWER_BYTES}. */
function bounded(response: Response): Response {
  if (!response.body) return response;
  let size = 0;
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      size += chunk.byteLength;
      if (size > MAX_ANSWER_BYTES)
        controller.error(new TypeError(`the answer is larger than ${MAX_ANSWER_BYTES} bytes`));
      else controller.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(limit), response);
}

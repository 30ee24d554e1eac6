/** A service of the simulated world, called like `fetch`. Rejects as `fetch` does if the connection breaks. */
export type Handler = (request: Request) => Promise<Response>;

/** `arm` is Resource Manager but for Sentinel; `connector` the managed connector azuresentinel; `outside` is whatever else the world is told about (the relay, workflows). */
export type ServiceName = 'arm' | 'sentinel' | 'connector' | 'logs' | 'graph' | 'entra' | 'signl4' | 'outside';

/** The JSON of a body; undefined for an empty body or one that is not JSON. */
export async function readJson(request: Request): Promise<unknown> {
  return parseJson(await request.text());
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A path where `*` stands for anything; case does not matter, as in Azure. */
export function pathPattern(path: string): RegExp {
  const parts = path.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i');
}

/** The address as the client wrote it; clients behind a proxy send it in `X-Forwarded-Host`. */
export function publicUrl(request: Request): URL {
  const host = request.headers.get('x-forwarded-host');
  return host === null
    ? new URL(request.url)
    : new URL(new URL(request.url).pathname + new URL(request.url).search, `https://${host}`);
}

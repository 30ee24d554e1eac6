import type { HonoRequest } from 'hono';
import { parseJson } from '../../domain/json.ts';
import { HttpError } from './errors.ts';

/** The body as a string of at most `limit` bytes. Throws 413 if there is more, even without a Content-Length. */
export async function readText(request: HonoRequest, limit: number): Promise<string> {
  const declared = request.header('content-length');
  if (declared !== undefined) {
    // The HTTP parser enforces the declared length.
    if (Number(declared) > limit) throw tooLarge(limit);
    return request.text();
  }
  const { body } = request.raw;
  return body ? new TextDecoder().decode(await collect(body, limit)) : '';
}

async function collect(body: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The body as JSON; throws 400 if it is not JSON. */
export async function readJsonBody(request: HonoRequest, limit: number): Promise<unknown> {
  const text = await readText(request, limit);
  try {
    return parseJson(text);
  } catch {
    throw new HttpError(400, 'invalid-json', text === '' ? 'the body is empty' : 'the body is not JSON');
  }
}

function tooLarge(limit: number): HttpError {
  return new HttpError(413, 'body-too-large', `the body is larger than ${limit} bytes`, { connection: 'close' });
}

import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { readJsonBody, readText } from '../../../src/relay/edge/body.ts';
import { HttpError } from '../../../src/relay/edge/errors.ts';

const LIMIT = 10;
const app = new Hono();
app.post('/text', async (context) => context.text(await readText(context.req, LIMIT)));
app.post('/json', async (context) => context.json((await readJsonBody(context.req, LIMIT)) as object));
app.onError((error, context) => {
  if (!(error instanceof HttpError)) throw error;
  return context.json({ code: error.code, message: error.message }, error.status, error.headers);
});

/** A body whose length nobody says, in parts. */
const streamed = (...parts: readonly string[]) => ({
  body: new ReadableStream<Uint8Array>({
    start(controller) {
      for (const part of parts) controller.enqueue(new TextEncoder().encode(part));
      controller.close();
    },
  }),
  duplex: 'half' as const,
});
const declared = (text: string, length = new TextEncoder().encode(text).length) => ({
  body: text,
  headers: { 'content-length': String(length) },
});
const post = async (path: string, init: object) => app.request(path, { method: 'POST', ...init });

describe('the body of a request', () => {
  it('is read up to the limit, whether its length is said or not', async () => {
    expect(await (await post('/text', declared('äöü1234'))).text()).toBe('äöü1234');
    expect(await (await post('/text', streamed('äöü', '1234'))).text()).toBe('äöü1234');
    expect(await (await post('/text', {})).text()).toBe('');
  });

  it.each([
    ['as declared', declared('äöü12345')],
    ['as it comes', streamed('äöü1234', '5')],
    ['as declared, before any of it is read', declared('', 11)],
  ])('is refused from one byte more on, %s, and the connection ends', async (_, init) => {
    const response = await post('/text', init);
    expect([response.status, response.headers.get('connection')]).toEqual([413, 'close']);
    expect(await response.json()).toEqual({ code: 'body-too-large', message: 'the body is larger than 10 bytes' });
  });

  it('is JSON, or refused as empty or as none', async () => {
    expect(await (await post('/json', declared('{"a":1}'))).json()).toEqual({ a: 1 });
    const refusal = async (init: object) => {
      const response = await post('/json', init);
      return [response.status, await response.json()];
    };
    expect(await refusal({})).toEqual([400, { code: 'invalid-json', message: 'the body is empty' }]);
    expect(await refusal(declared('{'))).toEqual([400, { code: 'invalid-json', message: 'the body is not JSON' }]);
    expect((await post('/json', declared('{"a":"1234"}'))).status).toBe(413);
  });
});

import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import type { TokenCheck } from '../../../src/relay/edge/entra.ts';
import { HttpError } from '../../../src/relay/edge/errors.ts';
import { createRequestGuard } from '../../../src/relay/edge/request-guard.ts';

const KEY = 'key-in-use-0123456789';
const SECRET = 'webhook-secret-0123456789';
const tokens: TokenCheck = {
  verify: async (token) =>
    token.startsWith('good') ? { caller: token } : { problem: `the token ${token} is not valid` },
};

/** The three ways in, from the address that the request's header names. */
function start({ perMinute = 60, takesTokens = true } = {}) {
  let time = 0;
  const guard = createRequestGuard({
    auth: { keys: [KEY], tokens: takesTokens ? tokens : undefined, signl4Secrets: [SECRET] },
    requestsPerMinute: perMinute,
    now: () => time,
    addressOf: (context) => context.req.header('x-from'),
  });
  const app = new Hono();
  app.use('/api', async (context) => {
    await guard.api(context);
    return context.text('in');
  });
  app.use('/metrics', async (context) => {
    await guard.metrics(context);
    return context.text('in');
  });
  app.use('/webhook', async (context) => {
    guard.webhook(context);
    return context.text('in');
  });
  app.onError((error, context) => {
    if (!(error instanceof HttpError)) throw error;
    return context.json({ code: error.code, message: error.message }, error.status, error.headers);
  });
  const ask = async (path: string, headers: Record<string, string> = {}) => app.request(path, { headers });
  const statuses = async (times: number, path: string, headers: Record<string, string> = {}) => {
    const found: number[] = [];
    for (let n = 0; n < times; n++) found.push((await ask(path, headers)).status);
    return found;
  };
  return { ask, statuses, pass: (ms: number) => (time += ms) };
}
const times = (count: number, status: number) => Array.from({ length: count }, () => status);

describe('a caller', () => {
  it('comes in by its key or its token, the key as a Bearer token for metrics only', async () => {
    const { ask } = start();
    const status = async (path: string, headers: Record<string, string>) => (await ask(path, headers)).status;
    for (const path of ['/api', '/metrics']) {
      expect(await status(path, { 'x-api-key': KEY })).toBe(200);
      expect(await status(path, { authorization: 'Bearer good' })).toBe(200);
      expect(await status(path, { authorization: 'bearer good' })).toBe(200);
      expect(await status(path, { authorization: 'XBearer good' })).toBe(401);
      expect(await status(path, { authorization: 'Basic good' })).toBe(401);
      expect(await status(path, {})).toBe(401);
    }
    expect(await status('/metrics', { authorization: `Bearer ${KEY}` })).toBe(200);
    expect(await status('/api', { authorization: `Bearer ${KEY}` })).toBe(401);
  });

  it('hears what is wrong with its token, and what is needed where there is none', async () => {
    const { ask } = start();
    const bad = await ask('/api', { authorization: 'Bearer bad' });
    expect([bad.status, bad.headers.get('www-authenticate')]).toEqual([401, 'Bearer error="invalid_token"']);
    expect(await bad.json()).toEqual({ code: 'invalid-token', message: 'the token bad is not valid' });
    const nothing = await ask('/api');
    expect(nothing.headers.get('www-authenticate')).toBe('Bearer');
    expect(await nothing.json()).toMatchObject({ code: 'unauthorized' });
    expect((await start({ takesTokens: false }).ask('/api', { authorization: 'Bearer good' })).status).toBe(401);
  });

  it('has a limit of its own: other tokens and the key are not slowed down by it', async () => {
    const { ask, statuses, pass } = start();
    const one = { authorization: 'Bearer good one' };
    expect(await statuses(21, '/api', one)).toEqual([...times(20, 200), 429]);
    expect((await ask('/metrics', one)).status).toBe(429);
    expect((await ask('/api', { authorization: 'Bearer good two' })).status).toBe(200);
    expect((await ask('/api', { 'x-api-key': KEY })).status).toBe(200);
    pass(1_000);
    expect(await statuses(2, '/api', one)).toEqual([200, 429]);
  });

  it('is told how many seconds to wait', async () => {
    const { ask, statuses, pass } = start({ perMinute: 6 });
    const key = { 'x-api-key': KEY };
    await statuses(20, '/api', key);
    expect((await ask('/api', key)).headers.get('retry-after')).toBe('10');
    pass(4_000);
    expect((await ask('/api', key)).headers.get('retry-after')).toBe('6');
  });
});

describe('SIGNL4', () => {
  it('comes in by the secret in its address, or in a header', async () => {
    const { ask } = start();
    expect((await ask(`/webhook?secret=${SECRET}`)).status).toBe(200);
    expect((await ask('/webhook', { 'x-api-key': SECRET })).status).toBe(200);
    expect((await ask('/webhook?secret=wrong', { 'x-api-key': SECRET })).status).toBe(401);
    for (const path of ['/webhook', `/webhook?secret=${KEY}`]) expect((await ask(path)).status).toBe(401);
  });

  it('has ten times as many requests, a tenth of them at once, and does not share them with callers', async () => {
    const { ask, statuses } = start();
    expect(await statuses(61, `/webhook?secret=${SECRET}`)).toEqual([...times(60, 200), 429]);
    expect((await ask('/api', { 'x-api-key': KEY })).status).toBe(200);
  });
});

describe('who guesses', () => {
  it('hears 401 twenty times and then 429, from every way in and for half a minute each', async () => {
    const { ask, statuses, pass } = start();
    const from = { 'x-from': '203.0.113.9' };
    expect(await statuses(10, '/api', from)).toEqual(times(10, 401));
    expect(await statuses(11, '/webhook', from)).toEqual([...times(10, 401), 429]);
    expect((await ask('/metrics', from)).headers.get('retry-after')).toBe('2');
    pass(2_000);
    expect(await statuses(2, '/api', from)).toEqual([401, 429]);
  });

  it('slows down nobody at another address, nor who has the key', async () => {
    const { ask, statuses } = start();
    await statuses(21, '/api', { 'x-from': '203.0.113.9' });
    expect((await ask('/api', { 'x-from': '203.0.113.10' })).status).toBe(401);
    expect((await ask('/api')).status).toBe(401);
    expect((await ask('/api', { 'x-from': '203.0.113.9', 'x-api-key': KEY })).status).toBe(200);
  });
});

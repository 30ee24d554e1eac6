import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { correlationOf } from '../../../src/relay/edge/correlation.ts';
import { correlated } from '../../../src/relay/edge/respond.ts';

const app = new Hono().get('/', (context) =>
  context.json([correlationOf(context.req), correlationOf(context.req), correlated(context.req)]),
);
const ids = async (headers: Record<string, string>) =>
  (await (await app.request('/', { headers })).json()) as unknown[];
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

describe('the id of a request', () => {
  it.each(['x-correlation-id', 'x-ms-client-tracking-id', 'x-ms-workflow-run-id'])('is that of %s', async (name) => {
    expect(await ids({ [name]: 'run.08-5_8' })).toEqual([
      'run.08-5_8',
      'run.08-5_8',
      { 'x-correlation-id': 'run.08-5_8' },
    ]);
  });

  it('is the first that is a plain one', async () => {
    expect((await ids({ 'x-correlation-id': 'mine', 'x-ms-workflow-run-id': 'theirs' }))[0]).toBe('mine');
    expect((await ids({ 'x-correlation-id': 'not plain', 'x-ms-workflow-run-id': 'theirs' }))[0]).toBe('theirs');
  });

  it('has 4 to 100 characters', async () => {
    for (const length of [4, 100])
      expect((await ids({ 'x-correlation-id': 'a'.repeat(length) }))[0]).toHaveLength(length);
    for (const length of [3, 101]) expect((await ids({ 'x-correlation-id': 'a'.repeat(length) }))[0]).toMatch(GUID);
  });

  it.each(['a b c d', '<abcd>', 'abcd;', ' '])(
    'is one of our own instead of "%s", the same for the whole request',
    async (given) => {
      const [first, second] = await ids({ 'x-correlation-id': given });
      expect(first).toMatch(GUID);
      expect(second).toBe(first);
    },
  );
});

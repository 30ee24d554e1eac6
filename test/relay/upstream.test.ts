import { RestError } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/domain/errors.ts';
import { lazyClient } from '../../src/relay/connect/lazy-client.ts';
import { describeError } from '../../src/relay/log.ts';
import { parseRetryAfter, UpstreamError, upstreamError } from '../../src/relay/upstream.ts';

describe('failure of another service', () => {
  it.each([
    [429, 'throttled'],
    [409, 'conflict'],
    [412, 'conflict'],
    [404, 'missing'],
    [401, 'denied'],
    [403, 'denied'],
    [400, 'refused'],
    [500, 'unavailable'],
    [503, 'unavailable'],
    [504, 'late'],
  ])('with HTTP %i is %s', (statusCode, kind) => {
    expect(upstreamError('Sentinel', new RestError('x', { statusCode }))).toMatchObject({ kind, status: statusCode });
  });

  it.each([
    [new DOMException('x', 'AbortError'), 'late'],
    [new DOMException('x', 'TimeoutError'), 'late'],
    [new TypeError('fetch failed'), 'unavailable'],
    [new RestError('no JSON', { code: 'PARSE_ERROR' }), 'unavailable'],
    ['a string', 'unavailable'],
    [undefined, 'unavailable'],
    [new UserError('signl4.team-secret', 'no secret'), 'refused'],
  ])('%s is %s', (error, kind) => {
    expect(upstreamError('Sentinel', error).kind).toBe(kind);
  });

  it('never repeats what the other side said', () => {
    const error = upstreamError('Sentinel', new RestError('Sentinel: secret query text', { statusCode: 400 }));
    expect(error.message).toBe('Sentinel refused the request (HTTP 400)');
    expect(JSON.stringify(describeError(error))).not.toContain('secret');
    expect(JSON.stringify(describeError(new SyntaxError('Unexpected token, "secret" is not JSON')))).not.toContain(
      'secret',
    );
  });

  it('knows how long to wait, in seconds or until a date, a quarter of an hour at most', () => {
    expect(parseRetryAfter('7')).toBe(7_000);
    expect(parseRetryAfter('Sat, 10 Jan 2026 08:41:30 GMT', Date.UTC(2026, 0, 10, 8, 41))).toBe(30_000);
    expect(parseRetryAfter('Sat, 10 Jan 2026 08:41:30 GMT', Date.UTC(2026, 0, 10, 9))).toBe(0);
    expect(parseRetryAfter('86400')).toBe(15 * 60_000);
    expect(['', null, undefined, 'soon'].map((value) => parseRetryAfter(value))).toEqual(Array(4).fill(undefined));
  });
});

describe('client made on first use', () => {
  it('is made once, and its failures are told as ours', async () => {
    let made = 0;
    const client = lazyClient('Graph', async () => {
      made++;
      return {
        greet: async (name: string) => `hello ${name}`,
        fail: async () => Promise.reject(new RestError('x', { statusCode: 503 })),
      };
    });
    expect(made).toBe(0);
    expect([await client.greet('a'), await client.greet('b')]).toEqual(['hello a', 'hello b']);
    await expect(client.fail()).rejects.toThrow(UpstreamError);
    expect(made).toBe(1);
  });

  it('streams', async () => {
    const client = lazyClient(
      'Graph',
      async () => ({
        async *items() {
          yield 1;
          throw new RestError('x', { statusCode: 429 });
        },
      }),
      ['items'],
    );
    const seen: number[] = [];
    const read = async () => {
      for await (const item of client.items()) seen.push(item);
    };
    await expect(read()).rejects.toMatchObject({ kind: 'throttled', service: 'Graph' });
    expect(seen).toEqual([1]);
  });
});

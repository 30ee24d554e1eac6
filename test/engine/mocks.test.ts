import { describe, expect, it } from 'vitest';
import type { CallAnswer, OutgoingCall } from '../../src/engine/calls.ts';
import { type Mock, mockCalls, readMocks } from '../../src/engine/mocks.ts';

const call = (method: string, path: string, more: Partial<OutgoingCall> = {}): OutgoingCall => ({
  kind: 'ApiConnection',
  action: 'Get',
  method,
  path,
  queries: {},
  headers: {},
  retry: 0,
  ...more,
});

/** The statuses that a list of mocks gives to calls, 0 for no answer. */
async function statuses(mocks: readonly Mock[], ...calls: readonly OutgoingCall[]): Promise<number[]> {
  const mocked = mockCalls(mocks);
  const answers: number[] = [];
  for (const one of calls) answers.push(((await mocked.calls(one)) as CallAnswer).status ?? 0);
  return answers;
}

describe('mocks', () => {
  const get = call('GET', '/check');

  it('answer one after the other where they are alike, and the last repeats', async () => {
    const mocks = [503, 503, 200].map((status) => ({ method: 'GET', path: '/check', status }));
    expect(await statuses(mocks, get, get, get, get, get)).toEqual([503, 503, 200, 200, 200]);
  });

  it('are tried from the top: an exact one keeps answering before a general one', async () => {
    const mocks = [
      { path: '/check', status: 201 },
      { path: '/*', status: 404 },
    ];
    expect(await statuses(mocks, get, call('GET', '/other'), get, get)).toEqual([201, 404, 201, 201]);
  });

  it('give a more exact one further down its turn when the general ones above are used up', async () => {
    const mocks = [
      { path: '/*', status: 503 },
      { path: '/check', status: 200 },
    ];
    expect(await statuses(mocks, get, get)).toEqual([503, 200]);
  });

  it('answer as often as they say', async () => {
    const mocks = [
      { path: '/check', status: 429, times: 2 },
      { path: '*', status: 200 },
    ];
    expect(await statuses(mocks, get, get, get, get)).toEqual([429, 429, 200, 200]);
    expect(await statuses([{ path: '/check', times: 1 }], get, get)).toEqual([200, 0]);
  });

  it('match the path or the whole address, whatever the casing and the encoding', async () => {
    const http = call('GET', '/a%20b', {
      kind: 'Http',
      uri: 'https://Api.contoso.com/a%20b?top=5',
      queries: { top: 5 },
    });
    for (const path of [
      '/a%20b',
      '/A b',
      'https://api.contoso.com/a b',
      'https://api.contoso.com/*',
      'api.contoso.com/a b',
      '/a b?top=5',
      '*',
    ]) {
      expect(await statuses([{ path, status: 204 }], http), path).toEqual([204]);
    }
    for (const path of ['/a', 'https://contoso.com/*', '/a b?top=6']) {
      expect(await statuses([{ path, status: 204 }], http), path).toEqual([0]);
    }
  });

  it('can tell the connections of equal paths apart', async () => {
    const through = (key: string) => call('GET', '/check', { connection: { key, id: `/c/${key}`, api: key } });
    const mocks = [
      { path: 'one:/check', status: 201 },
      { path: 'two:/check', status: 202 },
    ];
    expect(await statuses(mocks, through('two'), through('one'))).toEqual([202, 201]);
  });

  it('answer the action that they name, wherever it calls', async () => {
    const by = (action: string, path = '/check') => call('GET', path, { action });
    const mocks = [
      { path: '/check', status: 203 },
      { action: 'get_user', status: 201 },
      { action: 'Get user', path: '/other', status: 202 },
    ];
    const calls = [by('Get_user'), by('Get_user'), by('Get_user', '/x'), by('Somebody'), by('Get_user', '/other')];
    expect(await statuses(mocks, ...calls)).toEqual([201, 201, 201, 203, 202]);
    expect(await statuses([{ action: 'A', method: 'POST' }], by('A'))).toEqual([0]);
    const twice = [
      { action: 'Get_user', status: 503 },
      { action: 'Get_user', status: 200 },
    ];
    expect(await statuses(twice, by('Get_user'), by('Get_user'), by('Get_user'))).toEqual([503, 200, 200]);
  });

  it('match the method where they have one', async () => {
    expect(await statuses([{ method: 'post', path: '/check' }], get, call('POST', '/check'))).toEqual([0, 200]);
    expect(await statuses([{ method: '*', path: '/check' }], get)).toEqual([200]);
  });

  it('keep the calls that nothing matches, which fail and are not tried again', async () => {
    const mocked = mockCalls([]);
    expect(await mocked.calls(get)).toEqual({
      failure: { code: 'NoMock', message: "No mock answers GET /check, which 'Get' calls.", isRetryable: false },
    });
    expect(mocked.unmatched).toEqual([get]);
  });

  it('can be slow, fail, or call back', async () => {
    const mocked = mockCalls([
      { path: '/slow', delaySeconds: 3 },
      { path: '/late', failure: 'timeout' },
      { path: '/gone', failure: 'unreachable' },
      { path: '/hook', callback: { body: 1, delaySeconds: 60 } },
      { path: '/silent', callback: null },
    ]);
    expect(await mocked.calls(call('GET', '/slow'))).toMatchObject({ durationMs: 3_000 });
    expect(await mocked.calls(call('GET', '/late'))).toMatchObject({ failure: { code: 'RequestTimeout' } });
    expect(await mocked.calls(call('GET', '/gone', { uri: 'https://x.example/gone' }))).toMatchObject({
      failure: { message: "The provided host name 'x.example' could not be resolved." },
    });
    expect(await mocked.calls(call('GET', '/hook'))).toMatchObject({ callback: { body: 1, afterMs: 60_000 } });
    expect(await mocked.calls(call('GET', '/silent'))).toMatchObject({ callback: null });
  });

  it.each([
    [{}, 'The mocks are not a list.'],
    [[1], 'A mock is an object.'],
    [[{ status: 200 }], 'A mock needs a "path" or an "action".'],
    [[{ path: '' }], '"path" is a string, not empty.'],
    [[{ action: 7 }], '"action" is the name of an action.'],
    [[{ path: '/a', status: '200' }], '"status" is a whole number.'],
    [[{ path: '/a', method: 1 }], '"method" is a string.'],
    [[{ path: '/a', failure: 'x' }], '"failure" is "timeout" or "unreachable".'],
    [[{ path: '/a', staus: 404 }], 'A mock has no "staus" here.'],
    [[{ path: '/a', callback: { delay: 1 } }], 'A mock has no "delay" here.'],
  ])('are refused when they are %j', (json, message) => {
    expect(() => readMocks(json as never, 'm.json')).toThrow(message);
  });
});

import { describe, expect, it } from 'vitest';
import { type CallResult, requestTimeout, unreachable } from '../../src/engine/calls.ts';
import { compose, following, http, run, scripted, span } from './support/workflow.ts';

const call = (inputs: object, more: object = {}) => ({ type: 'Http', inputs, runAfter: {}, ...more });
const get = { method: 'GET', uri: 'https://api.contoso.com/things' };

describe('Http', () => {
  it('asks for what its inputs say, expressions evaluated', async () => {
    const calls = scripted({ status: 201, headers: { ETag: '"1"' }, body: { id: 7 } });
    const result = await run(
      {
        Post: call({
          method: 'post',
          uri: "https://api.contoso.com/things/@{triggerBody()['id']}",
          queries: { 'api-version': '2025-09-01', top: 5 },
          headers: { 'x-key': "@triggerBody()['id']" },
          body: { title: "@triggerBody()['title']" },
          authentication: { type: 'ManagedServiceIdentity', audience: 'https://management.azure.com/' },
        }),
        Id: compose("@body('Post')['id']", following('Post')),
      },
      { calls, trigger: { body: { id: 'a b', title: 'T' } } },
    );
    expect(calls.asked).toEqual([
      {
        kind: 'Http',
        action: 'Post',
        method: 'POST',
        path: '/things/a%20b',
        uri: 'https://api.contoso.com/things/a%20b?api-version=2025-09-01&top=5',
        queries: { 'api-version': '2025-09-01', top: 5 },
        headers: { 'x-key': 'a b' },
        body: { title: 'T' },
        authentication: { type: 'ManagedServiceIdentity', audience: 'https://management.azure.com/' },
        retry: 0,
      },
    ]);
    expect(result.actions['Post']).toMatchObject({
      status: 'Succeeded',
      code: 'Created',
      outputs: { statusCode: 201, headers: { ETag: '"1"' }, body: { id: 7 } },
    });
    expect(result.actions['Id']?.outputs).toBe(7);
  });

  describe('with a paginationPolicy', () => {
    const list = { ...get, headers: { Prefer: 'x' }, queries: { $top: 2 } };
    const pages = (minimumItemCount: number) => ({ runtimeConfiguration: { paginationPolicy: { minimumItemCount } } });
    const next = 'https://api.contoso.com/things?page=';

    it.each(['nextLink', '@odata.nextLink'])('follows %s and gives one list without it', async (link) => {
      const calls = scripted(
        { status: 200, body: { of: 'things', value: [1, 2], [link]: `${next}2` } },
        { status: 200, body: { value: [3, 4], [link]: `${next}3` } },
        { status: 200, body: { value: [5] } },
      );
      const result = await run({ List: call(list, pages(100)) }, { calls });
      expect(result.actions['List']?.outputs).toMatchObject({ body: { of: 'things', value: [1, 2, 3, 4, 5] } });
      expect(JSON.stringify(result.actions['List']?.outputs)).not.toContain('Link');
      expect(calls.asked.map(({ uri, headers }) => [uri, headers])).toEqual([
        ['https://api.contoso.com/things?%24top=2', { Prefer: 'x' }],
        [`${next}2`, { Prefer: 'x' }],
        [`${next}3`, { Prefer: 'x' }],
      ]);
    });

    it('reads whole pages until there are as many items as it asks for', async () => {
      const calls = scripted({ status: 200, body: { value: [1, 2], nextLink: `${next}2` } });
      await run({ List: call(list, pages(3)) }, { calls });
      expect(calls.asked).toHaveLength(2);
    });

    it('fails where a page fails', async () => {
      const calls = scripted({ status: 200, body: { value: [1], nextLink: `${next}2` } }, { status: 403 });
      const result = await run({ List: call(list, pages(3)) }, { calls });
      expect(result.actions['List']).toMatchObject({ status: 'Failed', code: 'Forbidden' });
    });

    it.each([[{ id: 7 }], ['text'], [[1, 2]]])('leaves alone what is not a list: %j', async (body) => {
      const calls = scripted({ status: 200, body });
      const result = await run({ List: call(list, pages(3)) }, { calls });
      expect(result.actions['List']?.outputs).toMatchObject({ body });
      expect(calls.asked).toHaveLength(1);
    });
  });

  it('reads one page without', async () => {
    const calls = scripted({ status: 200, body: { value: [1], nextLink: 'https://api.contoso.com/things?page=2' } });
    await run({ List: call(get) }, { calls });
    expect(calls.asked).toHaveLength(1);
  });

  it('fails from 400 on, with the answer as outputs, the status as code and no error of its own', async () => {
    const calls = scripted({ status: 404, body: { error: { code: 'NotFound' } } });
    const result = await run(
      { Get: call(get), Why: compose("@body('Get')?['error']?['code']", following('Get', 'Failed')) },
      { calls },
    );
    expect(result.actions['Get']).toMatchObject({ status: 'Failed', code: 'NotFound', outputs: { statusCode: 404 } });
    expect(result.actions['Get']?.error).toBeUndefined();
    expect(result.actions['Why']?.outputs).toBe('NotFound');
    expect(calls.asked).toHaveLength(1);
  });

  it('fails without a call for an address or a method that cannot be', async () => {
    const result = await run({
      Bad: call({ method: 'GET', uri: "@triggerBody()?['url']" }),
      None: call({ method: '', uri: get.uri }),
    });
    expect(result.actions['Bad']?.error?.message).toContain("The 'uri' of 'Bad' is not an absolute HTTP address");
    expect(result.actions['None']?.error?.message).toContain("The 'method' of 'None' is missing");
  });

  it('does not show secrets of its authentication in the run history', async () => {
    const authentication = { type: 'Basic', username: 'u', password: 'hunter2' };
    const calls = scripted({ status: 200 });
    const result = await run({ Get: call({ ...get, authentication }) }, { calls });
    expect(calls.asked[0]?.authentication).toEqual(authentication);
    expect(result.actions['Get']?.inputs).toMatchObject({ authentication: { username: 'u', password: '*sanitized*' } });
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });
});

describe('the retry policy', () => {
  const ends = async (retryPolicy: object | undefined, ...answers: CallResult[]) => {
    const calls = scripted(...answers);
    const result = await run({ Get: call(retryPolicy ? { ...get, retryPolicy } : get) }, { calls, random: () => 0.5 });
    return { result, tries: calls.asked.length, action: result.actions['Get'], ms: span(result, 'Get')[1] };
  };

  it.each([408, 429, 500, 502, 503, 504])('makes a call again that was answered %i', async (status) => {
    const { tries, action } = await ends(undefined, { status }, { status: 200 });
    expect(tries).toBe(2);
    expect(action).toMatchObject({ status: 'Succeeded', retries: [{ code: expect.any(String) }] });
  });

  it.each([400, 401, 403, 404, 409, 412, 422])('does not make a call again that was answered %i', async (status) => {
    expect(await ends(undefined, { status }, { status: 200 })).toMatchObject({
      tries: 1,
      action: { status: 'Failed' },
    });
  });

  it('is by default four further tries at growing intervals from 5 to 45 seconds', async () => {
    const { tries, action, ms } = await ends(undefined, { status: 503 });
    expect(tries).toBe(5);
    expect(action).toMatchObject({ status: 'Failed', code: 'ServiceUnavailable' });
    expect(action?.retries?.map(({ code }) => code)).toEqual(Array(4).fill('ServiceUnavailable'));
    expect(ms).toBe(6_250 + 11_250 + 22_500 + 37_500);
  });

  it('waits the fixed interval', async () => {
    const { tries, ms } = await ends({ type: 'fixed', count: 2, interval: 'PT30S' }, { status: 500 });
    expect([tries, ms]).toEqual([3, 60_000]);
  });

  it('draws exponential intervals from their ranges, within the bounds', async () => {
    const policy = {
      type: 'exponential',
      count: 4,
      interval: 'PT10S',
      minimumInterval: 'PT5S',
      maximumInterval: 'PT30S',
    };
    const { ms } = await ends(policy, { status: 500 });
    expect(ms).toBe(7_500 + 15_000 + 25_000 + 30_000);
  });

  it('makes no further call with none', async () => {
    expect(await ends({ type: 'none' }, { status: 503 })).toMatchObject({ tries: 1, ms: 0 });
  });

  it('honours Retry-After, as seconds and as a date', async () => {
    const seconds = await ends(undefined, { status: 429, headers: { 'Retry-After': '17' } }, { status: 200 });
    expect(seconds.ms).toBe(17_000);
    const date = await ends(
      undefined,
      { status: 429, headers: { 'retry-after': 'Sat, 10 Jan 2026 08:00:42 GMT' } },
      { status: 200 },
    );
    expect(date.ms).toBe(42_000);
  });

  it('applies to failures of the network', async () => {
    const { tries, action } = await ends({ type: 'fixed', count: 1, interval: 'PT5S' }, unreachable('api.contoso.com'));
    expect(tries).toBe(2);
    expect(action).toMatchObject({
      status: 'Failed',
      code: 'UnresolvableHostName',
      error: { message: "The provided host name 'api.contoso.com' could not be resolved." },
    });
    expect(action?.outputs).toBeUndefined();
  });

  it('is refused where it is out of the service’s bounds', async () => {
    expect((await ends({ type: 'fixed', count: 91, interval: 'PT5S' })).action?.error?.message).toContain(
      'from 1 to 90',
    );
    expect((await ends({ type: 'fixed', count: 2, interval: 'PT1S' })).action?.error?.message).toContain(
      'from PT5S to P1D',
    );
    expect((await ends({ type: 'sometimes' })).action?.error?.message).toContain("'sometimes'");
  });
});

describe('time limits of a call', () => {
  it('end a request after 120 seconds, which counts as a failed try', async () => {
    const calls = scripted({ status: 200, durationMs: 200_000 }, { status: 200, durationMs: 1_000 });
    const result = await run(
      { Get: call({ ...get, retryPolicy: { type: 'fixed', count: 1, interval: 'PT5S' } }) },
      { calls },
    );
    expect(result.actions['Get']).toMatchObject({ status: 'Succeeded', retries: [{ code: 'RequestTimeout' }] });
    const never = await run(
      { Get: call({ ...get, retryPolicy: { type: 'none' } }) },
      { calls: scripted(requestTimeout) },
    );
    expect(never.actions['Get']?.error?.message).toBe('Http request failed: the timeout was reached.');
  });

  it('end the action as TimedOut after limit.timeout, retries included', async () => {
    const calls = scripted({ status: 503 });
    const result = await run(
      { Get: call(get, { limit: { timeout: 'PT10S' } }), Plan_B: compose('b', following('Get', 'TimedOut')) },
      { calls },
    );
    expect(result.actions['Get']).toMatchObject({ status: 'TimedOut', code: 'ActionTimedOut' });
    expect(span(result, 'Get')).toEqual([0, 10_000]);
    expect(result.actions['Plan_B']?.outputs).toBe('b');
    expect(result.status).toBe('Succeeded');
  });

  it('end the action while its answer is awaited', async () => {
    const calls = scripted({ status: 200, durationMs: 60_000 });
    const result = await run({ Get: call(get, { limit: { timeout: 'PT20S' } }) }, { calls });
    expect([result.actions['Get']?.status, span(result, 'Get')[1]]).toEqual(['TimedOut', 20_000]);
    expect(result.status).toBe('Failed');
  });

  it('are refused where they are not a duration', async () => {
    const result = await run({ Get: call(get, { limit: { timeout: '20 seconds' } }) });
    expect(result.actions['Get']?.error).toMatchObject({
      message: expect.stringContaining("'20 seconds'"),
      remedy: expect.any(String),
    });
  });
});

describe('the asynchronous pattern', () => {
  const pending = { status: 202, headers: { Location: 'https://api.contoso.com/jobs/1', 'Retry-After': '3' } };

  it('asks the Location until the answer is another one', async () => {
    const calls = scripted(
      pending,
      { status: 202, headers: { location: 'https://api.contoso.com/jobs/1' } },
      { status: 200, body: 'done' },
    );
    const result = await run({ Get: http() }, { calls });
    expect(calls.asked.map(({ method, path }) => [method, path])).toEqual([
      ['GET', '/things'],
      ['GET', '/jobs/1'],
      ['GET', '/jobs/1'],
    ]);
    expect(result.actions['Get']?.outputs).toMatchObject({ statusCode: 200, body: 'done' });
    expect(span(result, 'Get')[1]).toBe(13_000);
  });

  it.each([
    { operationOptions: 'DisableAsyncPattern' },
    { runtimeConfiguration: { requestOptions: { asyncPattern: 'Disabled' } } },
  ])('is off with %j', async (more) => {
    const calls = scripted(pending);
    const result = await run({ Get: http({}, more) }, { calls });
    expect(calls.asked).toHaveLength(1);
    expect(result.actions['Get']).toMatchObject({ status: 'Succeeded', code: 'Accepted' });
  });

  it('takes a 202 without a Location as the answer', async () => {
    const result = await run({ Get: http() }, { calls: scripted({ status: 202 }) });
    expect(result.actions['Get']?.code).toBe('Accepted');
  });
});

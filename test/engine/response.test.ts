import { afterEach, describe, expect, it, vi } from 'vitest';
import { compose, failing, following, run, states } from './support/workflow.ts';

afterEach(() => vi.unstubAllEnvs());

const respond = (inputs: object, runAfter = {}, more = {}) => ({
  type: 'Response',
  kind: 'Http',
  inputs,
  runAfter,
  ...more,
});
const wait = (count: number, unit: string, runAfter = {}) => ({
  type: 'Wait',
  inputs: { interval: { count, unit } },
  runAfter,
});

describe('Response', () => {
  it('answers the caller while the run goes on', async () => {
    const result = await run(
      {
        Answer: respond({ statusCode: 202, headers: { 'x-run': '1' }, body: { id: "@triggerBody()?['id']" } }),
        Work: wait(10, 'Minute', following('Answer')),
        Break: failing(following('Work')),
      },
      { trigger: { body: { id: 'n1' } } },
    );
    expect(result.response).toEqual({ status: 202, headers: { 'x-run': '1' }, body: { id: 'n1' }, afterMs: 0 });
    expect(result.status).toBe('Failed');
    expect(Date.parse(result.endTime) - Date.parse(result.startTime)).toBe(600_000);
  });

  it('answers once: a second one is skipped', async () => {
    const result = await run({
      First: respond({ statusCode: 200, body: 1 }),
      Second: respond({ statusCode: 500 }, following('First')),
    });
    expect(result.response?.status).toBe(200);
    expect(result.actions['Second']).toMatchObject({ status: 'Skipped', error: { code: 'ActionResponseSkipped' } });
    expect(result.status).toBe('Succeeded');
  });

  it('is skipped where no caller waits', async () => {
    const result = await run(
      { Answer: respond({ statusCode: 200 }) },
      { definition: { triggers: { Timer: { type: 'Recurrence', recurrence: { frequency: 'Hour', interval: 1 } } } } },
    );
    expect(result.actions['Answer']?.error?.code).toBe('ActionResponseSkipped');
    expect(result.response).toBeUndefined();
  });

  it('comes too late after two minutes, unless it is asynchronous', async () => {
    const late = await run({ Wait: wait(3, 'Minute'), Answer: respond({ statusCode: 200 }, following('Wait')) });
    expect(late.actions['Answer']).toMatchObject({ status: 'Failed', code: 'ActionResponseTimedOut' });
    expect(late.response).toMatchObject({ status: 504, afterMs: 120_000 });
    const asynchronous = await run({
      Wait: wait(3, 'Minute'),
      Answer: respond({ statusCode: 200 }, following('Wait'), { operationOptions: 'Asynchronous' }),
    });
    expect(asynchronous.response).toMatchObject({ status: 200, afterMs: 180_000 });
  });

  it('answers nobody where the trigger splits its items: the caller got 202 at once', async () => {
    const told: number[] = [];
    const split = { triggers: { manual: { type: 'Request', inputs: {}, splitOn: '@triggerBody()' } } };
    const result = await run(
      {
        Wait: wait(3, 'Minute'),
        Answer: respond({ statusCode: 201, body: '@triggerBody()' }, following('Wait')),
        Again: respond({ statusCode: 201 }, following('Answer')),
      },
      { definition: split, trigger: { body: [1, 2] }, onResponse: ({ status }) => told.push(status) },
    );
    for (const one of [result, ...(result.siblings ?? [])]) {
      expect(states(one)).toEqual({ Wait: 'Succeeded', Answer: 'Succeeded', Again: 'Skipped' });
      expect(one.response).toEqual({ status: 202, headers: {}, afterMs: 0 });
    }
    expect(told).toEqual([]);
  });

  it('needs a status code that there is', async () => {
    const result = await run(
      { Answer: respond({ statusCode: "@triggerBody()?['code']" }) },
      { trigger: { body: { code: 7 } } },
    );
    expect(result.actions['Answer']?.error?.message).toContain("from 100 to 599, not '7'");
  });
});

describe('the caller of a workflow', () => {
  it('gets 202 at once where the workflow has no Response', async () => {
    expect((await run({ Do: compose(1) })).response).toEqual({ status: 202, headers: {}, afterMs: 0 });
  });

  it('gets a gateway error where the Response never ran', async () => {
    const result = await run({ Break: failing(), Answer: respond({ statusCode: 200 }, following('Break')) });
    expect(result.response).toMatchObject({ status: 502, body: { error: { code: 'NoResponse' } } });
  });
});

describe('Terminate', () => {
  const terminate = (runStatus: string, runError?: object, runAfter = {}) => ({
    type: 'Terminate',
    inputs: { runStatus, ...(runError && { runError }) },
    runAfter,
  });

  it('ends the run with its status: itself Succeeded, what is around it Cancelled, the rest Skipped', async () => {
    const result = await run({
      Work: {
        type: 'Scope',
        actions: {
          Before: compose(1),
          Stop: terminate('Failed', { code: 'E1', message: 'no incident' }, following('Before')),
          Inner: compose(2, following('Stop')),
        },
        runAfter: {},
      },
      Beside: wait(10, 'Minute'),
      Outer: compose(3, following('Work')),
    });
    expect(result).toMatchObject({
      status: 'Failed',
      code: 'Terminated',
      error: { code: 'E1', message: 'no incident' },
    });
    expect(states(result)).toEqual({
      Work: 'Cancelled',
      Before: 'Succeeded',
      Stop: 'Succeeded',
      Inner: 'Skipped',
      Beside: 'Cancelled',
      Outer: 'Skipped',
    });
    expect(result.actions['Outer']?.code).toBe('Terminated');
  });

  it.each(['Succeeded', 'Cancelled'])('ends the run as %s, without an error', async (status) => {
    const result = await run({
      Stop: terminate(status, { code: 'ignored', message: 'ignored' }),
      Next: compose(1, following('Stop')),
    });
    expect(result.status).toBe(status);
    expect(result.error).toBeUndefined();
    expect(result.actions['Next']?.status).toBe('Skipped');
  });

  it('ends the loops around it', async () => {
    const result = await run({
      Each: {
        type: 'Foreach',
        foreach: [1, 2, 3],
        operationOptions: 'Sequential',
        actions: {
          Check: {
            type: 'If',
            expression: { equals: ["@items('Each')", 2] },
            actions: { Stop: terminate('Succeeded') },
            else: { actions: { Go: compose("@items('Each')") } },
            runAfter: {},
          },
        },
        runAfter: {},
      },
    });
    expect(result.status).toBe('Succeeded');
    expect(result.actions['Each']?.status).toBe('Cancelled');
    expect(result.actions['Go']?.repetitions?.map(({ status }) => status)).toEqual(['Succeeded', 'Skipped']);
  });

  it('fails for a status there is not', async () => {
    const result = await run({ Stop: terminate('Done') });
    expect(result.actions['Stop']?.error?.message).toContain("not 'Done'");
  });
});

describe('Wait', () => {
  it('passes in the run’s own time, until an instant or for an interval', async () => {
    const result = await run({
      Until: { type: 'Wait', inputs: { until: { timestamp: '@addHours(utcNow(), 30)' } }, runAfter: {} },
      Past: { type: 'Wait', inputs: { until: { timestamp: '2020-01-01T00:00:00Z' } }, runAfter: following('Until') },
      Month: wait(1, 'Month', following('Past')),
      Now: compose('@utcNow()', following('Month')),
    });
    expect(result.actions['Now']?.outputs).toBe('2026-02-11T14:00:00.0000000Z');
  });

  it.each([
    ['2026-01-10T20:00:00', '2026-01-10T20:00:00.0000000Z'],
    ['2026-01-10 20:00:00.1234567', '2026-01-10T20:00:00.1230000Z'],
    ['2026-01-10T20:00:00+05:30', '2026-01-10T14:30:00.0000000Z'],
    ['01/11/2026 08:00', '2026-01-11T08:00:00.0000000Z'],
  ])('reads the instant %s as the language does, in UTC wherever the run takes place', async (timestamp, expected) => {
    vi.stubEnv('TZ', 'Asia/Tokyo');
    const until = { type: 'Wait', inputs: { until: { timestamp } }, runAfter: {} };
    const result = await run({ Until: until, Now: compose('@utcNow()', following('Until')) });
    expect(result.actions['Now']?.outputs).toBe(expected);
  });

  it.each(['Fortnight', 'constructor'])('fails for the unit %s, which makes no sense', async (unit) => {
    const result = await run({ Wait: wait(1, unit) });
    expect(result.actions['Wait']?.error?.remedy).toContain('Second, Minute');
  });
});

import { describe, expect, it } from 'vitest';
import { compose, failing, following, http, initialize, run, scripted, span, states } from './support/workflow.ts';

const foreach = (items: unknown, actions: object, more: object = {}) => ({
  type: 'Foreach',
  foreach: items,
  actions,
  runAfter: {},
  ...more,
});

const wait = (seconds: unknown) => ({
  type: 'Wait',
  inputs: { interval: { count: seconds, unit: 'Second' } },
  runAfter: {},
});

describe('Foreach', () => {
  it('runs its actions for every item, in the order of the items', async () => {
    const result = await run(
      { Each: foreach('@triggerBody()', { Double: compose("@mul(items('Each'), 2)") }) },
      { trigger: { body: [1, 2, 3] } },
    );
    expect(result.actions['Each']).toMatchObject({ status: 'Succeeded', iterations: 3 });
    expect(result.actions['Double']?.repetitions?.map(({ indexes, outputs }) => [indexes, outputs])).toEqual([
      [[0], 2],
      [[1], 4],
      [[2], 6],
    ]);
  });

  it('gives the actions after it the outputs of all iterations as a list', async () => {
    const result = await run({
      Each: foreach('@range(1, 3)', { Double: compose('@mul(item(), 2)') }),
      Sum: compose("@outputs('Double')", following('Each')),
    });
    expect(result.actions['Sum']?.outputs).toEqual([2, 4, 6]);
    const calls = scripted({ status: 200, body: 'a' }, { status: 200, body: 'b' });
    const bodies = await run(
      { Each: foreach([1, 2], { Get: http() }), All: compose("@body('Get')", following('Each')) },
      { calls },
    );
    expect(bodies.actions['All']?.outputs).toEqual(['a', 'b']);
  });

  it('gives every iteration the results of its own actions, even when they interleave', async () => {
    const result = await run({
      Each: foreach('@createArray(3, 1, 2)', {
        Wait: wait("@items('Each')"),
        Mine: compose("@items('Each')"),
        Check: compose("@equals(outputs('Mine'), items('Each'))", { ...following('Wait'), ...following('Mine') }),
      }),
    });
    expect(result.actions['Check']?.repetitions?.map(({ outputs }) => outputs)).toEqual([true, true, true]);
    expect(span(result, 'Each')).toEqual([0, 3_000]);
  });

  it('runs 20 iterations at a time, or as many as the concurrency says', async () => {
    const lasts = async (more: object) =>
      span(await run({ Each: foreach('@range(0, 60)', { Wait: wait(10) }, more) }), 'Each')[1];
    expect(await lasts({})).toBe(30_000);
    expect(await lasts({ runtimeConfiguration: { concurrency: { repetitions: 50 } } })).toBe(20_000);
    expect(await lasts({ runtimeConfiguration: { concurrency: { repetitions: 1 } } })).toBe(600_000);
    expect(await lasts({ operationOptions: 'Sequential' })).toBe(600_000);
  });

  it('takes an expression for the concurrency, which is never left to run nothing', async () => {
    const each = async (repetitions: unknown) =>
      await run({
        Each: foreach('@range(0, 4)', { Wait: wait(10) }, { runtimeConfiguration: { concurrency: { repetitions } } }),
      });
    expect(span(await each("@int('2')"), 'Each')).toEqual([0, 20_000]);
    expect(span(await each("@string('4')"), 'Each')).toEqual([0, 10_000]);
    for (const [written, shown] of [
      ['@mul(25, 3)', '75'],
      ["@concat('a', 'b')", 'ab'],
      ['@null', ''],
    ]) {
      expect((await each(written)).actions).toMatchObject({
        Each: {
          status: 'Failed',
          error: {
            message: `The concurrency of the Foreach 'Each' must be a whole number from 1 to 50, but it is '${shown}'.`,
            pointer: '/actions/Each/runtimeConfiguration/concurrency/repetitions',
          },
        },
        Wait: { status: 'Skipped' },
      });
    }
  });

  it('runs one at a time inside another Foreach', async () => {
    const result = await run({
      Outer: foreach('@range(0, 2)', {
        Inner: foreach("@createArray('a', 'b')", {
          Wait: wait(10),
          Pair: compose("@concat(string(items('Outer')), items('Inner'))", following('Wait')),
        }),
      }),
    });
    expect(span(result, 'Outer')).toEqual([0, 20_000]);
    expect(result.actions['Pair']?.repetitions?.map(({ indexes, outputs }) => [indexes, outputs])).toEqual([
      [[0, 0], '0a'],
      [[0, 1], '0b'],
      [[1, 0], '1a'],
      [[1, 1], '1b'],
    ]);
  });

  it('runs on after a failed item, and fails in the end', async () => {
    const result = await run({
      Each: foreach('@createArray(1, 0, 2)', { Divide: compose("@div(10, items('Each'))") }),
      Look: compose("@result('Each')", following('Each', 'Failed')),
    });
    expect(result.actions['Each']).toMatchObject({ status: 'Failed', code: 'ActionFailed' });
    expect(result.actions['Divide']).toMatchObject({ status: 'Failed', error: { code: 'InvalidTemplate' } });
    expect(result.actions['Divide']?.repetitions?.map(({ status }) => status)).toEqual([
      'Succeeded',
      'Failed',
      'Succeeded',
    ]);
    expect(result.actions['Look']?.outputs).toMatchObject([
      {
        name: 'Divide',
        status: 'Failed',
        code: 'NotSpecified',
        repetitionCount: 3,
        outputs: [{ status: 'Succeeded', outputs: 10 }, { status: 'Failed' }, { status: 'Succeeded', outputs: 5 }],
      },
    ]);
  });

  it('succeeds for an empty array, with its actions skipped', async () => {
    const result = await run({ Each: foreach([], { Do: compose(1) }) });
    expect(states(result)).toEqual({ Each: 'Succeeded', Do: 'Skipped' });
    expect(result.actions['Do']?.repetitions).toEqual([]);
  });

  it('fails for what is not an array, with the service’s words and a remedy for null', async () => {
    const result = await run(
      { Each: foreach("@triggerBody()?['entities']", { Do: compose(1) }) },
      { trigger: { body: {} } },
    );
    expect(result.actions['Each']).toMatchObject({
      status: 'Failed',
      code: 'ExpressionEvaluationFailed',
      error: {
        message:
          "The execution of template action 'Each' failed: the result of the evaluation of 'foreach' expression '@triggerBody()?['entities']' is of type 'Null'. The result must be a valid array.",
        remedy: "Give it an empty array where there is nothing: coalesce(…, json('[]')).",
        pointer: '/actions/Each/foreach',
      },
    });
    expect(result.actions['Do']).toMatchObject({ status: 'Skipped', error: { code: 'ActionDependencyFailed' } });
  });

  it('refuses more items than the service processes', async () => {
    const result = await run({ Each: foreach('@range(0, 11)', { Do: compose(1) }) }, { limits: { foreachItems: 10 } });
    expect(result.actions['Each']?.error?.message).toContain('at most 10 items, but there are 11');
  });

  it('keeps item() of a Select apart from the item of the loop around it', async () => {
    const result = await run({
      Each: foreach("@createArray('x', 'y')", {
        Map: {
          type: 'Select',
          inputs: { from: '@range(1, 2)', select: "@concat(items('Each'), string(item()))" },
          runAfter: {},
        },
      }),
    });
    expect(result.actions['Map']?.repetitions?.map(({ outputs }) => outputs)).toEqual([
      { body: ['x1', 'x2'] },
      { body: ['y1', 'y2'] },
    ]);
  });
});

describe('Until', () => {
  const until = (expression: unknown, actions: object, more: object = {}) => ({
    type: 'Until',
    expression,
    actions,
    runAfter: following('Init'),
    ...more,
  });
  const count = { Count: { type: 'IncrementVariable', inputs: { name: 'n' }, runAfter: {} } };
  const init = { Init: initialize('n', 'integer', 0) };
  const read = { N: compose("@variables('n')", following('Loop', 'Succeeded', 'Failed', 'TimedOut')) };

  it('repeats until the condition is true, and knows its iterations', async () => {
    const result = await run({
      ...init,
      Loop: until("@equals(variables('n'), 3)", { ...count, Index: compose("@iterationIndexes('Loop')") }),
      ...read,
    });
    expect(result.actions['Loop']).toMatchObject({ status: 'Succeeded', iterations: 3 });
    expect(result.actions['N']?.outputs).toBe(3);
    expect(result.actions['Index']?.repetitions?.map(({ outputs }) => outputs)).toEqual([0, 1, 2]);
    expect(result.actions['Index']?.outputs).toBe(2);
  });

  it('looks at the results of the iteration it has just run', async () => {
    const calls = scripted(
      { status: 200, body: 'Running' },
      { status: 200, body: 'Running' },
      { status: 200, body: 'Done' },
    );
    const result = await run(
      {
        Init: compose(0),
        Loop: until("@equals(body('Poll'), 'Done')", { Poll: http() }),
        Last: compose("@body('Poll')", following('Loop')),
      },
      { calls },
    );
    expect(calls.asked).toHaveLength(3);
    expect(result.actions['Last']?.outputs).toBe('Done');
  });

  it('ends at its count, 60 by default, without failing', async () => {
    const never = "@greater(variables('n'), 1000)";
    expect((await run({ ...init, Loop: until(never, count), ...read })).actions['N']?.outputs).toBe(60);
    const three = await run({ ...init, Loop: until(never, count, { limit: { count: 3 } }), ...read });
    expect(three.actions['N']?.outputs).toBe(3);
    expect(three.actions['Loop']?.status).toBe('Succeeded');
    const fails = await run({
      ...init,
      Loop: until(never, count, { limit: { count: 3 }, operationOptions: 'FailWhenLimitsReached' }),
    });
    expect(fails.actions['Loop']?.error?.message).toContain("not met within its 'limit.count', after 3 iteration(s)");
  });

  it('starts no iteration after its timeout, an hour by default, but ends the one that runs', async () => {
    const slow = {
      ...count,
      Wait: { type: 'Wait', inputs: { interval: { count: 25, unit: 'Minute' } }, runAfter: {} },
    };
    const result = await run({ ...init, Loop: until('@equals(1, 2)', slow), ...read });
    expect(result.actions['N']?.outputs).toBe(3);
    expect(span(result, 'Loop')[1]).toBe(75 * 60_000);
  });

  it('goes on after a failed iteration; the last one decides', async () => {
    const step = { ...count, Step: compose("@div(10, sub(2, variables('n')))", following('Count')) };
    const recovers = await run({ ...init, Loop: until("@greaterOrEquals(variables('n'), 3)", step), ...read });
    expect(recovers.actions['Loop']?.status).toBe('Succeeded');
    const failsLast = await run({ ...init, Loop: until("@greaterOrEquals(variables('n'), 2)", step), ...read });
    expect(failsLast.actions['Loop']).toMatchObject({ status: 'Failed', code: 'ActionFailed' });
  });

  it('refuses limits beyond the service’s', async () => {
    const result = await run({ ...init, Loop: until('@equals(1, 1)', count, { limit: { count: '@add(5000, 1)' } }) });
    expect(result.actions['Loop']?.error?.message).toContain('a number from 1 to 5000');
  });

  it('fails where its condition cannot be evaluated', async () => {
    const result = await run({ ...init, Loop: until("@equals(outputs('Count')['missing'], 1)", count) });
    expect(result.actions['Loop']?.error?.message).toMatch(
      /^Unable to process template language expressions for action 'Loop'/,
    );
  });

  it('stops a loop inside a loop at a failing inner action only for that item', async () => {
    const result = await run({
      Init: compose(0),
      Loop: until('@equals(1, 1)', { Each: foreach('@createArray(1, 2)', { Bad: failing() }) }),
    });
    expect(states(result)).toEqual({ Init: 'Succeeded', Loop: 'Failed', Each: 'Failed', Bad: 'Failed' });
  });
});

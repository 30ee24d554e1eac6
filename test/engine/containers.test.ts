import { describe, expect, it } from 'vitest';
import { compose, failing, following, run, states } from './support/workflow.ts';

const scope = (actions: object, runAfter = {}) => ({ type: 'Scope', actions, runAfter });

describe('Scope', () => {
  it('fails with its last actions, and result() tells about its direct children', async () => {
    const result = await run({
      Try: scope({ First: compose('ok'), Bad: failing(following('First')), Next: compose('never', following('Bad')) }),
      Catch: compose("@result('Try')", following('Try', 'Failed')),
    });
    expect(result.actions['Try']).toMatchObject({
      status: 'Failed',
      code: 'ActionFailed',
      error: { message: 'An action failed. No dependent actions succeeded.' },
    });
    expect(result.status).toBe('Succeeded');
    expect(result.actions['Catch']?.outputs).toMatchObject([
      { name: 'First', status: 'Succeeded', code: 'OK', inputs: 'ok', outputs: 'ok' },
      { name: 'Bad', status: 'Failed', code: 'BadRequest', error: { code: 'InvalidTemplate' } },
      { name: 'Next', status: 'Skipped', code: 'ActionSkipped', error: { code: 'ActionConditionFailed' } },
    ]);
  });

  it('stays Succeeded when a failure inside is handled', async () => {
    const result = await run({ Try: scope({ Bad: failing(), Handle: compose(1, following('Bad', 'Failed')) }) });
    expect(result.actions['Try']?.status).toBe('Succeeded');
    expect(result.actions['Try']?.code).toBeUndefined();
  });

  it('leaves its content skipped when it is skipped itself, naming itself', async () => {
    const result = await run({
      Root: compose(1),
      Not: scope({ Inside: compose(1), Deeper: scope({ Deepest: compose(1) }) }, following('Root', 'Failed')),
    });
    expect(states(result)).toEqual({
      Root: 'Succeeded',
      Not: 'Skipped',
      Inside: 'Skipped',
      Deeper: 'Skipped',
      Deepest: 'Skipped',
    });
    expect(result.actions['Inside']?.error).toEqual({
      code: 'ActionDependencyFailed',
      message:
        "The execution of template action 'Inside' is skipped: dependant action 'Not' completed with status 'Skipped' and code 'ActionSkipped'.",
    });
  });

  it('is cut off by its timeout: what runs is cancelled, what has not started is skipped', async () => {
    const result = await run({
      Slow: {
        ...scope({
          Wait: { type: 'Wait', inputs: { interval: { count: 10, unit: 'Minute' } }, runAfter: {} },
          Next: compose(1, following('Wait')),
        }),
        limit: { timeout: 'PT1M' },
      },
      Late: compose('handled', following('Slow', 'TimedOut')),
    });
    expect(states(result)).toEqual({ Slow: 'TimedOut', Wait: 'Cancelled', Next: 'Skipped', Late: 'Succeeded' });
    expect(Date.parse(result.endTime) - Date.parse(result.startTime)).toBe(60_000);
  });

  it('lets a later action read what happened inside', async () => {
    const result = await run({
      Box: scope({ Inside: compose({ id: 7 }) }),
      Read: compose("@outputs('Inside')['id']", following('Box')),
    });
    expect(result.actions['Read']?.outputs).toBe(7);
  });
});

describe('If', () => {
  const decide = (expression: unknown) =>
    run({
      Check: {
        type: 'If',
        expression,
        actions: { Yes: compose(1) },
        else: { actions: { No: compose(2), Next: compose(3, following('No')) } },
        runAfter: {},
      },
    });

  it('takes one branch and records the other as skipped by its condition', async () => {
    const result = await decide('@equals(1, 1)');
    expect(states(result)).toEqual({ Check: 'Succeeded', Yes: 'Succeeded', No: 'Skipped', Next: 'Skipped' });
    expect(result.actions['No']?.error).toEqual({
      code: 'ActionBranchingConditionNotSatisfied',
      message:
        "The execution of template action 'No' skipped: the branching condition for this action is not satisfied.",
    });
    expect(result.actions['Next']?.error?.code).toBe('ActionConditionFailed');
  });

  it.each([
    [{ equals: ['@add(1, 1)', 2] }, true],
    [{ and: [{ greater: [3, 2] }, { not: { equals: ['a', 'b'] } }] }, true],
    [{ and: [{ greater: [3, 2] }, { less: [3, 2] }] }, false],
    [{ or: [{ equals: ['a', 'b'] }, { startsWith: ['High', 'hi'] }] }, true],
    [{ or: [] }, true],
    [{ and: [] }, true],
    [{ not: { contains: ["@createArray('New', 'Active')", 'New'] } }, false],
    [{ greaterOrEquals: [2, 2] }, true],
    [{ lessOrEquals: [3, 2] }, false],
    [{ endsWith: ['incident.closed', 'CLOSED'] }, true],
    [{ and: ["@equals('x', 'x')", { equals: [true, true] }] }, true],
    [{ and: [{ or: [{ equals: [1, 2] }, { and: [{ equals: [1, 1] }] }] }] }, true],
  ])('evaluates the designer’s tree %j', async (expression, taken) => {
    expect((await decide(expression)).actions['Yes']?.status).toBe(taken ? 'Succeeded' : 'Skipped');
  });

  it('fails where the condition is not a boolean, with its branches skipped', async () => {
    const result = await decide("@triggerBody()?['severity']");
    expect(result.actions['Check']).toMatchObject({ status: 'Failed', code: 'ExpressionEvaluationFailed' });
    expect(result.actions['Check']?.error?.message).toContain(
      "It is of type 'Null' but is expected to be a value of type 'Boolean'",
    );
    expect(result.actions['Yes']?.error?.code).toBe('ActionDependencyFailed');
  });

  it('fails with InvalidTemplate where an operand cannot be evaluated, or an operator does not exist', async () => {
    const missing = await decide({ equals: ["@triggerBody()['severity']", 'High'] });
    expect(missing.actions['Check']?.error).toMatchObject({ code: 'InvalidTemplate', pointer: '/actions/Check' });
    expect(missing.actions['Check']?.error?.message).toMatch(
      /^Unable to process template language expressions for action 'Check'/,
    );
    const unknown = await decide({ resembles: [1, 2] });
    expect(unknown.actions['Check']?.error?.message).toContain('resembles');
  });

  it('fails when the branch it took fails', async () => {
    const result = await run({
      Check: {
        type: 'If',
        expression: { equals: [1, 1] },
        actions: { Bad: failing() },
        else: { actions: {} },
        runAfter: {},
      },
    });
    expect(states(result)).toEqual({ Check: 'Failed', Bad: 'Failed' });
  });
});

describe('Switch', () => {
  const choose = (expression: unknown, cases: Record<string, unknown>) =>
    run({
      Route: {
        type: 'Switch',
        expression,
        cases: Object.fromEntries(
          Object.entries(cases).map(([name, value]) => [
            `Case_${name}`,
            { case: value, actions: { [`Do_${name}`]: compose(name) } },
          ]),
        ),
        default: { actions: { Do_default: compose('default') } },
        runAfter: {},
      },
    });

  it('takes the case with the value, else the default', async () => {
    expect(states(await choose("@concat('High', '')", { A: 'High', B: 'Low' }))).toEqual({
      Route: 'Succeeded',
      Do_A: 'Succeeded',
      Do_B: 'Skipped',
      Do_default: 'Skipped',
    });
    expect((await choose('Medium', { A: 'High' })).actions['Do_default']?.status).toBe('Succeeded');
    expect((await choose('@add(1, 1)', { A: 1, B: 2 })).actions['Do_B']?.status).toBe('Succeeded');
  });

  it('distinguishes upper and lower case', async () => {
    expect((await choose('high', { A: 'High' })).actions['Do_A']?.status).toBe('Skipped');
  });

  it('fails on null, and on cases of another type', async () => {
    const none = await choose("@triggerBody()?['severity']", { A: 'High' });
    expect(none.actions['Route']?.error?.message).toContain(
      "It is of type 'Null' but is expected to be a value of type 'String, Integer'",
    );
    expect(none.actions['Do_A']?.status).toBe('Skipped');
    const mixed = await choose('@add(1, 1)', { A: '2' });
    expect(mixed.actions['Route']).toMatchObject({ status: 'Failed', code: 'InternalServerError' });
    expect(mixed.actions['Route']?.error?.message).toContain(
      "'strongEquals' expects parameters of same type, but found 'Integer,String'",
    );
  });
});

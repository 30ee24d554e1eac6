import { describe, expect, it } from 'vitest';
import { compose, failing, following, http, run, scripted, span, states } from './support/workflow.ts';

const wait = (seconds: number, runAfter = {}) => ({
  type: 'Wait',
  inputs: { interval: { count: seconds, unit: 'Second' } },
  runAfter,
});

describe('runAfter', () => {
  it('starts an action when what it runs after has succeeded', async () => {
    const result = await run({ Second: compose("@outputs('First')", following('First')), First: compose(1) });
    expect(states(result)).toEqual({ Second: 'Succeeded', First: 'Succeeded' });
    expect(result.actions['Second']?.outputs).toBe(1);
  });

  it('skips an action whose predecessor ended in another state, and says which', async () => {
    const result = await run({
      Check: failing(),
      Next: compose(1, following('Check')),
      Later: compose(2, following('Next')),
    });
    expect(states(result)).toEqual({ Check: 'Failed', Next: 'Skipped', Later: 'Skipped' });
    expect(result.actions['Next']).toMatchObject({
      code: 'ActionSkipped',
      error: {
        code: 'ActionConditionFailed',
        message:
          "The execution of template action 'Next' is skipped: the 'runAfter' condition for action 'Check' is not satisfied. Expected status values 'Succeeded' and actual value 'Failed'.",
      },
    });
    expect(result.actions['Later']?.error?.message).toContain("actual value 'Skipped'");
  });

  it.each([
    ['Failed', failing()],
    ['TimedOut', { ...wait(60), limit: { timeout: 'PT5S' } }],
    ['Skipped', compose(1, following('Root', 'Failed'))],
    ['Succeeded', compose(1)],
  ])('lets an action run after %s', async (state, action) => {
    const result = await run({ Root: compose(0), Before: action, Handler: compose('ran', following('Before', state)) });
    expect(result.actions['Before']?.status).toBe(state);
    expect(result.actions['Handler']?.status).toBe('Succeeded');
  });

  it('takes states in capitals, as old designers wrote them', async () => {
    const result = await run({ A: compose(1), B: compose(2, following('A', 'SUCCEEDED')) });
    expect(states(result)).toEqual({ A: 'Succeeded', B: 'Succeeded' });
  });

  it('waits for all predecessors and needs the state of each', async () => {
    const result = await run({
      A: wait(10),
      B: failing(),
      Both: compose(1, { ...following('A'), ...following('B') }),
      Either: compose(1, { ...following('A'), ...following('B', 'Succeeded', 'Failed') }),
    });
    expect(states(result)).toEqual({ A: 'Succeeded', B: 'Failed', Both: 'Skipped', Either: 'Succeeded' });
    expect(span(result, 'Either')).toEqual([10_000, 10_000]);
  });

  it('runs branches side by side', async () => {
    const result = await run({
      Slow: wait(30),
      Fast: wait(10),
      AfterFast: compose(1, following('Fast')),
      Join: compose(1, { ...following('Slow'), ...following('AfterFast') }),
    });
    expect(span(result, 'AfterFast')).toEqual([10_000, 10_000]);
    expect(span(result, 'Join')).toEqual([30_000, 30_000]);
  });

  it('makes the calls of parallel branches in the order of the definition, every time', async () => {
    const order = async () => {
      const calls = scripted({ status: 200, body: {} });
      await run({ B: http(), A: http(), C: http(following('A')), D: http(following('B')) }, { calls });
      return calls.asked.map(({ action }) => action);
    };
    expect(await order()).toEqual(['B', 'A', 'D', 'C']);
    expect(await order()).toEqual(await order());
  });
});

describe('the status of a run', () => {
  it('is Succeeded when the last actions succeeded', async () => {
    const result = await run({ A: compose(1) });
    expect(result.status).toBe('Succeeded');
    expect(result.code).toBeUndefined();
  });

  it('is Failed when a last action failed', async () => {
    expect(await run({ A: failing() })).toMatchObject({
      status: 'Failed',
      code: 'ActionFailed',
      error: { code: 'ActionFailed', message: 'An action failed. No dependent actions succeeded.' },
    });
  });

  it('is Succeeded when a failure was handled by the action after it', async () => {
    const result = await run({ A: failing(), Handle: compose(1, following('A', 'Failed')) });
    expect(result.status).toBe('Succeeded');
  });

  it('is Failed when a branch ends with an action skipped because of a failure, though another branch handled it', async () => {
    const result = await run({
      A: failing(),
      Handle: compose(1, following('A', 'Failed')),
      Go: compose(1, following('A')),
    });
    expect(result.status).toBe('Failed');
  });

  it('is Succeeded when both ways meet again', async () => {
    const result = await run({
      A: failing(),
      Handle: compose(1, following('A', 'Failed')),
      Go: compose(1, following('A')),
      Meet: compose(1, { ...following('Handle', 'Succeeded', 'Skipped'), ...following('Go', 'Succeeded', 'Skipped') }),
    });
    expect(result.status).toBe('Succeeded');
  });

  it('looks through skipped actions to what made them skip', async () => {
    const handlerNotNeeded = await run({ A: compose(1), Handle: compose(1, following('A', 'Failed')) });
    expect(handlerNotNeeded.status).toBe('Succeeded');
    const chain = await run({ A: failing(), B: compose(1, following('A')), C: compose(1, following('B')) });
    expect(chain.status).toBe('Failed');
  });

  it('is Failed when any one of the parallel branches fails', async () => {
    expect((await run({ A: compose(1), B: failing() })).status).toBe('Failed');
  });

  it('is Succeeded for a workflow without actions', async () => {
    expect((await run({})).status).toBe('Succeeded');
  });
});

describe('an action whose expression fails', () => {
  it('fails with InvalidTemplate and a message that names action, property and choice', async () => {
    const result = await run(
      { Read: compose("@triggerBody()['object']['titel']") },
      { trigger: { body: { object: { title: 'Sign-in from a new country', id: 'x' } } } },
    );
    expect(result.actions['Read']).toMatchObject({
      status: 'Failed',
      code: 'BadRequest',
      error: { code: 'InvalidTemplate' },
    });
    expect(result.actions['Read']?.error?.message).toMatch(
      /^Unable to process template language expressions in action 'Read' inputs at line '0' and column '0': '.*property 'titel' doesn't exist, available properties are 'title, id'/,
    );
    expect(result.actions['Read']?.inputs).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { compose, following, initialize, run } from './support/workflow.ts';

/** Milliseconds of a piece of work. */
async function duration(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Far more than the work needs where it grows with the size, far less than where it grows with the square of it. */
const LIMIT = 15_000;

describe('a large workflow', () => {
  const names = Array.from({ length: 5_000 }, (_, index) => `A${index}`);
  const limits = { actions: 5_000 };
  const chain = (inputs: (index: number) => unknown) =>
    names.map((name, index) => [name, compose(inputs(index), index === 0 ? {} : following(`A${index - 1}`))] as const);

  it.each([
    ['one after the other', chain((index) => index)],
    ['one after the other, written from the last to the first', chain((index) => index).reverse()],
    ['that all look at the first', chain((index) => (index === 0 ? 0 : "@outputs('A0')"))],
    ['side by side', names.map((name) => [name, compose(1)] as const)],
  ])('has 5,000 actions %s', { timeout: 60_000 }, async (_, actions) => {
    const took = await duration(async () => {
      expect((await run(Object.fromEntries(actions), { limits })).status).toBe('Succeeded');
    });
    expect(took).toBeLessThan(LIMIT);
  });

  it('skips 5,000 actions behind one that fails', { timeout: 60_000 }, async () => {
    const actions = Object.fromEntries(chain((index) => (index === 0 ? '@div(1, 0)' : 1)));
    const took = await duration(async () => expect((await run(actions, { limits })).status).toBe('Failed'));
    expect(took).toBeLessThan(LIMIT);
  });

  it.each([
    ['array', [], 'AppendToArrayVariable', 100_000],
    ['string', '', 'AppendToStringVariable', 600_000],
  ])('appends 100,000 times to a variable of type %s', { timeout: 60_000 }, async (type, empty, append, length) => {
    const actions = {
      Start: initialize('v', type, empty),
      Each: {
        type: 'Foreach',
        foreach: '@range(0, 100000)',
        actions: { Append: { type: append, inputs: { name: 'v', value: 'a text' }, runAfter: {} } },
        runAfter: following('Start'),
      },
      Length: compose("@length(variables('v'))", following('Each')),
    };
    const took = await duration(async () => expect((await run(actions)).actions['Length']?.outputs).toBe(length));
    expect(took).toBeLessThan(LIMIT);
  });
});

import { describe, expect, it } from 'vitest';
import { compose, following, initialize, run } from './support/workflow.ts';

/** What grows with the square of the size does not end within the time that any test has. */
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
  ])('has 5,000 actions %s', async (_, actions) => {
    expect((await run(Object.fromEntries(actions), { limits })).status).toBe('Succeeded');
  });

  it('skips 5,000 actions behind one that fails', async () => {
    const actions = Object.fromEntries(chain((index) => (index === 0 ? '@div(1, 0)' : 1)));
    expect((await run(actions, { limits })).status).toBe('Failed');
  });

  it.each([
    ['array', [], 'AppendToArrayVariable', 100_000],
    ['string', '', 'AppendToStringVariable', 600_000],
  ])('appends 100,000 times to a variable of type %s', async (type, empty, append, length) => {
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
    expect((await run(actions)).actions['Length']?.outputs).toBe(length);
  });
});

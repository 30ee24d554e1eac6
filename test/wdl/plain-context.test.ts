import { describe, expect, it } from 'vitest';
import { readPlainContext } from '../../src/wdl/plain-context.ts';

describe('readPlainContext', () => {
  it('takes every member, and none', () => {
    expect(readPlainContext({})).toMatchObject({ actions: {} });
    const whole = {
      trigger: { outputs: { body: 1 } },
      actions: { A: { outputs: 1, status: 'Succeeded' } },
      variables: { v: 1 },
      parameters: { p: 1 },
      items: { Loop: 1 },
      workflow: { name: 'w' },
      iterationIndexes: { Until: 2 },
    };
    expect(readPlainContext(whole)).toMatchObject(whole);
  });

  it('ignores what it does not know, and null', () => {
    expect(readPlainContext({ comment: 1, trigger: null, actions: null })).toEqual({
      actions: {},
      iterationIndexes: {},
    });
  });

  it.each([
    [[], "the context must be an object, but it is of type 'Array'"],
    [{ trigger: 'x' }, "trigger must be an object, but it is of type 'String'"],
    [{ actions: { A: 5 } }, "actions.A must be an object, but it is of type 'Integer'"],
    [{ variables: [] }, 'variables must be an object'],
    [{ iterationIndexes: { Until: 'a' } }, 'iterationIndexes.Until must be a number'],
  ])('says what is wrong with %j', (value, message) => {
    expect(() => readPlainContext(value)).toThrow(message);
    expect(() => readPlainContext(value)).toThrow(expect.objectContaining({ reason: 'wdl.context' }));
  });

  it('refuses what belongs into outputs, but not beside them', () => {
    for (const [value, where] of [
      [{ trigger: { body: { a: 1 } } }, "trigger has a member 'body' but no 'outputs'"],
      [{ trigger: { output: {} } }, "trigger has a member 'output'"],
      [{ actions: { Get: { status: 'Succeeded', statusCode: 200 } } }, "actions.Get has a member 'statusCode'"],
    ] as const) {
      expect(() => readPlainContext(value)).toThrow(where);
    }
    const beside = { trigger: { name: 'manual', outputs: null, body: 1 }, actions: { Get: { status: 'Failed' } } };
    expect(readPlainContext(beside)).toMatchObject(beside);
  });
});

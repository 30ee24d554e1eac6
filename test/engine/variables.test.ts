import { describe, expect, it } from 'vitest';
import { compose, following, initialize, run } from './support/workflow.ts';

const set = (name: string, value: unknown, runAfter = {}) => ({
  type: 'SetVariable',
  inputs: { name, value },
  runAfter,
});
const append = (kind: 'Array' | 'String', name: string, value: unknown, runAfter = {}) => ({
  type: `AppendTo${kind}Variable`,
  inputs: { name, value },
  runAfter,
});

describe('variables', () => {
  it('are initialized, set, counted and appended to', async () => {
    const result = await run(
      {
        Init: {
          type: 'InitializeVariable',
          inputs: {
            variables: [
              { name: 'text', type: 'string', value: 'a' },
              { name: 'list', type: 'Array', value: [] },
              { name: 'n', type: 'integer', value: 1 },
              { name: 'ratio', type: 'float', value: 1 },
              { name: 'empty', type: 'object' },
            ],
          },
          runAfter: {},
        },
        AppendText: append('String', 'text', '@triggerBody()', following('Init')),
        AppendNumber: append('String', 'text', 7, following('AppendText')),
        AppendNull: append('String', 'text', "@triggerOutputs()?['none']", following('AppendNumber')),
        AppendList: append('Array', 'list', { id: 1 }, following('Init')),
        Up: { type: 'IncrementVariable', inputs: { name: 'n', value: 4 }, runAfter: following('Init') },
        Down: { type: 'DecrementVariable', inputs: { name: 'n' }, runAfter: following('Up') },
        Half: { type: 'IncrementVariable', inputs: { name: 'ratio', value: 0.5 }, runAfter: following('Init') },
        Read: compose(
          {
            text: "@variables('text')",
            list: "@variables('list')",
            n: "@variables('N')",
            ratio: "@variables('ratio')",
            empty: "@variables('empty')",
          },
          { ...following('AppendNull'), ...following('AppendList'), ...following('Down'), ...following('Half') },
        ),
      },
      { trigger: { body: 'b' } },
    );
    expect(result.actions['Read']?.outputs).toEqual({ text: 'ab7', list: [{ id: 1 }], n: 4, ratio: 1.5, empty: null });
    expect(result.actions['Down']?.outputs).toEqual({ body: { name: 'n', value: 4 } });
  });

  it('leave alone what was read of them before they changed', async () => {
    const result = await run({
      Init: initialize('list', 'array', [1]),
      First: append('Array', 'list', 2, following('Init')),
      Before: compose("@variables('list')", following('First')),
      Second: append('Array', 'list', 3, following('Before')),
      After: compose("@variables('list')", following('Second')),
    });
    expect(result.actions['Before']?.outputs).toEqual([1, 2]);
    expect(result.actions['After']?.outputs).toEqual([1, 2, 3]);
    expect(result.actions['Init']?.inputs).toEqual({ variables: [{ name: 'list', type: 'array', value: [1] }] });
  });

  it('keep their type', async () => {
    const result = await run({ Init: initialize('n', 'integer', 0), Set: set('n', 'three', following('Init')) });
    expect(result.actions['Set']).toMatchObject({
      status: 'Failed',
      code: 'BadRequest',
      error: {
        message:
          "The variable 'n' of type 'Integer' cannot be initialized or updated with value of type 'String'. The variable 'n' only supports values of types 'Integer'.",
      },
    });
    const init = await run({ Init: initialize('flag', 'boolean', 'yes') });
    expect(init.actions['Init']?.error?.message).toContain("of type 'Boolean' cannot be initialized");
  });

  it('do not see the others of the same Initialize variable action', async () => {
    const result = await run({
      Init: {
        type: 'InitializeVariable',
        inputs: {
          variables: [
            { name: 'a', type: 'string', value: 'x' },
            { name: 'b', type: 'string', value: "@variables('a')" },
          ],
        },
        runAfter: {},
      },
    });
    expect(result.actions['Init']?.error).toMatchObject({ code: 'InvalidTemplate' });
    expect(result.actions['Init']?.error?.message).toContain("'a'");
  });

  it('do not take a list or null as the element to append', async () => {
    const result = await run({
      Init: initialize('list', 'array', []),
      List: append('Array', 'list', [1], following('Init')),
      Null: append('Array', 'list', "@triggerBody()?['x']", following('List', 'Failed')),
    });
    expect(result.actions['List']?.error?.message).toBe(
      "The input value is of type 'Array' which cannot be appended to the variable 'list' of type 'Array'. The action type 'AppendToArrayVariable' only supports values of types 'Float, Integer, String, Boolean, Object'.",
    );
    expect(result.actions['Null']?.status).toBe('Failed');
  });

  it('cannot be changed before they are initialized', async () => {
    const result = await run({
      Set: set('late', 1),
      Init: initialize('late', 'integer', 0, following('Set', 'Failed')),
    });
    expect(result.actions['Set']?.error?.message).toContain("'late' must be initialized before it can be used");
  });
});

describe('a variable that parallel branches change', () => {
  it('is an error of the branch that comes second', async () => {
    const result = await run({
      Init: initialize('status', 'string', ''),
      Left: set('status', 'left', following('Init')),
      Right: { type: 'Scope', actions: { Inside: set('status', 'right') }, runAfter: following('Init') },
    });
    expect(result.actions['Left']?.status).toBe('Succeeded');
    expect(result.actions['Inside']).toMatchObject({
      status: 'Failed',
      code: 'VariableUpdateConflict',
      error: {
        message:
          "The variable 'status' is changed by 'Inside' and by 'Left', which run in parallel: its value depends on which of them comes last.",
      },
    });
  });

  it('is none where one runs after the other, or only one branch is taken', async () => {
    const result = await run({
      Init: initialize('status', 'string', ''),
      One: set('status', '1', following('Init')),
      Two: set('status', '2', following('One')),
      Check: {
        type: 'If',
        expression: '@equals(1, 1)',
        actions: { Then: set('status', '3') },
        else: { actions: { Else: set('status', '4') } },
        runAfter: following('Two'),
      },
    });
    expect(result.status).toBe('Succeeded');
  });

  it('is a warning where both only append, and where iterations of a parallel loop do', async () => {
    const result = await run({
      Init: initialize('log', 'string', ''),
      Left: append('String', 'log', 'l', following('Init')),
      Right: append('String', 'log', 'r', following('Init')),
      Each: {
        type: 'Foreach',
        foreach: [1, 2],
        actions: { In_loop: append('String', 'log', 'x') },
        runAfter: { ...following('Left'), ...following('Right') },
      },
    });
    expect(result.status).toBe('Succeeded');
    expect(result.warnings).toEqual([
      expect.stringContaining("'Right' and by 'Left', which run in parallel"),
      expect.stringContaining("'In_loop' changes the variable 'log' inside 'Each', whose iterations run in parallel"),
    ]);
  });
});

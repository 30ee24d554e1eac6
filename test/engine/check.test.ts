import { describe, expect, it } from 'vitest';
import { checkWorkflow } from '../../src/engine/check/check-workflow.ts';
import { serviceLimits } from '../../src/engine/limits.ts';
import { runWorkflow } from '../../src/engine/run.ts';
import { compose, following, http, initialize, workflow } from './support/workflow.ts';

const problems = (actions: Readonly<Record<string, unknown>>, more = {}, limits = {}) =>
  checkWorkflow(workflow(actions, more), { ...serviceLimits, ...limits });

const scope = (actions: object, runAfter = {}) => ({ type: 'Scope', actions, runAfter });
const each = (actions: object) => ({ type: 'Foreach', foreach: [1], actions, runAfter: {} });

describe('checkWorkflow', () => {
  it('finds nothing wrong with a workflow that the service would save', () => {
    expect(
      problems({
        Init: initialize('n', 'integer', 0),
        Try: scope({ Get: http(), Use: compose("@body('Get')", following('Get')) }, following('Init')),
        After: compose(
          "@concat(string(outputs('Use')), string(variables('n')))",
          following('Try', 'Succeeded', 'Failed'),
        ),
        Loop: {
          type: 'Until',
          expression: "@equals(outputs('Step'), iterationIndexes('Loop'))",
          actions: { Step: compose(1) },
          runAfter: following('After'),
        },
      }),
    ).toEqual([]);
  });

  it('names what a wrong runAfter could mean', () => {
    expect(problems({ Get_incident: http(), Check: compose(1, following('Get_incidents')) })).toEqual([
      {
        code: 'workflow.run-after',
        message: "The 'runAfter' of action 'Check' names 'Get_incidents', which does not exist at the same level.",
        pointer: '/actions/Check/runAfter/Get_incidents',
        remedy: 'Actions at this level: Get_incident.',
      },
    ]);
  });

  it.each([
    [
      'a state that there is not',
      { A: compose(1), B: compose(1, following('A', 'Done')) },
      "waits for the state 'Done' of 'A'",
    ],
    ['no state', { A: compose(1), B: { ...compose(1), runAfter: { A: [] } } }, "gives no state for 'A'"],
    [
      'an action inside another one',
      { A: scope({ Inside: compose(1) }), B: compose(1, following('Inside')) },
      "names 'Inside'",
    ],
    ['itself', { A: compose(1, following('A')) }, 'runs after itself'],
    ['a circle', { A: compose(1, following('B')), B: compose(1, following('A')) }, 'wait for one another: A, B'],
  ])('refuses runAfter with %s', (_, actions, message) => {
    expect(problems(actions)[0]).toMatchObject({
      code: 'workflow.run-after',
      message: expect.stringContaining(message),
    });
  });

  it('shows where an expression cannot be read, with a caret', () => {
    const [found] = problems({ Title: compose({ text: ['x', "@concat('a', triggerBody()['title']"] }) });
    expect(found).toMatchObject({ code: 'workflow.expression', pointer: '/actions/Title/inputs/text/1' });
    expect(found?.message).toContain("An expression of 'Title' cannot be used");
    expect(found?.message).toContain('^');
    expect(found?.remedy).toContain('parentheses');
  });

  it('finds functions that do not exist, and wrong numbers of arguments', () => {
    expect(problems({ A: compose("@uppercase('x')") })[0]?.message).toContain('uppercase');
    expect(problems({ A: compose("@replace('x')") })[0]?.message).toContain('replace');
  });

  it.each([
    ['an action that does not exist', { A: compose("@body('Get')") }, 'workflow.unknown-action'],
    [
      'an action in a parallel branch',
      { A: compose(1), B: compose("@outputs('A')") },
      'workflow.not-in-run-after-path',
    ],
    [
      'an action that comes later',
      { A: compose("@outputs('B')"), B: compose(1, following('A')) },
      'workflow.not-in-run-after-path',
    ],
    ['a parameter that is not declared', { A: compose("@parameters('Severity')") }, 'workflow.unknown-parameter'],
    [
      'a parameter that is not declared, for the concurrency of a loop',
      { L: { ...each({}), runtimeConfiguration: { concurrency: { repetitions: "@parameters('Width')" } } } },
      'workflow.unknown-parameter',
    ],
    [
      'a loop that is not around it',
      { L: each({ I: compose(1) }), A: compose("@items('L')", following('L')) },
      'workflow.unknown-loop',
    ],
    ['a variable that nobody creates', { A: compose("@variables('n')") }, 'workflow.unknown-variable'],
    [
      'a variable to set that nobody creates',
      { A: { type: 'SetVariable', inputs: { name: 'n', value: 1 } } },
      'workflow.unknown-variable',
    ],
  ])('refuses a reference to %s', (_, actions, code) => {
    expect(problems(actions)).toEqual([expect.objectContaining({ code })]);
  });

  it('lets an action see what has ended before the scope around it', () => {
    const inner = { Read: compose("@outputs('First')"), Bad: compose("@outputs('Late')") };
    const found = problems({
      First: compose(1),
      Box: scope(inner, following('First')),
      Late: compose(1, following('Box')),
    });
    expect(found.map(({ message }) => message)).toEqual([
      "The inputs of template action 'Bad' cannot reference action 'Late'. Action 'Late' must either be in 'runAfter' path, or within a scope action on the 'runAfter' path of action 'Bad', or be a Trigger.",
    ]);
  });

  it.each([
    ['a variable inside a scope', { S: scope({ Init: initialize('n', 'integer') }) }, 'workflow.variable-not-at-top'],
    ['a variable twice', { A: initialize('n', 'integer'), B: initialize('N', 'string') }, 'workflow.variable-twice'],
    ['a type of variable that there is not', { A: initialize('n', 'number') }, 'workflow.variable-type'],
    [
      'a variable that is set from itself',
      {
        A: initialize('s', 'string', ''),
        B: {
          type: 'SetVariable',
          inputs: { name: 's', value: "@concat(variables('s'), 'x')" },
          runAfter: following('A'),
        },
      },
      'workflow.self-reference',
    ],
    [
      'a Response in a loop',
      { L: each({ R: { type: 'Response', inputs: { statusCode: 200 } } }) },
      'workflow.response-in-loop',
    ],
    ['a name twice', { A: compose(1), S: scope({ a: compose(2) }) }, 'workflow.duplicate-name'],
    ['an action without a type', { A: { inputs: 1 } }, 'workflow.unsupported-type'],
    [
      'an action without what its type needs',
      { A: { type: 'Http', inputs: { method: 'GET' } } },
      'workflow.missing-property',
    ],
    [
      'a Liquid action without content',
      { A: { type: 'Liquid', kind: 'JsonToJson', inputs: {} } },
      'workflow.missing-property',
    ],
  ])('refuses %s', (_, actions, code) => {
    expect(problems(actions)).toEqual([expect.objectContaining({ code })]);
  });

  it.each([
    [
      'conditions of a trigger',
      { triggers: { t: { type: 'Request', conditions: { expression: '@true' } } } },
      '/triggers/t/conditions',
      "The 'conditions' of the trigger 't' must be a list of objects.",
    ],
    ['a trigger', { triggers: { t: [] } }, '/triggers/t', "The trigger 't' must be an object."],
    ['a parameter', { parameters: { P: null } }, '/parameters/P', "The parameter 'P' must be an object."],
    [
      'allowed values',
      { parameters: { P: { type: 'String', allowedValues: 'v' } } },
      '/parameters/P/allowedValues',
      "The 'allowedValues' of the parameter 'P' must be a list.",
    ],
    [
      'secured properties of a trigger',
      { triggers: { t: { type: 'Request', runtimeConfiguration: { secureData: { properties: 'inputs' } } } } },
      '/triggers/t/runtimeConfiguration/secureData/properties',
      "The 'runtimeConfiguration.secureData.properties' of the trigger 't' must be a list.",
    ],
  ])('refuses %s of another shape than the service reads', (_, more, pointer, message) => {
    expect(problems({}, more)).toEqual([expect.objectContaining({ code: 'workflow.shape', pointer, message })]);
  });

  it.each([
    [
      'variables',
      { type: 'InitializeVariable', inputs: { variables: ['n'] } },
      '/inputs/variables',
      "The 'inputs.variables' of the action 'A' must be a list of objects.",
    ],
    [
      'columns',
      { type: 'Table', inputs: { from: [], format: 'CSV', columns: { header: 'a' } } },
      '/inputs/columns',
      "The 'inputs.columns' of the action 'A' must be a list of objects.",
    ],
    [
      'cases',
      { type: 'Switch', expression: 'a', cases: { One: null } },
      '/cases',
      "The 'cases' of the action 'A' must be an object of objects.",
    ],
    [
      'secured properties',
      { ...compose(1), runtimeConfiguration: { secureData: { properties: 1 } } },
      '/runtimeConfiguration/secureData/properties',
      "The 'runtimeConfiguration.secureData.properties' of the action 'A' must be a list.",
    ],
  ])('refuses %s of another shape in an action', (_, action, at, message) => {
    expect(problems({ A: action })).toEqual([
      expect.objectContaining({ code: 'workflow.shape', pointer: `/actions/A${at}`, message }),
    ]);
  });

  it('refuses a loop or a trigger that says twice how much of it runs side by side', () => {
    const concurrency = (numbers: object) => ({ runtimeConfiguration: { concurrency: numbers } });
    const loop = { ...each({}), operationOptions: 'Sequential' };
    expect(problems({ L: loop })).toEqual([]);
    expect(problems({ L: { ...loop, ...concurrency({ repetitions: 1 }) } })).toEqual([
      {
        code: 'workflow.limit',
        pointer: '/actions/L/operationOptions',
        message: "The Foreach 'L' has the option Sequential and a concurrency; the service refuses both together.",
        remedy: 'Leave one of them out.',
      },
    ]);
    const timer = { type: 'Recurrence', operationOptions: 'SingleInstance', ...concurrency({ runs: 1 }) };
    expect(problems({}, { triggers: { 'a/b': timer } })).toEqual([
      expect.objectContaining({
        pointer: '/triggers/a~1b/operationOptions',
        message:
          "The trigger 'a/b' has the option SingleInstance and a concurrency; the service refuses both together.",
      }),
    ]);
  });

  it('names a type that it cannot run', () => {
    expect(problems({ A: scope({ Check: { type: 'XmlValidation', inputs: {} } }) })).toEqual([
      expect.objectContaining({
        message:
          "The action 'Check' is of type 'XmlValidation', which needs an integration account with its maps, schemas or partners: this engine has none.",
        pointer: '/actions/A/actions/Check/type',
      }),
    ]);
    for (const type of ['xmlvalidation', 'FlatFileDecoding', 'As2Encode', 'IntegrationAccountArtifactLookup']) {
      expect(problems({ A: { type, inputs: {} } })[0]?.message).toContain('needs an integration account');
    }
    expect(problems({ A: { type: 'Agent', inputs: {} } })[0]?.message).toBe(
      "The action 'A' is of type 'Agent', which this engine cannot run.",
    );
  });

  it('holds the limits of the service', () => {
    const many = Object.fromEntries(Array.from({ length: 501 }, (_, index) => [`A${index}`, compose(1)]));
    expect(problems(many)[0]?.message).toBe('The workflow has 501 actions; the limit is 500.');
    const deep = Array.from({ length: 9 }, (_, level) => level).reduceRight<object>(
      (inner, level) => scope({ [`S${level}`]: inner }),
      compose(1),
    );
    expect(problems({ Top: deep })[0]?.message).toContain('nested deeper than 8 levels');
    const long = compose(`@concat('${'x'.repeat(131_072)}')`);
    expect(problems({ Long: long })[0]?.message).toContain('The limit is 131072');
    const cases = Object.fromEntries(
      Array.from({ length: 26 }, (_, index) => [`C${index}`, { case: index, actions: {} }]),
    );
    expect(problems({ S: { type: 'Switch', expression: '@1', cases } })[0]?.message).toContain(
      '26 cases; the limit is 25',
    );
  });

  it.each([[0], [51], [1.5], [-1]])('refuses a concurrency of %d for a Foreach', (repetitions) => {
    const loop = {
      type: 'Foreach',
      foreach: '@range(0, 3)',
      actions: {},
      runtimeConfiguration: { concurrency: { repetitions } },
    };
    expect(problems({ F: { ...loop, runAfter: {} } })).toEqual([
      {
        code: 'workflow.limit',
        pointer: '/actions/F/runtimeConfiguration/concurrency/repetitions',
        message: `The Foreach 'F' has the concurrency ${repetitions}; it must be a whole number from 1 to 50.`,
      },
    ]);
    const fits = { ...loop, runtimeConfiguration: { concurrency: { repetitions: 50 } } };
    expect(problems({ F: fits })).toEqual([]);
  });

  it('holds the limits of loops, triggers, parameters and outputs', () => {
    const named = (count: number, value: unknown) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`N${index}`, value]));
    const timer = { type: 'Recurrence', recurrence: { frequency: 'Day', interval: 1 } };
    const until = { type: 'Until', expression: '@true', actions: {}, limit: { count: 5_001 } };
    const messages = (actions: Record<string, unknown>, more: Record<string, unknown>) =>
      problems(actions, more).map(({ message }) => message);
    expect(messages({ U: until }, {})).toEqual([
      "The Until 'U' has the limit 5001; it must be a whole number from 1 to 5000.",
    ]);
    expect(messages({}, { triggers: named(10, timer) })).toEqual([]);
    expect(messages({}, { triggers: named(11, timer) })).toEqual(['The workflow has 11 triggers; the limit is 10.']);
    expect(messages({}, { parameters: named(51, { type: 'String', defaultValue: '' }) })).toEqual([
      'The workflow has 51 parameters; the limit is 50.',
    ]);
    expect(messages({}, { outputs: named(11, { type: 'String', value: '' }) })).toEqual([
      'The workflow has 11 outputs; the limit is 10.',
    ]);
    const busy = { triggers: { T: { ...timer, runtimeConfiguration: { concurrency: { runs: 101 } } } } };
    expect(messages({}, busy)).toEqual([
      "The trigger 'T' has the concurrency 101; it must be a whole number from 1 to 100.",
    ]);
  });

  it('refuses cases of one value, and of one value only', () => {
    const cases = (a: unknown, b: unknown) => ({
      S: { type: 'Switch', expression: '@1', cases: { A: { case: a, actions: {} }, B: { case: b, actions: {} } } },
    });
    expect(problems(cases(1, 1))).toEqual([
      expect.objectContaining({
        code: 'workflow.switch-case',
        pointer: '/actions/S/cases/B/case',
        message: "The cases 'A' and 'B' of the Switch 'S' have one value: 1.",
      }),
    ]);
    expect(problems(cases('x', 'x'))).toHaveLength(1);
    for (const [a, b] of [
      ['x', 'X'],
      [1, '1'],
      [1, 2],
    ])
      expect(problems(cases(a, b))).toEqual([]);
  });

  it('needs a trigger', () => {
    expect(problems({}, { triggers: {} })[0]?.code).toBe('workflow.no-trigger');
  });
});

describe('a broken workflow', () => {
  it('is refused before anything runs, with all problems in one error', async () => {
    const definition = workflow({
      A: compose(1, following('B')),
      C: { type: 'FlatFileEncoding' },
      D: compose(1, following('E')),
    });
    const error = await runWorkflow(definition, { calls: () => ({ status: 200 }) }).catch((one: unknown) => one);
    expect(error).toMatchObject({
      code: 'workflow.run-after',
      where: { path: '/actions/A/runAfter/B' },
      remedy: 'Actions at this level: C, D.',
    });
    expect((error as Error).message).toContain("Also wrong:\n  The action 'C' is of type 'FlatFileEncoding'");
    expect((error as Error).message).toContain('(/actions/D/runAfter/E)');
  });
});

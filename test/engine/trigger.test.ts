import { describe, expect, it } from 'vitest';
import { runWorkflow } from '../../src/engine/run.ts';
import { compose, run, scripted, workflow } from './support/workflow.ts';

const read = { Read: compose('@triggerBody()') };
const hook = (more: object) => ({
  triggers: { Incident: { type: 'ApiConnectionWebhook', inputs: { path: '/incident-creation' }, ...more } },
});

describe('a trigger', () => {
  it('gives the run its body, headers and time', async () => {
    const result = await run(
      {
        Read: compose({
          body: '@triggerBody()',
          header: "@triggerOutputs()['headers']['x-id']",
          name: "@trigger()['name']",
          at: "@trigger()['startTime']",
        }),
      },
      { trigger: { body: { a: 1 }, headers: { 'x-id': '7' } } },
    );
    expect(result.actions['Read']?.outputs).toEqual({
      body: { a: 1 },
      header: '7',
      name: 'manual',
      at: '2026-01-10T08:00:00.0000000Z',
    });
    expect(result.trigger).toEqual({
      name: 'manual',
      status: 'Succeeded',
      outputs: { headers: { 'x-id': '7' }, body: { a: 1 } },
    });
  });

  it('has no body for a recurrence, and an empty one when a person presses Run', async () => {
    const timer = await run(read, {
      definition: { triggers: { Timer: { type: 'Recurrence', recurrence: { frequency: 'Hour', interval: 1 } } } },
    });
    expect(timer.actions['Read']?.outputs).toBeNull();
    const manual = await run(read, { definition: hook({}) });
    expect(manual.actions['Read']?.outputs).toBeNull();
  });

  it('does not fire unless all its conditions are true', async () => {
    const conditions = [
      { expression: "@equals(triggerBody()?['object']?['properties']?['status'], 'New')" },
      { expression: "@greater(length(triggerBody()['object']['properties']['title']), 0)" },
    ];
    const fire = (properties: object) =>
      run(read, { definition: hook({ conditions }), trigger: { body: { object: { properties } } as never } });
    expect((await fire({ status: 'New', title: 'x' })).status).toBe('Succeeded');
    const skipped = await fire({ status: 'Closed', title: 'x' });
    expect(skipped).toMatchObject({
      status: 'Skipped',
      actions: {},
      trigger: { status: 'Skipped', reason: expect.stringContaining("'New'") },
    });
    const broken = await fire({ status: 'New' });
    expect(broken).toMatchObject({
      status: 'Failed',
      error: { code: 'InvalidTemplate', pointer: '/triggers/Incident' },
    });
  });

  it('starts a run for every item of its splitOn', async () => {
    const definition = hook({ splitOn: "@triggerBody()?['value']" });
    const result = await run(read, { definition, trigger: { body: { value: ['a', 'b', 'c'] } } });
    const outputs = [result, ...(result.siblings ?? [])].map(({ actions }) => actions['Read']?.outputs);
    expect(outputs).toEqual(['a', 'b', 'c']);
    expect(new Set([result, ...(result.siblings ?? [])].map(({ runName }) => runName)).size).toBe(3);
    expect((await run(read, { definition, trigger: { body: { value: [] } } })).status).toBe('Skipped');
    expect((await run(read, { definition, trigger: { body: {} } })).status).toBe('Skipped');
    const text = await run(read, { definition, trigger: { body: { value: 'a' } } });
    expect(text.error?.message).toContain("is of type 'String'. The result must be a valid array");
  });

  it('asks for its own news where it polls', async () => {
    const definition = {
      triggers: {
        Poll: {
          type: 'Http',
          inputs: { method: 'GET', uri: 'https://api.contoso.com/news' },
          recurrence: { frequency: 'Minute', interval: 1 },
        },
      },
    };
    const calls = scripted({ status: 200, body: ['news'] });
    const result = await run(read, { definition, calls });
    expect(result.actions['Read']?.outputs).toEqual(['news']);
    expect(result.calls.map(({ action, status }) => [action, status])).toEqual([['Poll', 200]]);
    expect((await run(read, { definition, calls: scripted({ status: 202 }) })).status).toBe('Skipped');
    expect((await run(read, { definition, calls: scripted({ status: 500 }) })).status).toBe('Failed');
  });

  it('fails where what it asks for cannot be evaluated, as for a connection that is not declared', async () => {
    const polling = (type: string, inputs: object) => ({
      parameters: {},
      triggers: { 'New/item': { type, inputs, recurrence: { frequency: 'Minute', interval: 1 } } },
    });
    const host = { connection: { name: "@parameters('$connections')['sql']['connectionId']" } };
    const inputs = { host, method: 'get', path: '/items' };
    const result = await run(read, { definition: polling('ApiConnection', inputs) });
    expect(result).toMatchObject({
      status: 'Failed',
      actions: {},
      calls: [],
      trigger: { name: 'New/item', status: 'Failed' },
      error: {
        code: 'InvalidTemplate',
        message:
          "Unable to process template language expressions in trigger 'New/item' inputs at line '0' and column '0': 'The workflow parameter '$connections' is not found.'.",
        pointer: '/triggers/New~1item/inputs',
        remedy: 'Declare it under the parameters of the workflow.',
      },
    });
    const odd = await run(read, { definition: polling('Http', { method: 'GET', uri: "@concat('/', 1)" }) });
    expect(odd).toMatchObject({
      status: 'Failed',
      error: { code: 'BadRequest', message: "The 'uri' of 'New/item' is not an absolute HTTP address: '/1'." },
    });
  });

  it('checks its schema only where that is switched on', async () => {
    const schema = { type: 'object', properties: { eventType: { type: 'integer' } }, required: ['eventType'] };
    const request = (operationOptions?: string) => ({
      triggers: { manual: { type: 'Request', inputs: { schema }, ...(operationOptions && { operationOptions }) } },
    });
    expect((await run(read, { definition: request(), trigger: { body: {} } })).status).toBe('Succeeded');
    const refused = await run(read, {
      definition: request('EnableSchemaValidation'),
      trigger: { body: { eventType: 'x' } },
    });
    expect(refused.error?.code).toBe('TriggerInputSchemaMismatch');
  });

  it('fails where its schema is none', async () => {
    const inputs = { schema: { type: 'object', properties: null } };
    const { error } = await run(read, {
      definition: { triggers: { 'a/b': { type: 'Request', inputs, operationOptions: 'EnableSchemaValidation' } } },
      trigger: { body: {} },
    });
    expect(error).toEqual({
      code: 'BadRequest',
      message: "The 'schema' of trigger 'a/b' is not valid JSON schema: properties value must be [\"object\"].",
      pointer: '/triggers/a~1b/inputs/schema',
    });
  });

  it('must be chosen where there are several, and exist', async () => {
    const triggers = { A: { type: 'Request' }, B: { type: 'Request' } };
    const definition = workflow(read, { triggers });
    const calls = scripted();
    await expect(runWorkflow(definition, { calls })).rejects.toMatchObject({
      code: 'workflow.trigger',
      remedy: 'Say which one fires (--trigger-name <name>).',
    });
    await expect(runWorkflow(definition, { calls, trigger: { name: 'C' } })).rejects.toMatchObject({
      remedy: 'It has: A, B.',
    });
    expect((await runWorkflow(definition, { calls, trigger: { name: 'b' } })).trigger.name).toBe('B');
  });
});

describe('parameters of a workflow', () => {
  const declared = (parameters: object) => workflow({ Read: compose("@parameters('Severity')") }, { parameters });
  const calls = scripted();

  it('take the given value, else their default', async () => {
    const definition = declared({ Severity: { type: 'String', defaultValue: 'High' } });
    expect((await runWorkflow(definition, { calls })).actions['Read']?.outputs).toBe('High');
    expect((await runWorkflow(definition, { calls, parameters: { severity: 'Low' } })).actions['Read']?.outputs).toBe(
      'Low',
    );
  });

  it.each([
    [{ Severity: { type: 'String' } }, {}, "The value for the workflow parameter 'Severity' is not provided."],
    [
      { Severity: { type: 'Int', defaultValue: 'High' } },
      {},
      "The value of parameter 'Severity' is of type 'String', but the parameter is declared as 'Int'.",
    ],
    [
      { Severity: { type: 'String', allowedValues: ['High', 'Low'] } },
      { Severity: 'Odd' },
      `The value "Odd" of parameter 'Severity' is not allowed.`,
    ],
    [{ Severity: { type: 'String', defaultValue: '' } }, { Tag: 'x' }, "The workflow declares no parameter 'Tag'."],
  ])('are refused: %j with %j', async (parameters, given, message) => {
    await expect(runWorkflow(declared(parameters), { calls, parameters: given as never })).rejects.toMatchObject({
      code: 'workflow.parameter',
      message,
    });
  });
});

describe('the outputs of a workflow', () => {
  it('are evaluated at the end of a run that succeeded', async () => {
    const outputs = { title: { type: 'String', value: "@outputs('Read')" } };
    const result = await run({ Read: compose('T') }, { definition: { outputs } });
    expect(result.outputs).toEqual({ title: 'T' });
  });

  it('fail the run where they cannot be evaluated', async () => {
    const outputs = { title: { type: 'String', value: "@outputs('Read')['x']['y']" } };
    const result = await run({ Read: compose({}) }, { definition: { outputs } });
    expect(result).toMatchObject({ status: 'Failed', error: { code: 'InvalidTemplate', pointer: '/outputs' } });
  });
});

describe('a Request trigger', () => {
  const definition = (inputs: object) => ({ triggers: { manual: { type: 'Request', kind: 'Http', inputs } } });
  const seen = {
    Read: compose({
      query: "@triggerOutputs()?['queries']?['x']",
      header: "@triggerOutputs()?['headers']?['x-h']",
      path: "@triggerOutputs()?['relativePathParameters']",
    }),
  };

  it('sees headers, queries and the path, all of them texts', async () => {
    const result = await run(seen, {
      definition: definition({ method: 'GET', relativePath: '/a/{id}/b-{part}' }),
      trigger: { method: 'get', path: '/a/wow%25wee%3f/b-%C3%A4?x=1&y=2&x=%20', headers: { 'X-H': 7 } },
    });
    expect(result.actions['Read']?.outputs).toEqual({
      query: '1, ',
      header: '7',
      path: { id: 'wow%wee?', part: 'ä' },
    });
    expect(result.trigger.outputs).toMatchObject({ queries: { x: '1, ', y: '2' } });
    expect(result.warnings).toEqual([]);
  });

  it('takes queries and path parameters apart from the path, too', async () => {
    const result = await run(seen, {
      definition: definition({ relativePath: 'a/{id}' }),
      trigger: { queries: { x: 1 }, relativePathParameters: { id: '7' }, body: {} },
    });
    expect(result.actions['Read']?.outputs).toEqual({ query: '1', header: null, path: { id: '7' } });
  });

  it.each([
    [{ method: 'POST', path: '/a/7' }, 'MethodNotAllowed', 'takes requests with the method GET, not POST'],
    [{ path: '/b/7' }, 'NotFound', "takes requests to '/a/{id}'; '/b/7' is another one"],
    [{ path: '/a/7/8' }, 'NotFound', 'is another one'],
    [{ relativePathParameters: { other: '7' } }, 'NotFound', 'there is no value for id'],
  ])('starts no run for %j', async (trigger, code, message) => {
    const result = await run(seen, { definition: definition({ method: 'GET', relativePath: '/a/{id}' }), trigger });
    expect(result).toMatchObject({
      status: 'Failed',
      actions: {},
      error: { code, message: expect.stringContaining(message) },
    });
  });

  it('warns where nobody says what its path parameters are', async () => {
    const result = await run(seen, { definition: definition({ relativePath: '/a/{id}' }), trigger: { body: {} } });
    expect(result.warnings).toEqual([
      expect.stringContaining("The path of the trigger 'manual' has parameters that are null here: id."),
    ]);
  });

  it('shows its own inputs to trigger()', async () => {
    const inputs = { method: 'PUT', relativePath: 'boom/{bang}' };
    const read = { Read: compose("@trigger()?['inputs']") };
    const trigger = { path: '/boom/1' };
    expect((await run(read, { definition: definition(inputs), trigger })).actions['Read']?.outputs).toEqual(inputs);
    expect((await run(read)).actions['Read']?.outputs).toBeNull();
  });

  it('says what it does not take in pointers that can be followed', async () => {
    const inputs = { method: 'GET' };
    const named = { triggers: { 'a/b': { type: 'Request', inputs } } };
    const refused = await run(seen, { definition: named, trigger: { method: 'POST' } });
    expect(refused.error?.pointer).toBe('/triggers/a~1b/inputs/method');
    const broken = { triggers: { 'a/b': { type: 'Request', inputs, conditions: [{ expression: '@div(1, 0)' }] } } };
    expect((await run(seen, { definition: broken })).error?.pointer).toBe('/triggers/a~1b');
    const odd = { triggers: { 'a/b': { type: 'Odd' } } };
    await expect(run(seen, { definition: odd })).rejects.toMatchObject({ where: { path: '/triggers/a~1b/type' } });
  });
});

describe('a request to a trigger of another type', () => {
  const recurrence = { frequency: 'Day', interval: 1 };
  const triggers = (type: string) => ({ triggers: { 'a/b': { type, inputs: { path: '/x' }, recurrence } } });

  it.each(['ApiConnectionWebhook', 'HttpWebhook', 'ApiConnection', 'Http', 'Batch'])(
    'brings headers and a body to %s, and nothing else',
    async (type) => {
      const trigger = { headers: { 'X-H': 7 }, body: { items: [] } };
      const { outputs } = (await run(read, { definition: triggers(type), trigger })).trigger;
      expect(outputs).toEqual({ headers: { 'X-H': '7' }, body: { items: [] } });
      for (const more of [{ method: 'GET' }, { path: '/a' }, { queries: { x: '1' } }, { relativePathParameters: {} }]) {
        await expect(run(read, { definition: triggers(type), trigger: { ...trigger, ...more } })).rejects.toMatchObject(
          {
            code: 'workflow.trigger',
            message: `The trigger 'a/b' is of type ${type}: it takes headers and a body, but no method, path or queries.`,
            remedy: 'Leave those out, or choose a Request trigger.',
            where: { path: '/triggers/a~1b' },
          },
        );
      }
    },
  );

  it.each(['Recurrence', 'SlidingWindow'])('is refused by %s, which starts by itself', async (type) => {
    expect((await run(read, { definition: triggers(type), trigger: {} })).trigger.outputs).toEqual({});
    for (const trigger of [{ body: { a: 1 } }, { headers: {} }, { method: 'GET' }, { queries: {} }]) {
      await expect(run(read, { definition: triggers(type), trigger })).rejects.toMatchObject({
        code: 'workflow.trigger',
        message: `The trigger 'a/b' is of type ${type}: it starts by itself and takes nothing of a request.`,
        remedy: 'Leave --trigger and --request out.',
      });
    }
  });
});

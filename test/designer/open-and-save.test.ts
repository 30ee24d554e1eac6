import { describe, expect, it } from 'vitest';
import type { Definition } from '../../src/connector/swagger.ts';
import type { Json, JsonObject } from '../../src/wdl/types.ts';
import { openAndSave } from './support/open-and-save.ts';
import { azuresentinel } from './support/sentinel.ts';

/*
 * The rules that `playbooks.test.ts` holds every generated playbook to, each with a definition that breaks it.
 */

const trigger: JsonObject = { Called: { type: 'Request', kind: 'Http', inputs: {} } };
const first = { runAfter: {} } as const;

/** Opens and saves a workflow with these actions at its top. */
function open(actions: JsonObject, triggers = trigger, parameters: JsonObject = {}, connectors = { azuresentinel }) {
  return openAndSave({ parameters, triggers, actions }, connectors);
}

const complaintsAbout = (action: JsonObject, ...more: readonly JsonObject[]) =>
  open({ It: { ...first, ...action }, ...Object.assign({}, ...more) }).complaints;

function saved(action: JsonObject): Json | undefined {
  return (open({ It: action }).definition['actions'] as JsonObject)['It'];
}

describe('where actions are', () => {
  const compose = { type: 'Compose', inputs: 1 } as const;

  it('writes an empty runAfter at the top, and none on what begins a scope', () => {
    expect(saved(compose)).toEqual({ ...compose, runAfter: {} });
    expect(saved({ type: 'Scope', actions: { A: { ...compose, ...first }, B: compose }, ...first })).toEqual({
      type: 'Scope',
      actions: { A: compose, B: compose },
      runAfter: {},
    });
  });

  it('writes both branches of a condition', () => {
    const condition = { type: 'If', expression: { and: [{ equals: ['@item()', true] }] }, ...first };
    expect(saved(condition)).toEqual({ ...condition, actions: {}, else: { actions: {} } });
  });

  it('writes the default of a switch, empty or not, then its cases, each with its value last', () => {
    const given = {
      expression: '@a()',
      cases: { Closed: { case: 'closed', actions: { It_is: { ...compose, ...first } } } },
      ...first,
      type: 'Switch',
    };
    expect(JSON.stringify(saved(given))).toBe(
      JSON.stringify({
        type: 'Switch',
        expression: '@a()',
        default: { actions: {} },
        cases: { Closed: { actions: { It_is: compose }, case: 'closed' } },
        runAfter: {},
      }),
    );
  });

  it('renames a case that has the name of an action', () => {
    const named = { type: 'Switch', expression: '@a()', ...first, cases: { Last: { case: 1, actions: {} } } };
    expect(open({ It: named, Last: { ...compose, runAfter: { It: ['Succeeded'] } } }).complaints).toEqual([
      'It: the case "Last" has the name of something else and is renamed',
    ]);
  });

  it('asks for the value of each case, and looks at the actions in it', () => {
    const inner = { Inner: { type: 'Http', inputs: { method: 'GET' } } };
    const named = { type: 'Switch', expression: '@a()', cases: { Closed: { actions: inner } } };
    expect(complaintsAbout(named)).toEqual(['Closed: case is required', 'Inner: uri is required']);
  });

  it('writes the limit of a loop before its actions, and settings last', () => {
    const loop = { limit: { count: 1 }, runAfter: {}, actions: {}, expression: '@equals(1, 1)', type: 'Until' };
    expect(Object.keys(saved(loop) as JsonObject)).toEqual(['type', 'expression', 'limit', 'actions', 'runAfter']);
    const call = { limit: { timeout: 'PT1M' }, inputs: { uri: '@item()', method: 'GET' }, type: 'Http' };
    expect(Object.keys(saved(call) as JsonObject)).toEqual(['type', 'inputs', 'runAfter', 'limit']);
  });

  it('loses members that it does not know', () => {
    expect(saved({ ...compose, ...first, note: 'x' })).not.toHaveProperty('note');
    expect(saved({ ...compose, ...first, limit: { timeout: 'PT1M' } })).not.toHaveProperty('limit');
  });

  it('draws an action only after one that is beside it', () => {
    expect(open({ A: { ...compose, runAfter: { Called: ['Succeeded'] } } }).complaints).toEqual([
      'A: cannot be drawn after "Called", which is not beside it',
    ]);
  });

  it('takes each name once, and not every character', () => {
    const called = open({ called: { ...compose, ...first }, 'What?': { ...compose, ...first } }).complaints;
    expect(called).toEqual(['called: is the name of two', 'What?: is not a name that the designer takes']);
  });

  it('draws one trigger', () => {
    const two = { ...trigger, Clock: { type: 'Recurrence', recurrence: { frequency: 'Day', interval: 1 } } };
    expect(open({}, two).complaints).toEqual(['the designer draws workflows with one trigger']);
  });
});

describe('settings', () => {
  const secure = (...properties: readonly string[]) => ({ runtimeConfiguration: { secureData: { properties } } });
  const http = { uri: '@item()', method: 'GET' } as const;

  it.each<[string, JsonObject, readonly string[]]>([
    ['Compose', { inputs: 1, ...secure('inputs') }, []],
    ['Compose', { inputs: 1, ...secure('outputs') }, ['It: offers no secure outputs']],
    ['ParseJson', { inputs: { content: 1, schema: {} }, ...secure('outputs') }, ['It: offers no secure outputs']],
    ['SetVariable', { inputs: { name: 'a', value: 1 }, ...secure('inputs') }, ['It: offers no secure inputs']],
    ['Select', { inputs: { from: [], select: {} }, ...secure('inputs', 'outputs') }, []],
    ['Http', { inputs: http, ...secure('inputs', 'outputs'), operationOptions: 'DisableAsyncPattern' }, []],
    ['Http', { inputs: http, operationOptions: 'Asynchronous' }, ['It: offers no option Asynchronous']],
    ['Http', { inputs: http, limit: { timeout: '20s' } }, ['It: refuses the timeout "20s"']],
    ['Compose', { inputs: { retryPolicy: { type: 'none' } } }, ['It: offers no retry policy']],
  ])('of %s: %j', (type, action, complaints) => {
    expect(complaintsAbout({ type, ...action })).toEqual(complaints);
  });

  it.each<[Json, readonly string[]]>([
    [{ type: 'none' }, []],
    [{ type: 'exponential', count: 4, interval: 'PT10S', minimumInterval: 'PT5S', maximumInterval: 'PT1H' }, []],
    [{ type: 'fixed', count: 91, interval: 'PT10S' }, ['It: refuses the retry count']],
    [{ type: 'fixed', count: 2, interval: '10' }, ['It: refuses the interval "10"']],
    [{ type: 'linear', count: 2 }, ['It: does not know the retry policy "linear"']],
    ["@parameters('Retry')", ['It: cannot show a retry policy that is an expression']],
  ])('retry policy %j', (retryPolicy, complaints) => {
    expect(complaintsAbout({ type: 'Http', inputs: { ...http, retryPolicy } })).toEqual(complaints);
  });

  it('keeps the concurrency of loops and of triggers, each under its own name', () => {
    const loop = (concurrency: JsonObject) => ({ type: 'Foreach', foreach: [], runtimeConfiguration: { concurrency } });
    expect(saved(loop({ repetitions: 1 }))).toHaveProperty('runtimeConfiguration.concurrency.repetitions', 1);
    expect(saved(loop({ runs: 1 }))).not.toHaveProperty('runtimeConfiguration');
    const clock = { type: 'Recurrence', recurrence: { frequency: 'Day', interval: 1 } };
    const { definition } = open({}, { Clock: { ...clock, runtimeConfiguration: { concurrency: { runs: 1 } } } });
    expect(definition).toHaveProperty('triggers.Clock.runtimeConfiguration.concurrency.runs', 1);
  });
});

describe('values of parameters', () => {
  it.each<[string, JsonObject, string]>([
    ['Http', { inputs: { method: 'GET' } }, 'uri is required'],
    ['Http', { inputs: { method: 'GET', uri: 'somewhere' } }, 'uri is not a valid uri'],
    ['Http', { inputs: { method: 'GET', uri: '@a()', headers: 'a: @{b()}' } }, 'headers is not valid JSON'],
    ['Select', { inputs: { from: '@a()', select: 'from @{a()}' } }, 'select is not valid JSON'],
    ['Select', { inputs: { from: '@a()', select: "@base64(concat('x', item()))" } }, 'select is not valid JSON'],
    ['Select', { inputs: { from: 'a', select: '@item()' } }, 'from is not a valid array'],
    [
      'Query',
      { inputs: { from: '@a()', where: { equals: [1, 1] } } },
      'where must be a string: it has one line to edit',
    ],
    ['Until', { expression: { equals: [1, 1] }, limit: {} }, 'expression must be a string: it has one line to edit'],
    ['Wait', { inputs: { interval: { count: 'ten', unit: 'Second' } } }, 'interval.count is not a valid integer'],
    ['Response', { inputs: { statusCode: 'OK' } }, 'statusCode is not a valid integer'],
    ['Compose', { inputs: "@''" }, "is not an expression that the designer reads: @''"],
    ['Compose', { inputs: { a: '@[1]' } }, 'is not an expression that the designer reads: @[1]'],
    ['Compose', { inputs: { 'a\\': 1, b: '@c()' } }, 'is not valid JSON'],
    ['If', { expression: '@equals(1, 1)' }, 'shows no rows: it must be a group of them, {"and": […]}'],
    ['If', { expression: { equals: ['@a()', 1] } }, 'shows no rows: it must be a group of them, {"and": […]}'],
    ['Switch', {}, 'is required'],
    [
      'If',
      { expression: { and: [{ contains: ['sentinel:@{a()}', 'x'] }] } },
      'has a side that is neither one token nor one text: sentinel:@{a()}',
    ],
    [
      'If',
      { expression: { or: [{ and: [{ not: { equals: ['x', '@string(a())'] } }] }] } },
      'has a side whose accounts is lost when somebody edits a row: @string(a())',
    ],
    [
      'If',
      { expression: { and: [{ not: { or: [{ equals: ['@a()', 1] }] } }] } },
      'has a row that is not a comparison of two: {"not":{"or":[{"equals":["@a()",1]}]}}',
    ],
    [
      'If',
      { expression: { and: [{ exists: ['@a()', 1] }] } },
      'has a row that is not a comparison of two: {"exists":["@a()",1]}',
    ],
    ['Function', {}, 'is of a type that is not modelled here: Function'],
  ])('%s refuses %j: %s', (type, action, complaint) => {
    expect(complaintsAbout({ type, ...action })).toContain(`It: ${complaint}`);
  });

  it.each<[string, JsonObject]>([
    ['Http', { inputs: { uri: "@{parameters('A')}/b", method: 'PUT', queries: { 'api-version': '2025-09-01' } } }],
    ['Http', { inputs: { uri: '@a()', method: 'GET', body: { a: { b: 'Event @{c()}, "@{d()}"' }, e: '@f()' } } }],
    [
      'Http',
      { inputs: { uri: '@a()', method: 'GET', authentication: { type: 'ManagedServiceIdentity', audience: '@a()' } } },
    ],
    ['Select', { inputs: { from: '@a()', select: "@concat(string(item()?['name']), 'x')" } }],
    ['Select', { inputs: { from: '@a()', select: "@{item()?['name']} (@{item()?['kind']})" } }],
    ['Select', { inputs: { from: '@a()', select: { name: "@item()?['name']" } } }],
    ['Query', { inputs: { from: '@a()', where: '@not(empty(item()))' } }],
    [
      'ParseJson',
      { inputs: { content: '@a()', schema: { type: 'object', properties: { a: { type: ['object', 'null'] } } } } },
    ],
    ['Wait', { inputs: { interval: { count: 10, unit: 'Second' } } }],
    ['Response', { inputs: { statusCode: 200 } }],
    ['Terminate', { inputs: { runStatus: 'Failed', runError: { code: 'A', message: 'B' } } }],
    ['Compose', { inputs: { 'a | join \\", \\"': '@b()', c: ['@d()', 'at @{e()}'], f: null } }],
    ['Compose', { inputs: '@@home' }],
    ['If', { expression: { and: [{ equals: ['@coalesce(a(), null)', null] }, { equals: ['nullify', '@{b()}'] }] } }],
    ['If', { expression: { and: [{ contains: ['@a()', "@{'[drill]'}"] }] } }],
    ['If', { expression: { and: [{ contains: ['@toLower(string(a()))', 'x'] }] } }],
    [
      'Switch',
      { expression: "@variables('A')", cases: { Two: { case: 'two', actions: {} } }, default: { actions: {} } },
    ],
    ['If', { expression: { or: [{ not: { contains: ['@a()', 'x'] } }, { and: [{ equals: ['@b()', '@null'] }] }] } }],
  ])('%s takes %j and gives it back', (type, action) => {
    const given = { type, ...first, ...action };
    expect(complaintsAbout(given)).toEqual([]);
    expect(saved(given)).toMatchObject(given);
  });

  it('reads a text that looks like JSON as JSON where the parameter is not a string', () => {
    expect(saved({ type: 'Compose', inputs: '1' })).toMatchObject({ inputs: 1 });
    const set = (type: string) =>
      open({
        Declare: { type: 'InitializeVariable', inputs: { variables: [{ name: 'V', type, value: '' }] } },
        Set: { type: 'SetVariable', inputs: { name: 'V', value: '1' } },
      }).definition;
    expect(set('string')).toHaveProperty('actions.Set.inputs.value', '1');
    expect(set('integer')).toHaveProperty('actions.Set.inputs.value', 1);
  });

  it('writes the error of a run that failed, and of no other', () => {
    const end = (runStatus: string) => saved({ type: 'Terminate', inputs: { runStatus, runError: { code: 'A' } } });
    expect(end('Failed')).toHaveProperty('inputs.runError.code', 'A');
    expect(end('Cancelled')).not.toHaveProperty('inputs.runError');
  });
});

describe('operations of connectors', () => {
  const host = { connection: { name: "@parameters('$connections')['azuresentinel']['connectionId']" } } as const;
  const call = (inputs: JsonObject) => ({ type: 'ApiConnection', inputs: { host, ...inputs } });
  const update = { method: 'put', path: '/Incidents' } as const;

  it('are found by method and path, letter by letter', () => {
    expect(complaintsAbout(call({ ...update, path: '/incidents', body: {} }))).toEqual([
      'It: is not an operation of "azuresentinel": put /incidents',
    ]);
    expect(complaintsAbout(call({ ...update, method: 'patch' }))).toEqual([
      'It: is not an operation of "azuresentinel": patch /Incidents',
    ]);
  });

  it('are not found where they are internal, or the connection is unknown', () => {
    const hidden: Definition = { paths: { '/a': { get: { operationId: 'A', 'x-ms-visibility': 'internal' } } } };
    const action = { It: { ...call({ method: 'get', path: '/a' }), ...first } };
    expect(open(action, trigger, {}, { azuresentinel: hidden }).complaints).toEqual([
      'It: is not an operation of "azuresentinel": get /a',
    ]);
    const name = "@parameters('$connections')['other']['connectionId']";
    expect(complaintsAbout({ type: 'ApiConnection', inputs: { host: { connection: { name } } } })).toEqual([
      'It: has no connector for the connection "other"',
    ]);
  });

  it('have the values in their path encoded', () => {
    const entity = (value: string) =>
      open({}, { Entity: { type: 'ApiConnectionWebhook', inputs: { host, path: `/entity/${value}`, body } } })
        .complaints;
    const body = { callback_url: '@{listCallbackUrl()}' };
    expect(entity("@{encodeURIComponent('IP')}")).toEqual([]);
    expect(entity("@{parameters('Kind')}")).toEqual(["Entity: does not encode @{parameters('Kind')} in its path"]);
    expect(entity("@{encodeURIComponent('IP')}/more")).toEqual(['Entity: has a path that does not fit /entity/{type}']);
  });

  it('have their required parameters, or a body that is one expression', () => {
    expect(complaintsAbout(call({ ...update, body: { status: 'Active' } }))).toEqual(['It: incidentArmId is required']);
    expect(complaintsAbout(call(update))).toEqual(['It: incidentArmId is required']);
    expect(complaintsAbout(call({ ...update, body: "@outputs('Body')" }))).toEqual([]);
    expect(complaintsAbout(call({ ...update, body: 'a @{b()}' }))).toEqual(['It: is not valid JSON']);
  });

  it('are written back in the spelling and order of the definition, with unknown members behind', () => {
    const body = { own: '1', TAGSTOADD: { tagstoadd: [{ Tag: '@a()' }] }, incidentArmId: '@b()' };
    const written = saved(call({ ...update, body })) as { inputs: { body: Json } };
    expect(JSON.stringify(written.inputs.body)).toBe(
      '{"incidentArmId":"@b()","tagsToAdd":{"TagsToAdd":[{"Tag":"@a()"}]},"own":1}',
    );
  });
});

describe('workflow parameters', () => {
  const declared = (parameters: JsonObject) => open({}, trigger, parameters);

  it('always have the connections among them', () => {
    expect(declared({}).definition['parameters']).toEqual({ $connections: { defaultValue: {}, type: 'Object' } });
  });

  it('keep what describes them, and read a default of another type than text as JSON', () => {
    const metadata = { description: 'x' };
    const { definition } = declared({
      Secret: { type: 'SecureString', metadata },
      Text: { type: 'String', defaultValue: '1' },
      Flag: { type: 'Bool', defaultValue: 'true' },
    });
    expect(definition['parameters']).toMatchObject({
      Secret: { type: 'SecureString', metadata },
      Text: { defaultValue: '1' },
      Flag: { defaultValue: true },
    });
  });

  it('are dropped where they have no name', () => {
    const { definition } = declared({ '': { type: 'String' } });
    expect(Object.keys(definition['parameters'] as JsonObject)).toEqual(['$connections']);
  });

  it('keep a default that cannot be read', () => {
    const { definition, complaints } = declared({ A: { type: 'Text', defaultValue: 'nobody is on duty' } });
    expect(definition).toHaveProperty('parameters.A.defaultValue', 'nobody is on duty');
    expect(complaints).toEqual(['A: is of no type that a parameter may have: Text']);
  });

  it('have one of the types of the pane', () => {
    expect(declared({ A: { type: 'Number' } }).complaints).toEqual([
      'A: is of no type that a parameter may have: Number',
    ]);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import { capturedIo } from '../support/captured-io.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'run-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(files: Readonly<Record<string, unknown>>, ...args: string[]) {
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content, undefined, 2));
  }
  const io = capturedIo(folder);
  await runCli(['run', ...args], io);
  return { stdout: io.printed.join('\n'), stderr: io.noted.join('\n'), exitCode: io.exitCode() };
}

const host = { connection: { name: "@parameters('$connections')['azuresentinel']['connectionId']" } };
const definition = {
  $schema: 'https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#',
  contentVersion: '1.0.0.0',
  parameters: { $connections: { type: 'Object', defaultValue: {} }, Tag: { type: 'String', defaultValue: 'SIGNL4' } },
  triggers: { Incident: { type: 'ApiConnectionWebhook', inputs: { host, path: '/incident-creation' } } },
  actions: {
    Get_entities: {
      type: 'ApiConnection',
      inputs: { host, method: 'post', path: '/entities/ip', body: "@triggerBody()?['entities']" },
      runAfter: {},
    },
    Each_address: {
      type: 'Foreach',
      foreach: "@body('Get_entities')?['IPs']",
      actions: {
        Is_bad: {
          type: 'If',
          expression: { equals: ["@items('Each_address')?['Address']", '192.0.2.38'] },
          actions: {
            Block: {
              type: 'Http',
              inputs: {
                method: 'POST',
                uri: "https://fw.contoso.com/block/@{items('Each_address')?['Address']}",
                body: { tag: "@parameters('Tag')" },
              },
              runAfter: {},
            },
          },
          else: { actions: {} },
          runAfter: {},
        },
      },
      runAfter: { Get_entities: ['Succeeded'] },
    },
  },
  outputs: { count: { type: 'Int', value: "@length(body('Get_entities')?['IPs'])" } },
};
const mocks = [
  {
    method: 'POST',
    path: '/entities/ip',
    status: 200,
    body: { IPs: [{ Address: '192.0.2.38' }, { Address: '192.0.2.39' }] },
  },
  { method: 'POST', path: 'https://fw.contoso.com/block/*', status: 503 },
  { method: 'POST', path: 'https://fw.contoso.com/block/*', status: 201 },
];
const files = { 'w.json': definition, 'm.json': mocks, 't.json': { entities: [{ kind: 'Ip' }] } };

describe('run --json', () => {
  it('prints status, outputs, actions and calls', async () => {
    const { stdout, exitCode } = await run(files, 'w.json', '--trigger', 't.json', '--mocks', 'm.json', '--json');
    const result = JSON.parse(stdout);
    expect(exitCode).toBe(0);
    expect(result).toMatchObject({
      status: 'Succeeded',
      outputs: { count: 2 },
      actions: {
        Get_entities: {
          status: 'Succeeded',
          inputs: { path: '/entities/ip', body: [{ kind: 'Ip' }] },
          outputs: { statusCode: 200 },
        },
        Each_address: { status: 'Succeeded', iterations: 2 },
        Block: {
          repetitions: [
            { indexes: [0], status: 'Succeeded' },
            { indexes: [1], status: 'Skipped' },
          ],
        },
      },
      unmatched: [],
    });
    expect(result.calls.map(({ method, path, status }: Record<string, unknown>) => [method, path, status])).toEqual([
      ['POST', '/entities/ip', 200],
      ['POST', '/block/192.0.2.38', 503],
      ['POST', '/block/192.0.2.38', 201],
    ]);
    expect(result.calls[1].body).toEqual({ tag: 'SIGNL4' });
  });

  it('takes parameters, plain or as a parameters file', async () => {
    const plain = await run(
      { ...files, 'p.json': { Tag: 'mine' } },
      'w.json',
      '-t',
      't.json',
      '-m',
      'm.json',
      '-p',
      'p.json',
      '--json',
    );
    expect(JSON.parse(plain.stdout).calls[1].body).toEqual({ tag: 'mine' });
    const arm = {
      $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#',
      parameters: { Tag: { value: 'arm' } },
    };
    const wrapped = await run(
      { ...files, 'p.json': arm },
      'w.json',
      '-t',
      't.json',
      '-m',
      'm.json',
      '-p',
      'p.json',
      '--json',
    );
    expect(JSON.parse(wrapped.stdout).calls[1].body).toEqual({ tag: 'arm' });
  });

  it('runs an ARM template, the code view and a workflow resource alike', async () => {
    const template = {
      $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
      parameters: {
        PlaybookName: { type: 'string', defaultValue: 'Block' },
        Tag: { type: 'string', defaultValue: 'from template' },
      },
      resources: [
        {
          type: 'Microsoft.Logic/workflows',
          name: "[parameters('PlaybookName')]",
          properties: {
            definition: {
              ...definition,
              parameters: { ...definition.parameters, Tag: { type: 'String', defaultValue: "[parameters('Tag')]" } },
            },
            parameters: {
              $connections: {
                value: {
                  azuresentinel: {
                    connectionId: "[resourceId('Microsoft.Web/connections', 'c')]",
                    id: '/managedApis/azuresentinel',
                  },
                },
              },
            },
          },
        },
      ],
    };
    const tags = [];
    for (const content of [template, { definition, parameters: {} }, { properties: { definition } }]) {
      const { stdout } = await run(
        { ...files, 'any.json': content },
        'any.json',
        '-t',
        't.json',
        '-m',
        'm.json',
        '--json',
      );
      tags.push(JSON.parse(stdout).calls[1].body.tag);
    }
    expect(tags).toEqual(['from template', 'SIGNL4', 'SIGNL4']);
  });

  it('names the calls that no mock answers, and exits 1', async () => {
    const { stdout, exitCode } = await run(
      { ...files, 'm.json': mocks.slice(0, 1) },
      'w.json',
      '-t',
      't.json',
      '-m',
      'm.json',
      '--json',
    );
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'Failed',
      unmatched: ["No mock answers POST https://fw.contoso.com/block/192.0.2.38, which 'Block' calls."],
      actions: { Block: { error: { code: 'NoMock' } } },
    });
  });
});

describe('run', () => {
  it('shows the run history as a tree', async () => {
    const { stdout } = await run(files, 'w.json', '-t', 't.json', '-m', 'm.json');
    expect(stdout.replace(/[\d.]+ s\b/g, '… s').replace(/ {2,}/g, '  ')).toBe(
      [
        '✓ Run Succeeded, … s',
        '',
        '✓ Incident  trigger',
        '✓ Get_entities  ApiConnection  … s',
        '✓ Each_address  Foreach  … s  2 iterations',
        '  │ ✓ Is_bad  If  … s  2 succeeded',
        '  │  true',
        '  │  │ ✓ Block  Http  … s  1 succeeded, 1 skipped',
        '',
        'Calls',
        '  200  POST  azuresentinel:/entities/ip  Get_entities',
        '  503  POST  https://fw.contoso.com/block/192.0.2.38  Block',
        '  201  POST  https://fw.contoso.com/block/192.0.2.38  Block (retry 1)',
        '',
        'Outputs: {',
        '  "count": 2',
        '}',
      ].join('\n'),
    );
  });

  it('shows inputs and outputs with --verbose, and why an action failed', async () => {
    const { stdout, stderr, exitCode } = await run(files, 'w.json', '-m', 'm.json', '--verbose');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('    outputs: {\n      "statusCode": 200,');
    const broken = await run({ ...files, 'm.json': [{ path: '/entities/ip', body: {} }] }, 'w.json', '-m', 'm.json');
    expect(broken.exitCode).toBe(1);
    expect(broken.stdout).toContain("is of type 'Null'. The result must be a valid array.");
    expect(broken.stdout).toContain("Give it an empty array where there is nothing: coalesce(…, json('[]')).");
    expect(stderr + broken.stderr).toBe('');
  });

  it('names what it misses of the mocks', async () => {
    const { stderr, exitCode } = await run(files, 'w.json');
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      "error: No mock answers POST /entities/ip, which 'Get_entities' calls. [run.no-mock]\n  Add one to a file and give it with --mocks.",
    );
  });

  it('shows why a trigger did not fire', async () => {
    const triggers = {
      Incident: {
        ...definition.triggers.Incident,
        conditions: [{ expression: "@equals(triggerBody()?['status'], 'New')" }],
      },
    };
    const { stdout, exitCode } = await run({ 'w.json': { ...definition, triggers } }, 'w.json');
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      "The condition @equals(triggerBody()?['status'], 'New') of the trigger 'Incident' is not met.",
    );
  });
});

describe('run --request', () => {
  const requested = {
    triggers: {
      manual: { type: 'Request', kind: 'Http', inputs: { method: 'GET', relativePath: '/a/{id}' } },
      Daily: { type: 'Recurrence', recurrence: { frequency: 'Day', interval: 1 } },
    },
    actions: {
      Read: {
        type: 'Compose',
        inputs: {
          query: "@triggerOutputs()?['queries']?['x']",
          header: "@triggerOutputs()?['headers']?['X-H']",
          id: "@triggerOutputs()?['relativePathParameters']?['id']",
          body: '@triggerBody()',
        },
        runAfter: {},
      },
    },
  };
  const runWith = (request: unknown, ...args: string[]) =>
    run({ 'w.json': requested, 'r.json': request, 't.json': {} }, 'w.json', '--request', 'r.json', ...args);

  it('gives the run a whole request, and --trigger-name the trigger that takes it', async () => {
    const request = {
      method: 'GET',
      pathParameters: { id: 7 },
      headers: { 'X-H': 'h' },
      queries: { x: 'q' },
      body: [1],
    };
    const { stdout } = await runWith(request, '--trigger-name', 'MANUAL', '--json');
    const outputs = { query: 'q', header: 'h', id: '7', body: [1] };
    expect(JSON.parse(stdout)).toMatchObject({ trigger: { name: 'manual' }, actions: { Read: { outputs } } });
    const daily = await run({ 'w.json': requested }, 'w.json', '--trigger-name', 'Daily', '--json');
    expect(JSON.parse(daily.stdout)).toMatchObject({ status: 'Succeeded', trigger: { name: 'Daily' } });
  });

  it.each([
    [[1], [], 'The request is not an object.', 2],
    [{ querys: {} }, [], 'A request has no "querys".', 2],
    [{ headers: 'x' }, [], '"headers" is an object of names and values.', 2],
    [{ method: 1 }, [], '"method" is a string, not empty.', 2],
    [{ path: '/a/7', pathParameters: { id: 7 } }, [], 'both "path" and "pathParameters"', 2],
    [{}, ['--trigger', 't.json'], 'Give either --trigger or --request, not both.', 2],
    [{}, [], 'The workflow has 2 triggers: manual, Daily.', 1],
    [{}, ['--trigger-name', 'Hourly'], "The workflow has no trigger 'Hourly'.", 1],
  ])('refuses %j with %j', async (request, args, message, code) => {
    const { stderr, exitCode } = await runWith(request, ...args);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(code);
  });
});

describe('numbers in files', () => {
  const texts = {
    ...definition,
    triggers: { manual: { type: 'Request', kind: 'Http', inputs: {} } },
    actions: {
      Get: { type: 'Http', inputs: { method: 'GET', uri: 'https://api.contoso.com/n' }, runAfter: {} },
      Wait: {
        type: 'HttpWebhook',
        inputs: { subscribe: { method: 'POST', uri: 'https://api.contoso.com/s' } },
        runAfter: { Get: ['Succeeded'] },
      },
    },
    outputs: {
      trigger: { type: 'String', value: '@string(triggerBody())' },
      answer: { type: 'String', value: "@string(body('Get'))" },
      callback: { type: 'String', value: "@string(body('Wait'))" },
    },
  };
  const numbers = '{"id":12345678901234567,"rate":1.0}';
  const answers = `[{"path": "/n", "body": ${numbers}}, {"path": "/s", "callback": {"delaySeconds": 1.5, "body": ${numbers}}}]`;

  it.each([
    ['--trigger', numbers],
    ['--request', `{"body": ${numbers}}`],
  ])('keep their digits and their kind in bodies: %s and --mocks', async (option, text) => {
    const { stdout } = await run(
      { 'w.json': texts, 'n.json': text, 'm.json': answers },
      'w.json',
      option,
      'n.json',
      '--mocks',
      'm.json',
      '--json',
    );
    expect(JSON.parse(stdout).outputs).toEqual({ trigger: numbers, answer: numbers, callback: numbers });
  });

  it('are read from no body that nests more deeply than the service reads', async () => {
    const deep = `${'['.repeat(600)}${']'.repeat(600)}`;
    const { stderr, exitCode } = await run({ 'w.json': texts, 'n.json': deep }, 'w.json', '--trigger', 'n.json');
    expect(stderr).toContain('The value nests more than 512 arrays and objects inside one another.');
    expect(stderr).toContain('n.json');
    expect(exitCode).toBe(1);
  });
});

describe('run on a template whose parameters have no values', () => {
  const workflow = (inputs: unknown) => ({
    type: 'Microsoft.Logic/workflows',
    name: 'w',
    properties: {
      definition: {
        triggers: { manual: { type: 'Request', kind: 'Http', inputs: {} } },
        actions: { Say: { type: 'Compose', inputs, runAfter: {} } },
      },
    },
  });
  const template = (parameters: object, inputs: unknown) => ({
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    parameters,
    resources: [workflow(inputs)],
  });
  const SecretName = { type: 'securestring' };

  it('runs where a string of theirs is inside a quoted string of an expression, of JSON or of XML', async () => {
    const secret = "parameters('SecretName')";
    const inputs = {
      path: `[concat('/secrets/@{encodeURIComponent(''', ${secret}, ''')}/value')]`,
      json: `[concat('@json(''{"a":"', ${secret}, '"}'')')]`,
      xml: `[concat('@string(xml(''<a b="', ${secret}, '">', ${secret}, '</a>''))')]`,
      at: `[concat('someone@', ${secret})]`,
    };
    const { stdout } = await run({ 'w.json': template({ SecretName }, inputs) }, 'w.json', '--json');
    const { status, actions, standIns } = JSON.parse(stdout);
    expect(status).toBe('Succeeded');
    expect(standIns).toEqual(['SecretName']);
    expect(actions.Say.outputs).toEqual({
      path: '/secrets/parameters%28SecretName%29/value',
      json: { a: 'parameters(SecretName)' },
      xml: '<a b="parameters(SecretName)">parameters(SecretName)</a>',
      at: 'someone@parameters(SecretName)',
    });
  });

  it('takes a text of the single character @ for a string, in members and their names', async () => {
    const { stdout } = await run({ 'w.json': template({}, { '@': ['@'] }) }, 'w.json', '--json');
    expect(JSON.parse(stdout).actions.Say.outputs).toEqual({ '@': ['@'] });
  });

  it('names every parameter that needs a value, and where to give it', async () => {
    const parameters = { Ids: { type: 'array' }, Days: { type: 'int' }, SecretName };
    const files = { 'w.json': template(parameters, "[parameters('Days')]") };
    const { stderr, exitCode } = await run(files, 'w.json');
    expect(exitCode).toBe(1);
    expect(stderr).toContain("The template parameters 'Ids' (array) and 'Days' (int) have no value and no default.");
    expect(stderr).toContain('Give them in a file with --parameters: {"Ids": …, "Days": …}.');
  });

  it('knows the parameters of templates inside its child resources', async () => {
    const packed = template({ Greeting: { type: 'string' } }, "[[parameters('Greeting')]");
    const spec = { type: 'versions', name: '1', properties: { mainTemplate: packed } };
    const outer = { resources: [{ type: 'Microsoft.Resources/templateSpecs', name: 's', resources: [spec] }] };
    const files = { 'w.json': { ...outer, parameters: {} }, 'p.json': { Greeting: 'Hello' } };
    const { stdout, stderr } = await run(files, 'w.json', '-p', 'p.json', '--json');
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ standIns: [], actions: { Say: { outputs: 'Hello' } } });
  });

  it('says which strings are placeholders where the workflow is refused or fails', async () => {
    const unused = { SecretName, Unused: { type: 'string' } };
    const refused = await run({ 'w.json': template(unused, "[concat('@', parameters('SecretName'))]") }, 'w.json');
    expect(refused.stderr).toMatch(
      /workflow\.[\s\S]*Without a value[^\n]*: SecretName\. Give values with --parameters\./,
    );
    const failing = await run(
      { 'w.json': template(unused, "[concat('@int(''', parameters('SecretName'), ''')')]") },
      'w.json',
    );
    expect(failing.exitCode).toBe(1);
    expect(failing.stderr).toContain('Without a value, so that they read as their own names: SecretName.');
  });
});

describe('run on a broken playbook', () => {
  const { Get_entities, Each_address } = definition.actions;
  const broken = (actions: object) => run({ 'w.json': { ...definition, actions } }, 'w.json');

  it('names a wrong runAfter with its line', async () => {
    const { stderr, exitCode } = await broken({
      Get_entities,
      Each_address: { ...Each_address, runAfter: { Get_entity: ['Succeeded'] } },
    });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^error: w\.json:\d+ \(\/actions\/Each_address\/runAfter\/Get_entity\): The 'runAfter' of action 'Each_address' names 'Get_entity', which does not exist at the same level\. \[workflow\.run-after\]\n +\d+ \| +"Get_entity": \[\n {2}Actions at this level: Get_entities\.$/,
    );
  });

  it('shows a bad expression with a mark', async () => {
    const { stderr } = await broken({
      Get_entities: { ...Get_entities, inputs: { ...Get_entities.inputs, body: "@triggerBody()?['entities'" } },
    });
    expect(stderr).toContain("An expression of 'Get_entities' cannot be used");
    expect(stderr).toContain('^');
    expect(stderr).toMatch(/w\.json:\d+ \(\/actions\/Get_entities\/inputs\/body\)/);
  });

  it('names a missing property', async () => {
    const { body: _, path: __, ...inputs } = Get_entities.inputs;
    const { stderr } = await broken({ Get_entities: { ...Get_entities, inputs } });
    expect(stderr).toContain("The ApiConnection action 'Get_entities' lacks 'inputs.path'.");
  });

  it('knows a slip in the name of a parameter or in a mock, and what mocks look like', async () => {
    const template = {
      $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
      parameters: { Tag: { type: 'string' } },
      resources: [{ type: 'Microsoft.Logic/workflows', name: 'w', properties: { definition } }],
    };
    const more = {
      'template.json': template,
      'p.json': { Tagg: 'x' },
      'slip.json': [{ methd: 'POST', path: '/a' }],
      'cut.json': '[{"path": ',
    };
    for (const file of ['w.json', 'template.json']) {
      const { stderr, exitCode } = await run({ ...files, ...more }, file, '-p', 'p.json');
      expect(stderr).toContain('p.json (Tagg): There is no parameter "Tagg".');
      expect(stderr).toContain('Did you mean "Tag"?');
      expect(exitCode).toBe(2);
    }
    const slip = await run({ ...files, ...more }, 'w.json', '-m', 'slip.json');
    expect(slip.stderr).toMatch(/A mock has no "methd" here\.[\s\S]*Did you mean "method"\?/);
    expect(slip.exitCode).toBe(2);
    const cut = await run({ ...files, ...more }, 'w.json', '-m', 'cut.json');
    expect(cut.stderr).toMatch(/This is not JSON[\s\S]*Write \[\{"method"/);
  });

  it.each([
    [['no-such.json'], 'no-such.json: there is no such file', 1],
    [[], "missing required argument 'file'", 2],
    [['w.json', '--mocks', 'bad.json'], 'A mock needs a "path"', 2],
    [['bad.json'], 'neither a workflow definition nor an ARM template', 1],
    [['text.json'], 'This is not JSON', 1],
  ])('reports %j', async (args, message, code) => {
    const { stderr, exitCode } = await run({ ...files, 'bad.json': [{}], 'text.json': '{"a" 1}' }, ...args);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(code);
  });
});

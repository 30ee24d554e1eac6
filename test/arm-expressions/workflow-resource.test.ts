import { describe, expect, it } from 'vitest';
import { templateParameterNames } from '../../src/arm-expressions/find-workflows.ts';
import { unwrapValues } from '../../src/arm-expressions/parameter.ts';
import { readTemplateText } from '../../src/arm-expressions/template-text.ts';
import { workflowFromTemplate } from '../../src/arm-expressions/workflow-resource.ts';
import type { JsonObject } from '../../src/wdl/types.ts';
import { describeShared, readSharedJson } from '../support/shared.ts';

const definition = { triggers: {}, actions: { Say: { type: 'Compose', inputs: '[[literal]' } } };
const workflow = (name: string, more: object = {}) => ({
  type: 'Microsoft.Logic/workflows',
  name,
  location: '[resourceGroup().location]',
  tags: { source: "[toLower('SENTINEL')]" },
  properties: {
    definition,
    parameters: {
      $connections: { value: { azuresentinel: { connectionId: "[resourceId('Microsoft.Web/connections', 'c')]" } } },
    },
  },
  ...more,
});
const template = (...resources: object[]) => ({ parameters: {}, variables: {}, resources }) as unknown as JsonObject;

describe('workflowFromTemplate', () => {
  it('gives the definition and the values of its parameters as a deployment would', () => {
    const found = workflowFromTemplate(
      template({ type: 'Microsoft.Web/connections', name: 'c' }, workflow('SIGNL4-Callback')),
    );
    expect(found).toEqual({
      name: 'SIGNL4-Callback',
      id: '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/offline/providers/Microsoft.Logic/workflows/SIGNL4-Callback',
      location: 'westeurope',
      tags: { source: 'sentinel' },
      definition: { triggers: {}, actions: { Say: { type: 'Compose', inputs: '[literal]' } } },
      parameters: {
        $connections: {
          azuresentinel: {
            connectionId:
              '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/offline/providers/Microsoft.Web/connections/c',
          },
        },
      },
      standIns: [],
      pointer: '/resources/1/properties/definition',
    });
  });

  it('asks which one where there are several, and names them', () => {
    const both = template(workflow('A'), workflow('B'));
    expect(() => workflowFromTemplate(both)).toThrow('The template has 2 workflows: A, B.');
    expect(workflowFromTemplate(both, { workflow: 'b' }).name).toBe('B');
    expect(() => workflowFromTemplate(both, { workflow: 'C' })).toThrow("The template has no workflow 'C'.");
  });

  it('tells two workflows of one name apart by their places', () => {
    const twice = template(workflow('A'), workflow('B'), workflow('a'));
    expect(() => workflowFromTemplate(twice, { workflow: 'A' })).toThrow(
      expect.objectContaining({
        code: 'arm.several-workflows',
        message: 'The template has 2 workflows: A (/resources/0), a (/resources/2).',
        remedy: 'They have one name: choose by the place instead, --workflow /resources/0.',
      }),
    );
    expect(workflowFromTemplate(twice, { workflow: '/resources/2' }).name).toBe('a');
    expect(() => workflowFromTemplate(twice, { workflow: '/resources/3' })).toThrow(
      expect.objectContaining({ remedy: 'It has: A (/resources/0), B, a (/resources/2).' }),
    );
  });

  it('chooses a workflow by name although another one cannot be evaluated', () => {
    const broken = workflow("[concat('Bro', variables('none'))]", { condition: "[equals(parameters('none'), 1)]" });
    expect(workflowFromTemplate(template(broken, workflow('A')), { workflow: 'A' }).name).toBe('A');
    expect(() => workflowFromTemplate(template(broken))).toThrow("has no variable 'none'");
  });

  it('finds the playbooks of older packages, and those of children and nested deployments', () => {
    const inner = {
      parameters: { Name: { type: 'string', defaultValue: 'Inner' } },
      resources: [workflow("[[parameters('Name')]", { properties: { definition: {} } })],
    };
    const spec = (more: object) => ({
      type: 'Microsoft.Resources/templateSpecs/versions',
      name: 's/1',
      properties: { mainTemplate: inner },
      ...more,
    });
    expect(workflowFromTemplate(template(spec({}))).name).toBe('Inner');
    expect(workflowFromTemplate(template(spec({})), { parameters: { Name: 'Given' } }).name).toBe('Given');
    const parent = { type: 'Microsoft.Resources/templateSpecs', name: 's', resources: [spec({ type: 'versions' })] };
    expect(workflowFromTemplate(template(parent)).pointer).toBe(
      '/resources/0/resources/0/properties/mainTemplate/resources/0/properties/definition',
    );
    const deployment = (resources: object[]) => ({
      type: 'Microsoft.Resources/deployments',
      name: 'd',
      properties: { template: { resources } },
    });
    const deep = template(deployment([deployment([workflow('Off', { condition: false }), workflow('Deep')])]));
    expect(workflowFromTemplate(deep).name).toBe('Deep');
  });

  it('knows types of languageVersion 2.0: references, nullable ones and resources that exist', () => {
    const parameters = {
      lock: { $ref: '#/definitions/lock' },
      name: { $ref: '#/definitions/name', defaultValue: 'A' },
      text: { type: 'string', nullable: true },
      key: { $ref: '#/definitions/key' },
    };
    const definitions = {
      lock: { $ref: '#/definitions/base', nullable: true },
      base: { type: 'object', properties: {} },
      name: { type: 'string', allowedValues: ['A', 'B'] },
      key: { type: 'securestring' },
    };
    const inputs = {
      lock: "[if(equals(parameters('lock'), null()), 'none', 'some')]",
      text: "[coalesce(parameters('text'), 'no text')]",
      key: "[parameters('key')]",
    };
    const modern = (more: object = {}) =>
      ({
        languageVersion: '2.0',
        definitions,
        parameters: { ...parameters, ...more },
        resources: {
          there: workflow('There', { existing: true }),
          w: { ...workflow("[parameters('name')]"), properties: { definition: { actions: { c: { inputs } } } } },
        },
      }) as unknown as JsonObject;
    const found = workflowFromTemplate(modern());
    expect(found.name).toBe('A');
    expect(found.definition).toMatchObject({
      actions: { c: { inputs: { lock: 'none', text: 'no text', key: 'parameters(key)' } } },
    });
    expect(workflowFromTemplate(modern(), { parameters: { name: 'B', lock: {} } }).name).toBe('B');
    expect(() => workflowFromTemplate(modern(), { parameters: { name: 'C' } })).toThrow('is not allowed');
    expect(() => workflowFromTemplate(modern({ odd: { $ref: '#/definitions/none' } }))).toThrow(
      'A parameter is of the type #/definitions/none, which the template does not have.',
    );
    const circle = { ...modern(), definitions: { ...definitions, key: { $ref: '#/definitions/key' } } };
    expect(() => workflowFromTemplate(circle)).toThrow('which refers to itself');
  });

  it('passes over a workflow whose condition is false', () => {
    expect(workflowFromTemplate(template(workflow('A', { condition: '[equals(1, 2)]' }), workflow('B'))).name).toBe(
      'B',
    );
  });

  it('says so where there is none', () => {
    expect(() => workflowFromTemplate(template())).toThrow('no resource of type Microsoft.Logic/workflows');
  });

  it('finds every workflow of a copy loop', () => {
    const say = { triggers: {}, actions: { Say: { type: 'Compose', inputs: "[copyIndex('each', 1)]" } } };
    const copies = template(
      workflow("[concat('wf-', copyIndex())]", {
        copy: { name: 'each', count: "[length(createArray('a', 'b', 'c'))]" },
        condition: '[not(equals(copyIndex(), 0))]',
        properties: { definition: say },
      }),
    );
    expect(() => workflowFromTemplate(copies)).toThrow('The template has 2 workflows: wf-1, wf-2.');
    expect(workflowFromTemplate(copies, { workflow: 'wf-2' }).definition).toMatchObject({
      actions: { Say: { inputs: 3 } },
    });
  });

  it('finds workflows in nested deployments of a copy loop', () => {
    const inner = template(workflow("[concat(parameters('name'), '-', deployment().name)]"));
    const copies = template({
      type: 'Microsoft.Resources/deployments',
      name: "[concat('d', copyIndex())]",
      copy: { name: 'each', count: 2 },
      properties: {
        expressionEvaluationOptions: { scope: 'inner' },
        parameters: { name: { value: "[concat('wf-', copyIndex())]" } },
        template: { ...inner, parameters: { name: { type: 'string' } } },
      },
    });
    expect(() => workflowFromTemplate(copies)).toThrow('The template has 2 workflows: wf-0-d0, wf-1-d1.');
  });

  it.each([
    ["[parameters('Count')]", "has no parameter 'Count'"],
    ['two', "The copy loop must have a whole number from 0 to 800 as its count, but it is 'two'."],
    [801, 'must have a whole number from 0 to 800'],
  ])('names what is wrong with the count %s of a copy loop', (count, message) => {
    const copies = template(workflow('A', { copy: { name: 'x', count } }), workflow('B'));
    expect(workflowFromTemplate(copies, { workflow: 'B' }).name).toBe('B');
    expect(() => workflowFromTemplate(copies, { workflow: 'A' })).toThrow(message);
  });

  it('finds workflows by symbolic name and in nested deployments', () => {
    const bySymbol = { resources: { playbook: workflow('A') } } as unknown as JsonObject;
    expect(workflowFromTemplate(bySymbol).pointer).toBe('/resources/playbook/properties/definition');
    const nested = (scope: string) =>
      template({
        type: 'Microsoft.Resources/deployments',
        name: 'inner',
        properties: {
          expressionEvaluationOptions: { scope },
          parameters: { Name: { value: "[concat('in', 'ner')]" } },
          template: {
            parameters: { Name: { type: 'string' } },
            resources: [workflow(scope === 'inner' ? "[parameters('Name')]" : 'outer')],
          },
        },
      });
    expect(workflowFromTemplate(nested('inner')).name).toBe('inner');
    expect(workflowFromTemplate(nested('outer')).name).toBe('outer');
  });

  it('names the place of an expression that cannot be evaluated', () => {
    const broken = template(
      workflow('A', { properties: { definition: { ...definition, outputs: "[variables('x')]" } } }),
    );
    expect(() => workflowFromTemplate(broken)).toThrow(
      expect.objectContaining({ where: { path: '/resources/0/properties/definition/outputs' } }),
    );
  });
});

describe('templateParameterNames', () => {
  const packed = (name: string, more: object = {}) => ({
    type: 'Microsoft.OperationalInsights/workspaces/providers/contentTemplates',
    name,
    properties: { mainTemplate: { parameters: { [name]: { type: 'string' } }, resources: [] } },
    ...more,
  });
  const named = (name: string, ...resources: object[]) =>
    ({ parameters: { [name]: { type: 'string' } }, resources }) as unknown as JsonObject;

  it('are those of the template and of every template packed in it, wherever it is', () => {
    const spec = { ...packed('OfSpec'), type: 'versions' };
    const parent = { type: 'Microsoft.Resources/templateSpecs', name: 's', resources: [spec] };
    const outer = {
      type: 'Microsoft.Resources/deployments',
      name: 'd',
      properties: { template: { resources: [packed('InDeployment')] } },
    };
    const off = packed('SwitchedOff', { condition: false });
    expect(templateParameterNames(named('Own', parent, packed('Packed'), outer, off, packed('Own')))).toEqual([
      'Own',
      'OfSpec',
      'Packed',
      'InDeployment',
      'SwitchedOff',
    ]);
  });

  it('are not those of a nested deployment with an inner scope, which gets its values from the template', () => {
    const inner = {
      type: 'Microsoft.Resources/deployments',
      name: 'd',
      properties: { expressionEvaluationOptions: { scope: 'inner' }, template: named('Inner', packed('InInner')) },
    };
    expect(templateParameterNames(named('Own', inner))).toEqual(['Own']);
  });
});

describe('the stand-ins of a workflow', () => {
  const saying = (...names: string[]) =>
    workflow('w', {
      properties: { definition: { actions: { Say: { inputs: names.map((name) => `[parameters('${name}')]`) } } } },
    });
  const standIns = (parameters: object, ...resources: object[]) =>
    workflowFromTemplate({ parameters, resources } as unknown as JsonObject).standIns;
  const text = { type: 'string' };

  it('are the parameters that read as their own name, as they are declared', () => {
    expect(standIns({ Key: text, Unused: text }, saying('key'))).toEqual(['Key']);
  });

  it('are not those whose default is another one, or what only Azure knows', () => {
    const parameters = {
      Key: text,
      Other: { type: 'string', defaultValue: "[parameters('Key')]" },
      Secret: { type: 'string', defaultValue: "[listKeys('/storageAccounts/s', '2023-01-01').keys[0].value]" },
    };
    expect(standIns(parameters, saying('Other', 'Secret'))).toEqual(['Key']);
  });

  it('are those of the template around a nested deployment, too', () => {
    const nested = {
      type: 'Microsoft.Resources/deployments',
      name: 'd',
      properties: {
        expressionEvaluationOptions: { scope: 'inner' },
        parameters: { Inner: { value: "[concat(parameters('Key'), '-x')]" } },
        template: { parameters: { Inner: text }, resources: [saying('Inner')] },
      },
    };
    expect(standIns({ Key: text, Unused: text }, nested)).toEqual(['Key']);
  });

  it('are those of the package around a packed template, too', () => {
    const packed = {
      type: 'Microsoft.OperationalInsights/workspaces/providers/contentTemplates',
      name: 't',
      properties: {
        mainTemplate: {
          parameters: { Own: text },
          resources: [
            workflow('w', {
              properties: {
                definition: { actions: { Say: { inputs: ["[parameters('Key')]", "[[parameters('Own')]"] } } },
              },
            }),
          ],
        },
      },
    };
    expect(standIns({ Key: text }, packed)).toEqual(['Key', 'Own']);
  });
});

describe('unwrapValues', () => {
  it('takes both ways of writing values', () => {
    expect(unwrapValues({ a: { value: 1 }, b: 2, c: { value: 3, type: 'Int' }, d: { value: 1, other: 2 } })).toEqual({
      a: 1,
      b: 2,
      c: 3,
      d: { value: 1, other: 2 },
    });
  });
});

describe('readTemplateText', () => {
  const text = '\uFEFF{\n  // comment, "quoted"\n  "a": [\n    1, /* two */\n    {"b/c": "//no comment"},\n  ],\n}\n';

  it('passes comments, surplus commas and a byte order mark', () => {
    expect(readTemplateText(text, 'f').json).toEqual({ a: [1, { 'b/c': '//no comment' }] });
  });

  it('knows the line of every part, and of the nearest part for what is missing', () => {
    const { lineOf } = readTemplateText(text, 'f');
    expect(['', '/a', '/a/0', '/a/1/b~1c', '/a/1/none', '/x'].map(lineOf)).toEqual([1, 3, 4, 5, 5, 1]);
  });

  it.each([
    ['plain letters', 'x'],
    ['escapes', '\\n'],
    ['marks of comments', '/*'],
  ])('reads a string of 50 MB: %s', (_, part) => {
    const long = part.repeat(50_000_000 / part.length);
    const { json, lineOf } = readTemplateText(`{ // big\n"s": "${long}",\n"t": 1,\n}`, 'f');
    expect((json as { s: string }).s.length).toBe(JSON.parse(`"${part}"`).length * (50_000_000 / part.length));
    expect(lineOf('/t')).toBe(3);
  });

  it('takes only what is outside of strings for comments and surplus commas', () => {
    const odd = '[",]", "\\"//", 1 /* , */ , // ]\n /* */ ]';
    expect(readTemplateText(odd, 'f').json).toEqual([',]', '"//', 1]);
    for (const broken of ['[1, /* ]', '[1 / 2]', '["a, ]', '[,]x']) {
      expect(() => readTemplateText(broken, 'f')).toThrow('This is not JSON');
    }
  });

  it('says where JSON is broken', () => {
    expect(() => readTemplateText('{\n  "a": 1\n  "b": 2\n}', 'w.json')).toThrow(
      expect.objectContaining({ code: 'file.not-json', where: { file: 'w.json', line: 3, column: 3 } }),
    );
    expect(() => readTemplateText('{"a":', 'w.json')).toThrow(
      expect.objectContaining({ where: expect.objectContaining({ line: 1 }) }),
    );
  });
});

describeShared('published Content Hub packages', () => {
  it('give their playbooks out of the package’s main template, escaped twice', () => {
    const main = readSharedJson<JsonObject>('reference/contenthub/corpus/AbuseIPDB-3.0.0/Package/mainTemplate.json');
    const own = readSharedJson<JsonObject>(
      'reference/contenthub/corpus/AbuseIPDB-3.0.0/Playbooks/AbuseIPDB-EnrichIncidentByIPInfo/azuredeploy.json',
    );
    const packaged = workflowFromTemplate(main, { workflow: 'AbuseIPDB-EnrichIncidentByIPInfo' });
    const direct = workflowFromTemplate(own);
    expect(Object.keys(packaged.definition['actions'] ?? {})).toEqual(Object.keys(direct.definition['actions'] ?? {}));
    expect(packaged.parameters['$connections']).toEqual(direct.parameters['$connections']);
  });
});

import { describe, expect, it } from 'vitest';
import { readTemplateText } from '../../../src/arm/expressions/template-text.ts';
import { unwrapValues, workflowFromTemplate } from '../../../src/arm/expressions/workflow-resource.ts';
import type { JsonObject } from '../../../src/wdl/types.ts';
import { describeShared, readSharedJson } from '../../support/shared.ts';

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

  it('passes over a workflow whose condition is false', () => {
    expect(workflowFromTemplate(template(workflow('A', { condition: '[equals(1, 2)]' }), workflow('B'))).name).toBe(
      'B',
    );
  });

  it('says so where there is none, or where it is made by a copy loop', () => {
    expect(() => workflowFromTemplate(template())).toThrow('no resource of type Microsoft.Logic/workflows');
    expect(() => workflowFromTemplate(template(workflow('A', { copy: { name: 'x', count: 2 } })))).toThrow('copy loop');
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
  ])('reads a text of 50 MB: %s', (_, part) => {
    const long = part.repeat(50_000_000 / part.length);
    const { json, lineOf } = readTemplateText(`{ // big\n"s": "${long}",\n"t": 1,\n}`, 'f');
    expect((json as { s: string }).s.length).toBe(JSON.parse(`"${part}"`).length * (50_000_000 / part.length));
    expect(lineOf('/t')).toBe(3);
  });

  it('takes only what stands outside of texts for comments and surplus commas', () => {
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

import { describe, expect, it } from 'vitest';
import { references } from '../../src/wdl/references.ts';

describe('references', () => {
  const inputs = {
    uri: "https://@{parameters('Host')}/incidents/@{encodeURIComponent(triggerBody()?['object']?['id'])}",
    body: {
      'a/b~c': ["@outputs('Compose')", "@{items('For_each')?['name']} of @{variables('Count')}"],
      "@{variables('Key')}":
        "@if(equals(actions('Get_incident')?['status'], 'Failed'), result('Try'), body('Get_incident'))",
    },
  };

  it('finds what is referred to, with the place of each', () => {
    const found = references(inputs);
    expect(found.parameters).toEqual([{ name: 'Host', function: 'parameters', pointer: '/uri' }]);
    expect(found.trigger).toEqual([{ name: 'triggerBody', function: 'triggerBody', pointer: '/uri' }]);
    expect(found.variables.map(({ name, pointer }) => [name, pointer])).toEqual([
      ['Count', '/body/a~1b~0c/1'],
      ['Key', "/body/@{variables('Key')}"],
    ]);
    expect(found.loops).toEqual([{ name: 'For_each', function: 'items', pointer: '/body/a~1b~0c/1' }]);
    expect(found.actions.map(({ name, function: by }) => `${by} ${name}`)).toEqual([
      'outputs Compose',
      'actions Get_incident',
      'result Try',
      'body Get_incident',
    ]);
    expect(found.functions.map(({ name }) => name)).toContain('encodeURIComponent');
  });

  it('says where a name is computed', () => {
    expect(references(["@outputs(concat('a', variables('n')))"]).dynamic).toEqual([
      { function: 'outputs', pointer: '/0' },
    ]);
  });

  it('reports strings that cannot be read and goes on', () => {
    const found = references({ a: '@concat(', b: "@outputs('X')", '@c': 1 });
    expect(found.errors.map(({ pointer, error }) => [pointer, error.reason])).toEqual([
      ['/a', 'wdl.syntax'],
      ['/@c', 'wdl.syntax'],
    ]);
    expect(found.actions).toHaveLength(1);
  });

  it('ignores literal text', () => {
    expect(references(["@@outputs('X')", "a @@{outputs('X')}", "outputs('X')", 5, null])).toMatchObject({
      actions: [],
      functions: [],
    });
  });

  it('looks into keys, arguments and array literals of an expression', () => {
    const found = references("@body('A')?[variables('i')][0][length([parameters('p')])]");
    expect([found.actions, found.variables, found.parameters].map((list) => list.map(({ name }) => name))).toEqual([
      ['A'],
      ['i'],
      ['p'],
    ]);
  });
});

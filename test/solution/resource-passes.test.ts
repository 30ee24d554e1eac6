import { describe, expect, it } from 'vitest';
import { escapeTexts } from '../../src/solution/escape.ts';
import { mapOf, toPlain } from '../../src/solution/json-tree.ts';
import { prune, replaceEmptyTexts } from '../../src/solution/prune.ts';
import { Variables } from '../../src/solution/variables.ts';

const EMPTY_ARRAY = "[variables('TemplateEmptyArray')]";
const EMPTY_OBJECT = "[variables('TemplateEmptyObject')]";
const NULL = "[variables('TemplateNullVariable')]";
const BLANKS = "[variables('blanks')]";

describe('pruning a resource', () => {
  const pruned = (resource: Record<string, unknown>, outer = new Variables()) => toPlain(prune(mapOf(resource), outer));

  it('drops empty objects, and objects that become empty', () => {
    expect(pruned({ a: {}, b: { c: { d: {} } }, e: 1 })).toEqual({ e: 1 });
  });

  it('keeps the place of an item that becomes empty', () => {
    expect(pruned({ items: [{ a: {} }, {}] })).toEqual({ items: [{}, {}] });
  });

  it('names empty arrays and nulls by variables of the package', () => {
    const outer = new Variables();
    expect(pruned({ consumes: [], nothing: null }, outer)).toEqual({ consumes: EMPTY_ARRAY, nothing: BLANKS });
    expect(Object.fromEntries(outer.toMap())).toEqual({
      TemplateEmptyArray: "[json('[]')]",
      blanks: "[replace('b', 'b', '')]",
    });
  });

  it('keeps the meaning of blank inputs and values below actions', () => {
    const actions = {
      Nothing: { inputs: {} },
      None: { inputs: null },
      Set: { inputs: { name: 'a', value: {} } },
      Clear: { inputs: { name: 'a', value: [] } },
      Forget: { inputs: { name: 'a', value: null, other: null, empty: {} } },
    };
    expect(pruned({ actions })).toEqual({
      actions: {
        Nothing: { inputs: EMPTY_OBJECT },
        None: { inputs: NULL },
        Set: { inputs: { name: 'a', value: EMPTY_OBJECT } },
        Clear: { inputs: { name: 'a', value: EMPTY_ARRAY } },
        Forget: { inputs: { name: 'a', value: NULL, other: null } },
      },
    });
  });

  it('keeps a null only in the inputs of an action', () => {
    expect(pruned({ actions: { A: { inputs: { other: null }, runAfter: null } } })).toEqual({
      actions: { A: { inputs: { other: null }, runAfter: null } },
    });
    expect(pruned({ actions: { A: { runAfter: null } } })).toEqual({ actions: { A: { runAfter: BLANKS } } });
    expect(pruned({ inputs: { other: null } })).toEqual({ inputs: { other: BLANKS } });
  });

  it('counts members behind `actions` as below it, members before it not', () => {
    expect(pruned({ before: { inputs: {} }, actions: { A: { type: 'x' } }, behind: { inputs: {} } })).toEqual({
      actions: { A: { type: 'x' } },
      behind: { inputs: EMPTY_OBJECT },
    });
  });

  it('keeps `dataSources` of a data collection rule', () => {
    expect(pruned({ dataSources: {} })).toEqual({ dataSources: EMPTY_OBJECT });
  });
});

describe('escaping a resource', () => {
  const escaped = (resource: Record<string, unknown>, inner = new Variables()) =>
    toPlain(escapeTexts(mapOf(resource), inner));

  it('doubles the bracket of every text that starts with one, in arrays too', () => {
    expect(escaped({ name: "[parameters('x')]", text: '[Open](https://x)', items: ['[a]', 'b[c]'] })).toEqual({
      name: "[[parameters('x')]",
      text: '[[Open](https://x)',
      items: ['[[a]', 'b[c]'],
    });
  });

  it('leaves the references that the outer deployment resolves', () => {
    expect(escaped({ a: EMPTY_ARRAY, b: EMPTY_OBJECT, c: NULL })).toEqual({ a: EMPTY_ARRAY, b: EMPTY_OBJECT, c: NULL });
  });

  it('escapes the reference that stands for a null, as the official tool does', () => {
    expect(escaped({ nothing: BLANKS })).toEqual({ nothing: `[${BLANKS}` });
  });

  it('puts the inner location variable in place of the literal', () => {
    expect(escaped({ location: '[resourceGroup().location]' })).toEqual({
      location: "[[variables('workspace-location-inline')]",
    });
  });

  it('moves each operation id to a pair of inner variables, once', () => {
    const inner = new Variables();
    const operation = { operationId: 'SendEvent' };
    expect(escaped({ post: operation, picker: operation }, inner)).toEqual({
      post: { operationId: "[[variables('_operationId-SendEvent')]" },
      picker: { operationId: "[[variables('_operationId-SendEvent')]" },
    });
    expect(Object.fromEntries(inner.toMap())).toEqual({
      'operationId-SendEvent': 'SendEvent',
      '_operationId-SendEvent': "[variables('operationId-SendEvent')]",
    });
  });

  it('brackets the expression in the name of a hidden link', () => {
    const tags = { "[concat('hidden-link:', resourceGroup().id)]": 'Resource' };
    expect(escaped({ tags })).toEqual({ tags: { "[[concat('hidden-link:', resourceGroup().id)]": 'Resource' } });
  });

  it('does not look into arrays in arrays', () => {
    expect(escaped({ rows: [['[a]']] })).toEqual({ rows: [['[a]']] });
  });
});

it('names empty texts by a variable, but not in arrays', () => {
  const replaced = replaceEmptyTexts(mapOf({ a: '', b: ['', { c: '' }], d: { e: '' } }), new Variables());
  expect(toPlain(replaced)).toEqual({ a: BLANKS, b: ['', { c: BLANKS }], d: { e: BLANKS } });
});

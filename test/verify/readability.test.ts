import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/domain/json.ts';
import { workflowModel } from '../../src/engine/model.ts';
import { conditionRows, isTruthOfCall, levelOf, writtenExpressions } from '../../src/verify/readability.ts';
import { soundDefinition } from '../../src/verify/sound-definition.ts';
import { beginsWithToken, isOneTokenOrText, runBefore } from '../playbooks/support/drawn.ts';

const compose = (inputs: Json = 1, ...after: readonly string[]): JsonObject => ({
  type: 'Compose',
  inputs,
  runAfter: Object.fromEntries(after.map((name) => [name, ['Succeeded']])),
});
const workflow = (actions: JsonObject): JsonObject => ({ triggers: {}, actions });
const modelOf = (actions: JsonObject) => workflowModel(soundDefinition(workflow(actions)));
const condition = (...and: readonly Json[]) => ({ type: 'If', expression: { and } });

describe('the actions of a workflow', () => {
  it('are found in branches, loops and cases, with the level at which they are drawn', () => {
    const { nodes } = modelOf({
      If: { ...condition(), actions: { Yes: compose() }, else: { actions: { No: compose() } } },
      Switch: {
        type: 'Switch',
        cases: { One: { case: 1, actions: { Loop: { type: 'Foreach', actions: { In: compose() } } } } },
        default: { actions: { Other: compose() } },
      },
    });
    expect(nodes.map((node) => `${node.name} ${levelOf(node)}`)).toEqual([
      ...['If 1', 'Yes 2', 'No 2', 'Switch 1', 'Loop 2', 'In 3', 'Other 2'],
    ]);
    expect(nodes.find(({ name }) => name === 'In')?.pointer).toBe('/actions/Switch/cases/One/actions/Loop/actions/In');
  });

  it('that run before another are those above it, and above what holds it', () => {
    const { byId } = modelOf({
      A: compose(),
      B: compose(1, 'A'),
      Scope: { type: 'Scope', runAfter: { B: ['Succeeded'] }, actions: { C: compose(), Send: compose(1, 'C') } },
      Beside: compose(1, 'A'),
    });
    expect([...runBefore(byId.get('send'))].map(({ name }) => name)).toEqual(['C', 'B', 'A']);
    expect([...runBefore(byId.get('missing'))]).toEqual([]);
  });

  it('that end a sequence are those that nothing follows', () => {
    const { root } = modelOf({ A: compose(), B: compose(1, 'A'), C: compose(1, 'A') });
    expect(root.leaves.map(({ name }) => name)).toEqual(['B', 'C']);
  });

  it('run after states, whatever their casing', () => {
    const statesOf = (action: JsonObject) => modelOf({ C: action }).nodes.map(({ runAfter }) => [...runAfter.values()]);
    expect(statesOf({ runAfter: { A: ['FAILED', 'TimedOut'], B: [] } })).toEqual([[['Failed', 'TimedOut'], []]]);
    expect(statesOf({})).toEqual([[]]);
  });
});

describe('the expressions of a workflow', () => {
  const measured = (text: string) =>
    writtenExpressions(workflow({ A: compose(text) })).map(({ characters, nestedCalls }) => [characters, nestedCalls]);

  it.each<[string, readonly (readonly number[])[]]>([
    ['no expression at all', []],
    ['@@home', []],
    ['at @@{home}', []],
    ["@concat('a', body('B'))", [[22, 2]]],
    [
      "a @{body('B')} b @{trim(item())}",
      [
        [9, 1],
        [12, 1],
      ],
    ],
    ["@{concat('}', '(((', 'it''s }')}", [[29, 1]]],
    ["@a(b(c(d(e(f(g('x')))))))", [[24, 7]]],
    ["@triggerBody()?['a']", [[19, 0]]],
  ])('in %s', (text, expected) => {
    expect(measured(text)).toEqual(expected);
  });

  it('are those of the trigger too', () => {
    expect(writtenExpressions({ triggers: { T: { inputs: '@a()' } }, actions: {} })).toEqual([
      { pointer: '/triggers/T/inputs', characters: 3, nestedCalls: 0 },
    ]);
  });
});

describe('the rows of a condition', () => {
  const rowsOf = (expression: Json) => {
    const [node] = modelOf({ If: { type: 'If', expression } }).nodes;
    return node && conditionRows(node);
  };

  it('are found in groups, negated or not', () => {
    const equals = ['@item()', 'x'];
    expect(rowsOf({ and: [{ equals }, { or: [{ not: { contains: equals } }] }] })).toEqual([
      { pointer: '/actions/If/expression/and/0/equals', operator: 'equals', sides: equals },
      { pointer: '/actions/If/expression/and/1/or/0/not/contains', operator: 'contains', sides: equals },
    ]);
  });

  it('are none where the condition is one expression', () => {
    expect(rowsOf("@equals(1, item()['a'])")).toBeUndefined();
  });

  it.each<[string, readonly Json[], boolean]>([
    ['equals', ["@empty(body('A'))", true], true],
    ['equals', [false, "@or(equals(1, 1), body('A'))"], true],
    ['equals', ["@{not(body('A'))}", '@true'], true],
    ['equals', ["@empty(body('A'))", 'true'], true],
    ['equals', ["@parameters('Flag')", true], false],
    ['equals', ["@body('A')?['isOn']", true], false],
    ['equals', ["@length(body('A'))", 0], false],
    ['contains', ["@string(body('A'))", 'true'], false],
    ['equals', ['@not(', true], false],
  ])('of the form %s %j: is a function compared with true: %s', (operator, sides, expected) => {
    expect(isTruthOfCall({ pointer: '', operator, sides })).toBe(expected);
  });

  it.each<[Json, boolean]>([
    ["@triggerBody()?['a']", true],
    ["@{triggerBody()?['a']}", true],
    ['Closed', true],
    [3, true],
    ['@@home', true],
    ["sentinel:@{parameters('A')}", false],
    ["@{parameters('A')}:", false],
    ["@{parameters('A')}@{parameters('B')}", false],
  ])('have a side %j that is one token or one text: %s', (side, expected) => {
    expect(isOneTokenOrText(side)).toBe(expected);
  });
});

describe('the map of a Select', () => {
  it.each<[Json, boolean]>([
    ["@item()?['a']", true],
    ["@{item()?['a']} (@{item()?['b']})", true],
    [{ a: '• @{item()}' }, true],
    ["• @{item()?['a']}", false],
    ['@@home', false],
  ])('%j begins with a token: %s', (select, expected) => {
    expect(beginsWithToken(select)).toBe(expected);
  });
});

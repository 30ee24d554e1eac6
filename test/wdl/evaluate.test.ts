import { describe, expect, it } from 'vitest';
import type { PlainContext } from '../../src/wdl/context.ts';
import { fromPlainContext } from '../../src/wdl/context.ts';
import { describeError, processingMessage, WdlError } from '../../src/wdl/errors.ts';
import { evaluateExpression, evaluateTemplate } from '../../src/wdl/evaluate.ts';
import { jsonText } from '../../src/wdl/json-text.ts';
import { parseExpression } from '../../src/wdl/parse.ts';
import type { WdlValue } from '../../src/wdl/values.ts';
import { toJson, typeName, WdlFloat, WdlLong } from '../../src/wdl/values.ts';
import { fixedEnvironment } from './support.ts';

const context = (plain: PlainContext = {}) => fromPlainContext(plain, fixedEnvironment());
const template = (value: WdlValue, plain: PlainContext = {}) => toJson(evaluateTemplate(value, context(plain)));

function failure(evaluate: () => unknown): WdlError {
  try {
    evaluate();
  } catch (error) {
    if (error instanceof WdlError) return error;
    throw error;
  }
  throw new Error('It did not fail.');
}

describe('evaluateTemplate', () => {
  it('keeps the type of a bare expression and makes text of an interpolation', () => {
    const parameters = { age: 42, none: null, on: true, list: [1, 'a'] };
    expect(template("@parameters('age')", { parameters })).toBe(42);
    expect(template("@{parameters('age')}", { parameters })).toBe('42');
    expect(template("@{parameters('none')}|@{parameters('on')}|@{parameters('list')}", { parameters })).toBe(
      '|True|[1,"a"]',
    );
  });

  it('evaluates every string of a value, at any depth, and leaves the rest alone', () => {
    const inputs = { method: 'POST', count: 3, body: { tags: ['@add(1, 2)', 'x', null], 'a@@{b}': "n@{'m'}" } };
    expect(template(inputs)).toEqual({ method: 'POST', count: 3, body: { tags: [3, 'x', null], 'a@{b}': 'nm' } });
  });

  it('evaluates names of members as the service does: a literal @ is doubled', () => {
    expect(template({ '@@odata.type': 'x', "@{concat('a', 1)}": 2 })).toEqual({ '@odata.type': 'x', a1: 2 });
    expect(failure(() => template({ '@odata.type': 'x' })).details.remedy).toContain('write @@');
  });

  it('fails with the first expression that fails, and names it', () => {
    const error = failure(() => template({ body: { a: "@int('x')" } }));
    expect(error.details.expression).toBe("@int('x')");
    expect(describeError(error)).toContain("in: @int('x')");
  });
});

describe('evaluateExpression', () => {
  it('takes a syntax tree as well as text', () => {
    expect(evaluateExpression(parseExpression('add(1, 2)'), context())).toBe(3);
  });

  it('keeps what JavaScript numbers cannot tell apart', () => {
    const value = (expr: string) => evaluateExpression(expr, context());
    expect(value('mul(1.5, 2)')).toEqual(new WdlFloat(3));
    expect(value('9007199254740993')).toEqual(new WdlLong(9_007_199_254_740_993n));
    expect(typeName(value('mul(1.5, 2)'))).toBe('Float');
    expect(typeName(value('9007199254740993'))).toBe('Integer');
    expect(jsonText(value("createArray(mul(1.5, 2), ticks('2018-01-01'), decimal('1.50'))"))).toBe(
      '[3.0,636503616000000000,1.50]',
    );
    expect(toJson(value('createArray(3.0, 3)'))).toEqual([3, 3]);
  });

  it('takes exact values from the context, so that a float stays one from action to action', () => {
    const variables = { half: new WdlFloat(3) };
    expect(evaluateExpression("div(variables('half'), 2)", context({ variables }))).toBe(1.5);
    expect(evaluateExpression("div(variables('half'), 2)", context({ variables: { half: 3 } }))).toBe(1);
  });

  it('finds unknown functions and wrong counts even in arguments that are never evaluated', () => {
    expect(failure(() => evaluateExpression('if(true, 1, foo())', context())).reason).toBe('wdl.unknown-function');
    expect(failure(() => evaluateExpression('or(true, not())', context())).reason).toBe('wdl.argument-count');
  });

  it.each([
    ["concatt('a')", "Did you mean 'concat'?"],
    ["tolowr('a')", "Did you mean 'toLower'?"],
    ['triggerBoddy()', "Did you mean 'triggerBody'?"],
  ])('suggests the nearest function for %s', (expr, remedy) => {
    expect(failure(() => evaluateExpression(expr, context())).details.remedy).toBe(remedy);
  });

  it('gives the same values again with the same clock and the same chance', () => {
    const once = () => evaluateExpression('concat(guid(), rand(0, 1000), utcNow())', context());
    expect(once()).toBe(once());
  });

  it('says that several thousand different expressions are no problem for the cache', () => {
    for (let index = 0; index < 6_000; index += 1) {
      expect(evaluateExpression(`add(${index}, 1)`, context())).toBe(index + 1);
    }
  });
});

describe('property and element access', () => {
  const plain: PlainContext = {
    parameters: { o: { Name: 'x', list: [1, [2]], none: null, '0': 'zero' }, key: 'NAME' },
  };
  const value = (expr: string) => toJson(evaluateExpression(expr, context(plain)));
  const message = (expr: string) => failure(() => evaluateExpression(expr, context(plain))).message;

  it.each<[string, unknown]>([
    ["parameters('o').name", 'x'],
    ["parameters('o')[parameters('key')]", 'x'],
    ["parameters('o').list[1][0]", 2],
    ["parameters('o').list['0']", 1],
    ["parameters('o')?['none']?['deep']?['deeper']", null],
    ["parameters('o')?['missing']", null],
    ["parameters('o').list?[7]", null],
    ["parameters('o').list?[-1]", null],
    ["parameters('o')[0]", 'zero'],
  ])('%s gives %j', (expr, expected) => {
    expect(value(expr)).toEqual(expected);
  });

  it.each([
    ["parameters('o').missing", "property 'missing' doesn't exist, available properties are '0, Name, list, none'"],
    ["parameters('o').none.deep", "property 'deep' cannot be selected"],
    ["parameters('o').list[7]", "array index '7' is outside bounds (0, 1) of array"],
    ["parameters('o').list.name", 'Array elements can only be selected using an integer index'],
    ["parameters('o').list?['name']", 'Array elements can only be selected using an integer index'],
    ["parameters('o').Name?['first']", "Property selection is not supported on values of type 'String'"],
    ["parameters('o')[null]", "a property cannot be selected with a value of type 'Null'"],
  ])('%s fails', (expr, expected) => {
    expect(message(expr)).toContain(`The template language expression '${expr}' cannot be evaluated because`);
    expect(message(expr)).toContain(expected);
  });
});

describe('processingMessage', () => {
  it('words the failure of an action as the run history does', () => {
    const error = failure(() => evaluateExpression('toUpper(null)', context()));
    expect(processingMessage(error, { kind: 'action', name: 'Compose' })).toBe(
      "Unable to process template language expressions in action 'Compose' inputs at line '0' and column '0': " +
        "'The template language function 'toUpper' expects its parameter to be a string. The provided value is of type " +
        "'Null'. Please see https://aka.ms/logicexpressions#toUpper for usage details.'.",
    );
    expect(processingMessage(error, { kind: 'trigger', name: 'manual', part: 'conditions' })).toContain(
      "in trigger 'manual' conditions",
    );
  });
});

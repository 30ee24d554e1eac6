import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromPlainContext } from '../../src/wdl/context.ts';
import { WdlError } from '../../src/wdl/errors.ts';
import { evaluateExpression, evaluateTemplate } from '../../src/wdl/evaluate.ts';
import { jsonText } from '../../src/wdl/json-text.ts';
import { references } from '../../src/wdl/references.ts';
import type { WdlValue } from '../../src/wdl/values.ts';
import { toJson } from '../../src/wdl/values.ts';
import { propertySeed } from '../support/seed.ts';
import { calls, expressions, jsonValues, texts } from './arbitraries.ts';
import { fixedEnvironment } from './support.ts';

const context = (parameters: Record<string, WdlValue> = {}) =>
  fromPlainContext(
    {
      parameters,
      actions: { name: { outputs: { body: [1, 'a', null] } } },
      items: { name: 1 },
      trigger: { outputs: {} },
    },
    fixedEnvironment(),
  );

/** Runs; what is thrown must be a `WdlError` with a message, and a value must have JSON text that is JSON. */
function mustHold(evaluate: () => WdlValue): void {
  let value: WdlValue;
  try {
    value = evaluate();
  } catch (error) {
    expect(error).toBeInstanceOf(WdlError);
    expect((error as WdlError).message).not.toBe('');
    return;
  }
  expect(() => JSON.parse(jsonText(value))).not.toThrow();
  expect(() => JSON.stringify(toJson(value))).not.toThrow();
}

describe('the evaluator, on hostile input', () => {
  it('fails with a WdlError or gives JSON, whatever the syntax tree', () => {
    fc.assert(
      fc.property(expressions, (expression) => mustHold(() => evaluateExpression(expression, context()))),
      { seed: propertySeed('wdl robustness', 11), numRuns: 3_000 },
    );
  });

  it('fails with a WdlError or gives JSON, whatever the arguments of a function', () => {
    fc.assert(
      fc.property(calls, ({ name, args }) => {
        const expr = `${name}(${args.map((_, index) => `parameters('p${index}')`).join(', ')})`;
        const parameters = Object.fromEntries(args.map((value, index) => [`p${index}`, value]));
        mustHold(() => evaluateExpression(expr, context(parameters)));
      }),
      { seed: propertySeed('wdl robustness', 12), numRuns: 10_000 },
    );
  });

  it('fails with a WdlError or gives JSON, whatever the text', () => {
    fc.assert(
      fc.property(texts, (text) => {
        mustHold(() => evaluateExpression(text, context()));
        mustHold(() => evaluateTemplate(`@${text}`, context()));
        mustHold(() => evaluateTemplate(`x@{${text}`, context()));
      }),
      { seed: propertySeed('wdl robustness', 13), numRuns: 2_000 },
    );
  });

  it('fails with a WdlError or gives JSON, whatever the definition', () => {
    fc.assert(
      fc.property(jsonValues, (value) => {
        mustHold(() => evaluateTemplate(value, context()));
        expect(references(value).dynamic).toEqual([]);
      }),
      { seed: propertySeed('wdl robustness', 14), numRuns: 2_000 },
    );
  });

  it.each([
    ["json('[[[…')", `json('${'['.repeat(60_000)}${']'.repeat(60_000)}')`],
    ['xml of deep elements', `xml('${'<a>'.repeat(9_000)}${'</a>'.repeat(9_000)}')`],
    [
      'a string that doubles',
      "replace(replace(replace(replace('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'a', parameters('p')), 'b', parameters('p')), 'b', parameters('p')), 'b', parameters('p'))",
    ],
    ['a huge precision', "formatNumber(1, 'N999999999')"],
    ['a huge exponent', "decimal('1e9999')"],
  ])('refuses %s', (_what, expr) => {
    expect(() => evaluateExpression(expr, context({ p: 'b'.repeat(5_000) }))).toThrow(WdlError);
  });

  it('never touches the prototype of anything', () => {
    const expr = "setProperty(setProperty(json('{}'), '__proto__', json('{\"polluted\": 1}')), 'constructor', 1)";
    const value = evaluateExpression(expr, context());
    expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor']);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(toJson(evaluateExpression('json(\'{"__proto__": {"x": 1.0}}\')?[\'x\']', context()))).toBeNull();
  });

  it('refuses definitions that nest too deeply', () => {
    let nested: WdlValue = '@add(1, 2)';
    for (let depth = 0; depth < 5_000; depth += 1) nested = [nested];
    expect(() => evaluateTemplate(nested, context())).toThrow(expect.objectContaining({ reason: 'wdl.limit' }));
  });
});

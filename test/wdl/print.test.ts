import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Expression, Template } from '../../src/wdl/ast.ts';
import { parseExpression, parseTemplate } from '../../src/wdl/parse.ts';
import { printExpression, printTemplate } from '../../src/wdl/print.ts';
import { propertySeed } from '../support/seed.ts';
import { describeShared, readSharedJson } from '../support/shared.ts';
import { expressions, texts } from './arbitraries.ts';
import type { Case } from './support.ts';

describe('printExpression', () => {
  it.each([
    ['triggerBody()?.object?.properties.title', "triggerBody()?['object']?['properties']['title']"],
    ["concat( 'it''s',1 ,.5 )", "concat('it''s', 1, 0.5)"],
    ["items( 'For_each' ) [ 0 ]", "items('For_each')[0]"],
    ['[TRUE,Null,[]]', '[true, null, []]'],
    ['add(11.0, -007)', 'add(11.0, -7)'],
    ["@{encodeURIComponent(triggerBody()?['id'])}".slice(2, -1), "encodeURIComponent(triggerBody()?['id'])"],
  ])('writes %s as %s', (text, printed) => {
    expect(printExpression(parseExpression(text))).toBe(printed);
  });

  it('is read back as the same tree', () => {
    fc.assert(
      fc.property(expressions, (expression: Expression) => {
        expect(parseExpression(printExpression(expression))).toEqual(expression);
      }),
      { seed: propertySeed('wdl print', 1), numRuns: 1_000 },
    );
  });
});

describe('printTemplate', () => {
  it.each([
    [{ kind: 'literal', text: '@mention' }, '@@mention'],
    [{ kind: 'literal', text: 'a @{b}' }, 'a @@{b}'],
    [{ kind: 'literal', text: 'a@b' }, 'a@b'],
    [{ kind: 'interpolation', parts: ['mail@', { kind: 'null' }] }, "mail@{'@'}@{null}"],
  ] as const)('writes %j as %s', (template, printed) => {
    expect(printTemplate(template)).toBe(printed);
  });

  it('is read back as the same template, whatever text was read', () => {
    const pieces = fc.constantFrom('@', '@@', '@{', '}', '{', 'a', "'", ' ', "f('x')", '@{null}', '.', '1');
    const anyText = fc.oneof(
      texts,
      fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(anyText, (text) => {
        const template = parsed(text);
        if (template !== undefined) expect(parseTemplate(printTemplate(template))).toEqual(template);
      }),
      { seed: propertySeed('wdl print', 2), numRuns: 3_000 },
    );
  });

  it('writes literal text that is read back as that text', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(parseTemplate(printTemplate({ kind: 'literal', text }))).toEqual({ kind: 'literal', text });
      }),
      { seed: propertySeed('wdl print', 3), numRuns: 1_000 },
    );
  });
});

describeShared('the documented examples, printed', () => {
  const cases = readSharedJson<readonly Case[]>('reference/expressions/public.json');
  it.each(cases.map((each, index) => ({ ...each, index })))('$index $fn: $expr', ({ expr, mode }) => {
    if (mode === 'template') {
      const template = parseTemplate(expr);
      expect(parseTemplate(printTemplate(template))).toEqual(template);
    } else {
      const expression = parseExpression(expr);
      expect(parseExpression(printExpression(expression))).toEqual(expression);
    }
  });
});

function parsed(text: string): Template | undefined {
  try {
    return parseTemplate(text);
  } catch {
    return undefined;
  }
}

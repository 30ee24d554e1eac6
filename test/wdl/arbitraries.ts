import fc from 'fast-check';
import type { Expression } from '../../src/wdl/ast.ts';
import { functionGroups } from '../../src/wdl/functions/index.ts';
import type { Json } from '../../src/wdl/json.ts';

/** Texts that mean something to the language, and texts that mean nothing to anybody. */
export const texts: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom(
    '',
    '@',
    '@@',
    '@{',
    "'",
    '__proto__',
    'constructor',
    'body',
    'name',
    'en-US',
    'de-DE',
    'D',
    'o',
    'yyyy-MM-dd',
    'N2',
    '#,##0.00;(0)',
    'UTC',
    'Pacific Standard Time',
    'Day',
    '2018-03-15T13:27:36Z',
    '01/31/2016',
    '{"a":[1.0]}',
    '<a b="1"><c/></a>',
    '//a',
    'data:,x',
    'aGVsbG8=',
    'https://contoso.com/a?b=c',
    '-1',
    '9223372036854775807',
    'true',
    '\ud800',
  ),
);

export const jsonValues: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom<Json>(null, true, false, 0, -1, 2, 1.5, 1e21, 2 ** 53),
    texts,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(texts, tie('value'), { maxKeys: 4 }),
    fc.record({ '$content-type': texts, $content: texts }),
  ),
})).value;

const functionNames = Object.values(functionGroups)
  .flat()
  .map(({ name }) => name);

const numberTexts = fc.oneof(
  fc.integer().map(String),
  fc.constantFrom('0', '11.0', '0.5', '-1.25', '1e3', '-2e-3', '9223372036854775807', '99999999999999999999'),
);

/** Well-formed syntax trees, calls of functions that exist with any number of arguments. */
export const expressions: fc.Arbitrary<Expression> = fc.letrec<{ expression: Expression; call: Expression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    texts.map((value): Expression => ({ kind: 'string', value })),
    numberTexts.map((text): Expression => ({ kind: 'number', text })),
    fc.boolean().map((value): Expression => ({ kind: 'boolean', value })),
    fc.constant<Expression>({ kind: 'null' }),
    fc.array(tie('expression'), { maxLength: 3 }).map((items): Expression => ({ kind: 'array', items })),
    tie('call'),
    fc
      .tuple(
        tie('call'),
        fc.array(fc.record({ key: tie('expression'), optional: fc.boolean() }), { minLength: 1, maxLength: 3 }),
      )
      .map(([target, path]): Expression => (target.kind === 'call' ? { kind: 'access', target, path } : target)),
  ),
  call: fc
    .tuple(fc.constantFrom(...functionNames), fc.array(tie('expression'), { maxLength: 4 }))
    .map(([name, args]): Expression => ({ kind: 'call', name, args })),
})).expression;

/** One call of any function with plain values, so that most arguments have a type that some function takes. */
export const calls: fc.Arbitrary<{ name: string; args: readonly Json[] }> = fc.record({
  name: fc.constantFrom(...functionNames),
  args: fc.array(jsonValues, { maxLength: 4 }),
});

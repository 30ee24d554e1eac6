import fc from 'fast-check';
import type { Expression } from '../../src/wdl/ast.ts';
import { functionGroups } from '../../src/wdl/functions/index.ts';
import type { Parameter } from '../../src/wdl/functions/signature.ts';
import { arity } from '../../src/wdl/functions/signature.ts';
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
  fc.constantFrom('0', '11.0', '0.5', '-1.25', '1e3', '-2e-3', '9223372036854775807', '99999999999999999999.0'),
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

const formatTexts = fc.oneof(
  fc.constantFrom(
    'D',
    'o',
    'R',
    'g',
    'N2',
    'C',
    'P1',
    'E3',
    'G5',
    'X',
    '#,##0.00;(0);-',
    '0.0E+00',
    'yyyy-MM-ddTHH:mm:ss.FFFK',
  ),
  fc.string({ unit: fc.constantFrom(...'dMyhHmsfFtKzgOXEe0#,.;%‰\'"\\:/+- '), maxLength: 12 }),
);

const timestamps = fc.oneof(
  fc
    .date({ noInvalidDate: true, min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z') })
    .map((date) => date.toISOString()),
  fc.constantFrom(
    '2018-03-11T02:30:00',
    '01/31/2016',
    '2016-02-29',
    'March 15, 2018 1:30 PM',
    '2018-03-15T13:00:00+02:00',
  ),
  fc.string({ unit: fc.constantFrom(...'0123456789-/.: TZAPM+年'), maxLength: 20 }),
);

const locales = fc.constantFrom(
  'en-US',
  'en-us',
  'de-DE',
  'fr-FR',
  'ja-JP',
  'pl-PL',
  'ar-SA',
  'hi-IN',
  'zh-Hant-TW',
  'xx',
  '',
);

/** Texts that fit a parameter, by its name. */
const TEXTS_BY_PARAMETER: Readonly<Record<string, fc.Arbitrary<string>>> = {
  timestamp: timestamps,
  startDate: timestamps,
  endDate: timestamps,
  format: formatTexts,
  locale: locales,
  sourceTimeZone: fc.constantFrom(
    'UTC',
    'Pacific Standard Time',
    'lord howe standard time',
    'Europe/Berlin',
    'Nowhere',
  ),
  destinationTimeZone: fc.constantFrom('UTC', 'W. Europe Standard Time', 'Nepal Standard Time', 'America/St_Johns'),
  timeUnit: fc.constantFrom('Second', 'minute', 'Hour', 'Day', 'Week', 'Month', 'Year', 'Eon'),
  uri: fc.oneof(fc.webUrl({ withQueryParameters: true }), texts),
  xpath: fc.constantFrom(
    '//a',
    'sum(//b)',
    'string(/*)',
    '/a/@b',
    '//text()',
    '//[',
    'count(//*) > 1',
    'x:y',
    '1 div 0',
  ),
  xml: fc.constantFrom(
    '<a b="1"><b>2</b>x<![CDATA[y]]></a>',
    '<a/>',
    '<a>',
    '<?xml version="1.0"?><!-- c --><a x:b="1"/>',
    '',
  ),
  actionName: fc.constantFrom('name', 'other'),
  loopName: fc.constantFrom('name', 'other'),
};

const TEXTS_BY_KIND: Readonly<Record<string, fc.Arbitrary<Json>>> = {
  'a string': texts,
  'an integer': fc.oneof(fc.integer({ min: -3, max: 9 }), fc.integer()),
  'an integer, a float or a decimal number': fc.oneof(
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  ),
  'a boolean': fc.boolean(),
  'an array': fc.array(jsonValues, { maxLength: 4 }),
  'an array or a string': fc.oneof(texts, fc.array(jsonValues, { maxLength: 4 })),
  'an object': fc.dictionary(texts, jsonValues, { maxKeys: 4 }),
};

function argument({ name, expects }: Parameter): fc.Arbitrary<Json> {
  const fitting = TEXTS_BY_PARAMETER[name] ?? TEXTS_BY_KIND[expects] ?? jsonValues;
  return fc.oneof({ weight: 6, arbitrary: fitting as fc.Arbitrary<Json> }, { weight: 1, arbitrary: jsonValues });
}

/** A call of any function, mostly with as many arguments as it takes and of types it takes. */
export const calls: fc.Arbitrary<{ name: string; args: readonly Json[] }> = fc
  .constantFrom(...Object.values(functionGroups).flat())
  .chain((definition) => {
    const { min } = arity(definition);
    const { parameters, variadic, name } = definition;
    const last = parameters.at(-1);
    const all = variadic && last !== undefined ? [...parameters, last, last] : [...parameters];
    return fc
      .tuple(fc.tuple(...all.map(argument)), fc.integer({ min, max: all.length }))
      .map(([args, count]) => ({ name, args: args.slice(0, count) }));
  });

import type { Row } from './row.ts';
import { fails, gives } from './row.ts';

export const collectionRows: readonly Row[] = [
  gives("contains('hello world', 'world')", true),
  gives("contains('hello world', 'World')", false),
  gives("contains('a1', 1)", true),
  gives("contains(createArray('a', 'b'), 'b')", true),
  gives("contains(createArray('a', 'b'), 'B')", false),
  gives('contains(createArray(1, 2), 2.0)', true),
  gives("contains(createArray(1, 2), '2')", false),
  gives('contains(createArray(json(\'{"a": 1, "b": 2}\')), json(\'{"b": 2, "a": 1}\'))', true),
  gives("contains(json('{\"key\": null}'), 'key')", true),
  gives("contains(json('{\"key\": 1}'), 'Key')", false),
  fails(
    "contains(null, 'a')",
    'wdl.argument-type',
    "to be a dictionary (object), an array or a string. The provided value is of type 'Null'",
  ),

  gives("empty('')", true),
  gives('empty(null)', true),
  gives("empty(json('[]'))", true),
  gives("empty(json('{}'))", true),
  gives("empty(' ')", false),
  gives('empty(createArray(null))', false),
  fails('empty(0)', 'wdl.argument-type', "type 'Integer'"),

  gives("first('hello')", 'h'),
  gives('first(createArray(5, 6))', 5),
  gives("first('')", ''),
  gives("first(json('[]'))", null),
  fails("first(json('{}'))", 'wdl.argument-type', "type 'Object'"),

  gives('intersection(createArray(3, 2, 1, 2), createArray(1, 2, 9))', [2, 1]),
  gives("intersection(createArray('a', 'A'), createArray('A'))", ['A']),
  gives('intersection(createArray(1), createArray(2))', []),
  gives('intersection(json(\'{"a": 1, "b": 2}\'), json(\'{"a": 3, "c": 2}\'))', {}),
  gives('intersection(json(\'{"a": [1], "b": 2}\'), json(\'{"b": 3, "a": [1]}\'), json(\'{"a": [1]}\'))', { a: [1] }),
  fails("intersection(createArray(1), json('{}'))", 'wdl.argument-type', 'expects parameters of same type'),
  fails('intersection(createArray(1))', 'wdl.argument-count', 'at least two parameters'),

  gives("join(createArray('a', 'b', 'c'), ', ')", 'a, b, c'),
  gives("join(createArray(1, true, null, createArray(2)), '|')", '1|True||[2]'),
  gives("join(json('[]'), ',')", ''),
  fails(
    "join(null, ',')",
    'wdl.argument-type',
    "its first parameter 'collection' to be an array. The provided value is of type 'Null'",
  ),
  fails("join('abc', ',')", 'wdl.argument-type', "type 'String'"),

  gives("last('hello')", 'o'),
  gives('last(createArray(5, 6))', 6),
  gives("last('')", ''),
  fails('last(null)', 'wdl.argument-type', "type 'Null'"),

  gives("reverse(createArray(1, 'b', null))", [null, 'b', 1]),
  fails("reverse('abc')", 'wdl.argument-type', 'to be an array'),

  gives('skip(createArray(0, 1, 2, 3), 2)', [2, 3]),
  gives('skip(createArray(0, 1), 9)', []),
  gives("skip('hello', 2)", 'llo'),
  gives('skip(createArray(0, 1), 0)', [0, 1]),
  fails('skip(createArray(0, 1), -1)', 'wdl.argument-value', "'count' must be a positive integer"),

  gives('sort(createArray(10, 9, 2.5, 1))', [1, 2.5, 9, 10]),
  gives("sort(createArray('b', 'a', 'c'))", ['a', 'b', 'c']),
  gives('sort(createArray(true, false))', [false, true]),
  gives("sort(json('[]'))", []),
  gives('sort(json(\'[{"n": 2, "i": 1}, {"n": 1, "i": 2}, {"n": 2, "i": 3}]\'), \'n\')', [
    { n: 1, i: 2 },
    { n: 2, i: 1 },
    { n: 2, i: 3 },
  ]),
  fails("sort(createArray(1, 'a'))", 'wdl.argument-type', "Found 'String' and 'Integer'"),
  fails("sort(createArray(1, 2), 'n')", 'wdl.argument-type', 'expects all items to be objects'),
  fails("sort('abc')", 'wdl.argument-type', 'to be an array'),

  gives("take('hello', 2)", 'he'),
  gives('take(createArray(0, 1, 2), 2)', [0, 1]),
  gives("take('abc', 99)", 'abc'),
  gives("take('abc', 0)", ''),
  fails("take('abc', -1)", 'wdl.argument-value', "The provided value is '-1'"),
  fails("take('abc', '1')", 'wdl.argument-type', "its second parameter 'count' to be an integer"),

  gives('union(createArray(1, 2, 3), createArray(3, 1, 4), createArray(5))', [1, 2, 3, 4, 5]),
  gives('union(createArray(1, 1), createArray(1.0))', [1]),
  gives("union(createArray('1'), createArray(1, true))", ['1', 1, true]),
  gives('union(json(\'{"a": 1, "b": 2}\'), json(\'{"b": 3}\'))', { a: 1, b: 3 }),
  fails("union(createArray(1), json('{}'))", 'wdl.argument-type', 'expects parameters of same type'),
  fails("union('a', 'b')", 'wdl.argument-type', 'to be an array or an object'),
];

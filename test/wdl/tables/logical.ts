import type { Row } from './row.ts';
import { fails, gives } from './row.ts';

export const logicalRows: readonly Row[] = [
  gives('and(true, true, true)', true),
  gives('and(true)', true),
  gives("and(false, equals(int('not evaluated'), 1))", false),
  fails(
    'and(true, 1)',
    'wdl.argument-type',
    "expects all of its parameters to be booleans. Found invalid parameter type 'Integer'",
  ),
  fails('and()', 'wdl.argument-count', 'at least one parameter'),

  gives('or(false, false, true)', true),
  gives("or(true, equals(int('not evaluated'), 1))", true),
  gives('or(false, false)', false),
  fails("or(false, 'true')", 'wdl.argument-type', "type 'String'"),

  gives('not(false)', true),
  fails(
    "not('false')",
    'wdl.argument-type',
    "expects its parameter to be a boolean. The provided value is of type 'String'",
  ),

  gives("if(true, 'yes', int('not evaluated'))", 'yes'),
  gives("if(false, int('not evaluated'), null)", null),
  fails(
    "if('true', 1, 2)",
    'wdl.argument-type',
    "expects its first parameter to be of type boolean. The provided value is of type 'String'",
  ),
  fails('if(null, 1, 2)', 'wdl.argument-type', "type 'Null'"),
  fails('if(true, 1)', 'wdl.argument-count', 'expects three parameters'),

  gives("equals('abc', 'abc')", true),
  gives("equals('abc', 'ABC')", false),
  gives('equals(1, 1.0)', true),
  gives("equals(101, '101')", false),
  gives('equals(true, 1)', true),
  gives('equals(0, false)', true),
  gives("equals('true', true)", false),
  gives('equals(null, null)', true),
  gives("equals(null, '')", false),
  gives('equals(createArray(1, createArray(2)), createArray(1, createArray(2)))', true),
  gives('equals(createArray(1, 2), createArray(2, 1))', false),
  gives('equals(json(\'{"a": 1, "b": [true]}\'), json(\'{"b": [true], "a": 1}\'))', true),
  gives('equals(json(\'{"a": 1}\'), json(\'{"A": 1}\'))', false),
  gives('equals(9007199254740993, 9007199254740992)', false),
  gives("equals(decimal('1.50'), 1.5)", true),
  fails('equals(1)', 'wdl.argument-count', 'at least two parameters'),

  gives('greater(10, 5)', true),
  gives('greater(5, 5.5)', false),
  gives("greater('b', 'A')", true),
  gives('greater(9007199254740993, 9007199254740992)', true),
  fails("greater('10', 9)", 'wdl.argument-type', "values of type 'String' and 'Integer' that do not match"),
  fails('greater(null, 1)', 'wdl.argument-type', "values of type 'Null' and 'Integer'"),
  fails('greater(true, false)', 'wdl.argument-type', "'Boolean' and 'Boolean'"),

  gives('greaterOrEquals(5, 5)', true),
  gives("greaterOrEquals('a', 'B')", false),
  fails('greaterOrEquals(createArray(1), 1)', 'wdl.argument-type', "'Array'"),

  gives('less(5, 10)', true),
  gives("less('a', 'B')", true),
  fails("less(1, '2')", 'wdl.argument-type', 'do not match'),

  gives('lessOrEquals(10, 10.0)', true),
  gives("lessOrEquals('apply', 'apple')", false),
  fails('lessOrEquals(1)', 'wdl.argument-count', 'two parameters'),
];

import type { Row } from './row.ts';
import { fails, gives } from './row.ts';

export const mathRows: readonly Row[] = [
  gives('add(1, 1.5)', 2.5),
  gives('add(-1, 1)', 0),
  gives('string(add(9007199254740993, 1))', '9007199254740994'),
  fails('add(9223372036854775807, 1)', 'wdl.overflow', 'too large or too small for 64 bits'),
  fails(
    "add('1', 2)",
    'wdl.argument-type',
    "its first parameter 'summand1' to be an integer, a float or a decimal number",
  ),
  fails('add(1, null)', 'wdl.argument-type', "its second parameter 'summand2'"),
  fails('add(1)', 'wdl.argument-count', "invoked with '1' parameter(s)"),

  gives('div(10, 5)', 2),
  gives('div(9, 2)', 4),
  gives('div(-9, 2)', -4),
  gives('div(9, 2.0)', 4.5),
  gives('div(mul(1.5, 2), 2)', 1.5),
  gives('div(sub(10.3, .3), 4)', 2.5),
  fails('div(1, 0)', 'wdl.division-by-zero', "function 'div' attempts to divide by zero"),
  fails('div(1.0, 0.0)', 'wdl.division-by-zero', 'divide by zero'),

  gives('max(1, 2, 3)', 3),
  gives('max(createArray(1, 2.5))', 2.5),
  gives('max(7)', 7),
  gives('div(max(4.0, 3), 8)', 0.5),
  fails("max(1, 'a')", 'wdl.argument-type', 'a number or an array of numbers'),
  fails("max(json('[]'))", 'wdl.argument-value', 'at least one number'),
  gives('min(createArray(3, 1, 2))', 1),
  gives('min(-1, -2.5)', -2.5),
  fails('min(createArray(1, null))', 'wdl.argument-type', "Found a value of type 'Null'"),

  gives('mod(3, 2)', 1),
  gives('mod(-5, 2)', -1),
  gives('mod(4, -3)', 1),
  gives('mod(5.5, 2)', 1.5),
  fails('mod(5, 0)', 'wdl.division-by-zero', "function 'mod'"),

  gives('mul(3, 4)', 12),
  gives('mul(-2, 1.25)', -2.5),
  fails('mul(9223372036854775807, 2)', 'wdl.overflow', "function 'mul'"),

  gives('rand(5, 6)', 5),
  gives('and(greaterOrEquals(rand(1, 3), 1), less(rand(1, 3), 3))', true),
  fails('rand(2, 1)', 'wdl.argument-value', 'not to be above its second'),
  fails("rand('1', 2)", 'wdl.argument-type', 'to be an integer'),

  gives('range(1, 4)', [1, 2, 3, 4]),
  gives('range(-2, 3)', [-2, -1, 0]),
  gives('range(5, 0)', []),
  gives('length(range(0, 100000))', 100_000),
  fails('range(0, 100001)', 'wdl.argument-value', 'no larger than 100000'),
  fails('range(0, -1)', 'wdl.argument-value', 'parameters are out of range'),
  fails('range(2147483647, 1)', 'wdl.argument-value', 'no larger than 2147483647'),

  gives('sub(10.5, 0.5)', 10),
  gives('sub(1, 2)', -1),
  fails('sub(-9223372036854775807, 2)', 'wdl.overflow', "function 'sub'"),
];

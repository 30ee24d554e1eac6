import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/domain/errors.ts';
import { parseJson } from '../../src/solution/json-parse.ts';
import { printJson } from '../../src/solution/json-print.ts';
import { find, textAt, withMember, withMemberAt } from '../../src/solution/json-tree.ts';

const parse = (text: string) => parseJson(text, 'azuredeploy.json');
const printed = (text: string) => printJson(parse(text).tree).trimEnd();

function failure(text: string): UserError {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof UserError) return error;
  }
  throw new Error('no UserError');
}

describe('parseJson', () => {
  it('keeps members in their order, also those named like numbers', () => {
    expect(printed('{"default": 1, "404": 2, "200": 3}')).toBe('{\n  "default": 1,\n  "404": 2,\n  "200": 3\n}');
  });

  it('keeps numbers in their spelling', () => {
    expect(printed('[1.0, 12345678901234567890, -2e3]')).toBe('[\n  1.0,\n  12345678901234567890,\n  -2e3\n]');
  });

  it('reads every escape', () => {
    expect(parse(String.raw`"\"\\\/\b\f\n\r\t\u0041€"`).tree).toBe('"\\/\b\f\n\r\tA€');
  });

  it('takes the last of two members with one name, in the last place, and warns', () => {
    const { tree, warnings } = parse('{\n  "a": 1,\n  "b": 2,\n  "a": 3\n}');
    expect(printJson(tree)).toBe('{\n  "b": 2,\n  "a": 3\n}\n');
    expect(warnings).toEqual([
      { file: 'azuredeploy.json', line: 4, message: '"a" is there twice in one object; the first one is lost' },
    ]);
  });

  it('refuses names that differ in casing only', () => {
    expect(failure('{"Alert": {}, "alert": {}}').message).toContain('"Alert" and "alert" differ in casing only');
  });

  it('says where a file is broken', () => {
    const error = failure('{\n  "a": [\n    "x"\n    "y"\n  ]\n}');
    expect(error.code).toBe('json.broken');
    expect(error.where).toEqual({ file: 'azuredeploy.json', line: 4, column: 5 });
    expect(error.message).toBe('not JSON: `,` or `]` is due');
  });

  it.each([
    ['', 'the file ends before the value does'],
    ['{"a" 1}', '`:` is due after "a"'],
    ['{a: 1}', 'a member name in double quotes is due'],
    ['"abc', 'a string has no closing quote'],
    [String.raw`"\x"`, String.raw`\x`],
    [String.raw`"\u12"`, 'needs four hexadecimal digits'],
    ['[1] 2', 'text after the end of the document'],
    ['{"": 1}', 'a member has an empty name'],
    ['[nope]', 'a value is due, not `n`'],
  ])('refuses %s', (text, message) => {
    expect(failure(text).message).toContain(message);
  });

  it('passes comments, a comma before a bracket, a byte order mark and line breaks in strings, with a warning for each', () => {
    const { tree, warnings } = parse('\uFEFF{\n // why\n "a": [1, 2,], /* how */ "b": "x\ny",\n}');
    expect(printJson(tree)).toBe('{\n  "a": [\n    1,\n    2\n  ],\n  "b": "x\\ny"\n}\n');
    expect(warnings.map(({ line }) => line)).toEqual([2, 3, 3, 3, 5]);
  });
});

describe('printJson', () => {
  it('writes empty objects and arrays on one line', () => {
    expect(printed('{"a": {}, "b": []}')).toBe('{\n  "a": {},\n  "b": []\n}');
  });

  it('escapes quotes, control characters and the line separators of Unicode, and nothing else', () => {
    expect(printJson('"ü—€\u0001\u2028\u0085')).toBe('"\\"ü—€\\u0001\\u2028\\u0085"\n');
  });
});

describe('a JSON tree', () => {
  const { tree } = parse('{"Properties": {"api": {"Id": "x"}}, "name": null}');

  it('is read whatever the casing', () => {
    expect(textAt(tree, 'properties', 'API', 'id')).toBe('x');
    expect(find(tree, 'NAME')).toBeNull();
    expect(find(tree, 'kind')).toBeUndefined();
  });

  it('is changed in a copy, in place of the old member', () => {
    const map = new Map([
      ['A', '1'],
      ['b', '2'],
    ]);
    expect([...withMember(map, 'a', '3')]).toEqual([
      ['A', '3'],
      ['b', '2'],
    ]);
    expect(map.get('A')).toBe('1');
    expect(printJson(withMemberAt(map, ['tags', 'x'], 'y'))).toContain('"tags": {\n    "x": "y"\n  }');
  });
});

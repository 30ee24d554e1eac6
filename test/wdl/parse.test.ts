import { describe, expect, it } from 'vitest';
import { describeError, WdlError } from '../../src/wdl/errors.ts';
import { parseExpression, parseTemplate } from '../../src/wdl/parse.ts';

function syntaxErrorOf(read: () => unknown): WdlError {
  try {
    read();
  } catch (error) {
    if (error instanceof WdlError) return error;
    throw error;
  }
  throw new Error('It was read without an error.');
}

describe('parseExpression', () => {
  it('reads calls, texts, numbers, booleans and null', () => {
    expect(parseExpression("f('it''s', -1.50, .5, +7, 1E+3, TRUE, null)")).toEqual({
      kind: 'call',
      name: 'f',
      args: [
        { kind: 'string', value: "it's" },
        { kind: 'number', text: '-1.50' },
        { kind: 'number', text: '0.5' },
        { kind: 'number', text: '7' },
        { kind: 'number', text: '1e3' },
        { kind: 'boolean', value: true },
        { kind: 'null' },
      ],
    });
  });

  it('reads dots and brackets as the same access, with and without a question mark', () => {
    const title = { key: { kind: 'string', value: 'title' }, optional: true };
    const expected = { kind: 'access', target: { kind: 'call', name: 'body', args: [] }, path: [title] };
    for (const text of ["body()?['title']", 'body()?.title', "body()?.['title']", " body ( ) ? [ 'title' ] "]) {
      expect(parseExpression(text)).toEqual(expected);
    }
  });

  it('reads array literals and elements of them', () => {
    expect(parseExpression('[1, [], f()][0]')).toMatchObject({
      kind: 'access',
      target: { kind: 'array', items: [{ text: '1' }, { kind: 'array', items: [] }, { kind: 'call' }] },
      path: [{ key: { text: '0' }, optional: false }],
    });
  });

  it('reads a number that ends in its point as a float, and no integer beyond 64 bits', () => {
    expect(parseExpression('+1.')).toEqual({ kind: 'number', text: '1.0' });
    expect(parseExpression('-9223372036854775808')).toMatchObject({ text: '-9223372036854775808' });
    for (const text of ['9223372036854775808', '-9223372036854775809']) {
      expect(syntaxErrorOf(() => parseExpression(text)).message).toContain('too large for a 64-bit integer');
    }
  });

  it('keeps line breaks and backslashes in texts as they are', () => {
    expect(parseExpression("'a\\n\nb'")).toEqual({ kind: 'string', value: 'a\\n\nb' });
  });

  it.each([
    ['add(1,', 'found the end of the expression', 6, 'count the parentheses'],
    ['add(1 2)', "expected ',' or ')' but found a number", 6, ''],
    ['add(1))', "expected the end of the expression but found ')'", 6, ''],
    ['', 'found the end of the expression', 0, ''],
    ["concat('a", "the string that starts at position '7' is not terminated", 7, 'is doubled'],
    ['concat("a")', `the string character '"' at position '7'`, 7, 'single quotation marks'],
    ['concat(‘a’)', "the string character '‘'", 7, 'straight quotation mark'],
    ['@add(1, 2)', "the string character '@'", 0, 'without the @'],
    ['1 + 2', "the string character '+'", 2, 'use add, sub, mul, div'],
    ['json({})', "the string character '{'", 5, 'json('],
    ['parameters.x', "expected '(' after the name 'parameters'", 0, 'parameters(…)'],
    ["'a'['b']", "the token '[' at position '3' is not expected", 3, 'off a function call only'],
    ['f()?', "expected '.' or '[' after '?'", 4, ''],
    ['f()?1', "expected '.' or '[' after '?'", 4, ''],
    ['f().1', 'the token', 3, ''],
    ['f()[1', "expected ']'", 5, ''],
    ['f(1a)', "the string character 'a'", 3, ''],
    ['f(,1)', 'expected a function call, a string or a number', 2, ''],
  ])('rejects %s and says where and why', (text, problem, position, remedy) => {
    const error = syntaxErrorOf(() => parseExpression(text));
    expect(error.reason).toBe('wdl.syntax');
    if (text !== 'f().1') {
      expect(error.message).toContain(problem);
      expect(error.details.position).toBe(position);
    }
    expect(error.details.remedy ?? '').toContain(remedy);
  });

  it('shows the line with a caret under the character, and the remedy', () => {
    const error = syntaxErrorOf(() => parseExpression('concat(\n  \'a\',\n  "b"\n)'));
    expect(describeError(error).split('\n').slice(-3)).toEqual([
      '    "b"',
      '    ^',
      "Write texts in single quotation marks; double a quotation mark inside: 'It''s cool'.",
    ]);
  });

  it('cuts long lines around the caret', () => {
    const { excerpt = '' } = syntaxErrorOf(() =>
      parseExpression(`concat('${'a'.repeat(500)}' ~ '${'b'.repeat(500)}')`),
    ).details;
    const [line = '', caret = ''] = excerpt.split('\n');
    expect(line.length).toBeLessThan(80);
    expect(line[caret.indexOf('^')]).toBe('~');
  });

  it('refuses what is longer than the service allows', () => {
    const text = `concat('${'a'.repeat(131_072)}')`;
    expect(syntaxErrorOf(() => parseExpression(text))).toMatchObject({ reason: 'wdl.limit' });
  });

  it('reads 300 calls inside one another and refuses 60,000 without exhausting the stack', () => {
    expect(parseExpression(`${'not('.repeat(300)}true${')'.repeat(300)}`).kind).toBe('call');
    for (const opening of ['not(', '[', 'f()[']) {
      expect(syntaxErrorOf(() => parseExpression(opening.repeat(30_000)))).toMatchObject({ reason: 'wdl.limit' });
    }
  });

  it('reads a path of thousands of steps', () => {
    expect(parseExpression(`f()${'.a'.repeat(60_000)}`)).toMatchObject({ kind: 'access' });
  });
});

describe('parseTemplate', () => {
  it.each([
    ['plain', 'plain'],
    ['', ''],
    ['me@contoso.com', 'me@contoso.com'],
    ['@@', '@'],
    ['@@odata.type', '@odata.type'],
    ['@@{x}', '@{x}'],
    ["@@{'a'}@{'b'}@@{'c'}", "@{'a'}@{'b'}@@{'c'}"],
    ['@', '@'],
    ['a @@{b} c', 'a @{b} c'],
    [' @f()', ' @f()'],
  ])('takes %j as literal text', (text, literal) => {
    expect(parseTemplate(text)).toEqual({ kind: 'literal', text: literal });
  });

  it('takes text after @ as an expression', () => {
    expect(parseTemplate('@f()')).toEqual({ kind: 'expression', expression: { kind: 'call', name: 'f', args: [] } });
    expect(parseTemplate("@'a'")).toEqual({ kind: 'expression', expression: { kind: 'string', value: 'a' } });
  });

  it('reads interpolations, braces in texts included', () => {
    const call = (value: string) => ({ kind: 'call', name: 'f', args: [{ kind: 'string', value }] });
    expect(parseTemplate("a@{f('}')}b@@{c}@{ f('@{') }")).toEqual({
      kind: 'interpolation',
      parts: ['a', call('}'), 'b@{c}', call('@{')],
    });
    expect(parseTemplate("@{f('x')}")).toEqual({ kind: 'interpolation', parts: [call('x')] });
  });

  it.each([
    ['@someone please look', 'For a literal @ at the start write @@.'],
    ['@f() and text', 'For a literal @ at the start write @@.'],
    ['text @{f()', 'count the parentheses'],
    ['text @{}', ''],
    ['text @{f() g()}', ''],
  ])('rejects %s', (text, remedy) => {
    const error = syntaxErrorOf(() => parseTemplate(text));
    expect(error.reason).toBe('wdl.syntax');
    expect(error.details.remedy ?? '').toContain(remedy);
  });

  it("takes an @ all by itself for a string, as Microsoft's designer does", () => {
    expect(parseTemplate('@')).toEqual({ kind: 'literal', text: '@' });
  });
});

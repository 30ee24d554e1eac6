import { WdlError } from './errors.ts';
import { isInt64 } from './values.ts';

export type TokenKind = 'string' | 'number' | 'name' | '(' | ')' | '[' | ']' | ',' | '.' | '?' | '}' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** Value of a string, canonical text of a number, the name, else the character itself. */
  readonly text: string;
  readonly start: number;
}

const NAME = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
const NUMBER = /[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?/y;
const WHITE_SPACE = /\s*/y;
const PUNCTUATION = new Set(['(', ')', '[', ']', ',', '.', '?', '}']);

/** Characters that people paste or carry over from other languages, and what to write instead. */
const REMEDIES: Readonly<Record<string, string>> = {
  '"': "Write texts in single quotation marks; double a quotation mark inside: 'It''s cool'.",
  '‘': "Use the straight quotation mark ' instead of the typographic one.",
  '’': "Use the straight quotation mark ' instead of the typographic one.",
  '“': "Use the straight quotation mark ' instead of the typographic one.",
  '”': "Use the straight quotation mark ' instead of the typographic one.",
  '@': 'Inside an expression functions are called without the @.',
  '{': "Objects have no literal form: use json('{ … }'), setProperty or a Compose action.",
  '+': 'There are no operators: use add, sub, mul, div, mod, and concat for texts.',
  '-': 'There are no operators: use sub, or put a negative number directly: -1.',
  '*': 'There are no operators: use mul.',
  '/': 'There are no operators: use div.',
  '=': 'There are no operators: use equals.',
  '!': 'There are no operators: use not(equals(…)).',
  '<': 'There are no operators: use less or lessOrEquals.',
  '>': 'There are no operators: use greater or greaterOrEquals.',
  '&': 'There are no operators: use and, or concat for texts.',
  '|': 'There are no operators: use or.',
};

/** The token at or after `offset` in an expression. Throws `WdlError` (`wdl.syntax`) for anything that is none. */
export function readToken(source: string, offset: number): { token: Token; end: number } {
  WHITE_SPACE.lastIndex = offset;
  WHITE_SPACE.test(source);
  const start = WHITE_SPACE.lastIndex;
  const character = source[start];
  if (character === undefined) return { token: { kind: 'end', text: '', start }, end: start };
  if (character === "'") return readString(source, start);
  NUMBER.lastIndex = start;
  const number = NUMBER.exec(source)?.[0];
  if (number !== undefined) return finishNumber(source, start, number);
  if (PUNCTUATION.has(character)) {
    return { token: { kind: character as TokenKind, text: character, start }, end: start + 1 };
  }
  NAME.lastIndex = start;
  const name = NAME.exec(source)?.[0];
  if (name !== undefined) return { token: { kind: 'name', text: name, start }, end: start + name.length };
  throw unexpectedCharacter(source, start);
}

function readString(source: string, start: number): { token: Token; end: number } {
  let text = '';
  let from = start + 1;
  for (;;) {
    const quote = source.indexOf("'", from);
    if (quote < 0) {
      throw syntaxError(source, start, `the string that starts at position '${start}' is not terminated`, {
        remedy: "Close the text with '. A quotation mark inside a string is doubled: 'It''s cool'.",
      });
    }
    text += source.slice(from, quote);
    if (source[quote + 1] !== "'") return { token: { kind: 'string', text, start }, end: quote + 1 };
    text += "'";
    from = quote + 2;
  }
}

function finishNumber(source: string, start: number, raw: string): { token: Token; end: number } {
  const end = start + raw.length;
  NAME.lastIndex = end;
  if (NAME.test(source)) throw unexpectedCharacter(source, end);
  const text = canonicalNumber(raw);
  if (/^-?\d+$/.test(text) && !isInt64(BigInt(text))) {
    throw syntaxError(source, start, `the number '${raw}' at position '${start}' is too large for a 64-bit integer`, {
      remedy: `Write it as a float, ${text}.0, or as a string for decimal(…).`,
    });
  }
  return { token: { kind: 'number', text, start }, end };
}

function canonicalNumber(raw: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = ''] =
    /^([-+]?)(\d*)((?:\.\d*)?)((?:[eE][-+]?\d+)?)$/.exec(raw) ?? [];
  const digits = whole.replace(/^0+(?=\d)/, '') || '0';
  return `${sign === '-' ? '-' : ''}${digits}${fraction === '.' ? '.0' : fraction}${exponent.toLowerCase().replace('+', '')}`;
}

function unexpectedCharacter(source: string, position: number): WdlError {
  const character = String.fromCodePoint(source.codePointAt(position) ?? 0xfffd);
  const remedy = REMEDIES[character];
  return syntaxError(
    source,
    position,
    `the string character '${character}' at position '${position}' is not expected`,
    remedy === undefined ? {} : { remedy },
  );
}

/** A syntax error at a position, with the line and a caret under the character. */
export function syntaxError(
  source: string,
  position: number,
  problem: string,
  { remedy }: { remedy?: string } = {},
): WdlError {
  return new WdlError('wdl.syntax', `The template language expression '${shorten(source)}' is not valid: ${problem}.`, {
    expression: source,
    position,
    excerpt: caretExcerpt(source, position),
    ...(remedy === undefined ? {} : { remedy }),
  });
}

const EXCERPT_WIDTH = 72;

/** The line around a position, cut to a terminal's width, with a caret below the character. */
function caretExcerpt(source: string, position: number): string {
  const lineStart = source.lastIndexOf('\n', position - 1) + 1;
  const newline = source.indexOf('\n', position);
  const lineEnd = newline < 0 ? source.length : newline;
  const from = Math.max(lineStart, position - EXCERPT_WIDTH / 2);
  const to = Math.min(lineEnd, from + EXCERPT_WIDTH);
  const before = from > lineStart ? '…' : '';
  const line = `${before}${source.slice(from, to)}${to < lineEnd ? '…' : ''}`;
  return `  ${line.replace(/[\t\r]/g, ' ')}\n  ${' '.repeat(before.length + position - from)}^`;
}

const MESSAGE_WIDTH = 2_000;

/** Long expressions are cut in messages. */
export function shorten(expression: string): string {
  return expression.length > MESSAGE_WIDTH ? `${expression.slice(0, MESSAGE_WIDTH)}…` : expression;
}

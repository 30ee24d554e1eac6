import type { AccessStep, ArrayNode, CallNode, Expression, Template, TemplatePart } from './ast.ts';
import { WdlError } from './errors.ts';
import type { Token, TokenKind } from './lexer.ts';
import { readToken, syntaxError } from './lexer.ts';
import { MAX_EXPRESSION_CHARACTERS, MAX_EXPRESSION_NESTING } from './limits.ts';

/**
 * Reads a bare expression: `concat('a', parameters('b')?['c'])`, without the leading `@`.
 * Throws `WdlError` with reason `wdl.syntax` (position, caret excerpt and remedy in `details`) or `wdl.limit`.
 */
export function parseExpression(text: string): Expression {
  checkLength(text.length);
  const parser = new Parser(text, 0);
  const expression = parser.expression();
  parser.expect('end');
  return expression;
}

/**
 * Reads a JSON string value as it is in a workflow definition ("Workflow Definition Language", section Expressions):
 * `@expression` keeps the type of its value, `text @{expression} text` is always text, `@@{` stands for a literal `@{`. A string
 * that starts with `@@` is literal from there on, but for the first `@`: an interpolation in it is none (published cases of
 * ScoreUnder/IllogicApps). Everything else is literal text, an `@` all by itself too.
 */
export function parseTemplate(text: string): Template {
  if (!text.includes('@') || text === '@') return { kind: 'literal', text };
  if (text.startsWith('@') && text[1] !== '{' && text[1] !== '@') {
    checkLength(text.length);
    const parser = new Parser(text, 1);
    const expression = parser.expression();
    parser.expect('end');
    return { kind: 'expression', expression };
  }
  if (text.startsWith('@@')) return { kind: 'literal', text: text.slice(1) };
  return parseInterpolation(text);
}

function parseInterpolation(text: string): Template {
  const parts: TemplatePart[] = [];
  let literal = '';
  let from = 0;
  for (;;) {
    const opening = text.indexOf('@{', from);
    if (opening < 0) break;
    if (text[opening - 1] === '@' && opening > from) {
      literal += `${text.slice(from, opening - 1)}@{`;
      from = opening + 2;
      continue;
    }
    literal += text.slice(from, opening);
    if (literal !== '') parts.push(literal);
    literal = '';
    const parser = new Parser(text, opening + 2);
    parts.push(parser.expression());
    from = parser.expect('}', `the interpolation '@{' at position '${opening}' is not closed`);
    checkLength(from - opening);
  }
  literal += text.slice(from);
  if (parts.length === 0) return { kind: 'literal', text: literal };
  if (literal !== '') parts.push(literal);
  return { kind: 'interpolation', parts };
}

function checkLength(length: number): void {
  if (length <= MAX_EXPRESSION_CHARACTERS) return;
  throw new WdlError(
    'wdl.limit',
    `The template language expression has ${length} characters. The limit is ${MAX_EXPRESSION_CHARACTERS}.`,
    { remedy: 'Put a part of it into a Compose action of its own and refer to that action’s outputs.' },
  );
}

const KEYWORDS: Readonly<Record<string, Expression>> = {
  true: { kind: 'boolean', value: true },
  false: { kind: 'boolean', value: false },
  null: { kind: 'null' },
};

const TOKEN_NAMES: Readonly<Partial<Record<TokenKind, string>>> = {
  string: 'a string',
  number: 'a number',
  name: 'a name',
  end: 'the end of the expression',
};

/** Recursive descent, one token ahead. */
class Parser {
  readonly #source: string;
  readonly #start: number;
  #token: Token;
  #end: number;
  #depth = 0;

  constructor(source: string, start: number) {
    this.#source = source;
    this.#start = start;
    const { token, end } = readToken(source, start);
    this.#token = token;
    this.#end = end;
  }

  expression(): Expression {
    this.#depth += 1;
    if (this.#depth > MAX_EXPRESSION_NESTING) {
      throw new WdlError(
        'wdl.limit',
        `The template language expression nests more than ${MAX_EXPRESSION_NESTING} calls inside one another.`,
        { position: this.#token.start, remedy: 'Put inner parts into Compose actions of their own.' },
      );
    }
    const expression = this.#operand();
    this.#depth -= 1;
    return expression;
  }

  /** Checks the current token and reads on. Returns the offset behind it. */
  expect(kind: TokenKind, problem?: string): number {
    if (this.#token.kind !== kind) throw this.#unexpected(`'${kind}'`, problem);
    const end = this.#end;
    if (kind !== '}') this.#advance();
    return end;
  }

  #operand(): Expression {
    const token = this.#token;
    switch (token.kind) {
      case 'string':
        this.#advance();
        return this.#withoutPath({ kind: 'string', value: token.text });
      case 'number':
        this.#advance();
        return this.#withoutPath({ kind: 'number', text: token.text });
      case '[':
        return this.#withPath({ kind: 'array', items: this.#list('[', ']') });
      case 'name': {
        this.#advance();
        if (this.#token.kind === '(') {
          return this.#withPath({ kind: 'call', name: token.text, args: this.#list('(', ')') });
        }
        const keyword = Object.hasOwn(KEYWORDS, token.text.toLowerCase())
          ? KEYWORDS[token.text.toLowerCase()]
          : undefined;
        if (keyword) return this.#withoutPath(keyword);
        throw syntaxError(
          this.#source,
          token.start,
          `expected '(' after the name '${token.text}' at position '${token.start}'`,
          this.#start === 1 && token.start === 1
            ? { remedy: 'Text that starts with @ is an expression. For a literal @ at the start write @@.' }
            : {
                remedy: `Write a function call, ${token.text}(…), or a string in single quotation marks: '${token.text}'.`,
              },
        );
      }
      default:
        throw this.#unexpected('a function call, a string or a number');
    }
  }

  #list(opening: '(' | '[', closing: ')' | ']'): Expression[] {
    this.expect(opening);
    const items: Expression[] = [];
    if (this.#token.kind !== closing) {
      items.push(this.expression());
      while (this.#token.kind === ',') {
        this.#advance();
        items.push(this.expression());
      }
    }
    if (this.#token.kind !== closing) throw this.#unexpected(`',' or '${closing}'`);
    this.#advance();
    return items;
  }

  #withPath(target: CallNode | ArrayNode): Expression {
    const path: AccessStep[] = [];
    for (;;) {
      const optional = this.#token.kind === '?';
      if (optional) this.#advance();
      if (this.#token.kind === '.') {
        this.#advance();
        // `?.[…]` and `.[…]` are the bracket form with a dot too many; the service accepts them.
        path.push({ key: this.#at('[') ? this.#bracket() : this.#member(), optional });
      } else if (this.#token.kind === '[') path.push({ key: this.#bracket(), optional });
      else if (optional) throw this.#unexpected("'.' or '[' after '?'");
      else break;
    }
    return path.length === 0 ? target : { kind: 'access', target, path };
  }

  #bracket(): Expression {
    this.expect('[');
    const key = this.expression();
    this.expect(']');
    return key;
  }

  #member(): Expression {
    const token = this.#token;
    if (token.kind !== 'name') throw this.#unexpected('a property name after the dot');
    this.#advance();
    return { kind: 'string', value: token.text };
  }

  /** Texts, numbers and keywords have no properties; saying so beats "unexpected '['". */
  #withoutPath(expression: Expression): Expression {
    const { kind, start } = this.#token;
    if (kind === '.' || kind === '[' || kind === '?') {
      throw syntaxError(this.#source, start, `the token '${kind}' at position '${start}' is not expected`, {
        remedy: "Properties and elements can be read off a function call only, for example triggerBody()?['name'].",
      });
    }
    return expression;
  }

  #at(kind: TokenKind): boolean {
    return this.#token.kind === kind;
  }

  #advance(): void {
    const { token, end } = readToken(this.#source, this.#end);
    this.#token = token;
    this.#end = end;
  }

  #unexpected(expected: string, problem?: string): WdlError {
    const { kind, text, start } = this.#token;
    const found = TOKEN_NAMES[kind] ?? `'${text}'`;
    const what = problem ?? `expected ${expected.replace("'end'", 'the end of the expression')} but found ${found}`;
    return syntaxError(this.#source, start, `${what} at position '${start}'`, this.#remedy(kind));
  }

  #remedy(found: TokenKind): { remedy?: string } {
    if (found === 'end') return { remedy: 'Something is missing at the end: count the parentheses and brackets.' };
    if (this.#start === 1 && this.#token.start > 1 && this.#depth === 0) {
      return { remedy: 'Text that starts with @ is an expression. For a literal @ at the start write @@.' };
    }
    return {};
  }
}

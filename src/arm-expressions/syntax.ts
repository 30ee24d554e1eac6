import { UserError } from '../domain/errors.ts';

/** A parsed ARM template expression. Source: "Syntax and expressions in ARM templates". */
export type ArmExpression =
  | { readonly kind: 'literal'; readonly value: string | number }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly ArmExpression[] }
  | { readonly kind: 'member'; readonly of: ArmExpression; readonly name: string; readonly optional: boolean }
  | {
      readonly kind: 'index';
      readonly of: ArmExpression;
      readonly index: ArmExpression;
      readonly optional: boolean;
    };

/** Whether a string of a template is an expression: in brackets, and not escaped with a second opening bracket. */
export function isArmExpression(text: string): boolean {
  return text.startsWith('[') && text.endsWith(']') && !text.startsWith('[[');
}

/**
 * Reads `[concat('a', parameters('b').c[0])]`, brackets included.
 * @throws UserError `arm.syntax` naming the offending character
 */
export function parseArmExpression(text: string): ArmExpression {
  const reader = new ArmReader(text.slice(1, -1), text);
  return reader.readAll();
}

/** More than an expression written by hand can reach within the service's limit of 24,576 characters. */
const MAX_DEPTH = 500;

const SPACE = /\s*/y;
const NAME = /[A-Za-z_$][\w$]*/y;
const NUMBER = /-?\d+/y;
const TEXT = /'(?:[^']|'')*'/y;

class ArmReader {
  readonly #text: string;
  readonly #whole: string;
  #at = 0;
  #depth = 0;

  constructor(text: string, whole: string) {
    this.#text = text;
    this.#whole = whole;
  }

  readAll(): ArmExpression {
    const expression = this.#readExpression();
    if (this.#peek() !== undefined) this.#fail(`\`${this.#peek()}\` is not expected here`);
    return expression;
  }

  #readExpression(): ArmExpression {
    let expression = this.#readTerm();
    for (;;) {
      const optional = this.#skip('.?') || this.#skip('?');
      if (this.#skip('[')) {
        const questionInside = this.#skip('?');
        const index = this.#readExpression();
        this.#expect(']');
        expression = { kind: 'index', of: expression, index, optional: optional || questionInside };
      } else if (this.#skip('.') || optional) {
        const name = this.#take(NAME);
        if (name === undefined) this.#fail('a property name is due after the dot');
        expression = { kind: 'member', of: expression, name, optional };
      } else return expression;
    }
  }

  #readTerm(): ArmExpression {
    if (this.#depth > MAX_DEPTH) this.#fail(`it is nested deeper than ${MAX_DEPTH} calls`);
    const text = this.#take(TEXT);
    if (text !== undefined) return { kind: 'literal', value: text.slice(1, -1).replaceAll("''", "'") };
    const number = this.#take(NUMBER);
    if (number !== undefined) return { kind: 'literal', value: Number(number) };
    const name = this.#readQualifiedName();
    if (name === undefined) this.#fail(`a function, a number or a string in single quotes is due`);
    if (!this.#skip('(')) this.#fail(`'${name}' must be called: ${name}(…)`);
    this.#depth++;
    const args = this.#readArguments();
    this.#depth--;
    return { kind: 'call', name, args };
  }

  /** `concat`, or `contoso.uniqueName` for a function that the template defines. */
  #readQualifiedName(): string | undefined {
    const name = this.#take(NAME);
    if (name === undefined || !this.#skip('.')) return name;
    return `${name}.${this.#take(NAME) ?? ''}`;
  }

  #readArguments(): ArmExpression[] {
    const args: ArmExpression[] = [];
    if (this.#skip(')')) return args;
    do args.push(this.#readExpression());
    while (this.#skip(','));
    this.#expect(')');
    return args;
  }

  #peek(): string | undefined {
    this.#takeRaw(SPACE);
    return this.#text[this.#at];
  }

  #take(pattern: RegExp): string | undefined {
    this.#takeRaw(SPACE);
    return this.#takeRaw(pattern);
  }

  #takeRaw(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (!match) return undefined;
    this.#at += match[0].length;
    return match[0];
  }

  #skip(symbol: string): boolean {
    this.#takeRaw(SPACE);
    if (!this.#text.startsWith(symbol, this.#at)) return false;
    this.#at += symbol.length;
    return true;
  }

  #expect(symbol: string): void {
    const found = this.#peek() === undefined ? 'the end' : `\`${this.#peek()}\``;
    if (!this.#skip(symbol)) this.#fail(`\`${symbol}\` is due, found ${found}`);
  }

  #fail(reason: string): never {
    throw new UserError('arm.syntax', `The template expression ${this.#whole} cannot be read: ${reason}.`, {
      remedy: `The trouble starts at character ${this.#at + 2} of the expression.`,
    });
  }
}

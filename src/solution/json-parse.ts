import { UserError } from '../domain/errors.ts';
import type { PackageWarning } from './draft.ts';
import { JsonNumber, type JsonTree } from './json-tree.ts';

export interface ParsedJson {
  readonly tree: JsonTree;
  /** What a lenient reader accepts and a reviewer should know of. */
  readonly warnings: readonly PackageWarning[];
}

/**
 * Reads JSON as the packaging tool's reader does: comments, a comma before a closing bracket and line breaks in strings
 * pass (with a warning), the last of two members of one name wins (with a warning), and names that differ in casing
 * only, or are empty, are refused.
 * @throws UserError `json.broken` with line and column
 */
export function parseJson(text: string, file: string): ParsedJson {
  const reader = new JsonReader(text.replace(/^\uFEFF/, ''), file);
  return { tree: reader.readDocument(), warnings: reader.warnings };
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;
const PLAIN_TEXT = /[^"\\\n\r\t]*/y;
const SPACE = /[ \t\r\n\u00a0]*/y;
const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const HEX = /[0-9a-fA-F]{4}/y;

class JsonReader {
  readonly warnings: PackageWarning[] = [];
  readonly #text: string;
  readonly #file: string;
  #at = 0;

  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
  }

  readDocument(): JsonTree {
    const value = this.#readValue();
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#fail('text after the end of the document');
    return value;
  }

  #readValue(): JsonTree {
    this.#skipSpace();
    const next = this.#text[this.#at];
    if (next === '{') return this.#readObject();
    if (next === '[') return this.#readArray();
    if (next === '"') return this.#readString();
    const literal = this.#take(LITERAL);
    if (literal) return literal === 'null' ? null : literal === 'true';
    const number = this.#take(NUMBER);
    if (number) return new JsonNumber(number);
    return this.#fail(next === undefined ? 'the file ends before the value does' : `a value is due, not \`${next}\``);
  }

  #readObject(): JsonTree {
    const members = new Map<string, JsonTree>();
    const names = new Map<string, string>();
    this.#at++;
    while (!this.#ends('}', members.size > 0)) {
      const start = this.#at;
      if (this.#text[start] !== '"') this.#fail('a member name in double quotes is due');
      const name = this.#readString();
      this.#checkName(name, names, start);
      this.#skipSpace();
      if (this.#text[this.#at] !== ':') this.#fail(`\`:\` is due after "${name}"`);
      this.#at++;
      const value = this.#readValue();
      members.delete(name); // the last one counts, in the last one's place
      members.set(name, value);
    }
    return members;
  }

  #readArray(): JsonTree {
    const items: JsonTree[] = [];
    this.#at++;
    while (!this.#ends(']', items.length > 0)) items.push(this.#readValue());
    return items;
  }

  /** Steps over the closing bracket and says so, or over the comma before the next item. */
  #ends(bracket: '}' | ']', follows: boolean): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] === bracket) return this.#step();
    if (!follows) return false;
    if (this.#text[this.#at] !== ',') this.#fail(`\`,\` or \`${bracket}\` is due`);
    this.#step();
    this.#skipSpace();
    if (this.#text[this.#at] !== bracket) return false;
    this.#warn(`there is a comma before \`${bracket}\``);
    return this.#step();
  }

  #step(): true {
    this.#at++;
    return true;
  }

  #readString(): string {
    let text = '';
    this.#at++;
    for (;;) {
      text += this.#take(PLAIN_TEXT);
      const next = this.#text[this.#at];
      if (next === undefined) this.#fail('a string has no closing quote');
      this.#at++;
      if (next === '"') return text;
      if (next === '\\') text += this.#readEscape();
      else {
        this.#warn('a line break or tab is unescaped in a string', this.#at - 1);
        text += next;
      }
    }
  }

  #readEscape(): string {
    const letter = this.#text[this.#at] ?? '';
    this.#at++;
    if (letter === 'u') {
      const code = this.#take(HEX);
      if (!code) this.#fail('`\\u` needs four hexadecimal digits');
      return String.fromCharCode(Number.parseInt(code, 16));
    }
    return ESCAPES[letter] ?? this.#fail(`\`\\${letter}\` is not an escape of JSON`);
  }

  #checkName(name: string, names: Map<string, string>, at: number): void {
    if (name === '') this.#fail('a member has an empty name, which the packaging tool refuses');
    const earlier = names.get(name.toLowerCase());
    names.set(name.toLowerCase(), name);
    if (earlier === undefined) return;
    if (earlier === name) this.#warn(`"${name}" is there twice in one object; the first one is lost`, at);
    else this.#fail(`"${earlier}" and "${name}" differ in casing only, which the packaging tool refuses`);
  }

  #skipSpace(): void {
    this.#take(SPACE);
    while (this.#text[this.#at] === '/' && this.#take(COMMENT)) {
      this.#warn('a comment, which is not JSON');
      this.#take(SPACE);
    }
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #warn(message: string, at = this.#at): void {
    this.warnings.push({ file: this.#file, line: this.#position(at).line, message });
  }

  #fail(message: string): never {
    throw new UserError('json.broken', `not JSON: ${message}`, {
      where: { file: this.#file, ...this.#position(this.#at) },
      remedy: 'Correct the file at this place; any JSON editor shows it too.',
    });
  }

  #position(at: number): { line: number; column: number } {
    const before = this.#text.slice(0, at);
    return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') };
  }
}

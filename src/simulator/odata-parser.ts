/** Syntax tree of a `$filter` (OData 4.01, URL conventions, section 5.1.1). */
export type Filter =
  | { readonly kind: 'literal'; readonly value: Literal }
  | { readonly kind: 'path'; readonly segments: readonly string[]; readonly at: number }
  | { readonly kind: 'not'; readonly operand: Filter }
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: Comparison; readonly left: Filter; readonly right: Filter; readonly at: number }
  | { readonly kind: 'in'; readonly left: Filter; readonly list: readonly Filter[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Filter[]; readonly at: number }
  | {
      readonly kind: 'any' | 'all';
      readonly path: readonly string[];
      readonly variable: string;
      /** Absent in `path/any()`: is there an item at all? */
      readonly condition?: Filter;
      readonly at: number;
    };

export type Comparison = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';

/** A point in time is kept as its text: seven decimals do not fit into a Date. */
export type Literal = string | number | boolean | null | { readonly instant: string };

export class ODataError extends Error {
  /** Offset in the text, from 0. */
  readonly position: number;
  constructor(message: string, position: number) {
    super(`${message} at position ${position}`);
    this.name = 'ODataError';
    this.position = position;
  }
}

interface Token {
  readonly kind: 'word' | 'literal' | 'mark' | 'end';
  readonly text: string;
  readonly value?: Literal;
  readonly at: number;
}

const COMPARISONS: readonly string[] = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'];
/** Deeper nesting is an attack or an accident. */
const DEEPEST = 100;

/** In the order in which they are tried. */
const PATTERNS: readonly { pattern: RegExp; read: (text: string) => Omit<Token, 'at' | 'text'> }[] = [
  { pattern: /'(?:[^']|'')*'/y, read: (text) => literal(text.slice(1, -1).replaceAll("''", "'")) },
  {
    pattern: /\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?(?:Z|[+-]\d\d:\d\d))?(?![\w-])/y,
    read: (text) => literal({ instant: text }),
  },
  {
    pattern: /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])/iy,
    read: (text) => literal(text.toLowerCase()),
  },
  { pattern: /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w])/iy, read: (text) => literal(Number(text)) },
  { pattern: /\$?[\p{L}_@][\p{L}\p{N}_.@]*/uy, read: word },
  { pattern: /[(),/:]/y, read: () => ({ kind: 'mark' }) },
];

function literal(value: Literal): Omit<Token, 'at' | 'text'> {
  return { kind: 'literal', value };
}

function word(text: string): Omit<Token, 'at' | 'text'> {
  if (text === 'true' || text === 'false') return literal(text === 'true');
  return text === 'null' ? literal(null) : { kind: 'word' };
}

function tokens(source: string): readonly Token[] {
  const found: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const blank = /[\s\u00a0]+/y;
    blank.lastIndex = at;
    const skipped = blank.exec(source)?.[0].length ?? 0;
    at += skipped;
    if (at >= source.length) break;
    const token = tokenAt(source, at);
    found.push(token);
    at += token.text.length;
  }
  return [...found, { kind: 'end', text: '', at: source.length }];
}

function tokenAt(source: string, at: number): Token {
  for (const { pattern, read } of PATTERNS) {
    pattern.lastIndex = at;
    const text = pattern.exec(source)?.[0];
    if (text !== undefined) return { ...read(text), text, at };
  }
  const problem = source.charAt(at) === "'" ? 'a string has no closing quote' : `unexpected "${source.charAt(at)}"`;
  throw new ODataError(problem, at);
}

/** Parses a `$filter`. Throws ODataError with the position of what it cannot read. */
export function parseFilter(source: string): Filter {
  const parser = new Parser(tokens(source));
  const filter = parser.or();
  parser.expectEnd();
  return filter;
}

/** Recursive descent; precedence: comparison, not, and, or. */
class Parser {
  readonly #tokens: readonly Token[];
  #position = 0;
  #depth = 0;

  constructor(list: readonly Token[]) {
    this.#tokens = list;
  }

  or(): Filter {
    let left = this.and();
    while (this.#takeWord('or')) left = { kind: 'or', left, right: this.and() };
    return left;
  }

  and(): Filter {
    let left = this.comparison();
    while (this.#takeWord('and')) left = { kind: 'and', left, right: this.comparison() };
    return left;
  }

  comparison(): Filter {
    const left = this.unary();
    const { text, at, kind } = this.#peek();
    if (kind !== 'word') return left;
    if (COMPARISONS.includes(text)) {
      this.#next();
      return { kind: text as Comparison, left, right: this.unary(), at };
    }
    return this.#takeWord('in') ? { kind: 'in', left, list: this.#list() } : left;
  }

  unary(): Filter {
    if (++this.#depth > DEEPEST) throw new ODataError(`more than ${DEEPEST} levels`, this.#peek().at);
    try {
      // "not" binds tighter than a comparison: `not (a eq b)` needs its brackets.
      return this.#takeWord('not') ? { kind: 'not', operand: this.unary() } : this.primary();
    } finally {
      this.#depth--;
    }
  }

  primary(): Filter {
    const token = this.#next();
    if (token.kind === 'literal') return { kind: 'literal', value: token.value ?? null };
    if (token.text === '(') {
      const inner = this.or();
      this.#expect(')');
      return inner;
    }
    if (token.kind !== 'word')
      throw new ODataError(token.text ? `unexpected "${token.text}"` : 'unexpected end', token.at);
    return this.#peek().text === '(' ? this.#call(token) : this.#path(token);
  }

  #call(name: Token): Filter {
    const args = this.#peekAhead(1).text === ')' ? this.#emptyList() : this.#list();
    return { kind: 'call', name: name.text, args, at: name.at };
  }

  #path(first: Token): Filter {
    const segments = [first.text];
    while (this.#takeMark('/')) {
      const segment = this.#next();
      if (segment.kind !== 'word') throw new ODataError('a property name must follow "/"', segment.at);
      if ((segment.text === 'any' || segment.text === 'all') && this.#peek().text === '(')
        return this.#lambda(segment.text, segments, first.at);
      segments.push(segment.text);
    }
    return { kind: 'path', segments, at: first.at };
  }

  #lambda(kind: 'any' | 'all', path: readonly string[], at: number): Filter {
    this.#expect('(');
    if (kind === 'any' && this.#takeMark(')')) return { kind, path, variable: '', at };
    const variable = this.#next();
    if (variable.kind !== 'word') throw new ODataError(`${kind}(…) needs a variable`, variable.at);
    this.#expect(':');
    const condition = this.or();
    this.#expect(')');
    return { kind, path, variable: variable.text, condition, at };
  }

  #list(): readonly Filter[] {
    this.#expect('(');
    const items = [this.or()];
    while (this.#takeMark(',')) items.push(this.or());
    this.#expect(')');
    return items;
  }

  #emptyList(): readonly Filter[] {
    this.#expect('(');
    this.#expect(')');
    return [];
  }

  expectEnd(): void {
    const { kind, text, at } = this.#peek();
    if (kind !== 'end') throw new ODataError(`unexpected "${text}"`, at);
  }

  #peek(): Token {
    return this.#peekAhead(0);
  }

  #peekAhead(steps: number): Token {
    return this.#tokens[Math.min(this.#position + steps, this.#tokens.length - 1)] ?? { kind: 'end', text: '', at: 0 };
  }

  #next(): Token {
    const token = this.#peek();
    this.#position++;
    return token;
  }

  #takeWord(text: string): boolean {
    return this.#peek().kind === 'word' && this.#peek().text === text && Boolean(this.#next());
  }

  #takeMark(text: string): boolean {
    return this.#peek().kind === 'mark' && this.#peek().text === text && Boolean(this.#next());
  }

  #expect(text: string): void {
    const token = this.#next();
    if (token.kind !== 'mark' || token.text !== text)
      throw new ODataError(
        token.text ? `expected "${text}" instead of "${token.text}"` : `expected "${text}"`,
        token.at,
      );
  }
}

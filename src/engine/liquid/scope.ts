import { isDecimal } from '../../wdl/decimal.ts';
import { integer, isArray, isObject, toNumber, type WdlValue } from '../../wdl/values.ts';
import { converted, decimal, EMPTY, itemsOf, type LiquidValue } from './values.ts';

const LITERALS: Readonly<Record<string, LiquidValue>> = {
  '': null,
  nil: null,
  null: null,
  true: true,
  false: false,
  blank: EMPTY,
  empty: EMPTY,
};

/** One step of a path: `[…]`, or a name. */
const STEP = /\[[^\]]+\]|[\w-]+\??/g;

/** The variables of a template, innermost scope first, and what is kept from one rendering of a tag to the next. */
export class Scope {
  readonly #scopes: Map<string, LiquidValue>[] = [new Map()];
  readonly #content: WdlValue;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Where `cycle` stands, by its name; what `ifchanged` wrote last; how far a loop came. */
  readonly cycles = new Map<string, number>();
  readonly loops = new Map<string, number>();
  lastIfChanged: string | undefined;
  /** Filters that there are not, which change nothing. */
  readonly unknownFilters = new Set<string>();

  constructor(content: WdlValue, now: number) {
    this.#content = content;
    this.now = now;
  }

  /** For the block that is being rendered. */
  set(name: string, value: LiquidValue): void {
    this.#scopes[0]?.set(name, value);
  }

  /** For the rest of the template, as `assign` and `capture` do. */
  setForAll(name: string, value: LiquidValue): void {
    this.#scopes.at(-1)?.set(name, value);
  }

  within<T>(work: () => T): T {
    this.#scopes.unshift(new Map());
    try {
      return work();
    } finally {
      this.#scopes.shift();
    }
  }

  /**
   * The value of a word of a template: a literal, a range, or a path such as `content.rows[0].name`. What there is not is null.
   * @throws LiquidError for a range whose ends are no numbers
   */
  lookUp(word: string): LiquidValue {
    if (Object.hasOwn(LITERALS, word)) return LITERALS[word] ?? null;
    const quoted = /^'(.*)'$/.exec(word) ?? /^"(.*)"$/.exec(word);
    if (quoted) return quoted[1] ?? '';
    if (/^[+-]?\d+$/.test(word)) return integer(BigInt(word.replace(/^\+/, '')));
    const range = /^\((\S+)\.\.(\S+)\)$/.exec(word);
    if (range) return this.#range(range[1] ?? '', range[2] ?? '');
    return /^[+-]?\d[\d.|,]+$/.test(word) ? decimal(word) : this.#path(word);
  }

  #range(from: string, to: string): WdlValue {
    const [first, last] = [from, to].map((end) => wholeOf(this.lookUp(end)));
    const start = first ?? 0;
    return Array.from({ length: Math.max(0, (last ?? 0) - start + 1) }, (_, index) => start + index);
  }

  #path(word: string): LiquidValue {
    const [first = '', ...rest] = word.match(STEP) ?? [];
    const name = bracketed(first);
    let value = this.#variable(name === undefined ? first : String(this.lookUp(name)));
    for (const step of rest) {
      if (value === null) return null;
      const inside = bracketed(step);
      value = inside === undefined ? named(value, step) : keyed(value, this.lookUp(inside));
    }
    return value;
  }

  #variable(name: string): LiquidValue {
    const scope = this.#scopes.find((one) => one.has(name));
    if (scope) return scope.get(name) ?? null;
    return name === 'content' ? this.#content : null;
  }
}

function bracketed(step: string): string | undefined {
  return /^\[(.*)\]$/.exec(step)?.[1];
}

function wholeOf(value: LiquidValue): number {
  return value === null ? 0 : toNumber(converted(value, 'integer') as number);
}

/** A member by name; `size`, `first` and `last` of what has items and no such member. */
function named(value: LiquidValue, name: string): LiquidValue {
  const member = keyed(value, name);
  if (member !== null) return member;
  const items = typeof value === 'object' && value !== null && isObject(value) ? Object.values(value) : itemsOf(value);
  if (items === undefined) return null;
  if (name === 'size') return items.length;
  return name === 'first' ? (items[0] ?? null) : name === 'last' ? (items.at(-1) ?? null) : null;
}

/** A member of an object by its exact name, or an item of a list by its index. */
function keyed(value: LiquidValue, key: LiquidValue): LiquidValue {
  if (typeof value !== 'object' || value === null || typeof key === 'symbol' || key === null) return null;
  if (isObject(value)) return typeof key === 'string' && Object.hasOwn(value, key) ? (value[key] ?? null) : null;
  if (!isArray(value) || typeof key === 'string' || typeof key === 'boolean' || isDecimal(key)) return null;
  return typeof key === 'number' ? (value[key] ?? null) : null;
}

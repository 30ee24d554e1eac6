import { type Comparison, type Filter, ODataError, parseFilter } from './odata-parser.ts';

export { type Filter, ODataError, parseFilter };

/** What an expression comes to. Null also stands for a property that is not there. */
type Value = unknown;
type Scope = Readonly<Record<string, unknown>>;

/**
 * Whether a record passes a `$filter`. Texts compare with case, as Sentinel's list of incidents does; a comparison with a
 * property that is null or missing is false, but `eq null` is true. Throws ODataError for an unknown function.
 */
export function matches(filter: Filter, record: unknown): boolean {
  return evaluate(filter, record, {}) === true;
}

/** Every property path a filter reads, with lambda variables resolved: `properties/labels/labelName`. */
export function filterPaths(filter: Filter, variables: Readonly<Record<string, string>> = {}): readonly string[] {
  const resolve = (segments: readonly string[]) => {
    const [first = '', ...rest] = segments;
    return [variables[first] ?? first, ...rest].filter((segment) => segment !== '$count').join('/');
  };
  switch (filter.kind) {
    case 'literal':
      return [];
    case 'path':
      return [resolve(filter.segments)];
    case 'not':
      return filterPaths(filter.operand, variables);
    case 'call':
      return filter.args.flatMap((arg) => filterPaths(arg, variables));
    case 'in':
      return [filter.left, ...filter.list].flatMap((part) => filterPaths(part, variables));
    case 'any':
    case 'all': {
      const inner = filter.condition ?? { kind: 'literal', value: true };
      return [resolve(filter.path), ...filterPaths(inner, { ...variables, [filter.variable]: resolve(filter.path) })];
    }
    default:
      return [filter.left, filter.right].flatMap((part) => filterPaths(part, variables));
  }
}

function evaluate(filter: Filter, record: unknown, scope: Scope): Value {
  const value = (part: Filter) => evaluate(part, record, scope);
  switch (filter.kind) {
    case 'literal':
      return filter.value;
    case 'path':
      return at(filter.segments, record, scope);
    case 'not':
      return negate(value(filter.operand));
    case 'and':
      return both(value(filter.left), value(filter.right));
    case 'or':
      return negate(both(negate(value(filter.left)), negate(value(filter.right))));
    case 'in':
      return filter.list.some((item) => compare('eq', value(filter.left), value(item)));
    case 'call':
      return call(filter.name, filter.args.map(value), filter.at);
    case 'any':
    case 'all':
      return quantify(filter, record, scope);
    default:
      return compare(filter.kind, value(filter.left), value(filter.right));
  }
}

function at(segments: readonly string[], record: unknown, scope: Scope): Value {
  const [first = '', ...rest] = segments;
  const [start, path] = Object.hasOwn(scope, first) ? [scope[first], rest] : [record, segments];
  return path.reduce<unknown>((value, name) => {
    if (name === '$count') return Array.isArray(value) ? value.length : null;
    if (typeof value !== 'object' || value === null || name === '$it') return name === '$it' ? value : null;
    return Object.hasOwn(value, name) ? ((value as Record<string, unknown>)[name] ?? null) : null;
  }, start);
}

function quantify(filter: Extract<Filter, { kind: 'any' | 'all' }>, record: unknown, scope: Scope): boolean {
  const collection = at(filter.path, record, scope);
  const items: readonly unknown[] = Array.isArray(collection) ? collection : [];
  const { condition } = filter;
  if (!condition) return items.length > 0;
  const holds = (item: unknown) => evaluate(condition, record, { ...scope, [filter.variable]: item }) === true;
  return filter.kind === 'any' ? items.some(holds) : items.every(holds);
}

/** Three-valued logic (OData 4.01, section 5.1.1.1): null is "unknown". */
function negate(value: Value): Value {
  return typeof value === 'boolean' ? !value : null;
}

function both(left: Value, right: Value): Value {
  if (left === false || right === false) return false;
  return left === true && right === true ? true : null;
}

const ORDER: Readonly<Record<Comparison, (order: number) => boolean>> = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
};

function compare(operator: Comparison, left: Value, right: Value): boolean {
  if (isMissing(left) || isMissing(right)) {
    const bothMissing = isMissing(left) && isMissing(right);
    return operator === 'eq' ? bothMissing : operator === 'ne' && !bothMissing;
  }
  const order = orderOf(left, right);
  return order === undefined ? operator === 'ne' : ORDER[operator](order);
}

function isMissing(value: Value): boolean {
  return value === null || value === undefined;
}

/** Negative, 0 or positive; undefined where two values have no order (a string and a number). */
function orderOf(left: Value, right: Value): number | undefined {
  if (isInstant(left) || isInstant(right)) {
    const [a, b] = [ticksOf(left), ticksOf(right)];
    return a === undefined || b === undefined ? undefined : Number(a - b);
  }
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : Number(left > right);
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  return typeof left === 'number' && typeof right === 'number' ? left - right : undefined;
}

function isInstant(value: Value): value is { readonly instant: string } {
  return typeof value === 'object' && value !== null && 'instant' in value;
}

/** Units of 100 ns since 1970, which is as fine as Azure's times are; undefined for what is not a time. */
export function ticksOf(value: Value): bigint | undefined {
  const text = isInstant(value) ? value.instant : value;
  if (typeof text !== 'string') return undefined;
  const decimals = /\.(\d+)(?=Z|[+-]|$)/.exec(text);
  const seconds = Date.parse(decimals ? text.replace(decimals[0], '') : text);
  if (Number.isNaN(seconds)) return undefined;
  return BigInt(seconds) * 10_000n + BigInt((decimals?.[1] ?? '').slice(0, 7).padEnd(7, '0'));
}

/** Names in lower case: clients write both `tolower` and `toLower`. */
const FUNCTIONS: Readonly<Record<string, (...args: string[]) => Value>> = {
  contains: (text = '', part = '') => text.includes(part),
  startswith: (text = '', part = '') => text.startsWith(part),
  endswith: (text = '', part = '') => text.endsWith(part),
  tolower: (text = '') => text.toLowerCase(),
  toupper: (text = '') => text.toUpperCase(),
  trim: (text = '') => text.trim(),
  length: (text = '') => text.length,
  indexof: (text = '', part = '') => text.indexOf(part),
  concat: (a = '', b = '') => a + b,
};

function call(name: string, args: readonly Value[], position: number): Value {
  const run = FUNCTIONS[name.toLowerCase()];
  if (!run) throw new ODataError(`unknown function "${name}"`, position);
  if (args.some(isMissing)) return null;
  const texts = args.filter((arg) => typeof arg === 'string');
  if (texts.length !== args.length) throw new ODataError(`${name}(…) takes texts`, position);
  return run(...texts);
}

/** Compiles an `$orderby` (`properties/createdTimeUtc desc, name`) to a comparison for `sort`. Missing values come first. */
export function compileOrderBy(source: string): (a: unknown, b: unknown) => number {
  const keys = source.split(',').map((part) => {
    const { path, direction } = /^\s*(?<path>[\w/.]+)(?:\s+(?<direction>asc|desc))?\s*$/.exec(part)?.groups ?? {};
    if (!path) throw new ODataError(`cannot order by "${part.trim()}"`, source.indexOf(part));
    return { segments: path.split('/'), sign: direction === 'desc' ? -1 : 1 };
  });
  return (a, b) => {
    for (const { segments, sign } of keys) {
      const [left, right] = [at(segments, a, {}), at(segments, b, {})];
      const order =
        left === null || right === null ? Number(left !== null) - Number(right !== null) : orderOf(left, right);
      if (order) return sign * order;
    }
    return 0;
  };
}

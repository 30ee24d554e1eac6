import { amountOf, compared, isBag, type KqlValue, Moment, Span, textOf } from './values.ts';

/** A scalar function of the language, on values. `now` is the time the query runs at, in ms. */
type Scalar = (args: readonly KqlValue[], now: number) => KqlValue;

const UNITS: Readonly<Record<string, number>> = {
  ...{ d: 86_400_000, day: 86_400_000, days: 86_400_000, h: 3_600_000, hour: 3_600_000, hours: 3_600_000 },
  ...{ m: 60_000, minute: 60_000, minutes: 60_000, s: 1_000, second: 1_000, seconds: 1_000, ms: 1 },
};

/** `15m`, `1d`, `1.5h`, `500ms`. */
export function spanOf(text: string): Span | undefined {
  const found = /^([\d.]+)([a-z]+)$/i.exec(text.trim());
  const unit = UNITS[found?.[2]?.toLowerCase() ?? ''];
  return found && unit !== undefined ? new Span(Number(found[1]) * unit) : undefined;
}

export function momentOf(text: string): Moment | null {
  const trimmed = text.trim().replace(/^["']|["']$/g, '');
  const ms = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/i.test(trimmed) || !trimmed.includes('T') ? trimmed : `${trimmed}Z`);
  return Number.isNaN(ms) ? null : new Moment(ms);
}

const numberOf = (value: KqlValue): number | null => {
  if (typeof value === 'string') return value.trim() === '' || Number.isNaN(Number(value)) ? null : Number(value);
  return typeof value === 'number' ? value : typeof value === 'boolean' ? Number(value) : null;
};
const at = (args: readonly KqlValue[], index: number): KqlValue => args[index] ?? null;
const isEmpty = (value: KqlValue) => value === null || value === '';

export const scalars: Readonly<Record<string, Scalar>> = {
  now: (_, now) => new Moment(now),
  ago: ([span], now) => (span instanceof Span ? new Moment(now - span.ms) : null),
  isnull: (args) => at(args, 0) === null,
  isnotnull: (args) => at(args, 0) !== null,
  isempty: (args) => isEmpty(at(args, 0)),
  isnotempty: (args) => !isEmpty(at(args, 0)),
  tostring: (args) => textOf(at(args, 0)),
  strcat: (args) => args.map(textOf).join(''),
  toint: (args) => truncated(numberOf(at(args, 0))),
  todouble: (args) => numberOf(at(args, 0)),
  coalesce: (args) => args.find((value) => !isEmpty(value)) ?? (args.some((value) => value === '') ? '' : null),
  split: ([text, by]) => textOf(text ?? null).split(textOf(by ?? null)),
  extract: ([pattern, group, text]) =>
    new RegExp(textOf(pattern ?? null)).exec(textOf(text ?? null))?.[Number(group)] ?? '',
  round: ([value, digits]) => {
    const number = numberOf(value ?? null);
    const scale = 10 ** (numberOf(digits ?? null) ?? 0);
    return number === null ? null : Math.round(number * scale) / scale;
  },
  startofday: ([moment]) => binned(moment ?? null, new Span(86_400_000)),
  dayofweek: ([moment]) => (moment instanceof Moment ? new Span(new Date(moment.ms).getUTCDay() * 86_400_000) : null),
  hourofday: ([moment]) => (moment instanceof Moment ? new Date(moment.ms).getUTCHours() : null),
};

export function parsedJson(text: string): KqlValue {
  try {
    return JSON.parse(text) as KqlValue;
  } catch {
    return text;
  }
}

function truncated(value: number | null): number | null {
  return value === null ? null : Math.trunc(value);
}

function binned(value: KqlValue, size: KqlValue): KqlValue {
  const [amount, step] = [amountOf(value), amountOf(size)];
  if (amount === undefined || !step) return null;
  const floor = Math.floor(amount / step) * step;
  if (value instanceof Moment) return new Moment(floor);
  return value instanceof Span ? new Span(floor) : floor;
}

/** A member of a dynamic value; nothing where there is none. Names mind their casing. */
export function memberOf(value: KqlValue, name: KqlValue): KqlValue {
  if (Array.isArray(value) && typeof name === 'number') return value.at(name) ?? null;
  return isBag(value) && typeof name === 'string' ? (value[name] ?? null) : null;
}

type Comparison = (left: KqlValue, right: KqlValue) => KqlValue;

const texts =
  (test: (left: string, right: string) => boolean): Comparison =>
  (left, right) =>
    test(textOf(left).toLowerCase(), textOf(right).toLowerCase());
const ordered =
  (test: (order: number) => boolean): Comparison =>
  (left, right) => {
    if (left === null || right === null) return null;
    if (Number.isNaN(left) || Number.isNaN(right)) return test(Number.NaN);
    const order = compared(left, right);
    return order === undefined ? null : test(order);
  };
/** Whole terms: no letter or digit before or after. */
const hasTerm = (text: string, term: string): boolean => {
  const isInside = (char: string | undefined) => char !== undefined && /[\p{L}\p{N}]/u.test(char);
  for (let from = text.indexOf(term); from >= 0; from = text.indexOf(term, from + 1)) {
    if (!isInside(text[from - 1]) && !isInside(text[from + term.length])) return true;
  }
  return false;
};

/** Operators of two values, by the parser's kind of their node. */
export const comparisons: Readonly<Record<string, Comparison>> = {
  EqualExpression: ordered((order) => order === 0),
  NotEqualExpression: ordered((order) => order !== 0),
  LessThanExpression: ordered((order) => order < 0),
  LessThanOrEqualExpression: ordered((order) => order <= 0),
  GreaterThanExpression: ordered((order) => order > 0),
  GreaterThanOrEqualExpression: ordered((order) => order >= 0),
  EqualTildeExpression: texts((left, right) => left === right),
  BangTildeExpression: texts((left, right) => left !== right),
  ContainsExpression: texts((left, right) => left.includes(right)),
  HasExpression: texts(hasTerm),
  StartsWithExpression: texts((left, right) => left.startsWith(right)),
  EndsWithExpression: texts((left, right) => left.endsWith(right)),
};

/** Lists on the right: whether one of them fits. */
export const listTests: Readonly<Record<string, (left: KqlValue, list: readonly KqlValue[]) => boolean>> = {
  InExpression: (left, list) => list.some((one) => compared(left, one) === 0),
  InCsExpression: (left, list) => list.some((one) => textOf(left).toLowerCase() === textOf(one).toLowerCase()),
  HasAnyExpression: (left, list) =>
    list.some((one) => textOf(one) !== '' && hasTerm(textOf(left).toLowerCase(), textOf(one).toLowerCase())),
};

/** Numbers divide as real ones: by zero too, which gives an infinity or NaN (Kusto, "The real data type"). */
export function calculated(kind: string, left: KqlValue, right: KqlValue): KqlValue {
  const [a, b] = [amountOf(left), amountOf(right)];
  if (a === undefined || b === undefined) return null;
  switch (kind) {
    case 'AddExpression':
      if (left instanceof Moment || right instanceof Moment) return new Moment(a + b);
      return left instanceof Span ? new Span(a + b) : a + b;
    case 'SubtractExpression':
      if (left instanceof Moment) return right instanceof Moment ? new Span(a - b) : new Moment(a - b);
      return left instanceof Span ? new Span(a - b) : a - b;
    case 'MultiplyExpression':
      return left instanceof Span || right instanceof Span ? new Span(a * b) : a * b;
    case 'DivideExpression':
      if (left instanceof Span && !(right instanceof Span)) return b === 0 ? null : new Span(a / b);
      return a / b;
    case 'ModuloExpression':
      return b === 0 ? null : a % b;
    default:
      throw new Error(`the simulator does not calculate ${kind}`);
  }
}

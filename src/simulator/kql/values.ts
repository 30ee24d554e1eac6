import type { ColumnType, Table } from '../logs/answers.ts';

/** A date-time, in milliseconds since 1970 UTC. */
export class Moment {
  readonly ms: number;

  constructor(ms: number) {
    this.ms = ms;
  }

  toJSON(): string {
    return new Date(this.ms).toISOString();
  }
}

/** A timespan, in milliseconds. */
export class Span {
  readonly ms: number;

  constructor(ms: number) {
    this.ms = ms;
  }

  /** `[-][d.]hh:mm:ss[.fff]`, as the service writes it. */
  toJSON(): string {
    const size = Math.abs(this.ms);
    const part = (unit: number, count: number) => String(Math.floor(size / unit) % count).padStart(2, '0');
    const days = Math.floor(size / DAY);
    const rest = Math.round(size % 1_000);
    const fraction = rest === 0 ? '' : `.${String(rest).padStart(3, '0')}0000`;
    return `${this.ms < 0 ? '-' : ''}${days > 0 ? `${days}.` : ''}${part(HOUR, 24)}:${part(60_000, 60)}:${part(1_000, 60)}${fraction}`;
  }
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/**
 * What a cell or an expression holds. A string is never null: where one is missing it is empty. Dynamic values that are a string, a number or a
 * boolean are these themselves.
 */
export type KqlValue =
  | string
  | number
  | boolean
  | null
  | Moment
  | Span
  | readonly KqlValue[]
  | { readonly [name: string]: KqlValue };

/** A table as the query API answers it, with values of the language. */
export interface KqlTable extends Table {
  readonly rows: readonly (readonly KqlValue[])[];
}

export function isBag(value: KqlValue): value is { readonly [name: string]: KqlValue } {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Moment) &&
    !(value instanceof Span)
  );
}

export type KqlTableColumn = KqlTable['columns'][number];

/** What is in a cell that has nothing. */
export function nothing(type: ColumnType | undefined): KqlValue {
  return type === 'string' ? '' : null;
}

export function typeOf(value: KqlValue): ColumnType | undefined {
  if (value === null) return undefined;
  if (value instanceof Moment) return 'datetime';
  if (value instanceof Span) return 'timespan';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'number' ? 'real' : 'dynamic';
}

/** `tostring`. */
export function textOf(value: KqlValue): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (value instanceof Moment) return value.toJSON().replace(/\.(\d{3})Z$/, '.$10000Z');
  if (value instanceof Span) return value.toJSON();
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Order of two values of one type, nothing first; undefined where they cannot be compared. */
export function compared(a: KqlValue, b: KqlValue): number | undefined {
  if (a === null || b === null) return undefined;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : Number(a > b);
  const [x, y] = [amountOf(a), amountOf(b)];
  return x === undefined || y === undefined || Number.isNaN(x - y) ? undefined : x - y;
}

export function amountOf(value: KqlValue): number | undefined {
  if (value instanceof Moment || value instanceof Span) return value.ms;
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'number' ? value : undefined;
}

/** Two values are the same in `summarize … by`, `join … on` and `distinct` where these texts are. */
export function keyOf(values: readonly KqlValue[]): string {
  return JSON.stringify(values.map((value) => (value instanceof Moment ? ['t', value.ms] : value)));
}

import { amountOf, compared, type KqlValue, Moment, Span } from './values.ts';

/** An aggregate function: the values of its arguments, row by row. */
type Aggregate = (rows: readonly (readonly KqlValue[])[]) => KqlValue;

const present = (rows: readonly (readonly KqlValue[])[]) =>
  rows.flatMap(([value]) => (value === null || value === undefined ? [] : [value]));
const extreme =
  (sign: 1 | -1): Aggregate =>
  (rows) =>
    present(rows).reduce<KqlValue>(
      (best, value) => (best === null || sign * (compared(value, best) ?? 0) > 0 ? value : best),
      null,
    );
const where =
  (aggregate: Aggregate): Aggregate =>
  (rows) =>
    aggregate(rows.filter(([, holds]) => holds === true));

export const aggregates: Readonly<Record<string, Aggregate>> = {
  count: (rows) => rows.length,
  countif: (rows) => rows.filter(([holds]) => holds === true).length,
  min: extreme(-1),
  max: extreme(1),
  minif: where(extreme(-1)),
  sum: (rows) => present(rows).reduce<number>((sum, value) => sum + (amountOf(value) ?? 0), 0),
  take_any: (rows) => present(rows)[0] ?? null,
  percentile,
};

/** Nearest rank: a value that occurs. The service estimates, and may give one beside it where there are many. */
function percentile(rows: readonly (readonly KqlValue[])[]): KqlValue {
  const share = Number(rows[0]?.[1] ?? 50);
  const values = present(rows);
  const amounts = values.map((value) => amountOf(value) ?? 0).sort((a, b) => a - b);
  const amount = amounts[Math.max(0, Math.ceil((share / 100) * amounts.length) - 1)];
  if (amount === undefined) return null;
  if (values[0] instanceof Moment) return new Moment(amount);
  return values[0] instanceof Span ? new Span(amount) : amount;
}

import type { AlertRows } from '../kql/alert-rows.ts';

/** Rows with the same columns, from whatever queries; each different row once. */
export interface RowTable {
  /** Columns whose values are not the same in all rows, without the one that says when. */
  readonly columns: readonly string[];
  readonly rows: readonly RowGroup[];
  /** What all rows have in common: name and value. */
  readonly common: readonly (readonly [name: string, value: string])[];
  /** Different rows. */
  readonly found: number;
  /** Queries that found rows of this table. */
  readonly queries: number;
  /** More rows exist than were read. */
  readonly truncated: boolean;
  /** Columns with values that were not read. */
  readonly moreColumns: number;
}

/** Rows that are the same but for their times. */
export interface RowGroup {
  readonly cells: readonly string[];
  /** How many rows: one per time. */
  readonly count: number;
  /** `2026-01-10 08:31:02`, in order; empty where the table has no such column. */
  readonly times: readonly string[];
  /** Queries that found it. */
  readonly queries: number;
  /** Titles of the alerts whose queries found it; empty where those of all the table did. */
  readonly alerts: readonly string[];
}

/** The results of all queries, those that most queries gave first. What found nothing is left out. */
export function rowTables(results: readonly AlertRows[]): readonly RowTable[] {
  const found = results.filter(({ rows }) => rows.length > 0);
  const groups = [...Map.groupBy(found, ({ columns }) => columns.join('\n')).values()];
  return groups.map(tableOf).toSorted((a, b) => b.queries - a.queries);
}

/** A row as one query found it. */
interface FoundRow {
  readonly query: number;
  readonly alert: string;
  readonly cells: readonly string[];
}

function tableOf(results: readonly AlertRows[]): RowTable {
  const names = results[0]?.columns ?? [];
  const all = results.flatMap(({ alert, rows }, query) => rows.map((cells): FoundRow => ({ query, alert, cells })));
  const valuesIn = names.map((_, column) => new Set(all.map(({ cells }) => cells[column] ?? '')));
  const when = valuesIn.findIndex((values) => values.size > 1 && [...values].every((value) => isTime(value)));
  const differs = (column: number) => column !== when && (valuesIn[column]?.size ?? 0) > 1;
  const everybody = new Set(results.map(({ alert }) => alert)).size;
  const alike = Map.groupBy(all, ({ cells }) => JSON.stringify(cells.filter((_, column) => differs(column))));
  const rows = [...alike.values()].map((group): RowGroup => {
    const alerts = [...new Set(group.map(({ alert }) => alert))];
    const times = when < 0 ? [] : [...new Set(group.map(({ cells }) => cells[when] ?? ''))].toSorted();
    return {
      cells: (group[0]?.cells ?? []).filter((_, column) => differs(column)),
      count: new Set(group.map(({ cells }) => JSON.stringify(cells))).size,
      times,
      queries: new Set(group.map(({ query }) => query)).size,
      alerts: alerts.length === everybody ? [] : alerts,
    };
  });
  return {
    columns: names.filter((_, column) => differs(column)),
    rows: sorted(rows),
    common: names.flatMap((name, column) => {
      const [value = '', ...others] = valuesIn[column] ?? [];
      return others.length > 0 || value === '' ? [] : [[name, value] as const];
    }),
    found: new Set(all.map(({ cells }) => JSON.stringify(cells))).size,
    queries: results.length,
    truncated: results.some(({ truncated }) => truncated),
    moreColumns: Math.max(0, ...results.map(({ moreColumns }) => moreColumns)),
  };
}

/** As cells show times, see rows.ts. */
export function isTime(value: string): boolean {
  return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(value);
}

/** Equal cells one below the other, from the first column on; else in the order of the query. */
function sorted(rows: readonly RowGroup[]): readonly RowGroup[] {
  const first = new Map<string, number>();
  for (const [index, { cells }] of rows.entries()) {
    const key = cells[0] ?? '';
    if (!first.has(key)) first.set(key, index);
  }
  const rank = ({ cells }: RowGroup) => first.get(cells[0] ?? '') ?? 0;
  return rows.toSorted((a, b) => rank(a) - rank(b));
}

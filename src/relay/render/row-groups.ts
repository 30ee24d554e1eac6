import type { AlertRows } from '../kql/alert-rows.ts';

/** Distinct rows with the same columns, from any query. */
export interface RowTable {
  /** Columns whose values differ between rows, without the time column. */
  readonly columns: readonly string[];
  readonly rows: readonly RowGroup[];
  /** Values that all rows share, by column. */
  readonly common: readonly (readonly [name: string, value: string])[];
  /** Number of distinct rows. */
  readonly found: number;
  /** Number of queries with rows in this table. */
  readonly queries: number;
  /** There are more rows than were read. */
  readonly truncated: boolean;
  /** Number of columns with values that were not read. */
  readonly moreColumns: number;
}

/** Rows that only differ in time. */
export interface RowGroup {
  readonly cells: readonly string[];
  /** Number of rows, one for each time. */
  readonly count: number;
  /** `2026-01-10 08:31:02`, in order; empty if the table has no time column. */
  readonly times: readonly string[];
  /** Number of queries that returned it. */
  readonly queries: number;
  /** Titles of the alerts whose queries returned it; empty if all queries of the table did. */
  readonly alerts: readonly string[];
}

/** Tables of all results, those of most queries first. Empty results are left out. */
export function rowTables(results: readonly AlertRows[]): readonly RowTable[] {
  const found = results.filter(({ rows }) => rows.length > 0);
  const groups = [...Map.groupBy(found, ({ columns }) => columns.join('\n')).values()];
  return groups.map(tableOf).toSorted((a, b) => b.queries - a.queries);
}

/** A row of one query. */
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

/** Whether a cell is a time as formatted in rows.ts. */
export function isTime(value: string): boolean {
  return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(value);
}

/** Groups equal cells together, from the first column on, otherwise in the order of the query. */
function sorted(rows: readonly RowGroup[]): readonly RowGroup[] {
  const first = new Map<string, number>();
  for (const [index, { cells }] of rows.entries()) {
    const key = cells[0] ?? '';
    if (!first.has(key)) first.set(key, index);
  }
  const rank = ({ cells }: RowGroup) => first.get(cells[0] ?? '') ?? 0;
  return rows.toSorted((a, b) => rank(a) - rank(b));
}

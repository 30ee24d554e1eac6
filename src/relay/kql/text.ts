import { cut } from '../../domain/text.ts';
import { isEntityColumn, type ShownRows } from './rows.ts';

/** The rows of one alert's query, or why there are none. */
export interface AlertRows extends ShownRows {
  /** Title of the alert. */
  readonly alert: string;
  /** Why rows are missing; with rows: they are not all. */
  readonly error?: string;
}

/** Characters of all results together: a phone shows a few screens, SIGNL4 cuts far above. */
const MAX_TEXT = 3_000;
const MAX_VALUES = 5;

/**
 * The results as compact text: per alert its title and count, one row as `name: value` lines, more as a head of names and
 * one line each. Alerts whose query found nothing or failed are left out: `warnings` names those that failed.
 */
export function rowsText(results: readonly AlertRows[]): string {
  const sections = results.filter(({ rows }) => rows.length > 0).map(section);
  return cut(sections.join('\n\n'), MAX_TEXT);
}

function section({ alert, columns, rows, truncated }: AlertRows): string {
  const count = `${rows.length}${truncated ? '+' : ''} ${rows.length === 1 && !truncated ? 'row' : 'rows'}`;
  const title = `${alert || 'Query'} (${count})`;
  const [only] = rows;
  const lines =
    rows.length === 1 && only
      ? columns.flatMap((name, index) => (only[index] ? [`${name}: ${only[index]}`] : []))
      : [columns.join(' · '), ...rows.map((row) => `• ${row.map((cell) => cell || '–').join(' · ')}`)];
  return [title, ...lines].join('\n');
}

/** The entities among the rows as parameters of the SIGNL4 alert: `Found UserPrincipalName` to its different values. */
export function rowsParameters(results: readonly AlertRows[]): Readonly<Record<string, string>> {
  const values = new Map<string, Set<string>>();
  for (const { columns, rows } of results) {
    for (const [index, name] of columns.entries()) {
      if (!isEntityColumn(name)) continue;
      const known = values.get(name) ?? new Set();
      for (const row of rows) if (row[index]) known.add(row[index]);
      if (known.size > 0) values.set(name, known);
    }
  }
  return Object.fromEntries([...values].map(([name, found]) => [`Found ${name}`, listed([...found])]));
}

function listed(values: readonly string[]): string {
  const more = values.length > MAX_VALUES ? [`and ${values.length - MAX_VALUES} more`] : [];
  return [...values.slice(0, MAX_VALUES), ...more].join(', ');
}

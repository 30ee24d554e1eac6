import type { AlertRows } from '../kql/alert-rows.ts';
import { entityColumn } from '../kql/rows.ts';
import { createOnce } from './once.ts';
import { rowTables } from './row-groups.ts';
import { rowLines } from './row-lines.ts';
import { createSheet } from './sheet.ts';

/** Maximum characters of all results together, for a template that contains them. */
const MAX_TEXT = 3_000;
const MAX_VALUES = 5;

/** The template field `queries.list`: each distinct row once, with its count. */
export function rowsText(results: readonly AlertRows[]): string {
  const sheet = createSheet(MAX_TEXT);
  for (const table of rowTables(results)) {
    sheet.paragraph();
    const { head, rows, rest } = rowLines(table, createOnce(), new Map());
    sheet.list(head, rows, rest);
  }
  return sheet.text();
}

/** Entities in the rows as parameters of the SIGNL4 alert: `Found UserPrincipalName` to its distinct values. */
export function rowsParameters(results: readonly AlertRows[]): Readonly<Record<string, string>> {
  const values = new Map<string, Set<string>>();
  for (const { columns, rows } of results) {
    for (const [index, name] of columns.entries()) {
      if (!entityColumn(name)) continue;
      const known = values.get(name) ?? new Set();
      for (const row of rows) if (row[index]) known.add(row[index]);
      if (known.size > 0) values.set(name, known);
    }
  }
  return Object.fromEntries([...values].map(([name, found]) => [`Found ${name}`, firstOf([...found])]));
}

function firstOf(values: readonly string[]): string {
  const more = values.length > MAX_VALUES ? [`and ${values.length - MAX_VALUES} more`] : [];
  return [...values.slice(0, MAX_VALUES), ...more].join(', ');
}

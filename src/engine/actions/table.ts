import type { TableAction } from '../../wdl/types.ts';
import { isObject, type WdlArray, type WdlValue } from '../../wdl/values.ts';
import { evaluate, type Scope } from '../context.ts';
import { failed, type Outcome, succeeded } from '../outcome.ts';
import { readSource } from './data-operations.ts';
import { actionOf, type Executor } from './executor.ts';

interface Grid {
  /** Undefined: there are no rows to take column names from. */
  readonly headers: readonly string[] | undefined;
  readonly rows: readonly (readonly string[])[];
}

/** Table ("Create CSV table", "Create HTML table"). Without columns, there is one for every property of any item. */
export const table: Executor = (scope) => {
  const { from, format, columns } = actionOf<TableAction>(scope).inputs;
  const source = readSource(scope, from, 'table');
  if ('outcome' in source) return source.outcome;
  const kind = String(evaluate(format ?? null, scope)).toUpperCase();
  const inputs = { from: source.items, format: kind };
  if (kind !== 'CSV' && kind !== 'HTML') {
    return failed('BadRequest', `The 'format' of a table is 'CSV' or 'HTML', not '${kind}'.`, inputs);
  }
  const grid = columns ? chosenColumns(scope, source.items, columns) : allColumns(scope, source.items);
  if ('outcome' in grid) return grid.outcome;
  return succeeded(inputs, { body: kind === 'CSV' ? csv(grid) : html(grid) });
};

type Columns = NonNullable<TableAction['inputs']['columns']>;

function chosenColumns(scope: Scope, items: WdlArray, columns: Columns): Grid {
  return {
    headers: columns.map(({ header }) => text(scope, evaluate(header ?? '', scope))),
    rows: items.map((item) => columns.map(({ value }) => text(scope, evaluate(value ?? null, scope, { value: item })))),
  };
}

function allColumns(scope: Scope, items: WdlArray): Grid | { readonly outcome: Outcome } {
  const objects = items.filter(isObject);
  if (objects.length < items.length) {
    const message = `The property 'columns' must be specified unless the 'from' property value is an array of objects.`;
    return { outcome: failed('BadRequest', message, { from: items }) };
  }
  const names = [...new Set(objects.flatMap((one) => Object.keys(one)))];
  return {
    headers: items.length > 0 ? names : undefined,
    rows: objects.map((one) => names.map((name) => text(scope, one[name] ?? null))),
  };
}

/** The string for a cell, as `string()` returns it. */
function text(scope: Scope, value: WdlValue): string {
  return typeof value === 'string' ? value : String(evaluate('@string(item())', scope, { value }));
}

function csv({ headers, rows }: Grid): string {
  return [...(headers ? [headers] : []), ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

function csvCell(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

function html({ headers, rows }: Grid): string {
  const head = headers ? `<thead><tr>${headers.map((one) => `<th>${htmlText(one)}</th>`).join('')}</tr></thead>` : '';
  const lines = rows.map((row) => `<tr>${row.map((cell) => `<td>${htmlText(cell)}</td>`).join('')}</tr>`);
  return `<table>${head}<tbody>${lines.join('')}</tbody></table>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Like .NET's WebUtility.HtmlEncode: Latin-1 letters and characters outside the basic plane become numeric references. */
function htmlText(value: string): string {
  return value.replace(
    /[<>&"'\u00a0-\u00ff\u{10000}-\u{10ffff}]/gu,
    (one) => ENTITIES[one] ?? `&#${one.codePointAt(0)};`,
  );
}

import { plural } from '../../domain/text.ts';
import { type Once, shorten } from './once.ts';
import { isTime, type RowGroup, type RowTable } from './row-groups.ts';
import { timeOfDay } from './times.ts';

/** Limits: columns per line, characters per cell, characters of a value that all rows share. */
const COLUMNS = 4;
const CELL = 48;
const VALUE = 120;
/** Rows shown of one table. */
export const ROWS = 8;

/** The lines of one table. */
export interface RowLines {
  readonly head: readonly string[];
  readonly rows: readonly string[];
  /** Line for the rows that do not fit; `from`: number of lines written. */
  rest(from: number): string;
}

/** `marks` stand for names written above; `day` need not be repeated (`2026-01-10`). */
export function rowLines(table: RowTable, once: Once, marks: ReadonlyMap<string, string>, day = ''): RowLines {
  const { columns, rows, found, queries, truncated } = table;
  const shown = columns.slice(0, COLUMNS);
  const more = columns.length - shown.length + table.moreColumns;
  const single = rows.length === 1 && rows[0] ? [whenText(rows[0], day)] : [];
  const common = commonLines(table, once, marks, day);
  let above: readonly string[] = [];
  const lines = rows.map((row) => {
    const cells = row.cells.slice(0, COLUMNS).map((cell) => cellText(cell, marks, day));
    const texts = cells.map((cell, column) => (cell !== '–' && cell === above[column] ? '″' : cell));
    above = cells;
    return `• ${[...texts, whenText(row, day)].filter((text) => text !== '').join(' · ')}${foundBy(row, table)}`;
  });
  const head = [
    `Found: ${counted(found, 'row', truncated)}${queries > 1 ? ` by ${queries} queries` : ''}${more > 0 ? `, ${counted(more, 'more column')}` : ''}`,
    ...common,
    ...single.filter((text) => text !== ''),
    ...(shown.length > 0 ? [shown.join(' · ')] : []),
  ];
  return {
    head,
    rows: shown.length > 0 ? lines : [],
    rest(from) {
      const left = rows.slice(from).reduce((sum, { count }) => sum + count, 0);
      return `… and ${counted(left, 'more row')}`;
    },
  };
}

/** Values that all rows share, each once. Of those written above, only names with a mark: here their column adds information. */
function commonLines(
  { common }: RowTable,
  once: Once,
  marks: ReadonlyMap<string, string>,
  day: string,
): readonly string[] {
  const fresh = new Set(once.fresh(common.map(([, value]) => value)));
  return common.flatMap(([name, value]) => {
    const mark = marks.get(value.toLowerCase());
    if (mark !== undefined) return [`${name}: ${mark}`];
    if (!fresh.delete(value)) return [];
    return [`${name}: ${shorten(isTime(value) ? timeOfDay(value, day) : value, VALUE)}`];
  });
}

/** `08:30:12`, or `3× 08:30–08:36`. */
function whenText({ times, count }: RowGroup, day: string): string {
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined) return '';
  if (first === last) return timeOfDay(first, day);
  const minute = (time: string, known: string) => timeOfDay(time, known).slice(0, -3);
  return `${count}× ${minute(first, day)}–${minute(last, first.slice(0, 10))}`;
}

/** Only if not all queries returned it. */
function foundBy(row: RowGroup, { queries }: RowTable): string {
  if (row.queries === queries) return '';
  const alerts = row.alerts.length > 0 ? `: ${shorten(row.alerts.join(', '), CELL)}` : '';
  return ` (${row.queries} of ${queries}${alerts})`;
}

function cellText(cell: string, marks: ReadonlyMap<string, string>, day: string): string {
  if (cell === '') return '–';
  return marks.get(cell.toLowerCase()) ?? shorten(isTime(cell) ? timeOfDay(cell, day) : cell, CELL);
}

/** `1 row`, `3 rows`, `10+ rows` */
export function counted(count: number, what: string, orMore = false): string {
  return orMore ? `${count}+ ${what}s` : plural(count, what);
}

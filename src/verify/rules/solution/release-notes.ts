import type { SubjectRule, Violation } from '../../rule.ts';
import { sources } from '../../sources.ts';
import { linePointer } from '../../tree.ts';

const HEADERS = ['**Version**', '**Date Modified (DD-MM-YYYY)**', '**Change History**'];

/** A row of the table in ReleaseNotes.md. */
export interface ReleaseRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Header and rows of the table; the row of dashes is left out. */
export function releaseTable(markdown: string): ReleaseRow[] {
  return markdown
    .split(/\r?\n/)
    .map((text, index) => ({ text: text.trim(), line: index + 1 }))
    .filter(({ text }) => text.startsWith('|') && !/^[|\s:-]+$/.test(text))
    .map(({ text, line }) => ({
      line,
      cells: text
        .replace(/^\||\|$/g, '')
        .split('|')
        .map((cell) => cell.trim()),
    }));
}

/** ReleaseNotes.md of a solution. */
export const releaseNotesRules: readonly SubjectRule<string>[] = [
  {
    id: 'release-notes.table',
    level: 'warning',
    source: sources.reviewGuide,
    help: 'Keep one table with the columns **Version**, **Date Modified (DD-MM-YYYY)** and **Change History**, newest first.',
    check: (markdown) => {
      const [header, ...rows] = releaseTable(markdown);
      if (header === undefined) return [{ pointer: '', message: 'there is no table' }];
      return [...headerProblems(header), ...rows.flatMap((row, index) => rowProblems(row, rows[index - 1]))];
    },
  },
];

function headerProblems({ line, cells }: ReleaseRow): Violation[] {
  return cells.join('|') === HEADERS.join('|')
    ? []
    : [{ pointer: linePointer(line), message: `the columns are ${cells.join(', ')}` }];
}

function rowProblems({ line, cells }: ReleaseRow, above: ReleaseRow | undefined): Violation[] {
  const [version = '', date = ''] = cells;
  const problems = [
    cells.length === 3 && cells.every((cell) => cell !== '') ? '' : 'a row has three cells, none of them empty',
    /^\d+\.\d+\.\d+$/.test(version) ? '' : `"${version}" is not a version X.Y.Z`,
    dayOf(date) === undefined ? `"${date}" is not a date DD-MM-YYYY` : '',
    above !== undefined && compareVersions(above.cells[0] ?? '', version) <= 0
      ? `${version} is below ${above.cells[0]}`
      : '',
  ];
  return problems.filter((message) => message !== '').map((message) => ({ pointer: linePointer(line), message }));
}

/** The date of a row as YYYY-MM-DD; undefined if it is invalid. */
export function dayOf(date: string): string | undefined {
  const [, day = '', month = '', year = ''] = /^(\d\d)-(\d\d)-(\d{4})$/.exec(date) ?? [];
  const iso = `${year}-${month}-${day}`;
  const time = Date.parse(`${iso}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(iso) ? iso : undefined;
}

/** Negative if `a` is older than `b`. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  for (let index = 0; index < 3; index++) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

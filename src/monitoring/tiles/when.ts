import { emptyIfNever, WEEK } from './texts.ts';
import type { Tile, TileColumn } from './tile.ts';

/** Hours of a day in blocks of three, which is as fine as a month of pages is dense. */
const BLOCKS = Array.from({ length: 8 }, (_, block) => {
  const from = block * 3;
  const two = (hour: number) => String(hour).padStart(2, '0');
  return { id: `H${two(from)}`, label: `${two(from)}-${two(from + 3)}`, from, to: from + 2 };
});

const DAY_NAMES =
  'case(Day == 0, "Sunday", Day == 1, "Monday", Day == 2, "Tuesday", Day == 3, "Wednesday", Day == 4, "Thursday", Day == 5, "Friday", "Saturday")';

/**
 * @param cell what is in a cell, from the condition that a row is in it
 * @param shown what a cell shows of that
 */
function weekGrid(cell: (inBlock: string) => string, shown?: (id: string) => string): string {
  const cells = BLOCKS.map(({ id, from, to }) => `${id} = ${cell(`Hour between (${from} .. ${to})`)}`);
  const changed = shown ? `| extend ${BLOCKS.map(({ id }) => `${id} = ${shown(id)}`).join(', ')}\n` : '';
  return `${WEEK}
| summarize ${cells.join(', ')} by Day
${changed}| extend Weekday = ${DAY_NAMES}, Place = (Day + 6) % 7
| sort by Place asc
| project Weekday, ${BLOCKS.map(({ id }) => id).join(', ')}`;
}

const WEEK_COLUMNS: readonly TileColumn[] = [
  { id: 'Weekday', label: 'Day' },
  ...BLOCKS.map(({ id, label }) => ({ id, label, shows: 'heat' as const })),
];

/** When pages go out, and how fast somebody takes them then. */
/** @param lives `livesOf` */
export const when = (lives: string): readonly Tile[] => [
  {
    name: 'week-pages',
    title: 'Pages by hour of the week',
    says: 'How many pages went out, by day and hour of the page in the time zone chosen above.',
    source: 'incidents',
    visualization: 'table',
    width: 50,
    columns: WEEK_COLUMNS,
    noData: 'Nothing was paged in the time range.',
    query: `${lives}
lives
| where isnotnull(Paged)
${weekGrid((inBlock) => `countif(${inBlock})`)}`,
  },
  {
    name: 'week-acknowledge',
    title: 'Minutes to acknowledge by hour of the week, median',
    says: 'Empty: no page in these hours, or half of them never acknowledged.',
    source: 'incidents',
    visualization: 'table',
    width: 50,
    columns: WEEK_COLUMNS,
    noData: 'Nothing was paged in the time range.',
    query: `${lives}
lives
| where isnotnull(Paged)
${weekGrid((inBlock) => `round(percentile(iff(${inBlock}, AckOrNever, real(null)), 50), 1)`, emptyIfNever)}`,
  },
];

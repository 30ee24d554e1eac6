import { emptyIfNever } from './texts.ts';
import type { Tile, TileColumn } from './tile.ts';

const FIGURES: readonly TileColumn[] = [
  { id: 'Incidents', label: 'Incidents' },
  { id: 'PagedCount', label: 'Paged' },
  { id: 'NeverAcked', label: 'Never acknowledged' },
  { id: 'NeverAckedShare', label: 'Never acknowledged (%)', shows: 'heat' },
  { id: 'PageMedian', label: 'Page, median (min)' },
  { id: 'PageP90', label: 'Page, 90th (min)' },
  { id: 'AckMedian', label: 'Acknowledge, median (min)' },
  { id: 'AckP90', label: 'Acknowledge, 90th (min)' },
  { id: 'CloseMedian', label: 'Resolve, median (h)' },
  { id: 'CloseP90', label: 'Resolve, 90th (h)' },
];

/** Median and 90th of the three times, with how many there are and how many were never acknowledged. */
function figuresBy(dimension: string): string {
  return `| summarize Incidents = count(), PagedCount = countif(isnotnull(Paged)), NeverAcked = countif(isnotnull(Paged) and isnull(Acked)), PageMedian = round(percentile(ToPage, 50), 1), PageP90 = round(percentile(ToPage, 90), 1), AckMedian = round(percentile(AckOrNever, 50), 1), AckP90 = round(percentile(AckOrNever, 90), 1), CloseMedian = round(percentile(ToClose, 50), 1), CloseP90 = round(percentile(ToClose, 90), 1)${dimension}
| extend NeverAckedShare = iff(PagedCount == 0, real(null), round(100.0 * NeverAcked / PagedCount, 0)), AckMedian = ${emptyIfNever('AckMedian')}, AckP90 = ${emptyIfNever('AckP90')}`;
}

/** How fast incidents are paged, acknowledged and resolved. */
/** @param lives `livesOf` */
export const howFast = (lives: string): readonly Tile[] => [
  {
    name: 'all',
    title: 'All incidents of the time range',
    says: 'Page: from the creation of the incident to the tag. Acknowledge: from the page to the first change of status or owner by a person, on the phone or in Sentinel. Resolve: from the creation to the last closure. An acknowledgement that was taken back counts as none. One that never came counts as longer than all others; a figure that is empty says that too few were acknowledged for it. Who took an incident before it was paged counts in none of the acknowledgement times.',
    source: 'incidents',
    visualization: 'table',
    width: 100,
    columns: FIGURES,
    noData: 'No incident was created in the time range.',
    query: `${lives}
lives
${figuresBy('')}
| project ${FIGURES.map(({ id }) => id).join(', ')}`,
  },
  ...(
    [
      ['severity', 'Severity', 'Severity as it is now.'],
      ['team', 'Team', 'Team: the tag that begins with the team prefix. Without such tags there is one row.'],
      ['product', 'Product', 'The first product behind the incident.'],
    ] as const
  ).map(
    ([name, dimension, says]): Tile => ({
      name: `by-${name}`,
      title: `Times by ${name}`,
      says,
      source: 'incidents',
      visualization: 'table',
      width: 100,
      columns: [{ id: dimension, label: dimension }, ...FIGURES],
      noData: 'No incident was created in the time range.',
      query: `${lives}
lives
${figuresBy(` by ${dimension}`)}
| project ${[dimension, ...FIGURES.map(({ id }) => id)].join(', ')}
| sort by Incidents desc, ${dimension} asc`,
    }),
  ),
  {
    name: 'trend',
    title: 'Minutes to acknowledge, day by day',
    says: 'Median and 90th of the pages that were acknowledged, by the day of the page.',
    source: 'incidents',
    visualization: 'timechart',
    width: 50,
    noData: 'No page was acknowledged in the time range.',
    query: `${lives}
lives
| where isnotnull(ToAck)
| summarize Median = round(percentile(ToAck, 50), 1), P90 = round(percentile(ToAck, 90), 1) by Day = startofday(Local)
| sort by Day asc`,
  },
  {
    name: 'severities-per-day',
    title: 'Pages by severity',
    says: 'How many incidents were paged.',
    source: 'incidents',
    visualization: 'barchart',
    width: 50,
    noData: 'Nothing was paged in the time range.',
    query: `${lives}
lives
| where isnotnull(Paged)
| summarize Pages = count() by Severity
| sort by Pages desc`,
  },
];

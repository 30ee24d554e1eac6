import { INCIDENT, WEEK } from './texts.ts';
import type { Tile } from './tile.ts';

/** Who takes the pages, and which ones nobody took. */
/** @param lives `livesOf` */
export const who = (lives: string): readonly Tile[] => [
  {
    name: 'load',
    title: 'Who carries the load',
    says: 'Acknowledged incidents by their owner of now. Night: paged between 22 and 6; weekend: Saturday and Sunday; both in the time zone chosen above. On the phone: acknowledged in SIGNL4.',
    source: 'incidents',
    visualization: 'table',
    width: 100,
    columns: [
      { id: 'Person', label: 'Person' },
      { id: 'Incidents', label: 'Incidents' },
      { id: 'Night', label: 'At night', shows: 'heat' },
      { id: 'Weekend', label: 'At weekends', shows: 'heat' },
      { id: 'ByPhone', label: 'On the phone' },
      { id: 'AckMedian', label: 'Acknowledge, median (min)' },
      { id: 'AckP90', label: 'Acknowledge, 90th (min)' },
      { id: 'StillOpen', label: 'Still open' },
    ],
    noData: 'No incident was acknowledged in the time range.',
    query: `${lives}
lives
| where isnotnull(Acked) and isnotnull(Paged)
${WEEK}
| summarize Incidents = count(), Night = countif(Hour >= 22 or Hour < 6), Weekend = countif(Day == 0 or Day == 6), ByPhone = countif(Acked == OnPhone), AckMedian = round(percentile(ToAck, 50), 1), AckP90 = round(percentile(ToAck, 90), 1), StillOpen = countif(isnull(Closed)) by Person
| sort by Incidents desc, Person asc`,
  },
  {
    name: 'unanswered',
    title: 'Pages that nobody answered',
    says: 'Paged, and no person changed status or owner within the minutes chosen above, nor since. Closed ones were closed by a machine.',
    source: 'incidents',
    visualization: 'table',
    width: 100,
    columns: [
      ...INCIDENT,
      { id: 'Team', label: 'Team' },
      { id: 'Paged', label: 'Paged' },
      { id: 'Waited', label: 'Waited (min)', shows: 'heat' },
      { id: 'Status', label: 'Status' },
    ],
    noData: 'Every page was answered.',
    query: `${lives}
lives
| where isnotnull(Paged) and isnull(Acked) and Paged < ago({AnswerMinutes}m)
| extend Waited = round((coalesce(Closed, now()) - Paged) / 1m, 0)
| project IncidentNumber, Title, Severity, Team, Paged, Waited, Status, IncidentUrl
| sort by Paged desc
| take 250`,
  },
];

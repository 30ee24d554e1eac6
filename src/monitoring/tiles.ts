import { incidentLife } from './incident-life.ts';
import { PRODUCT, TEAM } from './parameters.ts';
import { firstErrors, refusedStart, runEvents, startedRuns } from './playbook-runs.ts';
import { healthColumns, incidentColumns, tableIfThere, whereAll } from './tables.ts';

/** What a tile reads beside incidents; where it is not switched on, the tile gives way to the guide that says how. */
export type Source = 'incidents' | 'health' | 'diagnostics';

/** A column as people read it. */
export interface TileColumn {
  readonly id: string;
  readonly label: string;
  /** Heat map from few (light) to many (dark); a link; else text or number as it comes. */
  readonly shows?: 'heat' | 'link';
}

/** One tile of the workbook: a question, and the query that answers it. */
export interface Tile {
  /** Stable, in the JSON and in the docs. */
  readonly name: string;
  readonly title: string;
  /** The definition, as the tile and the docs print it. */
  readonly says: string;
  readonly source: Source;
  readonly visualization: 'table' | 'timechart' | 'barchart';
  /** Half or whole width. */
  readonly width: 50 | 100;
  readonly columns?: readonly TileColumn[];
  readonly noData: string;
  readonly query: string;
}

export interface TileTexts {
  /** Conditions on the latest row of incidents that must page. */
  readonly filter: readonly string[];
}

const TIME = '{TimeRange}';
const OURS = 'split("{Playbooks}", ",")';
const MACHINES = 'split("{Machines}", ",")';

/** Minutes to an acknowledgement that never came: more than any that did. */
const NEVER = '1e9';

function emptyIfNever(figure: string): string {
  return `iff(${figure} >= ${NEVER}, real(null), ${figure})`;
}

const SPANS = [
  { id: 'PageMedian', label: 'Page, median (min)' },
  { id: 'PageP90', label: 'Page, 90th (min)' },
  { id: 'AckMedian', label: 'Acknowledge, median (min)' },
  { id: 'AckP90', label: 'Acknowledge, 90th (min)' },
  { id: 'CloseMedian', label: 'Resolve, median (h)' },
  { id: 'CloseP90', label: 'Resolve, 90th (h)' },
] as const;

const FIGURES: readonly TileColumn[] = [
  { id: 'Incidents', label: 'Incidents' },
  { id: 'PagedCount', label: 'Paged' },
  { id: 'NeverAcked', label: 'Never acknowledged' },
  { id: 'NeverAckedShare', label: 'Never acknowledged (%)', shows: 'heat' },
  ...SPANS,
];

/** One row per incident within the choices of the parameters, with its times. */
const LIVES = `${incidentLife({
  created: TIME,
  tag: '"{Tag}"',
  ours: OURS,
  machines: MACHINES,
})}
let zone = coalesce(todouble("{UtcOffset}"), 0.0) * 1h;
let lives = life
| extend Product = ${PRODUCT}, Team = ${TEAM}, Person = coalesce(tostring(Owner.assignedTo), tostring(Owner.email), tostring(Owner.userPrincipalName), "(nobody)")
| where Severity in ({Severity}) or "*" in ({Severity})
| where Product in ({Product}) or "*" in ({Product})
| where Team in ({Team}) or "*" in ({Team})
| extend ToPage = (Paged - Created) / 1m, ToAck = iff(Acked >= Paged, (Acked - Paged) / 1m, real(null)), ToClose = (Closed - Created) / 1h
| extend AckOrNever = iff(isnull(Paged) or Acked < Paged, real(null), coalesce(ToAck, ${NEVER})), Local = coalesce(Paged, Created) + zone;`;

/** Median and 90th of the three times, with how many there are and how many were never acknowledged. */
function figuresBy(dimension: string): string {
  return `| summarize Incidents = count(), PagedCount = countif(isnotnull(Paged)), NeverAcked = countif(isnotnull(Paged) and isnull(Acked)), PageMedian = round(percentile(ToPage, 50), 1), PageP90 = round(percentile(ToPage, 90), 1), AckMedian = round(percentile(AckOrNever, 50), 1), AckP90 = round(percentile(AckOrNever, 90), 1), CloseMedian = round(percentile(ToClose, 50), 1), CloseP90 = round(percentile(ToClose, 90), 1)${dimension}
| extend NeverAckedShare = round(100.0 * NeverAcked / PagedCount, 0), AckMedian = ${emptyIfNever('AckMedian')}, AckP90 = ${emptyIfNever('AckP90')}`;
}

const INCIDENT: readonly TileColumn[] = [
  { id: 'IncidentNumber', label: 'Incident' },
  { id: 'Title', label: 'Title' },
  { id: 'Severity', label: 'Severity' },
  { id: 'IncidentUrl', label: 'Open', shows: 'link' },
];

/** Hours of a day in blocks of three, which is as fine as a month of pages is dense. */
const BLOCKS = Array.from({ length: 8 }, (_, block) => {
  const from = block * 3;
  const two = (hour: number) => String(hour).padStart(2, '0');
  return { id: `H${two(from)}`, label: `${two(from)}-${two(from + 3)}`, from, to: from + 2 };
});

const WEEK = `| extend Day = toint(dayofweek(Local) / 1d), Hour = hourofday(Local)`;
const DAY_NAMES =
  'case(Day == 0, "Sunday", Day == 1, "Monday", Day == 2, "Tuesday", Day == 3, "Wednesday", Day == 4, "Thursday", Day == 5, "Friday", "Saturday")';

/**
 * @param cell what stands in a cell, from the condition that a row is in it
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

const RUNS = `let ours = ${OURS};
${runEvents(TIME, 'ours')}`;

/** The tiles by their names; the workbook puts them into sections. */
export function tilesOf({ filter }: TileTexts): readonly Tile[] {
  return [
    {
      name: 'sources',
      title: 'What this workbook can see',
      says: 'Rows of each table in the time range, and the last one. A table without rows is switched off, or nothing happened: see "What needs which setting".',
      source: 'incidents',
      visualization: 'table',
      width: 100,
      columns: [
        { id: 'Table', label: 'Table' },
        { id: 'State', label: 'State' },
        { id: 'Rows', label: 'Rows' },
        { id: 'Last', label: 'Last row' },
      ],
      noData: 'No table could be read.',
      query: `union isfuzzy=true
    (datatable(Table:string, Rows:long, Last:datetime)["SecurityIncident", 0, datetime(null), "SentinelHealth", 0, datetime(null), "AzureDiagnostics (Logic Apps)", 0, datetime(null)]),
    (SecurityIncident | where TimeGenerated ${TIME} | summarize Rows = count(), Last = max(TimeGenerated) | extend Table = "SecurityIncident"),
    (SentinelHealth | where TimeGenerated ${TIME} | summarize Rows = count(), Last = max(TimeGenerated) | extend Table = "SentinelHealth"),
    (AzureDiagnostics | where TimeGenerated ${TIME} and ResourceProvider =~ "MICROSOFT.LOGIC" | summarize Rows = count(), Last = max(TimeGenerated) | extend Table = "AzureDiagnostics (Logic Apps)")
| summarize Rows = sum(Rows), Last = max(Last) by Table
| extend State = iff(Rows > 0, "has data", "no data")
| project Table, State, Rows, Last
| sort by Table desc`,
    },
    {
      name: 'all',
      title: 'All incidents of the time range',
      says: 'Page: from the creation of the incident to the tag. Acknowledge: from the page to the first change of status or owner by a person, on the phone or in Sentinel. Resolve: from the creation to the last closure. An acknowledgement that never came counts as longer than all others; a figure that is empty says that too few were acknowledged for it. Who took an incident before it was paged counts in none of the acknowledgement times.',
      source: 'incidents',
      visualization: 'table',
      width: 100,
      columns: FIGURES,
      noData: 'No incident was created in the time range.',
      query: `${LIVES}
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
        query: `${LIVES}
lives
${figuresBy(` by ${dimension}`)}
| project ${[dimension, ...FIGURES.map(({ id }) => id)].join(', ')}
| sort by Incidents desc, ${dimension} asc`,
      }),
    ),
    {
      name: 'week-pages',
      title: 'Pages by hour of the week',
      says: 'How many pages went out, by day and hour of the page in the time zone chosen above.',
      source: 'incidents',
      visualization: 'table',
      width: 50,
      columns: WEEK_COLUMNS,
      noData: 'Nothing was paged in the time range.',
      query: `${LIVES}
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
      query: `${LIVES}
lives
| where isnotnull(Paged)
${weekGrid((inBlock) => `round(percentile(iff(${inBlock}, AckOrNever, real(null)), 50), 1)`, emptyIfNever)}`,
    },
    {
      name: 'trend',
      title: 'Minutes to acknowledge, day by day',
      says: 'Median and 90th of the pages that were acknowledged, by the day of the page.',
      source: 'incidents',
      visualization: 'timechart',
      width: 50,
      noData: 'No page was acknowledged in the time range.',
      query: `${LIVES}
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
      query: `${LIVES}
lives
| where isnotnull(Paged)
| summarize Pages = count() by Severity
| sort by Pages desc`,
    },
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
      query: `${LIVES}
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
      query: `${LIVES}
lives
| where isnotnull(Paged) and isnull(Acked) and Paged < ago({AnswerMinutes}m)
| extend Waited = round((coalesce(Closed, now()) - Paged) / 1m, 0)
| project IncidentNumber, Title, Severity, Team, Paged, Waited, Status, IncidentUrl
| sort by Paged desc
| take 250`,
    },
    {
      name: 'unchanged',
      title: 'Pages with no change of the incident',
      says: 'Paged more than an hour ago, still open, and nothing was written to the incident since but what the page itself writes. Where SIGNL4 says that somebody acknowledged it, writing back does not work.',
      source: 'incidents',
      visualization: 'table',
      width: 50,
      columns: [...INCIDENT, { id: 'Paged', label: 'Paged' }],
      noData: 'Every incident that was paged moved on.',
      query: `${LIVES}
lives
| where isnotnull(Paged) and isnull(Acked) and LastChange <= Paged + 5m and Status != "Closed" and Paged < ago(1h)
| project IncidentNumber, Title, Severity, Paged, IncidentUrl
| sort by Paged desc
| take 250`,
    },
    {
      name: 'unpaged',
      title: 'Incidents that should have paged and did not',
      says: 'They match the filter as they are now, are older than twenty minutes, still open, and carry no tag of ours.',
      source: 'incidents',
      visualization: 'table',
      width: 50,
      columns: [...INCIDENT, { id: 'Created', label: 'Created' }],
      noData: 'Every incident that matches the filter was paged.',
      query: `${LIVES}
lives
| where isnull(Paged) and Status != "Closed" and Created < ago(20m)
${whereAll(filter)}| project IncidentNumber, Title, Severity, Created, IncidentUrl
| sort by Created desc
| take 250`,
    },
    {
      name: 'failed-runs',
      title: 'Playbook runs that failed, with their first error',
      says: 'The first action that failed with an error of its own. Incident and rule are known where an automation rule or Sentinel started the run and health monitoring is on.',
      source: 'diagnostics',
      visualization: 'table',
      width: 100,
      columns: [
        { id: 'Ended', label: 'Ended' },
        { id: 'Playbook', label: 'Playbook' },
        { id: 'Incident', label: 'Incident' },
        { id: 'Rule', label: 'Started by' },
        { id: 'Action', label: 'First failed action' },
        { id: 'Code', label: 'Code' },
        { id: 'Message', label: 'Message' },
        { id: 'RunId', label: 'Run' },
      ],
      noData: 'No run of these playbooks failed.',
      query: `${RUNS}
${firstErrors}
${startedRuns(TIME)}
ends
| where State in ("Failed", "TimedOut")
| join kind=leftouter errors on RunId
| join kind=leftouter started on RunId
| project Ended, Playbook, Incident, Rule, Action, Code, Message, RunId
| sort by Ended desc
| take 250`,
    },
    {
      name: 'not-started',
      title: 'Automation rules that could not start a playbook of ours',
      says: 'What Microsoft Sentinel says of rules and of runs by hand that did not succeed and name one of the playbooks.',
      source: 'health',
      visualization: 'table',
      width: 100,
      columns: [
        { id: 'TimeGenerated', label: 'Time' },
        { id: 'Name', label: 'Rule or playbook' },
        { id: 'Incident', label: 'Incident' },
        { id: 'Status', label: 'Status' },
        { id: 'Reason', label: 'Reason' },
        { id: 'Description', label: 'Description' },
      ],
      noData: 'Every rule could start the playbooks it names.',
      query: `let ours = ${OURS};
${tableIfThere('SentinelHealth', healthColumns)}
| where TimeGenerated ${TIME} and ${refusedStart}
| project TimeGenerated, Name = SentinelResourceName, Incident = tostring(ExtendedProperties.IncidentNumber), Status, Reason, Description
| sort by TimeGenerated desc
| take 250`,
    },
    {
      name: 'run-times',
      title: 'Sync lag: how long the playbooks take',
      says: 'From the start of a run to its end, which is how long a change takes from one side to the other once it was noticed.',
      source: 'diagnostics',
      visualization: 'table',
      width: 50,
      columns: [
        { id: 'Playbook', label: 'Playbook' },
        { id: 'Runs', label: 'Runs' },
        { id: 'Failed', label: 'Failed', shows: 'heat' },
        { id: 'Median', label: 'Median (s)' },
        { id: 'P90', label: '90th (s)' },
      ],
      noData: 'None of these playbooks ran.',
      query: `${RUNS}
ends
| extend Took = (Ended - Began) / 1s
| summarize Runs = count(), Failed = countif(State in ("Failed", "TimedOut")), Median = round(percentile(Took, 50), 1), P90 = round(percentile(Took, 90), 1) by Playbook
| sort by Runs desc, Playbook asc`,
    },
    {
      name: 'table-lag',
      title: 'Sync lag: how late changes get into the table',
      says: 'From a change of an incident to its row in SecurityIncident: what this workbook and the rules are behind. By who made the change.',
      source: 'incidents',
      visualization: 'table',
      width: 50,
      columns: [
        { id: 'Who', label: 'Changed by' },
        { id: 'Changes', label: 'Changes' },
        { id: 'Median', label: 'Median (s)' },
        { id: 'P90', label: '90th (s)' },
      ],
      noData: 'No incident changed in the time range.',
      query: `let ours = ${OURS};
let machines = ${MACHINES};
${tableIfThere('SecurityIncident', incidentColumns)}
| where TimeGenerated ${TIME}
| extend Who = case(ModifiedBy has_any (ours), "SIGNL4", isempty(ModifiedBy) or ModifiedBy has_any (machines), "a machine", "a person"), Late = (TimeGenerated - LastModifiedTime) / 1s
| summarize Changes = count(), Median = round(percentile(Late, 50), 0), P90 = round(percentile(Late, 90), 0) by Who
| sort by Changes desc`,
    },
  ];
}

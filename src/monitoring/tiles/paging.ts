import { firstErrors, refusedStart, runEvents, startedRuns } from '../playbook-runs.ts';
import { healthColumns, incidentColumns, tableIfThere, whereAll } from '../tables.ts';
import { INCIDENT, livesOf, MACHINES, OURS, TIME } from './texts.ts';
import type { Tile, TileTexts } from './tile.ts';

const RUNS = `let ours = ${OURS};
${runEvents(TIME, 'ours')}`;

/** Whether the paging works, on its way out and back. */
export function paging({ filter, unmanned }: TileTexts): readonly Tile[] {
  const lives = livesOf({ unmanned });
  return [
    {
      name: 'unchanged',
      title: 'Pages with no change of the incident',
      says: 'Paged more than an hour ago, still open, and nothing was written to the incident since but what the page itself writes. Where SIGNL4 says that somebody acknowledged it, writing back does not work.',
      source: 'incidents',
      visualization: 'table',
      width: 50,
      columns: [...INCIDENT, { id: 'Paged', label: 'Paged' }],
      noData: 'Every incident that was paged moved on.',
      query: `${lives}
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
      query: `${lives}
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
      says: 'What Microsoft Sentinel says of rules and of runs by hand that did not start one of the playbooks.',
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

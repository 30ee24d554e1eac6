import { TIME } from './texts.ts';
import type { Tile } from './tile.ts';

/** Which tables have rows. */
export const sources: readonly Tile[] = [
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
];

import type { KqlParser } from '../../src/relay/kql/parser.ts';
import { preparedKql } from '../../src/simulator/kql/run.ts';
import { type KqlTable, type KqlTableColumn, type KqlValue, Moment, nothing } from '../../src/simulator/kql/values.ts';

/* Tables of a few rows, written by hand, and what a rule says of them when it runs every quarter of an hour. */

export const MINUTE = 60_000;
/** Times of these tables are minutes after this one. */
export const START = Date.UTC(2026, 4, 10, 12);

type Cells = Readonly<Record<string, KqlValue>>;

/** A change of an incident; what it leaves out stays as it was. */
export interface Change {
  /** Minutes after `START`. */
  readonly at: number;
  /** As in `ModifiedBy`. */
  readonly by: string;
  readonly status?: 'New' | 'Active' | 'Closed';
  /** Empty: nobody. */
  readonly owner?: string;
  readonly tags?: readonly string[];
}

export const created: Change = { at: 0, by: 'Incident created from alert' };
export const paged: Change = { at: 1, by: 'SIGNL4-Send-Incident', tags: ['SIGNL4'] };

/** The rows of SecurityIncident that these changes leave, each a minute late. */
export function incidentRows(number: number, title: string, changes: readonly Change[]): readonly Cells[] {
  let state = { status: 'New', owner: '', tags: [] as readonly string[], closed: null as Moment | null };
  return changes.map(({ at, by, ...change }) => {
    const closed = change.status === 'Closed' ? new Moment(START + at * MINUTE) : state.closed;
    state = { ...state, ...change, closed };
    return {
      TimeGenerated: new Moment(START + (at + 1) * MINUTE),
      IncidentName: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
      IncidentNumber: number,
      IncidentUrl: `https://portal.azure.com/#asset/${number}`,
      Title: title,
      Severity: 'High',
      Status: state.status,
      Owner: { objectId: state.owner || null, assignedTo: state.owner || null, email: null, userPrincipalName: null },
      Labels: state.tags.map((labelName) => ({ labelName, labelType: 'User' })),
      AdditionalData: { alertProductNames: ['Azure Sentinel'] },
      RelatedAnalyticRuleIds: [],
      CreatedTime: new Moment(START + (changes[0]?.at ?? 0) * MINUTE),
      LastModifiedTime: new Moment(START + at * MINUTE),
      ClosedTime: state.closed,
      ModifiedBy: by,
    };
  });
}

/** A row of SentinelHealth: an automation rule that did not do all that it should. */
export function ruleRun(row: Cells): Cells {
  return {
    TimeGenerated: new Moment(START + MINUTE),
    OperationName: 'Automation rule run',
    SentinelResourceName: 'SIGNL4: page the on-call team',
    SentinelResourceType: 'Automation rule',
    Status: 'Failure',
    Description: '',
    Reason: '',
    ExtendedProperties: {},
    ...row,
  };
}

/** Rows by the name of their table. */
export type Rows = Readonly<Record<string, readonly Cells[]>>;

const TYPES: Readonly<Record<string, KqlTableColumn['type']>> = {
  ...{ TimeGenerated: 'datetime', CreatedTime: 'datetime', LastModifiedTime: 'datetime', ClosedTime: 'datetime' },
  ...{ IncidentNumber: 'int', Owner: 'dynamic', Labels: 'dynamic', AdditionalData: 'dynamic' },
  ...{ RelatedAnalyticRuleIds: 'dynamic', ExtendedProperties: 'dynamic' },
};

/** The tables with the rows whose TimeGenerated passes; one without rows is not there. */
export function tablesOf(rows: Rows, isThere: (written: number) => boolean = () => true): Map<string, KqlTable> {
  const tables = Object.entries(rows).map(([name, all]): [string, KqlTable] => {
    const there = all.filter(({ TimeGenerated: at }) => at instanceof Moment && isThere(at.ms));
    const names = [...new Set(there.flatMap((row) => Object.keys(row)))];
    const columns = names.map((column): KqlTableColumn => ({ name: column, type: TYPES[column] ?? 'string' }));
    return [name, { columns, rows: there.map((row) => columns.map((one) => row[one.name] ?? nothing(one.type))) }];
  });
  return new Map(tables.filter(([, { rows: own }]) => own.length > 0));
}

export function cellsOf({ columns, rows }: KqlTable): readonly Cells[] {
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])));
}

/** What a rule reports of these rows in a day of runs, each on the rows that have come within its period. */
export function reports(
  parse: KqlParser,
  { query, queryPeriod }: { readonly query: string; readonly queryPeriod: string },
  rows: Rows,
): readonly Cells[] {
  const run = preparedKql(parse, query);
  const period = (queryPeriod === '1d' ? 24 : Number.parseInt(queryPeriod, 10)) * 60 * MINUTE;
  const runs = Array.from({ length: 4 * 24 }, (_, index) => START + index * 15 * MINUTE);
  return runs.flatMap((now) =>
    cellsOf(
      run(
        tablesOf(rows, (written) => written <= now && written > now - period),
        now,
      ),
    ),
  );
}

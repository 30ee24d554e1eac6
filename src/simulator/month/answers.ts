import { machineNames } from '../../monitoring/incident-life.ts';
import type { Tile } from '../../monitoring/tiles/tile.ts';
import type { KqlParser } from '../../relay/kql/parser.ts';
import { runKql } from '../kql/run.ts';
import type { KqlTable } from '../kql/values.ts';

/** Choices at the top of the workbook, as the portal puts them into the text of a query. */
export type Choices = {
  readonly TimeRange: string;
  readonly Severity: string;
  readonly Product: string;
  readonly Team: string;
  readonly Tag: string;
  readonly TeamPrefix: string;
  readonly Playbooks: string;
  readonly Machines: string;
  readonly AnswerMinutes: string;
  readonly UtcOffset: string;
};

/** The month of `plan`, everything chosen. */
export const october: Choices = {
  TimeRange: 'between (datetime(2026-10-01T00:00:00Z) .. datetime(2026-11-01T00:00:00Z))',
  ...{ Severity: "'*'", Product: "'*'", Team: "'*'", Tag: 'SIGNL4', TeamPrefix: 'team:' },
  ...{ Playbooks: 'SIGNL4-Send-Incident,SIGNL4-Callback', Machines: machineNames.join(',') },
  ...{ AnswerMinutes: '30', UtcOffset: '0' },
};

/** The text that the workspace gets. @throws Error for a parameter that is not there */
export function filledQuery(query: string, choices: Choices): string {
  return query.replaceAll(/\{([A-Z]\w+)\}/g, (_, name: string) => {
    const value = new Map<string, string>(Object.entries(choices)).get(name);
    if (value === undefined) throw new Error(`the workbook has no parameter ${name}`);
    return value;
  });
}

/** What a tile shows of these tables. */
export function answerOf(
  tile: Pick<Tile, 'query'>,
  choices: Choices,
  tables: ReadonlyMap<string, KqlTable>,
  now: number,
  parse: KqlParser,
): KqlTable {
  return runKql(parse, filledQuery(tile.query, choices), tables, now);
}

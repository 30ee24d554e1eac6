import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../src/config/config.ts';
import { isJsonObject, type Json, type JsonObject } from '../../src/domain/json.ts';
import { monitoringOf } from '../../src/monitoring/monitoring.ts';
import { loadKqlParser } from '../../src/relay/kql/parser.ts';
import type { ResponsePlaybook } from '../../src/rules/respond.ts';
import { answerOf, type Choices, october } from '../../src/simulator/month/answers.ts';
import { type Change, cellsOf, created, incidentRows, MINUTE, paged, START, tablesOf } from './small-tables.ts';

const parse = await loadKqlParser();
const playbooks = ['SIGNL4-Send-Incident', 'SIGNL4-Callback'];
const { workbook } = monitoringOf(defaultConfig, playbooks);
const DAY = 24 * 60;
const moment = (minutes: number) => `datetime(${new Date(START + minutes * MINUTE).toISOString()})`;

function* itemsIn(json: Json): Generator<JsonObject> {
  if (Array.isArray(json)) for (const item of json as readonly Json[]) yield* itemsIn(item);
  else if (isJsonObject(json)) {
    if (json['type'] === 3) yield json;
    for (const member of Object.values(json)) yield* itemsIn(member);
  }
}

/**
 * What a tile shows two days after `START` of one incident that was changed so. A tile that is bound to the time range gets no row of another time:
 * the portal sends the range beside the query, and it "is applied in addition to any that are specified in the query expression".
 */
function shown(name: string, changes: readonly Change[], [from, to]: readonly [number, number] = [-60, 2 * DAY]) {
  const content = [...itemsIn(workbook)].find((item) => item['name'] === name)?.['content'];
  if (!isJsonObject(content)) throw new Error(`no tile ${name}`);
  const choices: Choices = { ...october, TimeRange: `between (${moment(from)} .. ${moment(to)})` };
  const isBound = content['timeContextFromParameter'] !== undefined || content['timeContext'] !== undefined;
  const tables = tablesOf(
    { SecurityIncident: incidentRows(7, 'Ransomware', [created, ...changes]) },
    (written) => !isBound || (written >= START + from * MINUTE && written <= START + to * MINUTE),
  );
  return cellsOf(answerOf({ query: String(content['query']) }, choices, tables, START + 2 * DAY * MINUTE, parse));
}

const taken: Change = { at: 5, by: 'SIGNL4-Callback', status: 'Active', owner: 'Maria Lopez' };
const takenBack: Change = { at: 7, by: 'SIGNL4-Callback', status: 'New', owner: '' };

describe('the workbook', () => {
  it('shows no share of pages where nothing was paged', () => {
    expect(shown('all', [])).toMatchObject([{ Incidents: 1, PagedCount: 0, NeverAckedShare: null }]);
    expect(shown('by-severity', [])).toMatchObject([{ PagedCount: 0, NeverAckedShare: null }]);
    expect(shown('all', [paged])).toMatchObject([{ PagedCount: 1, NeverAckedShare: 100 }]);
    expect(shown('all', [paged, taken])).toMatchObject([{ PagedCount: 1, NeverAckedShare: 0 }]);
  });

  it('knows what happened after a time range in the past: the range chooses incidents by their creation', () => {
    const late = { ...taken, at: 300 };
    expect(shown('unanswered', [paged], [-60, 60])).toHaveLength(1);
    expect(shown('unanswered', [paged, late], [-60, 60])).toEqual([]);
    expect(shown('all', [paged, late], [-60, 60])).toMatchObject([{ NeverAcked: 0, AckMedian: 299 }]);
    expect(shown('all', [paged, late], [60, 400])).toMatchObject([{ Incidents: 0 }]);
  });

  it('counts an acknowledgement that was taken back as none, and the next one from the page', () => {
    expect(shown('all', [paged, taken])).toMatchObject([{ NeverAcked: 0, AckMedian: 4 }]);
    expect(shown('all', [paged, taken, takenBack])).toMatchObject([{ NeverAcked: 1, AckMedian: null }]);
    expect(shown('all', [paged, taken, takenBack, { ...taken, at: 31 }])).toMatchObject([
      { NeverAcked: 0, AckMedian: 30 },
    ]);
    expect(shown('unanswered', [paged, taken, takenBack])).toHaveLength(1);
    expect(shown('load', [paged, taken, takenBack])).toEqual([]);
  });

  it('leaves the acknowledgement of an incident that was closed and is reopened', () => {
    const closed: Change = { at: 60, by: 'Maria Lopez', status: 'Closed' };
    const reopened: Change = { at: 120, by: 'Jonas Weber', status: 'New', owner: '' };
    const noted: Change = { at: 121, by: 'SIGNL4-Callback' };
    expect(shown('all', [paged, taken, closed, reopened, noted])).toMatchObject([{ NeverAcked: 0, AckMedian: 4 }]);
  });

  it('knows by its tag what nobody did', () => {
    const noResponse: Change = {
      at: 15,
      by: 'SIGNL4-Callback',
      status: 'Active',
      tags: ['SIGNL4', 'SIGNL4-NoResponse'],
    };
    expect(shown('unanswered', [paged, noResponse])).toHaveLength(1);
  });

  it('counts the playbooks that people start from the phone as machines', () => {
    const isolate: ResponsePlaybook = {
      playbook: '/subscriptions/1/resourceGroups/rg/providers/Microsoft.Logic/workflows/Isolate-Host',
      ...{ on: 'host' as const, who: 'holder' as const, teams: [], people: [], confirm: false },
    };
    const respond = { ...defaultConfig.respond, playbooks: { isolate, again: isolate } };
    const parameters = JSON.stringify(monitoringOf({ ...defaultConfig, respond }, playbooks).workbook);
    expect(parameters).toContain(`"value":"${october.Machines},Isolate-Host"`);
    expect(JSON.stringify(workbook)).toContain(`"value":"${october.Machines}"`);
  });
});

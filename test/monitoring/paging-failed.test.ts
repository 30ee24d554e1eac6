import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../src/config/config.ts';
import { monitoringOf } from '../../src/monitoring/monitoring.ts';
import { tilesOf } from '../../src/monitoring/tiles/tiles.ts';
import { loadKqlParser } from '../../src/relay/kql/parser.ts';
import { answerOf, october } from '../../src/simulator/month/answers.ts';
import {
  type Change,
  cellsOf,
  created,
  incidentRows,
  MINUTE,
  paged,
  type Rows,
  reports,
  ruleRun,
  START,
  tablesOf,
} from './small-tables.ts';

const parse = await loadKqlParser();
const [failed] = monitoringOf(defaultConfig, ['SIGNL4-Send-Incident', 'SIGNL4-Callback']).rules;
if (!failed) throw new Error('no rule');
const told = (rows: Rows) => reports(parse, failed, rows).map(({ What, Incident }) => [What, Incident]);
const ofIncident = (...changes: readonly Change[]) =>
  told({ SecurityIncident: incidentRows(7, 'Ransomware', [created, ...changes]) });

describe('"Nobody was paged"', () => {
  const unpaged = [['Nobody was paged', '7']];

  it('is said once of an incident that never had the tag', () => {
    expect(ofIncident()).toEqual(unpaged);
    expect(ofIncident({ at: 5, by: 'Maria Lopez', tags: ['SIGNL4-Seen'] })).toEqual(unpaged);
  });

  it('is not said of one that was paged, no matter who removes the tag afterwards', () => {
    expect(ofIncident(paged)).toEqual([]);
    expect(ofIncident(paged, { at: 15, by: 'Maria Lopez', tags: [] })).toEqual([]);
  });
});

describe('"A playbook was not started"', () => {
  const notStarted = (number: string) => [['A playbook was not started', number]];
  const ofRun = (row: Parameters<typeof ruleRun>[0]) => told({ SentinelHealth: [ruleRun(row)] });
  const started = [{ RunId: '085841', WorkflowId: '/subscriptions/1/workflows/SIGNL4-Send-Incident' }];

  it('is said of a rule that could not start a playbook of ours, whatever the rule is called', () => {
    const row = {
      Description: 'Could not trigger playbook: SIGNL4-Send-Incident.',
      ExtendedProperties: { IncidentNumber: '7' },
    };
    expect(ofRun(row)).toEqual(notStarted('7'));
    expect(ofRun({ ...row, SentinelResourceName: 'High incidents' })).toEqual(notStarted('7'));
  });

  it('is said of a rule of ours that failed without naming a playbook', () => {
    const row = { Description: 'Automation rule conditions could not be evaluated.' };
    expect(ofRun(row)).toEqual(notStarted(''));
    expect(ofRun({ ...row, SentinelResourceName: 'High incidents' })).toEqual([]);
  });

  it('is not said where the rule started ours and another playbook failed', () => {
    const properties = { IncidentNumber: '7', TriggeredPlaybooks: started };
    const row = { Status: 'Partial success', ExtendedProperties: properties };
    expect(ofRun({ ...row, Description: 'Could not trigger playbook: Enrich-IP.' })).toEqual([]);
    expect(ofRun({ ...row, Description: 'Some actions failed.' })).toEqual([]);
  });

  it('is not said of a playbook of somebody else', () => {
    expect(
      ofRun({ SentinelResourceName: 'SIGNL4 fallback mail', Description: 'Could not trigger playbook: Mail-Manager.' }),
    ).toEqual([]);
  });

  it('is said of a run by hand, and of a response that SIGNL4-Callback or another of ours asked for', () => {
    const byHand = { OperationName: 'Playbook was triggered', ExtendedProperties: { IncidentNumber: '7' } };
    expect(ofRun({ ...byHand, SentinelResourceName: 'SIGNL4-Send-Incident' })).toEqual(notStarted('7'));
    const asked = { TriggeredByName: 'SIGNL4-Callback', IncidentNumber: '7' };
    expect(ofRun({ ...byHand, SentinelResourceName: 'Isolate-Host', ExtendedProperties: asked })).toEqual(
      notStarted('7'),
    );
    expect(ofRun({ ...byHand, SentinelResourceName: 'Isolate-Host' })).toEqual([]);
  });

  it('is not said of the incidents of our own rules: a failure would report itself for ever', () => {
    const row = ruleRun({
      SentinelResourceName: 'SIGNL4 fallback',
      Description: 'Could not trigger playbook: SIGNL4-Callback.',
      ExtendedProperties: { IncidentNumber: '77' },
    });
    expect(told({ SecurityIncident: incidentRows(77, failed.title, [created]), SentinelHealth: [row] })).toEqual([]);
    expect(told({ SecurityIncident: incidentRows(77, 'Ransomware', [created, paged]), SentinelHealth: [row] })).toEqual(
      notStarted('77'),
    );
  });

  it('is in the workbook under the same conditions', () => {
    const tile = tilesOf({ filter: [], unmanned: [] }).find(({ name }) => name === 'not-started');
    if (!tile) throw new Error('no tile');
    const rows = [
      ruleRun({ Description: 'Could not trigger playbook: SIGNL4-Send-Incident.' }),
      ruleRun({ Description: 'Could not trigger playbook: Enrich-IP.' }),
    ];
    const choices = { ...october, TimeRange: '> ago(1d)' };
    const shown = cellsOf(answerOf(tile, choices, tablesOf({ SentinelHealth: rows }), START + 60 * MINUTE, parse));
    expect(shown.map(({ Description }) => Description)).toEqual(['Could not trigger playbook: SIGNL4-Send-Incident.']);
  });
});

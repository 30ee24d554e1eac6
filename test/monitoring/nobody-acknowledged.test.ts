import { describe, expect, it } from 'vitest';
import { type Config, defaultConfig } from '../../src/config/config.ts';
import { monitoringOf } from '../../src/monitoring/monitoring.ts';
import { loadKqlParser } from '../../src/relay/kql/parser.ts';
import { type Change, created, incidentRows, paged, reports } from './small-tables.ts';

const parse = await loadKqlParser();
const response = (name: string) =>
  `/subscriptions/d0cfe6b2-9ac0-4464-9919-dccaee2e48c0/resourceGroups/rg-response/providers/Microsoft.Logic/workflows/${name}`;
const config: Config = {
  ...defaultConfig,
  respond: {
    ...defaultConfig.respond,
    playbooks: {
      isolate: { playbook: response('Isolate-Host'), on: 'host', who: 'holder', teams: [], people: [], confirm: false },
    },
  },
};

/** Runs of the rule that report an incident which was created, and then changed so. */
function times(changes: readonly Change[], of = config): number {
  const [, rule] = monitoringOf(of, ['SIGNL4-Send-Incident', 'SIGNL4-Callback']).rules;
  if (!rule) throw new Error('no rule');
  return reports(parse, rule, { SecurityIncident: incidentRows(7, 'Ransomware', [created, ...changes]) }).length;
}

const onPhone: Change = { at: 5, by: 'SIGNL4-Callback', status: 'Active', owner: 'Maria Lopez' };
const takenBack: Change = { at: 7, by: 'SIGNL4-Callback', status: 'New', owner: '' };

describe('the rule "nobody acknowledged" reports a page', () => {
  it('that nothing happened to', () => {
    expect(times([paged])).toBe(1);
    expect(times([])).toBe(0);
  });

  it('unless somebody took it, on the phone or in Sentinel, or it is closed', () => {
    expect(times([paged, onPhone])).toBe(0);
    expect(times([paged, { at: 5, by: 'Maria Lopez', status: 'Active' }])).toBe(0);
    expect(times([paged, { at: 5, by: 'Maria Lopez', owner: 'Maria Lopez' }])).toBe(0);
    expect(times([paged, { at: 5, by: 'Automation rule - Close', status: 'Closed' }])).toBe(0);
    expect(times([{ at: 0.5, by: 'Maria Lopez', status: 'Active', owner: 'Maria Lopez' }, paged])).toBe(0);
  });

  it('that was acknowledged and taken back, unless it was taken again', () => {
    expect(times([paged, onPhone, takenBack])).toBe(1);
    expect(times([paged, onPhone, takenBack, { at: 8, by: 'SIGNL4-Callback', tags: ['SIGNL4', 'SIGNL4-Seen'] }])).toBe(
      1,
    );
    expect(times([paged, onPhone, takenBack, { ...onPhone, at: 9 }])).toBe(0);
  });

  it('not where it only lost its owner, or only became New again: it is still somebody’s', () => {
    expect(times([paged, onPhone, { at: 7, by: 'Maria Lopez', owner: '' }])).toBe(0);
    expect(times([paged, onPhone, { at: 7, by: 'Maria Lopez', status: 'New' }])).toBe(0);
  });

  it('that an event nobody caused set Active: its tag says so', () => {
    const noResponse: Change = {
      at: 15,
      by: 'SIGNL4-Callback',
      status: 'Active',
      tags: ['SIGNL4', 'SIGNL4-NoResponse'],
    };
    const escalated: Change = { at: 10, by: 'SIGNL4-Callback', tags: ['SIGNL4', 'SIGNL4-Escalated'] };
    const both: Change = { ...noResponse, tags: ['SIGNL4', 'SIGNL4-Escalated', 'SIGNL4-NoResponse'] };
    expect(times([paged, noResponse])).toBe(1);
    expect(times([paged, escalated, both])).toBe(1);
    expect(times([paged, escalated, { ...onPhone, at: 12 }])).toBe(0);
    expect(times([paged, noResponse, { at: 20, by: 'SIGNL4-Callback', owner: 'Maria Lopez' }])).toBe(0);
  });

  it('that such an event tagged as the configuration says', () => {
    const { callback } = config;
    const own = { ...config, callback: { ...callback, noResponse: { ...callback.noResponse, tag: 'nobody there' } } };
    const silent = { ...config, callback: { ...callback, noResponse: { ...callback.noResponse, tag: '' } } };
    const change: Change = { at: 15, by: 'SIGNL4-Callback', status: 'Active', tags: ['SIGNL4', 'nobody there'] };
    expect(times([paged, change], own)).toBe(1);
    expect(times([paged, change])).toBe(0);
    expect(times([paged, change], silent)).toBe(0);
  });

  it('that a response playbook of the configuration set Active', () => {
    const isolated: Change = { at: 5, by: 'Isolate-Host', status: 'Active' };
    expect(times([paged, isolated])).toBe(1);
    expect(times([paged, isolated], defaultConfig)).toBe(0);
  });

  it('once, by its first page: one that is reopened and paged again is not judged again', () => {
    const closed: Change = { at: 10, by: 'SIGNL4-Callback', status: 'Closed' };
    const reopened: Change = { at: 120, by: 'Jonas Weber', status: 'New', owner: '' };
    expect(times([paged, onPhone, closed, reopened, { at: 121, by: 'SIGNL4-Send-Incident' }])).toBe(0);
  });
});

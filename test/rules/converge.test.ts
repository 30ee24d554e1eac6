import { describe, expect, it } from 'vitest';
import { readAlert } from '../../src/domain/alert.ts';
import type { Incident, IncidentOwner } from '../../src/domain/incident.ts';
import { defaultSync } from '../../src/rules/choices.ts';
import { converge, isPerson, noChange, type PagedAlert, type Situation } from '../../src/rules/converge.ts';
import { newAlerts, newComments } from '../../src/rules/news.ts';

const MINUTE = 60_000;
const paged: PagedAlert = {
  status: 'open',
  createdAt: 0,
  acknowledgedAt: undefined,
  closedAt: undefined,
  isByPerson: false,
};
const closed: PagedAlert = { ...paged, status: 'closed', closedAt: 2 * MINUTE };
const byPhone: PagedAlert = { ...closed, isByPerson: true };
const acknowledged: PagedAlert = { ...paged, status: 'acknowledged', acknowledgedAt: 2 * MINUTE, isByPerson: true };
const somebody: IncidentOwner = {
  ...{ objectId: 'a', email: 'a@contoso.com', userPrincipalName: 'a@contoso.com', name: 'Aoi', type: 'User' },
};
const group: IncidentOwner = { ...somebody, userPrincipalName: undefined, name: 'SOC', type: 'Group' };

const incident = (status: Incident['status'], owner?: IncidentOwner): Situation['incident'] => ({
  status,
  owner,
  severity: 'High',
});

function due(situation: Partial<Situation>, change: Partial<Situation['change']> = {}, arePagedClosed = false) {
  const { resolve, acknowledge, page, missed } = converge(
    {
      ...{ incident: incident('New'), changedAt: MINUTE, alerts: [paged], course: [], now: 60 * MINUTE },
      ...situation,
      change: { ...noChange, ...change },
    },
    defaultSync,
    arePagedClosed,
  );
  return [resolve && 'resolve', acknowledge && 'acknowledge', page && `page ${page}`, missed && `missed ${missed}`]
    .filter(Boolean)
    .join(', ');
}

describe('converge', () => {
  it.each<[string, string, Partial<Situation>, Partial<Situation['change']>]>([
    ['an incident that was never sent', '', { alerts: [], incident: incident('Closed') }, { isTaken: true }],
    ['an incident and alert that agree', '', {}, {}],
    ['closed, an alert open', 'resolve', { incident: incident('Closed'), alerts: [closed, paged] }, {}],
    ['closed on both sides', '', { incident: incident('Closed'), alerts: [closed] }, {}],
    ['closed, reopened on the phone', 'missed reopened', { incident: incident('Closed') }, { wasSettled: true }],
    [
      'closed, another alert after that',
      'resolve',
      { incident: incident('Closed'), alerts: [closed, { ...paged, createdAt: 9 * MINUTE }] },
      { wasSettled: true },
    ],
    ['reopened', 'page reopened', { alerts: [closed] }, { isReopened: true }],
    [
      'closed and reopened while nobody looked',
      'page reopened',
      {
        alerts: [byPhone],
        course: [
          { at: 0, status: 'New' },
          { at: 3 * MINUTE, status: 'Closed' },
          { at: 4 * MINUTE, status: 'Active' },
        ],
      },
      {},
    ],
    ['closed on the phone a moment ago', '', { alerts: [byPhone], now: 3 * MINUTE }, {}],
    ['closed on the phone, never told', 'missed closed', { alerts: [byPhone] }, {}],
    ['closed on the phone, touched since, course unknown', '', { alerts: [byPhone], changedAt: 9 * MINUTE }, {}],
    ['acknowledged on the phone, never told', 'missed acknowledged', { alerts: [acknowledged] }, {}],
    ['acknowledged on the phone, Active', '', { alerts: [acknowledged], incident: incident('Active') }, {}],
    ['taken by a person', 'acknowledge', { incident: incident('Active', somebody) }, { isTaken: true }],
    ['taken and raised at once', 'acknowledge', {}, { isTaken: true, isRaised: true }],
    [
      'taken where the alert is acknowledged',
      '',
      { alerts: [acknowledged], incident: incident('Active') },
      { isTaken: true },
    ],
    ['raised, nobody on it', 'page raised', {}, { isRaised: true }],
    ['raised, a group has it', 'page raised', { incident: incident('Active', group) }, { isRaised: true }],
    ['raised, a person has it', '', { incident: incident('Active', somebody) }, { isRaised: true }],
    ['raised, paged for it already', '', { alerts: [paged, { ...paged, createdAt: 2 * MINUTE }] }, { isRaised: true }],
  ])('%s: %s', (_, expected, situation, change) => {
    expect(due(situation, change)).toBe(expected);
  });

  it('does not settle the page of an incident that arrived closed where those page too, only of one that was closed since', () => {
    const closedIncident = { incident: incident('Closed') };
    expect(due(closedIncident, {}, true)).toBe('');
    expect(due(closedIncident, { wasOpen: true }, true)).toBe('resolve');
  });

  it.each([
    [somebody, true],
    [{ ...somebody, type: undefined }, true],
    [group, false],
    [{ ...group, type: undefined }, false],
    [{ ...somebody, type: 'Group' }, false],
    [undefined, false],
  ])('takes %j for a person: %s', (owner, expected) => {
    expect(isPerson(owner)).toBe(expected);
  });
});

describe('what an update adds', () => {
  it('is comments by people and new alerts, and nothing of ours', () => {
    const comments = ['<p>seen</p>', 'SIGNL4: closed'];
    const alert = readAlert({ properties: { alertDisplayName: 'Click', severity: 'Low', productName: 'OATP' } });
    const alerts = alert ? [alert] : [];
    expect([...newComments(comments), ...newAlerts(alerts)]).toEqual(['seen', 'New alert: Click (Low, OATP)']);
  });
});

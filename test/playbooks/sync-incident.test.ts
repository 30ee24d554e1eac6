import { describe, expect, it } from 'vitest';
import { syncIncident } from '../../playbooks/SIGNL4-Sync-Incident/playbook.ts';
import { playbookUnderTest, sample, slow, withValue } from './support/playbook.ts';

const externalId = 'sentinel:8a1b6c2d-3e4f-4a5b-9c6d-7e8f90a1b2c3:4f0d2a86-9b1c-4d57-8e34-a6c1f2b3d4e5';
const taken = { status: 202, body: { eventId: 'e' } };

const { run, uncovered } = playbookUnderTest(syncIncident, {
  Resolve_the_alert: taken,
  Acknowledge_the_alert: taken,
  Alert_again: taken,
  Find_the_alerts: { status: 200, body: { results: [{ id: 'alert-1', externalEventId: externalId }] } },
  Annotate_the_alert: { status: 200, body: {} },
});

const closed = sample(syncIncident, 'closed');
const commented = sample(syncIncident, 'commented');
const ownerSet = sample(syncIncident, 'owner-set');
const raised = sample(syncIncident, 'severity-raised');

/** Names of the actions that called, each once, in order. */
async function callers(...args: Parameters<typeof run>): Promise<string[]> {
  return [...new Set((await run(...args)).result.calls.map(({ action }) => action))];
}

describe('a change in Sentinel', () => {
  it('closed: resolves the alert', async () => {
    const { result, sent } = await run(closed);
    expect(result.status).toBe('Succeeded');
    expect(result.calls.map(({ action }) => action)).toEqual(['Resolve_the_alert']);
    expect(sent('Resolve_the_alert')).toMatchObject({ 'X-S4-ExternalID': externalId, 'X-S4-Status': 'resolved' });
  });

  it('owner set, or made Active: acknowledges the alert', async () => {
    const { result, sent } = await run(ownerSet);
    expect(result.calls.map(({ action }) => action)).toEqual(['Acknowledge_the_alert']);
    expect(sent('Acknowledge_the_alert')).toMatchObject({
      'X-S4-ExternalID': externalId,
      'X-S4-Status': 'acknowledged',
    });
    expect(await callers(withValue(ownerSet, ['incidentUpdates', 'updatedFields'], ['owner']))).toEqual([
      'Acknowledge_the_alert',
    ]);
    expect(await callers(withValue(ownerSet, ['incidentUpdates', 'updatedFields'], ['STATUS']))).toEqual([
      'Acknowledge_the_alert',
    ]);
  });

  it('severity raised: alerts again, with the whole message', async () => {
    const { result, sent } = await run(raised);
    expect(result.calls.map(({ action }) => action)).toEqual(['Alert_again']);
    expect(sent('Alert_again')).toMatchObject({
      'X-S4-ExternalID': externalId,
      'X-S4-Status': 'new',
      Title: expect.stringContaining('Password spray'),
    });
  });

  it('commented: annotates every alert of the incident, without markup', async () => {
    const results = [{ id: 'alert-1' }, { id: 'alert-2' }];
    const { calls } = await run(commented, { Find_the_alerts: { status: 200, body: { results } } });
    expect(calls('Find_the_alerts')[0]?.body).toEqual({ externalId });
    expect(calls('Annotate_the_alert').map(({ path }) => path)).toEqual([
      expect.stringContaining('alert-1'),
      expect.stringContaining('alert-2'),
    ]);
    expect(calls('Annotate_the_alert')[0]?.body).toMatchObject({
      text: '[Sentinel] Blocked the address at the firewall & reset the passwords',
    });
  });

  it('of several kinds at once does all of them', async () => {
    const body = withValue(commented, ['incidentUpdates', 'updatedFields'], ['Comments', 'Status', 'Severity']);
    expect(await callers(body)).toEqual([
      'Acknowledge_the_alert',
      'Alert_again',
      'Find_the_alerts',
      'Annotate_the_alert',
    ]);
  });

  it.each([
    [closed, { SyncClosed: false }],
    [ownerSet, { SyncAcknowledged: false }],
    [raised, { SyncSeverityRaised: false }],
    [commented, { SyncComments: false }],
  ])('can be switched off (%#)', async (body, parameters) => {
    expect(await callers(body, {}, parameters)).toEqual([]);
  });
});

describe('what must not happen', () => {
  it.each([
    ['SIGNL4-Callback', closed],
    ['SIGNL4-Callback', ownerSet],
    ['SIGNL4-Send-Incident', raised],
  ])('an echo: a change by %s goes nowhere (%#)', async (name, body) => {
    expect(await callers(withValue(body, ['incidentUpdates', 'updatedBy', 'name'], name))).toEqual([]);
  });

  it('an echo: a comment of ours goes nowhere', async () => {
    expect(await callers(sample(syncIncident, 'own-comment'))).toEqual([]);
    const byName = [{ properties: { message: 'anything', author: { name: 'SIGNL4-Callback' } } }];
    expect(await callers(withValue(commented, ['incidentUpdates', 'comments'], byName))).toEqual([]);
  });

  it('an incident that was never sent is left alone', async () => {
    const { result, status } = await run(withValue(closed, ['object', 'properties', 'labels'], []));
    expect(result).toMatchObject({ status: 'Succeeded', calls: [] });
    expect(status('SIGNL4_does_not_know_it')).toBe('Succeeded');
  });

  it('a closed incident is not acknowledged or alerted again', async () => {
    const body = withValue(closed, ['incidentUpdates', 'updatedFields'], ['Status', 'Owner', 'Severity']);
    expect(await callers(body)).toEqual(['Resolve_the_alert']);
  });

  it('a severity that becomes Informational alerts nobody', async () => {
    expect(await callers(withValue(raised, ['object', 'properties', 'severity'], 'Informational'))).toEqual([]);
  });
});

describe('odd input', () => {
  it.each([
    ['an empty body', undefined],
    ['no incident', {}],
    ['an incident without an id', withValue(closed, ['object', 'id'], undefined)],
  ])('ends the run without a call: %s', async (_, body) => {
    expect((await run(body)).result).toMatchObject({ status: 'Cancelled', calls: [] });
  });

  it.each([
    ['no updates', withValue(closed, ['incidentUpdates'], undefined)],
    ['updates of null', withValue(closed, ['incidentUpdates'], null)],
    ['no updated fields', withValue(closed, ['incidentUpdates', 'updatedFields'], null)],
    ['comments of null', withValue(commented, ['incidentUpdates', 'comments'], null)],
    [
      'an empty comment',
      withValue(commented, ['incidentUpdates', 'comments'], [{ properties: { message: '<p>&nbsp;</p>' } }]),
    ],
    ['a comment without properties', withValue(commented, ['incidentUpdates', 'comments'], [{}])],
  ])('does nothing where there is nothing to do: %s', async (_, body) => {
    expect((await run(body)).result).toMatchObject({ status: 'Succeeded', calls: [] });
  });

  it('cuts a long comment where a phone can still show it, not inside a character', async () => {
    const body = withValue(
      commented,
      ['incidentUpdates', 'comments'],
      [{ properties: { message: '🚨'.repeat(3_000) } }],
    );
    const { sent } = await run(body);
    const text = String(sent('Annotate_the_alert')['text']);
    expect(text.length).toBeLessThanOrEqual(2_000);
    expect(text.isWellFormed()).toBe(true);
  });

  it('alerts again with a plain event where the full one cannot be built', async () => {
    const { result, sent, status } = await run(withValue(raised, ['object', 'properties', 'alerts'], 'not a list'));
    expect(status('Build_the_event')).toBe('Failed');
    expect(sent('Alert_again')).toMatchObject({ 'X-S4-ExternalID': externalId });
    expect(result.status).toBe('Succeeded');
  });
});

describe('SIGNL4', () => {
  const changes = [
    ['Resolve_the_alert', closed],
    ['Acknowledge_the_alert', ownerSet],
    ['Alert_again', raised],
    ['Find_the_alerts', commented],
    ['Annotate_the_alert', commented],
  ] as const;
  const failures = [
    [{ status: 404 }, 1],
    [{ status: 409 }, 1],
    [{ status: 500 }, 5],
    [slow, 5],
  ] as const;

  it.each(
    changes.flatMap(([action, body]) => failures.map(([answer, tries]) => [action, answer, tries, body] as const)),
  )(
    'that does not take %s (%j, %i tries) leaves a failed action in the history',
    async (action, answer, tries, body) => {
      const { calls, status } = await run(body, { [action]: answer });
      expect(calls(action)).toHaveLength(tries);
      expect(status(action)).toBe('Failed');
    },
  );

  it.each(changes)('that is busy takes %s a little later', async (action, body) => {
    const later = action === 'Find_the_alerts' ? { status: 200, body: { results: [] } } : taken;
    const { result } = await run(body, { [action]: [{ status: 429, headers: { 'Retry-After': '4' } }, later] });
    expect(result.status).toBe('Succeeded');
    expect(Date.parse(result.endTime) - Date.parse(result.startTime)).toBe(4_000);
  });

  it('one change that fails does not keep the others from it', async () => {
    const body = withValue(commented, ['incidentUpdates', 'updatedFields'], ['Comments', 'Status', 'Severity']);
    const { calls } = await run(body, { Acknowledge_the_alert: { status: 404 }, Alert_again: { status: 404 } });
    expect(calls('Annotate_the_alert')).toHaveLength(1);
  });
});

describe('these tests together', () => {
  it('execute every action, and skip every one that can be skipped', () => {
    expect(uncovered()).toEqual({ neverExecuted: [], neverSkipped: ['Is_there_an_incident'] });
  });
});

import { describe, expect, it } from 'vitest';
import { syncIncident } from '../../playbooks/SIGNL4-Sync-Incident/playbook.ts';
import { type Config, defaultConfig } from '../../src/config/config.ts';
import type { CallResult } from '../../src/engine/calls.ts';
import type { Json, JsonObject } from '../../src/wdl/types.ts';
import { alertsOf, dana, externalId, nobody, none, taken } from './support/incidents.ts';
import { playbookUnderTest, sample, withValue } from './support/playbook.ts';

/* The incident changed: what SIGNL4 is told. */

const usual = {
  List_alerts: alertsOf(1),
  Resolve_the_alerts: taken,
  Acknowledge_the_alerts: taken,
  Page_again: taken,
  Ask_SIGNL4_again: alertsOf(1),
  Page_once_more: taken,
  Annotate: { status: 200, body: {} },
};
const { run, uncovered } = playbookUnderTest(syncIncident, usual);

const closed = sample(syncIncident, 'closed');
const commented = sample(syncIncident, 'commented');
const ownerSet = sample(syncIncident, 'owner-set');
const raised = sample(syncIncident, 'severity-raised');

/** An update: which fields, by whom, and the state of the incident now. */
function update(fields: readonly string[], source: string, properties: Readonly<Record<string, Json>>): JsonObject {
  const told = withValue(ownerSet, ['incidentUpdates', 'updatedFields'], fields);
  const by = withValue(told, ['incidentUpdates', 'updatedBy'], { name: 'x', source });
  return Object.entries(properties).reduce(
    (body, [name, value]) => withValue(body, ['object', 'properties', name], value),
    by,
  );
}

/** Actions that SIGNL4 heard of, in order, without the list. */
async function told(body: JsonObject | undefined, list?: CallResult, config?: Config) {
  const under = config ? playbookUnderTest(syncIncident, usual, config) : { run };
  const { result } = await under.run(body, list ? { List_alerts: list } : {});
  expect(result.status).toBe('Succeeded');
  return result.calls
    .map(({ action }) => action)
    .filter((action) => action !== 'List_alerts' && action !== 'Ask_SIGNL4_again');
}

describe('an incident of a configuration that pages closed ones too', () => {
  const config = { ...defaultConfig, filter: { ...defaultConfig.filter, statuses: ['New', 'Closed'] as const } };

  it('is settled when it is closed, not when it is merely closed already', async () => {
    expect(await told(update(['Status'], 'User', { status: 'Closed' }), alertsOf(1), config)).toEqual([
      'Resolve_the_alerts',
    ]);
    expect(await told(update(['Labels'], 'Playbook', { status: 'Closed' }), alertsOf(1), config)).toEqual([]);
  });
});

describe('an incident that Defender closed because it merged it into another one', () => {
  const labels = [{ labelName: 'SIGNL4' }, { labelName: 'redirected', labelType: 'AutoAssigned' }];
  const merged = update(['Status', 'Labels'], 'Other', { status: 'Closed', labels });

  it('rings on, for what goes on is elsewhere, and says so on every alert that is not closed', async () => {
    const { result, calls } = await run(merged, { List_alerts: alertsOf(1, 2, 4) });
    expect(result.status).toBe('Succeeded');
    expect(calls('Resolve_the_alerts')).toEqual([]);
    expect(calls('Annotate').map(({ body }) => body)).toEqual(
      Array(2).fill({
        text: expect.stringMatching(
          /^\[Sentinel\] Merged into another incident by Defender\. Find it and close this alert\.\s*$/,
        ),
        userId: null,
      }),
    );
  });

  it('says so once, and rings on when the sweep looks at it', async () => {
    expect(await told(withValue(merged, ['incidentUpdates'], undefined))).toEqual([]);
    expect(await told(update(['Labels'], 'Other', { status: 'Closed', labels }))).toEqual([]);
  });

  it('is settled where another tag only ends alike', async () => {
    const alike = [{ labelName: 'SIGNL4' }, { labelName: 'not-redirected' }];
    expect(await told(update(['Status'], 'User', { status: 'Closed', labels: alike }))).toEqual(['Resolve_the_alerts']);
  });
});

describe('an incident that is closed', () => {
  it('resolves every alert with one event', async () => {
    const { result, sent } = await run(closed, { List_alerts: alertsOf(1, 2, 4) });
    expect(result.status).toBe('Succeeded');
    expect(sent('List_alerts')).toEqual({ externalId });
    expect(sent('Resolve_the_alerts')).toEqual({
      Title: 'High: Password spray against finance accounts',
      Message: 'Closed in Microsoft Sentinel.',
      'X-S4-ExternalID': externalId,
      'X-S4-Status': 'resolved',
      'X-S4-SourceSystem': 'MicrosoftSentinel',
    });
  });

  it.each([
    ['nested', { status: { statusCode: 1 } }],
    ['beside', { statusCode: 2 }],
    ['as a string', { status: { statusCode: '2' } }],
    ['in capitals', { Status: { StatusCode: 1 } }],
    ['unknown', { status: { statusCode: 64 } }],
    ['missing', {}],
    ['null', { status: null }],
  ])('resolves an alert whose state is written %s', async (_, state) => {
    const list = { status: 200, body: { results: [{ id: 'a', ...state }] } };
    expect(await told(closed, list)).toEqual(['Resolve_the_alerts']);
  });

  it.each([
    ['closed too', alertsOf(4, 4)],
    ['closed, told as texts', { status: 200, body: { results: [{ id: 'a', status: { statusCode: '4' } }] } }],
    ['closed, told beside', { status: 200, body: { results: [{ id: 'a', statusCode: 4 }] } }],
    ['unknown to SIGNL4', none],
    ['unknown to SIGNL4 (204)', { status: 204 }],
  ])('tells nothing where all alerts are %s', async (_, list) => {
    expect(await told(closed, list)).toEqual([]);
  });

  it.each(['Alert Grouping', 'Automation rule', 'Microsoft 365 Defender', 'Playbook', 'Application'])(
    'resolves them no matter who closed it: %s',
    async (source) => {
      expect(await told(update(['Status'], source, { status: 'Closed' }))).toEqual(['Resolve_the_alerts']);
    },
  );

  it('resolves them also where the update says nothing of a state, or where there is no update', async () => {
    expect(await told(withValue(closed, ['incidentUpdates', 'updatedFields'], ['Comments']))).toEqual([
      'Resolve_the_alerts',
    ]);
    expect(await told(withValue(closed, ['incidentUpdates'], undefined))).toEqual(['Resolve_the_alerts']);
  });

  it('does not acknowledge or page, whatever else changed', async () => {
    const all = update(['Status', 'Owner', 'Severity'], 'User', { status: 'Closed' });
    expect(await told(all)).toEqual(['Resolve_the_alerts']);
    expect(await told(all, alertsOf(4))).toEqual([]);
  });
});

describe('a person who takes an incident', () => {
  it('stops the phones', async () => {
    const { sent } = await run(ownerSet);
    expect(sent('Acknowledge_the_alerts')).toEqual({
      Title: 'High: Password spray against finance accounts',
      Message: 'Dana Okafor is on it in Microsoft Sentinel.',
      'X-S4-ExternalID': externalId,
      'X-S4-Status': 'acknowledged',
      'X-S4-SourceSystem': 'MicrosoftSentinel',
    });
  });

  it.each([
    ['the owner alone', ['Owner'], {}],
    ['the state alone', ['Status'], {}],
    ['the owner of a new one', ['Owner'], { status: 'New' }],
    ['owner and severity together: taken, not raised', ['Owner', 'Severity'], {}],
    ['state, owner and severity together', ['Status', 'Owner', 'Severity'], {}],
  ])('changes %s', async (_, fields, properties) => {
    expect(await told(update(fields, 'User', { owner: dana, ...properties }))).toEqual(['Acknowledge_the_alerts']);
  });

  it('is told once: what is acknowledged or closed in SIGNL4 stays so', async () => {
    expect(await told(ownerSet, alertsOf(2))).toEqual([]);
    expect(await told(ownerSet, alertsOf(1, 2))).toEqual(['Acknowledge_the_alerts']);
    expect(await told(ownerSet, none)).toEqual([]);
  });

  it('may have a type of owner', async () => {
    expect(await told(update(['Owner'], 'User', { owner: { ...dana, ownerType: 'User' } }))).toEqual([
      'Acknowledge_the_alerts',
    ]);
  });
});

describe('no phone is silenced by', () => {
  it.each([
    'Automation rule',
    'Playbook',
    'Application',
    'Alert Grouping',
    'Microsoft 365 Defender',
    'Microsoft Defender',
    '',
    'user agent',
  ])('a machine: %s', async (source) => {
    expect(await told(update(['Owner', 'Status'], source, { owner: dana }))).toEqual([]);
  });

  it.each([
    ['a group as owner', { ...dana, ownerType: 'Group' }],
    ['a group without a user principal name', { ...dana, userPrincipalName: null, ownerType: 'Group' }],
    ['an owner without a user principal name', { ...nobody, objectId: 'x', assignedTo: 'Tier 1' }],
    ['nobody', nobody],
    ['an owner of null', null],
  ])('%s', async (_, owner) => {
    expect(await told(update(['Owner', 'Status'], 'User', { owner }))).toEqual([]);
  });

  it.each([['Title'], ['Severity'], ['Tactics'], ['Labels'], ['Comments']])(
    'a person who changes something else: %s',
    async (field) => {
      expect(await told(update([field], 'User', { owner: dana, severity: 'Informational' }))).toEqual([]);
    },
  );

  it('an update that does not say who made it', async () => {
    expect(await told(withValue(ownerSet, ['incidentUpdates', 'updatedBy'], undefined))).toEqual([]);
    expect(await told(withValue(ownerSet, ['incidentUpdates'], undefined))).toEqual([]);
  });
});

describe('an incident that is reopened while every alert is closed', () => {
  it.each([
    ['New by a person', 'User', { status: 'New', owner: nobody }],
    ['Active by a person', 'User', { status: 'Active', owner: dana }],
    ['Active by Defender', 'Microsoft 365 Defender', { status: 'Active', owner: nobody }],
    ['New by an automation rule', 'Automation rule', { status: 'New', owner: nobody }],
  ])('pages again: %s', async (_, source, properties) => {
    const { result, sent } = await run(update(['Status'], source, properties), { List_alerts: alertsOf(4, 4) });
    expect(result.status).toBe('Succeeded');
    expect(sent('Page_again')).toMatchObject({
      Title: 'High: Password spray against finance accounts',
      Message: expect.stringMatching(
        /^Reopened or raised in Microsoft Sentinel\.\n\nMany failed[\s\S]*https:\/\/portal/,
      ),
      'X-S4-ExternalID': externalId,
      'X-S4-Status': 'new',
      'X-S4-SourceSystem': 'MicrosoftSentinel',
    });
  });

  it.each([
    ['one still rings', alertsOf(4, 1)],
    ['one is acknowledged', alertsOf(4, 2)],
    ['SIGNL4 has none', none],
    ['SIGNL4 has none (204)', { status: 204 }],
  ])('pages nobody where %s', async (_, list) => {
    expect(await told(update(['Status'], 'User', { status: 'New', owner: nobody }), list)).toEqual([]);
  });

  /** The update is of 03:13:05. */
  it.each([
    ['a person closed it before the update', 'user-1', '2026-11-02T03:13:04.9000000Z', ['Page_again']],
    ['a person closed it after the update', 'user-1', '2026-11-02T03:13:06.1234567Z', []],
    ['a person closed it in that second', 'user-1', '2026-11-02T03:13:05.5000000Z', []],
    ['an event of ours closed it after the update', null, '2026-11-02T03:13:06.1234567Z', ['Page_again']],
  ])('pages by who closed it when: %s', async (_, closedBy, closedAt, expected) => {
    const alert = { id: 'a', externalEventId: externalId, status: { statusCode: 4 }, history: { closedAt, closedBy } };
    const list = { status: 200, body: { results: [alert] } };
    expect(await told(update(['Status'], 'Playbook', { status: 'Active', owner: dana }), list)).toEqual(expected);
  });

  it('pages nobody where the state did not change: a closing on the phone may be on its way', async () => {
    expect(await told(update(['Owner'], 'User', { status: 'New', owner: dana }), alertsOf(4))).toEqual([]);
    expect(await told(withValue(ownerSet, ['incidentUpdates'], undefined), alertsOf(4))).toEqual([]);
  });

  it('pages only for New where closing on the phone leaves the incident open', async () => {
    const keep = { ...defaultConfig.callback, closed: { ...defaultConfig.callback.closed, status: 'keep' as const } };
    const config = { ...defaultConfig, callback: keep };
    const to = (status: string) => update(['Status'], 'User', { status, owner: nobody });
    expect(await told(to('Active'), alertsOf(4), config)).toEqual([]);
    expect(await told(to('New'), alertsOf(4), config)).toEqual(['Page_again']);
  });
});

describe('a severity that is raised', () => {
  it.each([
    ['while the phone rings', raised, alertsOf(1)],
    ['by a rule', update(['Severity'], 'Automation rule', { owner: nobody }), alertsOf(1)],
    [
      'after the alert was closed on the phone',
      update(['Severity'], 'User', { status: 'Active', owner: nobody }),
      alertsOf(4),
    ],
  ])('pages again %s', async (_, body, list) => {
    expect(await told(body, list)).toEqual(['Page_again']);
  });

  it('pages nobody where somebody has acknowledged it', async () => {
    expect(await told(raised, alertsOf(2))).toEqual([]);
    expect(await told(raised, alertsOf(1, 2))).toEqual([]);
  });

  it('pages nobody where it becomes Informational', async () => {
    expect(await told(withValue(raised, ['object', 'properties', 'severity'], 'Informational'))).toEqual([]);
  });
});

describe('what the configuration switches off', () => {
  const without = (part: keyof Config['sync']): Config => ({
    ...defaultConfig,
    sync: { ...defaultConfig.sync, [part]: false },
  });

  it.each([
    ['closed', closed, alertsOf(1)],
    ['acknowledged', ownerSet, alertsOf(1)],
    ['severityRaised', raised, alertsOf(1)],
    ['comments', commented, alertsOf(1)],
  ] as const)('(%s) is not told', async (part, body, list) => {
    expect(await told(body, list)).not.toEqual([]);
    expect(await told(body, list, without(part))).toEqual([]);
  });

  it('raised by who owns it pages nobody again, where taking is switched off too', async () => {
    const both = update(['Owner', 'Severity'], 'User', { owner: dana });
    expect(await told(both, alertsOf(1), without('acknowledged'))).toEqual([]);
  });
});

describe('a page whose answer was lost', () => {
  const alert = (people: number) => ({
    ...{
      id: 'a',
      eventId: 'e',
      status: { statusCode: 4, alertDeliveryStatus: { statusCode: 6, userDeliveryStatus: [] } },
    },
    notified: Array.from({ length: people }, () => ({ statusCode: 6 })),
  });
  const answer = (results: readonly object[]): CallResult => ({ status: 200, body: { results } as unknown as Json });

  it.each([
    ['is sent once more where SIGNL4 has no further alert, whatever it says of delivery', [alert(9)], true],
    ['is not where it has one more', [alert(1), alert(0)], false],
  ])('%s', async (_, after, isRepeated) => {
    const reopened = update(['Status'], 'User', { status: 'New', owner: dana });
    const { result } = await run(reopened, {
      List_alerts: answer([alert(1)]),
      Page_again: { status: 503 },
      Ask_SIGNL4_again: answer(after),
    });
    expect(result.calls.some(({ action }) => action === 'Page_once_more')).toBe(isRepeated);
  });
});

describe('these tests together', () => {
  it('execute every action, and skip every one that can be skipped', async () => {
    await told(commented);
    const never = await run(withValue(closed, ['object', 'properties', 'labels'], []));
    expect(never.result).toMatchObject({ status: 'Cancelled', calls: [] });
    await run(raised, { Page_again: { status: 503 } });
    expect(uncovered()).toEqual({ neverExecuted: [], neverSkipped: ['Tags', 'Was_it_sent_to_SIGNL4'] });
  });
});

import { describe, expect, it } from 'vitest';
import { sendIncident } from '../../playbooks/SIGNL4-Send-Incident/playbook.ts';
import { sweep } from '../../playbooks/SIGNL4-Sweep/playbook.ts';
import { defaultConfig } from '../../src/config/config.ts';
import type { CallAnswer } from '../../src/engine/calls.ts';
import { VirtualClock } from '../../src/simulator/clock.ts';
import { Stage } from '../../src/simulator/stage/stage.ts';
import { createWorld, type World } from '../../src/simulator/world.ts';
import type { Json, JsonObject } from '../../src/wdl/types.ts';
import { ok, playbookUnderTest, sample } from './support/playbook.ts';

/* SIGNL4-Sweep beside automation rules that are late, in workspaces that are full, and where it may not do what it must. */

const MINUTE = 60_000;
const workspace =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/soc-rg/providers/Microsoft.OperationalInsights/workspaces/soc-workspace';
const { alerts, relatedEntities, ...listed } = (sample(sendIncident, 'incident-created')['object'] as JsonObject)[
  'properties'
] as JsonObject;

function incident(number: number, own: Readonly<Record<string, Json>> = {}): JsonObject {
  const name = `4f0d2a86-9b1c-4d57-8e34-${String(number).padStart(12, '0')}`;
  const id = `${workspace}/providers/Microsoft.SecurityInsights/Incidents/${name}`;
  return { id, name, properties: { ...listed, ...own } };
}
const page = (value: readonly JsonObject[], nextLink?: string): CallAnswer => ({
  status: 200,
  body: { value, ...(nextLink !== undefined && { nextLink }) },
});

const { run } = playbookUnderTest(sweep, {
  List_incidents: page([incident(1)]),
  Find_it_in_SIGNL4: { status: 200, body: { results: [] } },
  List_alerts: { status: 200, body: { value: alerts ?? [] } },
  List_entities: { status: 200, body: { entities: relatedEntities ?? [] } },
  Send_to_SIGNL4: { status: 201, body: { eventId: 'e' } },
  Send_a_bare_event: { status: 400 },
  Comment_on_the_incident: { status: 201 },
  Tag_the_incident: ok,
});

describe('a sweep that comes while SIGNL4-Send-Incident is at work', () => {
  const playOnce = async (prepare: (world: World) => void) => {
    const clock = new VirtualClock();
    const world = createWorld({ clock, seed: 'at once' });
    const config = { ...defaultConfig, sweep: { everyMinutes: 5, lookBackHours: 24 } };
    const stage = new Stage({ world, config, hasRelay: false, callbacks: 'playbook', sweeps: true });
    prepare(world);
    await clock.advance(14.95 * MINUTE);
    await clock.track(async () => void world.sentinel.store.createIncident({ title: 'Brute force', severity: 'High' }));
    await clock.advance(60 * MINUTE);
    expect(stage.history.runs.filter(({ playbook }) => playbook === 'SIGNL4-Sweep').length).toBeGreaterThan(10);
    return world.signl4.store.alerts.size;
  };

  it('does not page a second time where SIGNL4 is busy and takes the event on a later try', async () => {
    const busy = { kind: 'status', status: 503 } as const;
    const fault = { service: 'signl4', method: 'POST', path: '/api/v2/events/*', fault: busy, times: 2 } as const;
    expect(await playOnce(({ faults }) => void faults.add(fault))).toBe(1);
  });

  it.each([1, 5, 9])('does not page a second time where the automation rule is %i minutes late', async (minutes) => {
    const late = ({ sentinel }: World) => Object.assign(sentinel.automation.settings, { delayMs: minutes * MINUTE });
    expect(await playOnce(late)).toBe(1);
  });
});

describe('a list of incidents', () => {
  it('is asked for in the service’s own spelling, however the choice was typed into the designer', async () => {
    const { calls } = await run(
      undefined,
      { List_incidents: page([]) },
      { Statuses: ['new', 'ACTIVE'], Severities: ['high'] },
    );
    const filter = new URL(calls('List_incidents')[0]?.uri ?? '').searchParams.get('$filter');
    expect(filter).toContain(
      "(properties/status eq 'New' or properties/status eq 'Active') and (properties/severity eq 'High')",
    );
  });

  it('leaves out incidents that are younger than the grace', async () => {
    const { calls } = await run(undefined, { List_incidents: page([]) }, { GraceMinutes: 30 });
    const filter = new URL(calls('List_incidents')[0]?.uri ?? '').searchParams.get('$filter');
    expect(filter).toMatch(/ and properties\/createdTimeUtc le \d{4}-\d\d-\d\dT\d\d:30:00Z and /);
  });

  it('that is full of incidents sent before costs no action for each of them', async () => {
    const sent = Array.from({ length: 500 }, (_, number) => incident(number, { labels: [{ labelName: 'sIgNl4' }] }));
    const { result } = await run(undefined, { List_incidents: page([...sent, incident(501)]) });
    expect(result.actions['For_each_incident']?.iterations).toBe(1);
    expect(result.calls.filter(({ action }) => action === 'Send_to_SIGNL4')).toHaveLength(1);
  });

  it.each([
    ['labels of null', { labels: null }],
    ['a label without a name', { labels: [{ labelType: 'User' }, null] }],
    ['a label that contains the tag', { labels: [{ labelName: 'not-SIGNL4' }, { labelName: '"labelname":"signl4"' }] }],
  ])('may have incidents with %s', async (_, own) => {
    const { calls, result } = await run(undefined, { List_incidents: page([incident(1, own)]) });
    expect(calls('Send_to_SIGNL4')).toHaveLength(1);
    expect(result.status).toBe('Succeeded');
  });

  it('with 250 incidents on three pages is worked through, one page of which fails half way', async () => {
    const pages = [0, 1, 2].map((number) =>
      page(
        Array.from({ length: number === 2 ? 50 : 100 }, (_, index) => incident(number * 100 + index)),
        number === 2 ? undefined : `https://management.azure.com/next?$skipToken=${number} x`,
      ),
    );
    const refused = [...Array.from({ length: 120 }, () => ({ status: 201 })), { status: 400 }, { status: 201 }];
    const { calls, result } = await run(undefined, { List_incidents: pages, Send_to_SIGNL4: refused });
    expect(calls('Send_to_SIGNL4')).toHaveLength(250);
    expect(calls('Tag_the_incident')).toHaveLength(249);
    expect(result).toMatchObject({ status: 'Failed', error: { code: 'SweepIncomplete' } });
  });

  it('may have an incident that SIGNL4 does not take as it is: a bare page goes out, and it is done', async () => {
    const answers = {
      Send_to_SIGNL4: { status: 400 },
      Send_a_bare_event: { status: 201, body: { eventId: 'e-bare' } },
    };
    const { result, sent, calls } = await run(undefined, answers);
    expect(result.status).toBe('Succeeded');
    expect(JSON.stringify(sent('Comment_on_the_incident'))).toContain('e-bare');
    expect(calls('Tag_the_incident')).toHaveLength(1);
  });

  it('that does not end fails the run: the newest incidents were not looked at', async () => {
    const endless = page([], 'https://management.azure.com/again');
    const { result } = await run(undefined, { List_incidents: endless });
    expect(result).toMatchObject({ status: 'Failed', error: { code: 'SweepIncomplete' } });
  });

  it.each([
    ['a web page', { status: 200, body: '<html>' }],
    ['a text in place of the list', { status: 200, body: { value: 'x' } }],
    ['a link to nowhere', page([], '/relative')],
  ])('that is %s fails the run', async (_, answer) => {
    expect((await run(undefined, { List_incidents: answer })).result.status).toBe('Failed');
  });
});

describe('a sweep that may not tag', () => {
  it('pages once, sweep after sweep, and shows as failed', async () => {
    const clock = new VirtualClock();
    const world = createWorld({ clock, seed: 'no tag' });
    const stage = new Stage({ world, config: defaultConfig, hasRelay: false, callbacks: 'playbook', sweeps: true });
    for (const { objectId } of stage.playbookIdentities()) {
      world.sentinel.access.revoke(objectId);
      world.sentinel.access.assign(objectId, 'Microsoft Sentinel Reader');
    }
    await clock.track(async () => void world.sentinel.store.createIncident({ title: 'Brute force', severity: 'High' }));
    await clock.advance(120 * MINUTE);
    const sweeps = stage.history.runs.filter(({ playbook }) => playbook === 'SIGNL4-Sweep');
    expect(new Set(sweeps.slice(1, -1).map(({ result }) => result?.status))).toEqual(new Set(['Failed']));
    expect(world.signl4.store.alerts.size).toBe(1);
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import type { Signl4AlertEvent } from '../../src/domain/signl4-event.ts';
import { createSignl4Client } from '../../src/signl4/client.ts';
import type { Signl4Options } from '../../src/signl4/http.ts';
import { VirtualClock } from '../../src/simulator/clock.ts';
import type { FaultRule } from '../../src/simulator/faults.ts';
import { createWorld, type World } from '../../src/simulator/world.ts';

const externalId = 'sentinel:c8c99641-985d-4e4e-8e91-fb3466cd0e5b:73e01a99-5cd7-4139-a149-9f2736ff2ab5';
const event: Signl4AlertEvent = {
  Title: 'High: Unfamiliar location 🚨',
  Message: 'Somebody signed in from far away.',
  'X-S4-ExternalID': externalId,
  'X-S4-Status': 'new',
  'X-S4-SourceSystem': 'MicrosoftSentinel',
  Hosts: 'srv-0042',
};

let world: World;
let clock: VirtualClock;
let waits: number[];

beforeEach(() => {
  clock = new VirtualClock('2026-01-10T08:00:00Z');
  world = createWorld({ clock });
  waits = [];
});

/** A client of the world whose waiting only moves the world's time on. */
function client(options: Signl4Options = {}) {
  return createSignl4Client({
    apiKey: world.signl4.apiKey,
    teamSecret: 'soc-team-secret',
    fetch: world.fetch,
    now: () => clock.now(),
    random: () => 0.5,
    wait: async (ms) => {
      waits.push(ms);
      await clock.advance(ms);
    },
    ...options,
  });
}

const strike = (fault: FaultRule['fault'], rest: Partial<FaultRule> = {}) =>
  world.faults.add({ service: 'signl4', times: 1, fault, ...rest });
const alerts = () => [...world.signl4.store.alerts.values()];

describe('the SIGNL4 client', () => {
  it('raises an alert and gives its event id', async () => {
    const eventId = await client().sendEvent(event);
    expect(alerts()).toMatchObject([{ title: event.Title, externalId, eventId }]);
  });

  it('sends events without an API key: the team secret is enough', async () => {
    await client({ apiKey: undefined }).sendEvent(event);
    expect(alerts()).toHaveLength(1);
  });

  it('acknowledges, annotates and resolves by external id', async () => {
    const signl4 = client();
    await signl4.sendEvent(event);
    await signl4.settle(externalId, 'acknowledged', { title: 'Taken', message: 'by an analyst' });
    expect(await signl4.findAlerts(externalId)).toMatchObject([{ statusCode: 2, externalId }]);
    expect(await signl4.annotate(externalId, 'Severity raised')).toBe(true);
    await signl4.settle(externalId, 'resolved', { title: 'Closed', message: 'in Sentinel' });
    expect(await signl4.findAlerts(externalId)).toMatchObject([{ statusCode: 4 }]);
    expect(
      alerts()[0]
        ?.timeline.map(({ text }) => text)
        .join('\n'),
    ).toContain('Severity raised');
  });

  it('does nothing about an incident that raised no alert', async () => {
    const signl4 = client();
    await signl4.settle(externalId, 'resolved', { title: 'Closed', message: 'in Sentinel' });
    expect(await signl4.annotate(externalId, 'x')).toBe(false);
    expect(alerts()).toEqual([]);
  });

  it('tells teams, people and who is on duty', async () => {
    const signl4 = client();
    const { team, onCallUser, manager } = world.accounts;
    expect(await signl4.teams()).toContainEqual({ id: team.id, name: 'SOC', memberIds: team.memberIds });
    const people = await signl4.people();
    expect(people.find(({ id }) => id === onCallUser.id)?.onDuty).toContain(team.id);
    expect(people.find(({ id }) => id === manager.id)?.onManagerDuty).toContain(team.id);
  });

  it('keeps webhooks: none, one, none', async () => {
    const signl4 = client();
    expect(await signl4.webhooks()).toEqual([]);
    const webhook = {
      name: 'Sentinel',
      url: 'https://relay.contoso.com/api/signl4/events',
      description: 'Workspace 1',
    };
    const id = await signl4.createWebhook(webhook);
    expect(await signl4.webhooks()).toEqual([{ id, ...webhook, teamId: '', isEnabled: true }]);
    await signl4.deleteWebhook(id);
    expect(await signl4.webhooks()).toEqual([]);
  });
});

describe('when SIGNL4 is in trouble', () => {
  it('waits as long as it is asked to, else longer and longer with some chance in it', async () => {
    strike({ kind: 'status', status: 429, headers: { 'retry-after': '7' } });
    strike({ kind: 'status', status: 503 });
    strike({ kind: 'status', status: 503 });
    await client().sendEvent(event);
    expect(waits).toEqual([7000, 750, 1500]);
    expect(alerts()).toHaveLength(1);
  });

  it('gives up after the repetitions it may make, with what SIGNL4 said', async () => {
    strike(
      { kind: 'status', status: 500, body: { requestId: 'r-1', code: 42, message: 'Oops', details: 'later' } },
      { times: 9 },
    );
    await expect(client({ maxRetries: 2 }).teams()).rejects.toMatchObject({
      message: 'SIGNL4: Oops later (HTTP 500, request r-1)',
      statusCode: 500,
      code: '42',
      requestId: 'r-1',
    });
    expect(waits).toHaveLength(2);
  });

  it.each([400, 401, 403, 404])('does not repeat what was refused with %i', async (status) => {
    strike({ kind: 'status', status, body: { message: 'No' } }, { times: 9 });
    await expect(client().teams()).rejects.toMatchObject({ statusCode: status });
    expect(waits).toEqual([]);
  });

  it.each(['reset', 'truncated', 'html'] as const)(
    'raises one alert although the answer was lost (%s)',
    async (kind) => {
      strike({ kind }, { afterWork: true });
      const eventId = await client().sendEvent(event);
      expect(alerts()).toMatchObject([{ eventId }]);
    },
  );

  it('raises the alert where the request itself was lost', async () => {
    strike({ kind: 'reset' });
    await client().sendEvent(event);
    expect(alerts()).toHaveLength(1);
  });

  it('does not take an older alert of the same incident for the one it sends', async () => {
    const signl4 = client();
    const first = await signl4.sendEvent(event);
    await clock.advance(10 * 60_000);
    strike({ kind: 'reset' });
    expect(await signl4.sendEvent({ ...event, Title: 'Critical now' })).not.toBe(first);
    expect(alerts()).toHaveLength(2);
  });

  it('pages twice rather than not at all where nothing can be found out', async () => {
    strike({ kind: 'reset' }, { afterWork: true, path: '/api/v2/events/*' });
    strike({ kind: 'status', status: 403 }, { path: '/api/v2/alerts/paged' });
    await client().sendEvent(event);
    expect(alerts()).toHaveLength(2);
  });

  it('ends at once when the signal says so', async () => {
    strike({ kind: 'hang' });
    await expect(client().sendEvent(event, AbortSignal.timeout(10))).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(waits).toEqual([]);
  });

  it('calls an attempt late after its own time and tries again', async () => {
    strike({ kind: 'hang' });
    await client({ timeoutMs: 10 }).sendEvent(event);
    expect(waits).toHaveLength(1);
  });
});

describe('secrets', () => {
  it('are in no message, even if SIGNL4 repeats them', async () => {
    strike({
      kind: 'status',
      status: 404,
      body: { message: 'unknown secret soc-team-secret', details: 'key signl4-api-key' },
    });
    await expect(client().sendEvent(event)).rejects.toThrow('SIGNL4: unknown secret *** key *** (HTTP 404)');
  });

  it('do not follow a redirect', async () => {
    const seen: RequestInit[] = [];
    const fetch = async (_: unknown, init?: RequestInit) => {
      seen.push(init ?? {});
      return Response.json([]);
    };
    await client({ fetch }).teams();
    expect(seen[0]?.redirect).toBe('error');
  });

  it('do not travel over plain http', () => {
    expect(() => client({ endpoint: 'http://connect.signl4.com' })).toThrow('not an address of a service');
  });

  it('are asked for where they are missing', async () => {
    await expect(client({ teamSecret: undefined }).sendEvent(event)).rejects.toMatchObject({
      code: 'signl4.team-secret',
    });
  });
});

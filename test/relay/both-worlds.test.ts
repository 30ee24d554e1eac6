import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../src/config/config.ts';
import { readIncident } from '../../src/domain/incident.ts';
import { startBudget } from '../../src/relay/deadline.ts';
import { forwardIncident } from '../../src/relay/forward/forward.ts';
import type { CallbackMapping } from '../../src/rules/choices.ts';
import { acknowledged, forward, MINUTE, pagedByOthers, shown, start } from './support/both-worlds.ts';
import type { RelayWorld } from './support/world.ts';

/** Nothing is written but state, owner and tags. */
const silent = (callback: CallbackMapping) =>
  Object.fromEntries(
    Object.entries(callback).map(([event, action]) => [event, { ...action, comment: '' }]),
  ) as unknown as CallbackMapping;

describe('an incident that is in Defender and in Sentinel', () => {
  it('is paged once where Graph shows it first', async () => {
    const { relay, alerts, retrieve, copy, sweep, externalId } = start();
    await retrieve();
    const { name } = copy();
    expect(await forward(relay, name)).toMatchObject({ status: 'already-forwarded' });
    await sweep();
    expect(alerts().map((alert) => alert.externalId)).toEqual([externalId]);
    expect(relay.world.sentinel.store.incident(name).properties.labels).toMatchObject([{ labelName: 'SIGNL4' }]);
  });

  it('is paged once where Sentinel shows it first', async () => {
    const { relay, alerts, retrieve, copy, sweep, externalId } = start();
    expect(await forward(relay, copy().name)).toMatchObject({ status: 'forwarded' });
    await retrieve();
    await sweep();
    expect(alerts().map((alert) => alert.externalId)).toEqual([externalId]);
  });

  it('has SIGNL4 asked once for each of its ids before it is paged by the sweep', async () => {
    const { relay, world, copy, sweep, externalId } = start();
    const { name } = copy();
    await sweep();
    const asked = world.log.find({ service: 'signl4', path: '*/alerts/paged*' }).map(({ body }) => body);
    const own = `sentinel:${relay.world.workspace.workspaceId}:${name}`;
    expect(asked).toEqual([{ externalId }, { externalId: own }]);
  });

  it('is paged once where a playbook paged and this relay knows nothing of it', async () => {
    const { world, incident, alerts, retrieve, externalId } = start();
    await world.fetch(
      new Request(`https://connect.signl4.com/api/v2/events/${world.accounts.team.secret}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ Title: 'By the playbook', 'X-S4-ExternalID': externalId, 'X-S4-Status': 'new' }),
      }),
    );
    await retrieve();
    expect(alerts()).toHaveLength(1);
    expect(incident.customTags).toEqual(['SIGNL4']);
  });

  it('is paged once where Sentinel fails at first, so that nobody knows whose it is', async () => {
    const { relay, world, alerts, retrieve, copy, externalId } = start();
    await retrieve();
    const { name } = copy();
    const fault = { kind: 'status', status: 403 } as const;
    world.faults.add({ service: 'sentinel', path: '*/incidents/*', times: 1, fault });
    expect(await forward(relay, name)).toMatchObject({ status: 'already-forwarded' });
    expect(alerts().map((alert) => alert.externalId)).toEqual([externalId]);
  });

  it('is paged once where what asks for it does not say whose it is', async () => {
    const { relay, world, alerts, retrieve, copy, externalId } = start();
    await retrieve();
    const given = readIncident(world.sentinel.store.incident(copy().name));
    const unknown = given && { ...given, provider: '', providerId: '' };
    await forwardIncident(relay.served, given?.id ?? '', unknown, relay.store.forwards, startBudget(20_000));
    expect(alerts().map((alert) => alert.externalId)).toEqual([externalId]);
  });

  it('is another one than that of Sentinel which happens to have its number', async () => {
    const { relay, world, incident, alerts, retrieve } = start();
    await retrieve();
    const own = world.sentinel.store.createIncident({
      title: 'Own',
      severity: 'High',
      providerIncidentId: incident.id,
    });
    expect(await forward(relay, own.name)).toMatchObject({ status: 'forwarded' });
    expect(alerts().map((alert) => alert.externalId)).toContain(`sentinel:${world.workspace.workspaceId}:${own.name}`);
  });

  it('is changed in both when somebody acknowledges and closes on the phone', async () => {
    const { relay, incident, retrieve, copy, externalId } = start();
    await retrieve();
    const { name } = copy();
    const sentinels = relay.world.sentinel.store.incident(name);
    await relay.notify(acknowledged(relay, externalId));
    await relay.applyAll();
    expect([incident.status, incident.assignedTo]).toEqual(['inProgress', 'm.lopez@contoso.com']);
    expect(sentinels.properties.status).toBe('Active');
    await relay.clock.advance(MINUTE);
    await relay.notify(acknowledged(relay, externalId, 4));
    await relay.applyAll();
    expect(incident.status).toBe('resolved');
    expect(sentinels.properties.status).toBe('Closed');
    expect(relay.reports.map(({ outcome }) => outcome)).toEqual(['applied', 'applied']);
  });

  it.each([
    ['with a comment', defaultConfig.callback],
    ['without a comment', silent(defaultConfig.callback)],
  ])('is changed in both, %s, where Sentinel fails once', async (_, callback) => {
    const { relay, incident, retrieve, copy, externalId } = start({ config: { callback } });
    await retrieve();
    const { name } = copy();
    const sentinels = relay.world.sentinel.store.incident(name);
    for (const [statusCode, status] of [
      [2, 'Active'],
      [4, 'Closed'],
      [1, 'New'],
    ] as const) {
      const endFault = relay.world.faults.add({ service: 'sentinel', fault: { kind: 'status', status: 503 } });
      await relay.notify(acknowledged(relay, externalId, statusCode));
      await relay.applyAll();
      endFault();
      await relay.clock.advance(MINUTE);
      await relay.applyAll();
      expect(sentinels.properties.status).toBe(status);
    }
    expect(incident.status).toBe('active');
    expect(relay.reports.map(({ outcome }) => outcome)).toEqual(Array(3).fill(['retry', 'applied']).flat());
  });

  it('is changed in Sentinel where a person changed it in Defender before', async () => {
    const callback = silent(defaultConfig.callback);
    const { relay, world, incident, retrieve, copy, externalId } = start({ config: { callback } });
    await retrieve();
    const { name } = copy();
    world.graph.store.change(
      incident.id,
      { status: 'inProgress', assignedTo: 'm.lopez@contoso.com' },
      'm.lopez@contoso.com',
    );
    await relay.notify(acknowledged(relay, externalId));
    await relay.applyAll();
    expect(relay.world.sentinel.store.incident(name).properties.status).toBe('Active');
  });

  it('is changed in Defender where the workspace must not be read', async () => {
    const { relay, incident, retrieve, copy, externalId } = start();
    await retrieve();
    copy();
    relay.world.faults.add({ service: 'sentinel', fault: { kind: 'status', status: 403 } });
    await relay.notify(acknowledged(relay, externalId));
    await relay.applyAll();
    expect(incident.status).toBe('inProgress');
    expect(relay.reports.map(({ outcome }) => outcome)).toEqual(['applied']);
  });
});

describe('what people did on the phone, and nobody was told', () => {
  const ROBOT = 'Automated investigation';

  it.each([
    ['close', 'resolved'],
    ['acknowledge', 'inProgress'],
  ] as const)('is made up for (%s), though machines touch the incident after it', async (act, expected) => {
    const { world, incident, alerts, minutes } = start();
    await minutes(2);
    world.signl4.store[act](alerts()[0]?.id ?? '', world.accounts.onCallUser);
    await minutes(2);
    world.graph.store.comment(incident, 'Investigated', ROBOT);
    await minutes(30);
    expect(incident.status).toBe(expected);
  });

  it('is history where somebody set the state in Defender after it', async () => {
    const { relay, world, incident, alerts, minutes, externalId } = start();
    await minutes(2);
    world.signl4.store.acknowledge(alerts()[0]?.id ?? '', world.accounts.onCallUser);
    await relay.notify(acknowledged(relay, externalId));
    await minutes(2);
    world.graph.store.change(incident.id, { status: 'active', assignedTo: null }, 'a.tanaka@contoso.com');
    await minutes(2);
    world.graph.store.comment(incident, 'Investigated', ROBOT);
    await minutes(40);
    expect(incident.status).toBe('active');
  });
});

describe('an alert that somebody closed on the phone and reopened', () => {
  const CLOSED = 4;
  const OPEN = 1;

  /** What the person on call does, and what SIGNL4 says of it, when it says it. */
  async function onThePhone() {
    const scene = start();
    const { relay, world, incident, externalId } = scene;
    await scene.minutes(2);
    const [alert] = world.signl4.store.alertsOf(externalId);
    const id = alert?.id ?? '';
    const tell = (statusCode: number) => {
      const told = acknowledged(relay, externalId, statusCode);
      return relay.notify({ ...told, alert: { ...told.alert, id } });
    };
    const { store } = world.signl4;
    return {
      ...{ ...scene, tell, incident },
      close: () => store.close(id, world.accounts.onCallUser),
      reopen: () => store.undoClose(id, world.accounts.onCallUser),
      states: () => [alert?.status, incident.status],
    };
  }

  it('stays open where the comparison comes before the notification', async () => {
    const { relay, close, reopen, tell, states, minutes, clock } = await onThePhone();
    close();
    await tell(CLOSED);
    await relay.applyAll();
    expect(states()).toEqual([CLOSED, 'resolved']);
    await clock.advance(10_000);
    reopen();
    await minutes(1);
    await tell(OPEN);
    await minutes(2);
    expect(states()).toEqual([OPEN, 'active']);
  });

  it('stays open where both are applied after it', async () => {
    const { close, reopen, tell, states, minutes, clock } = await onThePhone();
    close();
    await clock.advance(10_000);
    reopen();
    await tell(CLOSED);
    await tell(OPEN);
    await minutes(3);
    expect(states()).toEqual([OPEN, 'active']);
  });
});

describe('what analysts do in Defender', () => {
  const statusesOf = (alerts: readonly { status: number }[]) => alerts.map(({ status }) => status);

  it('resolved there is resolved on the phone', async () => {
    const { world, incident, alerts, minutes } = start();
    await minutes(2);
    const found = { classification: 'falsePositive', determination: 'notMalicious' } as const;
    world.graph.store.change(incident.id, { status: 'resolved', ...found }, 'a.tanaka@contoso.com');
    await minutes(2);
    expect(statusesOf(alerts())).toEqual([4]);
    const bodies = world.log.find({ service: 'signl4', method: 'POST', path: '*/events/*' }).map(({ body }) => body);
    expect(JSON.stringify(bodies)).toMatch(/Closed in Microsoft Defender: false positive, not malicious\./);
  });

  it.each([
    ['by a person who takes it', 'a.tanaka@contoso.com', 2],
    ['by a machine', 'Automated investigation', 1],
    ['by nobody that is named', '', 1],
  ])('taken there %s', async (_, by, expected) => {
    const { world, incident, alerts, minutes } = start();
    await minutes(2);
    const taking = { status: 'inProgress', assignedTo: 'a.tanaka@contoso.com' } as const;
    world.graph.store.change(incident.id, taking, by);
    await minutes(2);
    expect(statusesOf(alerts())).toEqual([expected]);
  });

  const said = (by: object, externalEventId: string) => ({
    id: '5f2b9a2d-e037-41ee-b37d-000000000777',
    ...by,
    eventRaisedUtc: '2026-01-10T08:43:00Z',
    alert: { id: 'alert-1', statusCode: 1, externalEventId },
  });
  const user = { username: 'mlopez', mailaddress: 'm.lopez@contoso.com', id: 'u1' };

  it.each([
    ['a comment', { eventType: 203, user, annotation: { message: 'on my way' } }],
    ['a tag, nobody having answered', { eventType: 202 }],
  ])('taken there a moment before we write %s', async (_, what) => {
    // A display name is a person's only as long as Graph names the same one beside it, which our write ends.
    for (const who of ['a.tanaka@contoso.com', 'Aiko Tanaka', '7d2f4c1a-0b3e-4f5a-9c8d-1e2f3a4b5c6d']) {
      const { relay, world, incident, alerts, minutes, externalId } = start();
      await minutes(2);
      world.graph.store.change(incident.id, { status: 'inProgress', assignedTo: who }, who);
      await relay.notify(said(what, externalId));
      await relay.applyAll();
      expect(incident.lastModifiedBy).not.toBe(who);
      await minutes(2);
      expect(statusesOf(alerts())).toEqual([2]);
    }
  });

  it('taken there a moment before we tag it as sent', async () => {
    const { relay, world, clock, incident, alerts, minutes } = start();
    const { forwards } = relay.store;
    const { mark } = forwards;
    const taking = { status: 'inProgress', assignedTo: 'a.tanaka@contoso.com' } as const;
    Object.assign(forwards, {
      async mark(key: string, eventId: string) {
        await clock.advance(1_000);
        world.graph.store.change(incident.id, taking, 'a.tanaka@contoso.com');
        await mark(key, eventId);
      },
    });
    await minutes(3);
    expect(incident.customTags).toEqual(['SIGNL4']);
    expect(statusesOf(alerts())).toEqual([2]);
  });

  it('given by a machine to somebody, with a write of ours since, rings on', async () => {
    const { relay, world, incident, alerts, minutes, externalId } = start();
    await minutes(2);
    world.graph.store.change(
      incident.id,
      { status: 'inProgress', assignedTo: 'a.tanaka@contoso.com' },
      'Automated investigation',
    );
    await relay.notify(said({ eventType: 202 }, externalId));
    await minutes(3);
    expect(statusesOf(alerts())).toEqual([1]);
  });

  it('set in progress by a machine silences no phone', async () => {
    const { world, incident, alerts, minutes } = start();
    await minutes(2);
    world.graph.store.change(incident.id, { status: 'inProgress' }, 'Microsoft Defender XDR');
    await minutes(3);
    expect(statusesOf(alerts())).toEqual([1]);
  });

  it('a call of Defender Experts for an answer is said on a page that somebody acknowledged, once', async () => {
    const { relay, world, incident, alerts, minutes, externalId } = start();
    await minutes(2);
    await relay.notify(acknowledged(relay, externalId));
    await minutes(2);
    world.graph.store.change(incident.id, { status: 'awaitingAction' }, 'Defender Experts');
    await minutes(30);
    const told = world.log.find({ service: 'signl4', path: '*/annotate' }).map(({ body }) => body);
    expect(told).toEqual([{ text: '[Sentinel] Waits for your action (Defender Experts)' }]);
    expect(statusesOf(alerts())).toHaveLength(1);
    expect(incident.status).toBe('awaitingAction');
  });

  it('a state that is newer than this is said, and settles nothing', async () => {
    const { world, incident, alerts, minutes } = start();
    await minutes(2);
    world.graph.store.change(incident.id, { status: 'escalatedToAgent' as 'active' }, 'Defender Experts');
    await minutes(3);
    const told = world.log.find({ service: 'signl4', path: '*/annotate' }).map(({ body }) => body);
    expect(told).toEqual([{ text: '[Sentinel] State "Escalated To Agent"' }]);
    expect(statusesOf(alerts())).toEqual([1]);
  });

  it('reopened there pages again, once', async () => {
    const { world, incident, alerts, minutes } = start();
    await minutes(2);
    world.graph.store.change(incident.id, { status: 'resolved' }, 'a.tanaka@contoso.com');
    await minutes(2);
    world.graph.store.change(incident.id, { status: 'active' }, 'a.tanaka@contoso.com');
    await minutes(4);
    expect(statusesOf(alerts())).toEqual([4, 1]);
    expect(alerts().at(-1)?.text).toContain('Reopened in Microsoft Defender.');
  });

  it('our own writes come back as nothing', async () => {
    const { relay, world, incident, alerts, minutes, externalId } = start();
    await minutes(2);
    const [alert] = alerts();
    if (!alert) throw new Error('no alert');
    await relay.notify(acknowledged(relay, externalId));
    await minutes(20);
    expect(world.log.find({ service: 'signl4', method: 'POST', path: '*/events/*' })).toHaveLength(1);
    expect(incident.comments).toHaveLength(1);
  });

  it('merged there closes the page with the number of the one that goes on, which is paged whatever the filter says', async () => {
    const { world, incident, alerts, minutes } = start();
    await minutes(2);
    const campaign = world.graph.store.createIncident({ displayName: 'Campaign', severity: 'informational' });
    await minutes(2);
    expect(alerts()).toHaveLength(1);
    world.graph.store.merge(incident.id, campaign.id);
    await minutes(2);
    expect(alerts().map(({ title, status }) => [title, status])).toEqual([
      ['High: Access from a Tor exit node', 4],
      ['Informational: Campaign', 1],
    ]);
    const bodies = world.log.find({ service: 'signl4', method: 'POST', path: '*/events/*' }).map(({ body }) => body);
    expect(JSON.stringify(bodies)).toContain(`Merged into incident ${campaign.id} in Microsoft Defender.`);
  });
});

describe('asking Graph', () => {
  const lists = (world: RelayWorld['world']) =>
    world.log.find({ service: 'graph', method: 'GET', path: '/v1.0/security/incidents' });

  it('goes on from the last look, with an overlap', async () => {
    const { world, clock, retrieve } = start();
    await retrieve();
    await clock.advance(MINUTE);
    await retrieve();
    const filters = lists(world).map(({ path }) => new URLSearchParams(path.split('?')[1]).get('$filter'));
    expect(filters).toEqual([
      'lastUpdateDateTime ge 2026-01-08T08:41:00.000Z',
      'lastUpdateDateTime ge 2026-01-10T08:31:00.000Z',
    ]);
  });

  it('comes less often while Graph is busy, and as often as before afterwards', async () => {
    const { world, clock, retrieve } = start();
    const endFault = world.faults.add({
      service: 'graph',
      fault: { kind: 'status', status: 429, headers: { 'retry-after': '300' } },
    });
    const asked: number[] = [];
    for (let minute = 0; minute < 14; minute++) {
      if (minute === 8) endFault();
      const before = lists(world).length;
      await retrieve();
      if (lists(world).length > before) asked.push(minute);
      await clock.advance(MINUTE);
    }
    expect(asked).toEqual([0, 5, 10, 11, 12, 13]);
  });

  it('comes as late as a busy Graph says for the way back, too', async () => {
    const { world, clock, minutes } = start();
    await minutes(2);
    const before = lists(world).length;
    const endFault = world.faults.add({
      service: 'graph',
      fault: { kind: 'status', status: 429, headers: { 'retry-after': '300' } },
    });
    await minutes(5);
    // One to retrieve, one to compare.
    expect(lists(world).length - before).toBe(2);
    endFault();
    await clock.advance(MINUTE);
    await minutes(1);
    expect(lists(world).length - before).toBe(4);
  });

  it('gets the alerts one by one where the list with them fails for good', async () => {
    const { world, alerts, retrieve } = start();
    world.faults.add({
      service: 'graph',
      path: '/v1.0/security/incidents',
      times: 1,
      fault: { kind: 'status', status: 500 },
    });
    await retrieve();
    expect(alerts()).toMatchObject([{ title: 'High: Access from a Tor exit node' }]);
    expect(JSON.stringify(alerts())).toContain('Access to a storage account');
  });

  it('ends where a page leads back to one that was read', async () => {
    const { world, incident, alerts, retrieve, warnings } = start();
    const page = `https://graph.microsoft.com/v1.0/security/incidents?$skiptoken=`;
    const answers = [
      { value: [incident], '@odata.nextLink': `${page}2` },
      ...Array(20).fill({ value: [], '@odata.nextLink': `${page}2` }),
    ];
    for (const body of answers)
      world.faults.add({
        service: 'graph',
        path: '/v1.0/security/incidents',
        times: 1,
        fault: { kind: 'status', status: 200, body },
      });
    await retrieve();
    // With the alerts, then without.
    expect(lists(world)).toHaveLength(4);
    expect(alerts()).toHaveLength(1);
    expect(warnings).toHaveLength(1);
  });
});

describe('alerts that Graph cannot give', () => {
  const products = ['Microsoft Defender for Endpoint'];

  it.each(['reset', 'html', 'truncated'] as const)(
    'are read one by one where a list with them ends so: %s',
    async (kind) => {
      const { world, alerts, retrieve } = start({ filter: { products } });
      // Fifty incidents with all their alerts may be more than is read of one answer, or more than arrives in time.
      world.faults.add({
        service: 'graph',
        path: '/v1.0/security/incidents',
        query: '$expand=alerts',
        fault: { kind },
      });
      await retrieve();
      expect(alerts()).toMatchObject([{ title: 'High: Access from a Tor exit node' }]);
      expect(JSON.stringify(alerts())).toContain('Access to a storage account');
    },
  );

  it('hide no alert that came meanwhile: it is told once they can be read', async () => {
    const { world, incident, minutes } = start();
    await minutes(2);
    const endFaults = [
      world.faults.add({ service: 'graph', query: '$expand=alerts', fault: { kind: 'status', status: 500 } }),
      world.faults.add({ service: 'graph', path: '*/alerts', fault: { kind: 'status', status: 404 } }),
    ];
    const other = world.graph.store.createIncident({
      displayName: 'Other',
      severity: 'low',
      alerts: [{ title: 'Came meanwhile' }],
    });
    world.graph.store.merge(other.id, incident.id);
    await minutes(2);
    for (const endFault of endFaults) endFault();
    world.graph.store.touch(incident);
    await minutes(2);
    const told = world.log.find({ service: 'signl4', path: '*/annotate' }).map(({ body }) => body);
    expect(JSON.stringify(told)).toContain('Came meanwhile');
  });

  it.each([
    ['with the list', ['/v1.0/security/incidents', '*/alerts']],
    ['with any incident', ['/v1.0/security/incidents', '*/incidents/*']],
  ])('%s keep no page back, whatever product is chosen, and nothing that follows it', async (_, paths) => {
    const { relay, world, incident, alerts, minutes, externalId } = start({ filter: { products } });
    // The service fails where it is asked for alerts, and gives the incidents by themselves.
    const endFaults = paths.map((path) =>
      world.faults.add({ service: 'graph', path, query: '$expand=alerts', fault: { kind: 'status', status: 500 } }),
    );
    endFaults.push(world.faults.add({ service: 'graph', path: '*/alerts', fault: { kind: 'status', status: 500 } }));
    await minutes(2);
    expect(alerts()).toMatchObject([{ title: 'High: Access from a Tor exit node' }]);
    expect(incident.customTags).toEqual(['SIGNL4']);
    await relay.notify(acknowledged(relay, externalId));
    await relay.applyAll();
    expect(incident.status).toBe('inProgress');
    for (const endFault of endFaults) endFault();
    await minutes(10);
    expect(world.log.find({ service: 'signl4', path: '*/annotate' })).toEqual([]);
    expect(alerts()).toHaveLength(1);
  });
});

describe('alerts that Graph gives in pieces', () => {
  const products = ['Microsoft Defender for Identity'];
  const ALERTS = '/v1.0/security/incidents/*/alerts';
  const first = { id: 'a1', title: 'First', severity: 'high', serviceSource: 'microsoftDefenderForEndpoint' };
  const second = { id: 'a2', title: 'Second', severity: 'high', serviceSource: 'microsoftDefenderForIdentity' };
  const give = (world: RelayWorld['world'], path: string, body: object) =>
    world.faults.add({ service: 'graph', path, times: 1, fault: { kind: 'status', status: 200, body } });
  const nextOf = ({ id }: { id: string }) => `https://graph.microsoft.com/v1.0/security/incidents/${id}/alerts?$skip=1`;

  it('are read to the last, where they are read by themselves', async () => {
    const { world, incident, alerts, retrieve } = start({ filter: { products } });
    world.faults.add({ service: 'graph', query: '$expand', fault: { kind: 'status', status: 500 } });
    give(world, ALERTS, { value: [first], '@odata.nextLink': nextOf(incident) });
    give(world, ALERTS, { value: [second] });
    await retrieve();
    expect(alerts()).toHaveLength(1);
    expect(JSON.stringify(alerts())).toContain('Second');
  });

  it('are read to the last, where an incident comes with the first of them', async () => {
    const { world, incident, alerts, retrieve } = start({ filter: { products } });
    const cut = { ...incident, alerts: [first], 'alerts@odata.nextLink': nextOf(incident) };
    give(world, '/v1.0/security/incidents', { value: [cut] });
    give(world, ALERTS, { value: [first, second] });
    await retrieve();
    expect(alerts()).toHaveLength(1);
    expect(JSON.stringify(alerts())).toContain('Second');
  });

  it('keep no page back where the rest of them cannot be had', async () => {
    const { world, incident, alerts, retrieve } = start({ filter: { products } });
    const cut = { ...incident, alerts: [first], 'alerts@odata.nextLink': nextOf(incident) };
    give(world, '/v1.0/security/incidents', { value: [cut] });
    world.faults.add({ service: 'graph', path: ALERTS, fault: { kind: 'status', status: 404 } });
    await retrieve();
    expect(alerts()).toHaveLength(1);
    expect(JSON.stringify(alerts())).toContain('First');
  });
});

describe('queries of alerts that Graph shows', () => {
  const QUERY = 'SigninLogs | where ResultType != 0 | project UserPrincipalName';
  const huntingCalls = (world: RelayWorld['world']) => world.log.find({ service: 'graph', path: '*/runHuntingQuery' });
  const workspaceCalls = (world: RelayWorld['world']) => world.log.find({ service: 'logs' });

  /** Incidents of alerts that an analytics rule raised; `times`: how many. */
  function withQueries(hunting: boolean, times = 1) {
    const started = start({ hunting });
    const { world } = started;
    const additionalData = {
      Query: QUERY,
      'Query Start Time UTC': '2026-01-10 08:00:00Z',
      'Query End Time UTC': '2026-01-10 08:30:00Z',
    };
    for (let n = 1; n <= times; n++) {
      const alerts = [1, 2].map((nr) => ({
        title: `Failed sign-ins ${n}.${nr}`,
        serviceSource: 'microsoftSentinel',
        additionalData,
      }));
      world.graph.store.createIncident({ displayName: `Sign-ins ${n}`, severity: 'high', alerts });
    }
    const columns = [{ name: 'UserPrincipalName', type: 'string' as const }];
    world.logs.answers.push({ when: 'SigninLogs', table: { columns, rows: [['j.doe@contoso.com']] } });
    return started;
  }

  it('run in advanced hunting, within their time, one per page, through the same gate', async () => {
    const { world, alerts, retrieve } = withQueries(true);
    await retrieve();
    expect(huntingCalls(world).map(({ body }) => body)).toEqual([
      {
        Query: expect.stringMatching(/^SigninLogs.*\| take \d+$/s),
        Timespan: '2026-01-10T08:00:00.000Z/2026-01-10T08:30:00.000Z',
      },
    ]);
    expect(workspaceCalls(world)).toEqual([]);
    expect(JSON.stringify(alerts())).toContain('j.doe@contoso.com');
  });

  it('run in the workspace where hunting is off', async () => {
    const { world, retrieve } = withQueries(false);
    await retrieve();
    expect(huntingCalls(world)).toEqual([]);
    expect(workspaceCalls(world).length).toBeGreaterThan(0);
  });

  it('are left out until the next quarter of an hour once the tenant has no calls left; pages go out', async () => {
    const { world, clock, alerts, retrieve } = withQueries(true, 3);
    const endFault = world.faults.add({
      service: 'graph',
      path: '*/runHuntingQuery',
      fault: { kind: 'status', status: 429 },
    });
    await retrieve();
    expect(huntingCalls(world)).toHaveLength(1);
    expect(alerts()).toHaveLength(4);
    endFault();
    const another = (title: string) =>
      world.graph.store.createIncident({
        displayName: title,
        severity: 'high',
        alerts: [{ title, serviceSource: 'microsoftSentinel', additionalData: { Query: QUERY } }],
      });
    another('Before the quarter');
    await clock.advance(3 * MINUTE);
    await retrieve();
    expect(huntingCalls(world)).toHaveLength(1);
    another('After it');
    await clock.advance(2 * MINUTE);
    await retrieve();
    expect(huntingCalls(world)).toHaveLength(2);
  });
});

describe('after the attack on both worlds', () => {
  const taking = { status: 'inProgress', assignedTo: 'a.tanaka@contoso.com' } as const;
  const ANALYST = 'a.tanaka@contoso.com';

  it('what others paged follows analysts, too: taken, resolved, reopened', async () => {
    const scene = start();
    const { world, incident, minutes } = scene;
    await pagedByOthers(scene);
    await minutes(2);
    world.graph.store.change(incident.id, taking, ANALYST);
    await minutes(2);
    expect(shown(scene)).toEqual([['By others', 2]]);
    world.graph.store.change(incident.id, { status: 'resolved' }, ANALYST);
    await minutes(2);
    world.graph.store.change(incident.id, { status: 'active' }, ANALYST);
    await minutes(3);
    expect(shown(scene).map(([, status]) => status)).toEqual([4, 1]);
  });

  it('what others paged and Defender merged, tags and all, is settled, and the one that goes on is paged', async () => {
    const scene = start();
    const { world, incident, minutes } = scene;
    await pagedByOthers(scene);
    const goesOn = world.graph.store.createIncident({
      displayName: 'Goes on',
      severity: 'low',
      customTags: ['SIGNL4'],
    });
    world.graph.store.merge(incident.id, goesOn.id);
    incident.customTags = [];
    await minutes(3);
    expect(shown(scene)).toEqual([
      ['By others', 4],
      ['Low: Goes on', 1],
    ]);
  });

  it('what was closed on the phone and merged later is paged under the one that goes on', async () => {
    const scene = start();
    const { relay, world, incident, minutes, externalId } = scene;
    await minutes(2);
    await relay.notify(acknowledged(relay, externalId, 4));
    await minutes(2);
    world.graph.store.change(incident.id, { status: 'active' }, 'Microsoft Defender XDR');
    const goesOn = world.graph.store.createIncident({ displayName: 'Goes on', severity: 'high' });
    world.graph.store.merge(incident.id, goesOn.id);
    await minutes(3);
    expect(shown(scene).filter(([title]) => title === 'High: Goes on')).toEqual([['High: Goes on', 1]]);
  });

  it('a claim of a relay that died keeps a page open until the one that goes on is paged', async () => {
    const scene = start();
    const { relay, world, incident, minutes } = scene;
    await minutes(2);
    const goesOn = world.graph.store.createIncident({ displayName: 'Goes on', severity: 'low' });
    await relay.store.forwards.claim(`graph:${world.workspace.tenantId}:${goesOn.id}`, 2 * MINUTE);
    world.graph.store.merge(incident.id, goesOn.id);
    await minutes(1);
    expect(shown(scene)).toEqual([['High: Access from a Tor exit node', 1]]);
    await minutes(3);
    expect(shown(scene)).toEqual([
      ['High: Access from a Tor exit node', 4],
      ['Low: Goes on', 1],
    ]);
  });

  it.each([
    ['set in progress by a machine, then tagged by a person', { status: 'inProgress' }, { customTags: ['seen'] }],
    ['given to somebody by a machine, then tagged by another', taking, { customTags: ['seen'] }],
  ] as const)('%s, rings on', async (_, byMachine, byPerson) => {
    const scene = start();
    const { world, incident, minutes } = scene;
    await minutes(2);
    world.graph.store.change(incident.id, byMachine, 'Automated investigation');
    world.graph.store.change(
      incident.id,
      { customTags: [...incident.customTags, ...byPerson.customTags] },
      'x.y@contoso.com',
    );
    await minutes(2);
    expect(shown(scene).map(([, status]) => status)).toEqual([1]);
  });

  it('a copy is not sent again where SIGNL4 has the page of Defender', async () => {
    const scene = start();
    await pagedByOthers(scene);
    expect(await forward(scene.relay, scene.copy().name)).toMatchObject({ status: 'already-forwarded' });
    expect(scene.alerts()).toHaveLength(1);
  });

  it('acknowledging what was resolved in Defender opens no copy', async () => {
    const { relay, world, incident, retrieve, copy, externalId } = start();
    await retrieve();
    const { name } = copy();
    world.graph.store.change(incident.id, { status: 'resolved' }, ANALYST);
    await relay.notify(acknowledged(relay, externalId));
    await relay.applyAll();
    expect(incident.status).toBe('resolved');
    expect(relay.world.sentinel.store.incident(name).properties.status).toBe('New');
  });

  it('an acknowledgement does not wait for a comment that Graph refuses', async () => {
    const { relay, world, incident, retrieve, externalId } = start();
    await retrieve();
    world.faults.add({ service: 'graph', path: '*/comments', fault: { kind: 'status', status: 400 } });
    await relay.notify(acknowledged(relay, externalId));
    await relay.applyAll();
    expect(incident.status).toBe('inProgress');
  });
});

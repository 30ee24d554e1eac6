import { describe, expect, it } from 'vitest';
import { type Config, defaultConfig } from '../../src/config/config.ts';
import { intake } from '../../src/relay/callback/intake.ts';
import { applyLease, type WorkReport } from '../../src/relay/callback/worker.ts';
import { applyAll } from '../../src/relay/respond/dispatch.ts';
import { PER_PERSON } from '../../src/relay/respond/progress.ts';
import type { RespondReport } from '../../src/relay/respond/report.ts';
import { openSqliteStore } from '../../src/relay/store/sqlite.ts';
import type { RelayStore } from '../../src/relay/store/store.ts';
import { lateRefusals, refusals } from '../../src/rules/respond.ts';
import type { Fault } from '../../src/simulator/faults.ts';
import { response } from '../respond/support/on-call.ts';
import { relayWorld } from './support/world.ts';

const SECOND = 1_000;
const MINUTE = 60_000;

/** A relay whose `report` runs Write-Report on the incident; María holds the alert of an incident of Sentinel, or of `externalId`. */
function start({
  config = {},
  externalId,
}: {
  config?: Partial<Config>;
  externalId?: (tenant: string) => string;
} = {}) {
  const playbooks = { report: response('Write-Report', { on: 'incident' }) };
  const relay = relayWorld({ config: { respond: { ...defaultConfig.respond, playbooks, perHour: 100 }, ...config } });
  const { world, clock, served } = relay;
  const { accounts, signl4, sentinel } = world;
  for (const role of ['Microsoft Sentinel Playbook Operator', 'Reader'] as const)
    sentinel.access.assign(accounts.relay.objectId, role);
  const incident = sentinel.store.createIncident({ title: 'Ransomware activity', severity: 'High' });
  const page = (name: string) => {
    const id = externalId?.(world.workspace.tenantId) ?? `sentinel:${world.workspace.workspaceId}:${name}`;
    const alert = signl4.store.raise(accounts.team, { title: 'A', text: '', externalId: id, parameters: [] });
    signl4.store.acknowledge(alert.id, accounts.onCallUser);
    return alert;
  };
  const alert = page(incident.name);
  const calls = () => world.log.find({ service: 'sentinel', method: 'POST', path: '*/runPlaybook' });
  let runs = [{ name: 'r1', properties: { startTime: new Date(clock.now()).toISOString(), status: 'Succeeded' } }];
  sentinel.automation.runPlaybook = async () => {};
  sentinel.automation.runsOf = (_, since) => runs.filter(({ properties }) => Date.parse(properties.startTime) >= since);
  const responded: RespondReport[] = [];

  /** A relay on a store: what it takes, it does, unless it is killed first. */
  function process(store: RelayStore) {
    const reports: WorkReport[] = [];
    const options = { workspaces: [served], inbox: store.inbox, forwards: store.forwards, now: () => clock.now() };
    const apply = applyAll(async () => {}, { ...options, report: (report) => void responded.push(report) });
    const work = { inbox: store.inbox, apply, now: () => clock.now(), random: () => 0.5 };
    return {
      reports,
      async work(): Promise<void> {
        for (;;) {
          const leases = await store.inbox.take({ limit: 10 });
          if (leases.length === 0) return;
          await Promise.all(
            leases.map((lease) => applyLease(lease, { ...work, report: (one) => void reports.push(one) })),
          );
        }
      },
    };
  }
  return {
    ...{ relay, world, clock, accounts, incident, alert, page, calls, responded, process },
    store: relay.store,
    process1: process(relay.store),
    setRuns: (status: string, startedAt = clock.now()) => {
      runs = [{ name: 'r1', properties: { startTime: new Date(startedAt).toISOString(), status } }];
    },
    /** Writes a note and tells the stores of it. */
    async write(
      note: string,
      { to = alert, stores = [relay.store] }: { to?: typeof alert; stores?: RelayStore[] } = {},
    ) {
      signl4.store.annotate(to.id, note, accounts.onCallUser);
      const body = {
        id: `dd209a2d-e037-41ee-b37d-${String(signl4.store.alert(to.id).annotations.length).padStart(12, '0')}-${to.id}`,
        eventType: 203,
        eventRaisedUtc: new Date(clock.now()).toISOString(),
        user: { id: accounts.onCallUser.id, username: 'mlopez' },
        alert: { id: to.id, statusCode: 2, externalEventId: to.externalId },
        annotation: { message: note },
      };
      for (const { inbox } of stores) await intake(JSON.stringify(body), [served], inbox);
    },
    asked: () => incident.comments.filter(({ properties }) => properties.message.includes('from the phone')),
    comments: () => incident.comments.map(({ properties }) => properties.message).join('\n'),
    told: () =>
      signl4.store
        .alert(alert.id)
        .annotations.map(({ text }) => text)
        .filter((text) => text.startsWith('[')),
  };
}
type Scene = ReturnType<typeof start>;

async function later({ clock, process1 }: Scene, minutes: number): Promise<void> {
  for (let n = 0; n < minutes * 4; n++) {
    await process1.work();
    await clock.advance(15 * SECOND);
  }
  await process1.work();
}

/** What became of all commands, and of the runs. */
const outcomes = ({ responded }: Scene) => responded.map(({ outcome }) => outcome).toSorted();

/** The store as it is to a process that is killed where it would do something for the first time. */
function killedAt(store: RelayStore, when: 'comment and call' | 'call and its memory'): RelayStore {
  const die = () => new Promise<never>(() => {});
  if (when === 'comment and call') {
    const claim: typeof store.forwards.claim = (key, ms) =>
      key.startsWith('call:') ? die() : store.forwards.claim(key, ms);
    return { ...store, forwards: { ...store.forwards, claim } };
  }
  const accept: typeof store.inbox.accept = (one) => (one.id.startsWith('follow:') ? die() : store.inbox.accept(one));
  return { ...store, inbox: { ...store.inbox, accept } };
}

describe('a start', () => {
  it('is asked for once, and the end told', async () => {
    const scene = start();
    await scene.write('#run report');
    await later(scene, 1);
    expect(scene.calls()).toHaveLength(1);
    expect(scene.asked()).toHaveLength(1);
    expect(scene.told()).toEqual([
      '[Sentinel] "report" was started (Microsoft Sentinel answered 204). Its run: Succeeded.',
    ]);
  });

  it.each(['comment and call', 'call and its memory'] as const)(
    'happens once where the relay is killed between %s',
    async (when) => {
      const scene = start();
      await scene.write('#run report');
      void scene.process(killedAt(scene.store, when)).work();
      // Real time: the work that never ends must have come as far as it does.
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(scene.asked()).toHaveLength(1);
      expect(scene.calls()).toHaveLength(when === 'comment and call' ? 0 : 1);
      await scene.clock.advance(61 * SECOND);
      scene.setRuns('Succeeded');
      await later(scene, 2);
      expect(scene.calls()).toHaveLength(1);
      expect(scene.asked()).toHaveLength(1);
      expect(scene.told()).toHaveLength(1);
      expect(scene.told()[0]).toMatch(/"report" was started \(Microsoft Sentinel .*\)\. Its run: Succeeded\./);
    },
  );

  it('happens once where two relays look at one store', async () => {
    const scene = start();
    const other = scene.process(scene.store);
    await scene.write('#run report');
    await Promise.all([scene.process1.work(), other.work(), scene.process1.work(), other.work()]);
    await later(scene, 1);
    expect(scene.calls()).toHaveLength(1);
    expect(scene.told()).toHaveLength(1);
  });

  it('happens once where two relays have stores of their own', async () => {
    const scene = start();
    const store = openSqliteStore(':memory:', { now: () => scene.clock.now(), owner: 'other', leaseMs: 60_000 });
    const other = scene.process(store);
    await scene.write('#run report', { stores: [scene.store, store] });
    await Promise.all([scene.process1.work(), other.work()]);
    await later(scene, 1);
    expect(scene.calls()).toHaveLength(1);
    expect(scene.asked()).toHaveLength(1);
    expect(outcomes(scene)).toEqual(['ended', 'repeated', 'started']);
  });

  it.each([503, 429, 403, 409])(
    'happens once where two relays have stores of their own, and the comment of one is answered %i',
    async (status) => {
      const scene = start();
      const store = openSqliteStore(':memory:', { now: () => scene.clock.now(), owner: 'other', leaseMs: 60_000 });
      const other = scene.process(store);
      await scene.write('#run report', { stores: [scene.store, store] });
      scene.world.faults.add({ service: 'sentinel', method: 'PUT', fault: { kind: 'status', status }, times: 1 });
      await scene.process1.work();
      await other.work();
      expect(scene.calls()).toHaveLength(1);
      await later(scene, 3);
      expect(scene.calls()).toHaveLength(1);
      expect(scene.asked()).toHaveLength(1);
      expect(outcomes(scene)).toEqual(['ended', 'started', 'uncertain']);
      expect(scene.told()).toContainEqual(expect.stringContaining('"report" may have been started'));
    },
  );

  it('happens once where another relay writes the comment in the moment between looking and writing', async () => {
    const scene = start();
    const store = openSqliteStore(':memory:', { now: () => scene.clock.now(), owner: 'other', leaseMs: 60_000 });
    const other = scene.process(store);
    await scene.write('#run report', { stores: [scene.store, store] });
    // Looking finds nothing: only the answer to the own comment tells.
    scene.world.faults.add({
      ...{ service: 'sentinel', method: 'GET', path: '*/comments/*' },
      fault: { kind: 'status', status: 404 },
    });
    await scene.process1.work();
    await other.work();
    expect(scene.calls()).toHaveLength(1);
    expect(outcomes(scene)).toEqual(['ended', 'repeated', 'started']);
  });

  it('is not taken up again where a relay without memory finds the comment: it writes none', async () => {
    const scene = start();
    const store = openSqliteStore(':memory:', { now: () => scene.clock.now(), owner: 'restored', leaseMs: 60_000 });
    await scene.write('#run report', { stores: [scene.store, store] });
    await scene.process1.work();
    const [comment] = scene.asked();
    await scene.process(store).work();
    expect(scene.world.log.find({ service: 'sentinel', method: 'PUT', path: '*/comments/*' })).toHaveLength(1);
    expect(scene.asked()).toEqual([comment]);
    expect(scene.calls()).toHaveLength(1);
  });

  it('does not call where somebody took the right to call first', async () => {
    const scene = start();
    const claim: RelayStore['forwards']['claim'] = async (key, ms) =>
      key.startsWith('call:') ? { state: 'busy' } : scene.store.forwards.claim(key, ms);
    await scene.write('#run report');
    await scene.process({ ...scene.store, forwards: { ...scene.store.forwards, claim } }).work();
    expect(scene.asked()).toHaveLength(1);
    expect(scene.calls()).toEqual([]);
    expect(outcomes(scene)).toEqual(['ended', 'uncertain']);
  });

  it('does not happen where a dead letter is replayed after ten minutes', async () => {
    const scene = start();
    await scene.write('#run report');
    scene.world.faults.add({ service: 'sentinel', fault: { kind: 'status', status: 503 } });
    const [lease] = (await scene.store.inbox.take({ limit: 9 })).filter(({ notification }) =>
      notification.id.startsWith('respond:'),
    );
    if (!lease) throw new Error('nothing to do');
    await scene.store.inbox.deadLetter(lease, 'given up');
    scene.world.faults.clear();
    await scene.clock.advance(11 * MINUTE);
    expect(await scene.store.deadLetters.replay(lease.notification.id)).toBe(true);
    await later(scene, 1);
    expect(scene.calls()).toEqual([]);
    expect(scene.comments()).toContain(refusals.notConfirmed);
  });

  it('waits for Sentinel while the note counts, and is not made up for later', async () => {
    const scene = start();
    const endFault = scene.world.faults.add({ service: 'sentinel', fault: { kind: 'status', status: 503 } });
    await scene.write('#run report');
    await later(scene, 2);
    endFault();
    await later(scene, 3);
    expect(scene.calls()).toHaveLength(1);
  });

  it('counts once for the person, however often the comment has to be tried', async () => {
    const scene = start();
    scene.world.faults.add({ service: 'sentinel', method: 'PUT', fault: { kind: 'status', status: 503 }, times: 6 });
    await scene.write('#run report');
    await later(scene, 9);
    expect(scene.calls()).toHaveLength(1);
    const taken = await Promise.all(
      Array.from({ length: PER_PERSON }, (_, n) =>
        scene.store.forwards.claim(
          `person:${scene.world.workspace.workspaceId}:${scene.accounts.onCallUser.id}:${n}`,
          3_600_000,
        ),
      ),
    );
    expect(taken.filter(({ state }) => state === 'busy')).toHaveLength(1);
  });

  it('waits for SIGNL4 while the note counts', async () => {
    const scene = start();
    const endFault = scene.world.faults.add({ service: 'signl4', fault: { kind: 'status', status: 429 } });
    await scene.write('#run report');
    await later(scene, 3);
    expect(scene.calls()).toEqual([]);
    endFault();
    await later(scene, 2);
    expect(scene.calls()).toHaveLength(1);
    expect(scene.comments()).not.toContain('did not start');
  });

  it('is refused on the incident where SIGNL4 says nothing for ten minutes, then never made up for', async () => {
    const scene = start();
    const endFault = scene.world.faults.add({ service: 'signl4', fault: { kind: 'reset' } });
    await scene.write('#run report');
    await later(scene, 11);
    expect(scene.comments()).toContain(refusals.cannotAsk);
    endFault();
    await later(scene, 5);
    expect(scene.calls()).toEqual([]);
    expect(await scene.store.inbox.counts()).toEqual({ pending: 0, dead: 0 });
  });

  it('does not happen where nobody can write on the incident who asked', async () => {
    const scene = start();
    scene.world.faults.add({ service: 'sentinel', method: 'PUT', fault: { kind: 'status', status: 400 } });
    await scene.write('#run report');
    await later(scene, 1);
    expect(scene.calls()).toEqual([]);
    expect(scene.told()).toEqual([`[Sentinel] María López did not start "report": ${lateRefusals.noComment}.`]);
  });

  it.each([undefined, '', '../../incidents'])(
    'does not happen on the incident where the entity has no id but %j',
    async (name) => {
      const playbooks = { report: response('Isolate-Host') };
      const scene = start({ config: { respond: { playbooks, perHour: 5, protected: [] } } });
      const entities = [{ name, kind: 'Host', properties: { hostName: 'WS-042' } }];
      scene.world.faults.add({
        service: 'sentinel',
        path: '*/entities',
        fault: { kind: 'status', status: 200, body: { entities } },
      });
      await scene.write('#run report');
      await later(scene, 1);
      expect(scene.calls()).toEqual([]);
      expect(scene.comments()).toContain(refusals.noEntity);
    },
  );

  it('names the tenant of the workspace for a response that lies beside it, else that of the playbooks', async () => {
    const elsewhere = response('Write-Report').playbook.replace('d0cfe6b2', '11111111');
    const playbooks = {
      report: response('Write-Report', { on: 'incident' }),
      other: response('Other', { on: 'incident', playbook: elsewhere }),
    };
    const provider = '99999999-9999-4999-8999-999999999999';
    const deployment = { ...defaultConfig.deployment, tenantId: provider };
    const scene = start({ config: { deployment, respond: { playbooks, perHour: 5, protected: [] } } });
    await scene.write('#run report');
    await later(scene, 1);
    await scene.write('#run other');
    await later(scene, 1);
    const tenants = scene.calls().map(({ body }) => (body as { tenantId: string }).tenantId);
    expect(tenants.toSorted()).toEqual([scene.world.workspace.tenantId, provider].toSorted());
  });

  it('is refused after ten by one person within an hour, over all alerts', async () => {
    const scene = start();
    const { store } = scene.world.sentinel;
    for (let n = 0; n <= PER_PERSON; n++) {
      const { name } = store.createIncident({ title: `Incident ${n}`, severity: 'High' });
      await scene.write('#run report', { to: scene.page(name) });
      await scene.process1.work();
      await scene.clock.advance(SECOND);
    }
    expect(scene.calls()).toHaveLength(PER_PERSON);
    expect(scene.responded).toContainEqual(expect.objectContaining({ outcome: 'refused', reason: 'tooManyOfPerson' }));
    await scene.clock.advance(60 * MINUTE);
    await scene.write('#run report');
    await scene.process1.work();
    expect(scene.calls()).toHaveLength(PER_PERSON + 1);
  });
});

describe('following a run', () => {
  it('keeps nothing waiting, and goes on in another relay', async () => {
    const scene = start();
    scene.setRuns('Running');
    await scene.write('#run report');
    await later(scene, 1);
    await scene.write('thanks');
    await scene.process1.work();
    expect(scene.process1.reports.filter(({ outcome }) => outcome === 'applied')).toHaveLength(3);
    expect(scene.told()).toEqual([]);
    await scene.clock.advance(MINUTE);
    scene.setRuns('Failed', scene.clock.now() - MINUTE);
    await scene.process(scene.store).work();
    expect(scene.told()).toEqual([
      '[Sentinel] "report" was started (Microsoft Sentinel answered 204). Its run: Failed.',
    ]);
  });

  it('ends after ten minutes with what there is', async () => {
    const scene = start();
    scene.setRuns('Running');
    await scene.write('#run report');
    await later(scene, 12);
    expect(scene.told()).toEqual([
      '[Sentinel] "report" was started (Microsoft Sentinel answered 204). Its run: Running.',
    ]);
    expect(await scene.store.inbox.counts()).toEqual({ pending: 0, dead: 0 });
  });

  it('tells the end once where the answer of SIGNL4 is lost', async () => {
    const scene = start();
    const fault: Fault = { kind: 'status', status: 502 };
    scene.world.faults.add({ service: 'signl4', path: '*/annotate', fault, afterWork: true });
    await scene.write('#run report');
    await later(scene, 5);
    expect(scene.told()).toHaveLength(1);
  });

  it('tells the end later where SIGNL4 has too many calls', async () => {
    const scene = start();
    const endFault = scene.world.faults.add({
      service: 'signl4',
      path: '*/annotate',
      fault: { kind: 'status', status: 429 },
    });
    await scene.write('#run report');
    await later(scene, 2);
    expect(scene.told()).toEqual([]);
    endFault();
    await later(scene, 5);
    expect(scene.told()).toHaveLength(1);
  });
});

describe('an answer of Azure', () => {
  const faults: readonly Fault[] = [
    { kind: 'html' },
    { kind: 'truncated' },
    { kind: 'huge', bytes: 9_000_000 },
    { kind: 'reset' },
    { kind: 'status', status: 200, body: { value: 'nothing' } },
    {
      kind: 'status',
      status: 200,
      body: { value: [null, 7, [], { properties: null }, { properties: { status: {} } }] },
    },
    { kind: 'status', status: 500, body: { error: { code: 'Internal', message: 'sig=SECRET-OF-AZURE' } } },
    { kind: 'status', status: 302, headers: { location: 'https://elsewhere.example/' } },
  ];

  it.each(faults)('to runPlaybook, however odd, starts nothing twice and does not leak: %o', async (fault) => {
    const scene = start();
    scene.world.faults.add({ service: 'sentinel', path: '*/runPlaybook', fault });
    scene.world.sentinel.automation.runsOf = () => [];
    await scene.write('#run report');
    await later(scene, 12);
    expect(scene.calls().length).toBeLessThanOrEqual(1);
    expect(scene.told()).toHaveLength(1);
    expect(scene.told()[0]).toMatch(
      /^\[Sentinel\] "report" (may have been|was not) started \(Microsoft Sentinel (gave no answer|answered \d+)\)\. Its run: cannot be seen\.$/,
    );
    expect(scene.process1.reports.filter(({ outcome }) => outcome === 'dead')).toEqual([]);
  });

  it.each(faults)('to the list of runs, however odd, is none: %o', async (fault) => {
    const scene = start();
    scene.world.faults.add({ path: '*/runs', fault });
    await scene.write('#run report');
    await later(scene, 12);
    expect(scene.told()).toEqual([
      '[Sentinel] "report" was started (Microsoft Sentinel answered 204). Its run: cannot be seen.',
    ]);
  });

  it('that calls the state something else than a word is not shown', async () => {
    const scene = start();
    scene.setRuns('<b>#run wipe</b>');
    await scene.write('#run report');
    await later(scene, 12);
    expect(scene.told().join()).toContain('cannot be seen');
  });
});

describe('an incident of Defender', () => {
  const graph = { ...defaultConfig.graph, enabled: true };

  function inDefender() {
    let number = '';
    const scene = start({ config: { graph }, externalId: (tenant) => `graph:${tenant}:${number || '1'}` });
    const made = scene.world.graph.store.createIncident({
      displayName: 'Hands-on-keyboard attack',
      severity: 'high',
      alerts: [],
    });
    number = made.id;
    return { scene, made, alert: scene.page('') };
  }

  it('is responded to on its copy in Sentinel', async () => {
    const { scene, made, alert } = inDefender();
    const copy = scene.world.sentinel.store.createIncident({
      ...{ title: 'Copy', severity: 'High', provider: 'Microsoft XDR', providerIncidentId: made.id },
    });
    await scene.write('#run report', { to: alert });
    await later(scene, 1);
    expect(scene.calls().map(({ path }) => path.includes(copy.name))).toEqual([true]);
    expect(copy.comments.map(({ properties }) => properties.message).join()).toContain(
      'asked for "report" from the phone',
    );
  });

  it('that has none is refused, in words of its own', async () => {
    const { scene, made, alert } = inDefender();
    await scene.write('#run report', { to: alert });
    await later(scene, 1);
    expect(scene.calls()).toEqual([]);
    expect(made.comments.map(({ comment }) => comment).join()).toContain(lateRefusals.noCopy);
    expect(alert.annotations.at(-1)?.text).toContain(lateRefusals.noCopy);
  });

  it('is refused with one comment, though two relays with stores of their own were told', async () => {
    const { scene, alert } = inDefender();
    const store = openSqliteStore(':memory:', { now: () => scene.clock.now(), owner: 'other', leaseMs: 60_000 });
    const other = scene.process(store);
    await scene.write('#run report', { to: alert, stores: [scene.store, store] });
    await later(scene, 1);
    await other.work();
    const comments = scene.world.log.find({ service: 'graph', method: 'POST', path: '*/comments' });
    expect(comments).toHaveLength(1);
  });
});

it('p: no notes, people or addresses are in the log', async () => {
  const playbooks = { report: response('Write-Report', { on: 'incident' }) };
  const relay = relayWorld({ config: { respond: { playbooks, perHour: 5, protected: [] } } });
  const { world } = relay;
  const { name } = world.sentinel.store.createIncident({ title: 'Ransomware', severity: 'High' });
  const externalEventId = `sentinel:${world.workspace.workspaceId}:${name}`;
  const user = { id: 'u1', username: 'mlopez', mailaddress: 'm.lopez@contoso.com' };
  await relay.notify({
    ...{ id: 'n-1', eventType: 203, user, alert: { id: 'a-1', externalEventId } },
    annotation: { message: '#run hunter2-is-the-password' },
  });
  await relay.applyAll();
  const logged = JSON.stringify(relay.logged);
  expect(logged).toContain('"outcome":"refused"');
  expect(logged).not.toMatch(/hunter2|mlopez|m\.lopez|secret=|https:/);
});

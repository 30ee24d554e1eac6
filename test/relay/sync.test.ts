import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../src/config/config.ts';
import { comparison } from '../../src/relay/timers/sync.ts';
import { makeProductAlert } from '../../src/simulator/alerts.ts';
import { makeEntity } from '../../src/simulator/entities.ts';
import { makerOf } from '../../src/simulator/incidents.ts';
import { nobody } from '../../src/simulator/sentinel/new-incident.ts';
import type { Actor, Owner, WritableProperties } from '../../src/simulator/sentinel/resources.ts';
import { type RelayWorld, type RelayWorldOptions, relayWorld } from './support/world.ts';

const MINUTE = 60_000;

/** An incident that the relay has forwarded, and the hands that change it. */
async function forwarded(options: RelayWorldOptions = {}) {
  const relay = relayWorld(options);
  const { world, clock } = relay;
  const { store } = world.sentinel;
  const { name } = store.createIncident({ title: 'Sign-in', severity: 'Medium' });
  const externalId = `sentinel:${world.workspace.workspaceId}:${name}`;
  await relay.post('/api/incidents/forward', { incidentArmId: store.armId('Incidents', name) });
  const look = comparison({
    ...{ ...relay, workspaces: [relay.served], now: () => clock.now(), budgetMs: 20_000, log: silent(relay) },
  });
  await look();
  await clock.advance(1_000);
  const { analyst } = world.accounts;
  const person: Actor = { name: analyst.displayName, source: 'User', objectId: analyst.objectId };
  return {
    ...{ relay, world, store, name, externalId, person },
    incident: store.incident(name),
    owner: personal(analyst),
    change: (properties: Partial<WritableProperties>, by: Actor = person) => store.update(name, properties, by),
    /** The table of changes is a minute behind. */
    async looks(minutes = 3) {
      for (let minute = 0; minute < minutes; minute++) {
        await clock.advance(MINUTE);
        await look();
        await relay.applyAll();
      }
    },
    /** What was sent to SIGNL4 since the first page: the steering, or the title of another page. */
    sent: () =>
      world.log
        .find({ service: 'signl4', method: 'POST', path: '*/events/*' })
        .slice(1)
        .map(({ body }) => body as Record<string, string>)
        .map((body) =>
          body['X-S4-Status'] === 'new' ? `page: ${body['Message']?.split('\n')[0]}` : body['X-S4-Status'],
        ),
    annotated: () =>
      world.log
        .find({ service: 'signl4', path: '*/annotate' })
        .filter(({ status }) => status === 200)
        .map(({ body }) => (body as { text: string }).text),
  };
}

const silent = ({ logged }: RelayWorld) =>
  ({ info: () => {}, warn: (line: Record<string, unknown>) => void (logged as object[]).push(line) }) as never;

function personal(user: { objectId: string; displayName: string; mail?: string; userPrincipalName?: string }): Owner {
  const { objectId, displayName: assignedTo, mail: email = null, userPrincipalName = null } = user;
  return { objectId, assignedTo, email, userPrincipalName, ownerType: 'User' };
}

const group: Owner = {
  objectId: '0c0ffee0-0000-4000-8000-000000000001',
  assignedTo: 'SOC tier 1',
  email: 'soc@contoso.com',
  userPrincipalName: null,
  ownerType: 'Group',
};

const machines: readonly Actor[] = [
  { name: 'Assign to tier 1', source: 'Automation rule' },
  { name: 'Alert grouping', source: 'Alert grouping' },
  { name: 'Enrich-Incident', source: 'Playbook' },
  { name: 'ITSM connector', source: 'Application' },
  { name: 'Microsoft 365 Defender', source: 'Microsoft 365 Defender' },
];

describe('sync', () => {
  it.each(machines)('lets the phone ring on where $source sets the incident Active and assigns it', async (machine) => {
    const { change, looks, owner, sent } = await forwarded();
    change({ status: 'Active', owner }, machine);
    await looks();
    expect(sent()).toEqual([]);
  });

  it('does not page again about a severity that the callback raised itself', async () => {
    const escalated = { ...defaultConfig.callback.escalated, severity: 'High' } as const;
    const callback = { ...defaultConfig.callback, escalated };
    const { relay, incident, externalId, looks, sent } = await forwarded({ config: { callback } });
    await looks();
    const [alert] = relay.world.signl4.store.alertsOf(externalId);
    await relay.notify({
      id: 'dd209a2d-e037-41ee-b37d-000000000001',
      eventType: 202,
      eventRaisedUtc: new Date(relay.clock.now()).toISOString(),
      alert: { id: alert?.id, statusCode: 1, externalEventId: externalId },
    });
    await looks();
    expect(incident.properties.severity).toBe('High');
    expect(sent()).toEqual([]);
  });

  it('lets it ring on where a group is the owner, no matter who assigned it', async () => {
    const { change, looks, sent } = await forwarded();
    change({ status: 'Active', owner: group });
    await looks();
    expect(sent()).toEqual([]);
  });

  it.each([
    ['set it Active', { status: 'Active' } as const],
    ['took it', 'owner'],
  ])('acknowledges where a person %s', async (_, what) => {
    const { change, looks, owner, sent } = await forwarded();
    change(what === 'owner' ? { owner } : (what as Partial<WritableProperties>));
    await looks();
    expect(sent()).toEqual(['acknowledged']);
  });

  it('acknowledges where a person took it and a rule changed it before we looked', async () => {
    const { change, looks, owner, sent } = await forwarded();
    change({ owner });
    change({ status: 'Active' }, machines[0]);
    await looks();
    expect(sent()).toEqual(['acknowledged']);
  });

  it('does not ask who it was where that decides nothing', async () => {
    const { change, looks, world } = await forwarded();
    change({ labels: [] });
    change({ status: 'Closed', classification: 'Undetermined' });
    await looks();
    expect(world.log.find({ service: 'logs' })).toEqual([]);
  });

  it('lets it ring on where the workspace may not be asked who it was', async () => {
    const { change, looks, owner, sent, world } = await forwarded();
    world.faults.add({ service: 'logs', fault: { kind: 'status', status: 403 } });
    change({ status: 'Active', owner });
    await looks();
    expect(sent()).toEqual([]);
  });

  it('resolves every alert of an incident that was closed, once', async () => {
    const { change, looks, sent, world, externalId } = await forwarded();
    world.signl4.store.raise(world.accounts.team, { title: 'again', text: '', externalId, parameters: [] });
    change({ status: 'Closed', classification: 'Undetermined' });
    await looks();
    expect(sent()).toEqual(['resolved']);
    expect(world.signl4.store.alertsOf(externalId).map(({ status }) => status)).toEqual([4, 4]);
  });

  it('resolves an alert that came after the closing: nobody is called about a closed incident', async () => {
    const { change, looks, sent, world, externalId } = await forwarded();
    change({ status: 'Closed', classification: 'Undetermined' });
    await looks();
    world.signl4.store.raise(world.accounts.team, { title: 'late', text: '', externalId, parameters: [] });
    await looks(16);
    expect(sent()).toEqual(['resolved', 'resolved']);
  });

  it.each([
    ['was seen closed', 5],
    ['was closed and reopened between two looks', 0],
  ])('pages again where the incident %s', async (_, minutes) => {
    const { change, looks, sent, relay, externalId, world } = await forwarded();
    const status = { status: 'Closed', classification: 'Undetermined' } as const;
    change(status, machines[4]);
    await looks(minutes);
    if (minutes === 0) for (const { id } of world.signl4.store.alertsOf(externalId)) world.signl4.store.close(id);
    await relay.clock.advance(1_000);
    change({ status: 'New' }, machines[4]);
    await looks();
    expect(sent().filter((event) => event !== 'resolved')).toEqual(['page: Reopened in Microsoft Sentinel.']);
  });

  it('pages again when the severity was raised and nobody is on it, not when it was lowered', async () => {
    const { change, looks, sent } = await forwarded();
    change({ severity: 'Low' });
    await looks();
    change({ severity: 'High' });
    await looks();
    expect(sent()).toEqual(['page: The severity was raised in Microsoft Sentinel.']);
  });

  it('only acknowledges where a person takes and raises it in one save', async () => {
    const { change, looks, owner, sent } = await forwarded();
    change({ status: 'Active', owner, severity: 'High' });
    await looks();
    expect(sent()).toEqual(['acknowledged']);
  });

  it('annotates with comments of people, alerts and entities that came later, once', async () => {
    const { annotated, looks, store, name, world, person } = await forwarded();
    const maker = makerOf(world);
    const late = makeProductAlert(maker, { title: 'URL click', product: 'OATP', description: 'A user clicked.' });
    const entity = makeEntity(maker, 'Account', 'k.sato', { accountName: 'k.sato', upnSuffix: 'contoso.com' });
    const author = { objectId: null, email: null, userPrincipalName: null, name: 'Aoi Tanaka' };
    store.addAlerts(name, [late], [entity]);
    store.putComment(name, { message: '<p>Looking &amp; waiting</p>' }, author, person);
    await looks();
    expect(annotated()).toHaveLength(1);
    for (const text of ['Looking & waiting', 'New alert: URL click', 'A user clicked.', 'Account k.sato@contoso.com'])
      expect(annotated()[0]).toContain(text);
    expect(annotated()[0]).not.toContain('sent to the person on call');
  });

  it('does not send back what came from SIGNL4', async () => {
    const { relay, externalId, looks, sent, incident } = await forwarded();
    const [alert] = relay.world.signl4.store.alertsOf(externalId);
    relay.world.signl4.store.acknowledge(alert?.id ?? '', relay.world.accounts.onCallUser);
    await relay.notify({
      id: 'dd209a2d-e037-41ee-b37d-f605cc0a39fb',
      eventType: 201,
      eventRaisedUtc: '2026-01-10T08:42:00Z',
      user: { username: 'mlopez', mailaddress: 'm.lopez@contoso.com' },
      alert: { statusCode: 2, externalEventId: externalId },
    });
    await relay.applyAll();
    expect(incident.properties.status).toBe('Active');
    await looks(16);
    expect(sent()).toEqual([]);
  });

  it.each([
    ['acknowledged', 'Active'],
    ['closed', 'Closed'],
  ] as const)('makes up for a notification that never came: %s', async (what, status) => {
    const { relay, externalId, looks, incident, sent, world } = await forwarded();
    const [alert] = world.signl4.store.alertsOf(externalId);
    await relay.clock.advance(MINUTE);
    if (what === 'closed') world.signl4.store.close(alert?.id ?? '', world.accounts.onCallUser);
    else world.signl4.store.acknowledge(alert?.id ?? '', world.accounts.onCallUser);
    await looks(8);
    expect(incident.properties.status).toBe('New');
    await looks(40);
    expect(incident.properties.status).toBe(status);
    expect(incident.comments).toHaveLength(2);
    expect(sent()).toEqual([]);
  });

  it('does not close again what somebody reopened on the phone', async () => {
    const { relay, externalId, looks, incident, change, sent, world } = await forwarded();
    change({ status: 'Closed', classification: 'Undetermined' });
    await looks();
    const [alert] = world.signl4.store.alertsOf(externalId);
    world.signl4.store.undoClose(alert?.id ?? '', world.accounts.onCallUser);
    await relay.clock.advance(20 * MINUTE);
    await looks(16);
    expect(sent()).toEqual(['resolved']);
    expect(incident.properties.status).toBe('New');
  });

  it('says nothing of incidents that were never sent, or where it is switched off', async () => {
    const off = { closed: false, acknowledged: false, severityRaised: false, comments: false };
    const { change, looks, sent, store, owner } = await forwarded({ config: { sync: off } });
    change({ owner, severity: 'High' });
    store.createIncident({ title: 'Not ours', status: 'Closed' });
    await looks();
    change({ status: 'Closed', classification: 'Undetermined' });
    await looks();
    expect(sent()).toEqual([]);
  });

  it('resolves and pages again for what a playbook sent, and leaves the rest to the playbook', async () => {
    const { looks, sent, store, world, annotated, person } = await forwarded();
    const { name } = store.createIncident({ title: 'By playbook', labels: ['SIGNL4'] });
    const externalId = `sentinel:${world.workspace.workspaceId}:${name}`;
    world.signl4.store.raise(world.accounts.team, { title: 'page', text: '', externalId, parameters: [] });
    store.putComment(name, { message: 'hello' }, { ...nobody, name: 'Aoi Tanaka' }, person);
    await looks();
    store.update(name, { status: 'Closed', classification: 'Undetermined' }, person);
    await looks();
    store.update(name, { status: 'New' }, person);
    await looks();
    expect(sent()).toEqual(['resolved', 'page: Reopened in Microsoft Sentinel.']);
    expect(annotated()).toEqual([]);
  });

  it('does not page twice where only the annotation failed', async () => {
    const { change, looks, sent, annotated, store, name, world, person } = await forwarded();
    change({ severity: 'High' });
    store.putComment(name, { message: 'worse' }, { ...nobody, name: 'Aoi Tanaka' }, person);
    const endFault = world.faults.add({
      service: 'signl4',
      path: '*/annotate',
      fault: { kind: 'status', status: 400 },
    });
    await looks();
    endFault();
    await looks();
    expect(sent()).toEqual(['page: The severity was raised in Microsoft Sentinel.']);
    expect(annotated()).toEqual(['[Sentinel] worse']);
  });

  it('looks again at what it could not tell', async () => {
    const { change, looks, world, externalId } = await forwarded();
    change({ status: 'Closed', classification: 'Undetermined' });
    const endFault = world.faults.add({ service: 'signl4', fault: { kind: 'status', status: 400 } });
    await looks(1);
    endFault();
    await looks();
    expect(world.signl4.store.alertsOf(externalId).map(({ status }) => status)).toEqual([4]);
  });
});

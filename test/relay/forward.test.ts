import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../src/config/config.ts';
import { sweep } from '../../src/relay/timers/sweep.ts';
import { sync } from '../../src/relay/timers/sync.ts';
import { type RelayWorld, type RelayWorldOptions, relayWorld } from './support/world.ts';

function start(options: RelayWorldOptions = {}) {
  const relay = relayWorld(options);
  const { store } = relay.world.sentinel;
  const incident = store.createIncident({ title: 'Sign-in', severity: 'High', status: 'New' });
  return { relay, incident, armId: store.armId('Incidents', incident.name) };
}

const alertsOf = ({ world }: RelayWorld) => [...world.signl4.store.alerts.values()];
const tagsOf = (incident: { properties: { labels: readonly { labelName: string }[] } }) =>
  incident.properties.labels.map(({ labelName }) => labelName);
const forward = async (relay: RelayWorld, armId: string) => {
  const response = await relay.post('/api/incidents/forward', { incidentArmId: armId });
  return { status: response.status, body: await response.json() };
};

describe('forwarding', () => {
  it('sends, tags and comments', async () => {
    const { relay, incident, armId } = start();
    const { status, body } = await forward(relay, armId);
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'forwarded', warnings: [], event: { Title: 'High: Sign-in' } });
    expect(alertsOf(relay)).toMatchObject([{ title: 'High: Sign-in', eventId: body.eventId }]);
    expect(tagsOf(incident)).toEqual(['SIGNL4']);
    expect(incident.comments.map(({ properties }) => properties.message)).toEqual([
      `SIGNL4: sent to the person on call. Event ${body.eventId}`,
    ]);
  });

  it('pages once, however many ask at once', async () => {
    const { relay, armId } = start();
    const answers = await Promise.all(Array.from({ length: 6 }, () => forward(relay, armId)));
    expect(answers.filter(({ body }) => body.status === 'forwarded')).toHaveLength(1);
    expect(answers.filter(({ body }) => body.status === 'being-forwarded')).toHaveLength(5);
    expect((await forward(relay, armId)).body.status).toBe('already-forwarded');
    expect(alertsOf(relay)).toHaveLength(1);
  });

  it('leaves out what the filter leaves out, and says which tests failed', async () => {
    const filter = { ...defaultConfig.filter, severities: ['Low' as const], tags: ['vip'] };
    const { relay, armId } = start({ config: { filter } });
    expect((await forward(relay, armId)).body).toEqual({ status: 'filtered', failed: ['Severity', 'Required tag'] });
    expect(alertsOf(relay)).toEqual([]);
  });

  it('pages although tag and comment cannot be written', async () => {
    const { relay, armId } = start();
    relay.world.faults.add({ service: 'sentinel', method: 'PUT', fault: { kind: 'status', status: 403 } });
    const { body } = await forward(relay, armId);
    expect(body.status).toBe('forwarded');
    expect(body.warnings).toEqual([
      'The incident was not tagged: Sentinel did not allow it (HTTP 403).',
      'The incident has no comment: Sentinel did not allow it (HTTP 403).',
    ]);
    expect(alertsOf(relay)).toHaveLength(1);
  });

  it('can be repeated where SIGNL4 did not take it', async () => {
    const { relay, armId } = start();
    const mend = relay.world.faults.add({ service: 'signl4', fault: { kind: 'status', status: 404 } });
    expect((await forward(relay, armId)).status).toBe(502);
    mend();
    expect((await forward(relay, armId)).body.status).toBe('forwarded');
  });

  const saysNothing = [
    { status: 200, body: {} },
    { status: 200, body: [] },
    { status: 200, body: { eventId: null } },
    { status: 200, body: { eventId: 'e-1' } },
    { status: 202, body: { queued: true } },
    { status: 201, body: { eventId: '' } },
  ];
  const pages = (relay: RelayWorld) => relay.world.log.find({ service: 'signl4', path: '*/events/*' });

  it.each(saysNothing)('sends again where SIGNL4 does not confirm it ($status $body)', async (answer) => {
    const { relay, incident, armId } = start();
    relay.world.faults.add({ service: 'signl4', path: '*/events/*', times: 1, fault: { kind: 'status', ...answer } });
    const { body } = await forward(relay, armId);
    expect(body.status).toBe('forwarded');
    expect(alertsOf(relay)).toMatchObject([{ eventId: body.eventId }]);
    expect(tagsOf(incident)).toEqual(['SIGNL4']);
    // Before it repeats, it asks whether the alert is there.
    expect(relay.world.log.find({ service: 'signl4' }).map(({ path }) => path.split('/')[3])).toEqual([
      'events',
      'alerts',
      'events',
    ]);
  });

  it.each(saysNothing)('calls nothing sent that SIGNL4 never confirms ($status $body)', async (answer) => {
    const { relay, incident, armId } = start({ budgetMs: 1_500 });
    const mend = relay.world.faults.add({ service: 'signl4', fault: { kind: 'status', ...answer } });
    expect((await forward(relay, armId)).status).toBe(502);
    expect(pages(relay).length).toBeGreaterThan(1);
    expect(tagsOf(incident)).toEqual([]);
    expect(incident.comments).toEqual([]);
    mend();
    expect((await forward(relay, armId)).body.status).toBe('forwarded');
  });

  it.each([
    { status: 429, wait: '86400' },
    { status: 503, wait: '600' },
  ])('asks again while there is time, however long $status asks to wait', async ({ status, wait }) => {
    const { relay, armId } = start({ budgetMs: 2_000 });
    const fault = { kind: 'status', status, headers: { 'retry-after': wait } } as const;
    relay.world.faults.add({ service: 'signl4', times: 1, fault });
    expect((await forward(relay, armId)).body.status).toBe('forwarded');
    expect(alertsOf(relay)).toHaveLength(1);
  });

  it('says what SIGNL4 said where it is busy to the end', async () => {
    const { relay, armId } = start({ budgetMs: 1_500 });
    const fault = { kind: 'status', status: 429, headers: { 'retry-after': '86400' } } as const;
    relay.world.faults.add({ service: 'signl4', fault });
    const { status, body } = await forward(relay, armId);
    expect([status, body.error.message]).toEqual([502, 'SIGNL4 is busy (HTTP 429).']);
  });

  it('does not page twice where only the answer of SIGNL4 got lost', async () => {
    const { relay, armId } = start();
    relay.world.faults.add({
      service: 'signl4',
      path: '*/events/*',
      afterWork: true,
      times: 1,
      fault: { kind: 'reset' },
    });
    expect((await forward(relay, armId)).body.status).toBe('forwarded');
    expect(alertsOf(relay)).toHaveLength(1);
  });
});

const settingsOf = (relay: RelayWorld) => ({
  sites: [relay.site],
  store: relay.store,
  forwards: relay.store.forwards,
  now: () => relay.clock.now(),
  budgetMs: 5_000,
  log: { debug() {}, info() {}, warn() {}, error() {} },
  forwarded: () => {},
});

describe('sweep', () => {
  it('finds and sends what was not sent, and nothing twice', async () => {
    const { relay, incident } = start();
    const { store } = relay.world.sentinel;
    store.createIncident({ title: 'Closed one', status: 'Closed' });
    store.createIncident({ title: 'Sent one', labels: ['signl4'] });
    const second = store.createIncident({ title: 'Second', severity: 'Low' });
    await sweep(settingsOf(relay));
    await sweep(settingsOf(relay));
    expect(
      alertsOf(relay)
        .map(({ title }) => title)
        .toSorted(),
    ).toEqual(['High: Sign-in', 'Low: Second']);
    expect([tagsOf(incident), tagsOf(second)]).toEqual([['SIGNL4'], ['SIGNL4']]);
  });

  it('writes the tag that could not be written before, without paging again', async () => {
    const { relay, incident, armId } = start();
    const mend = relay.world.faults.add({ service: 'sentinel', method: 'PUT', fault: { kind: 'status', status: 403 } });
    await forward(relay, armId);
    mend();
    await sweep(settingsOf(relay));
    expect(tagsOf(incident)).toEqual(['SIGNL4']);
    expect(alertsOf(relay)).toHaveLength(1);
  });

  it('goes on where one incident fails', async () => {
    const { relay, incident } = start();
    relay.world.sentinel.store.createIncident({ title: 'Second' });
    relay.world.faults.add({ service: 'signl4', path: '*/events/*', times: 1, fault: { kind: 'status', status: 400 } });
    await sweep(settingsOf(relay));
    expect(alertsOf(relay)).toHaveLength(1);
    await sweep(settingsOf(relay));
    expect(alertsOf(relay)).toHaveLength(2);
    expect(tagsOf(incident)).toEqual(['SIGNL4']);
  });

  it('sends incidents of the Graph security API once, with alerts and evidence', async () => {
    const { relay } = start({ config: { graph: { enabled: true } } });
    const incident = relay.world.graph.store.createIncident({
      displayName: 'Malware on one endpoint',
      severity: 'high',
      alerts: [
        {
          title: 'EICAR found',
          severity: 'high',
          serviceSource: 'microsoftDefenderForEndpoint',
          category: 'Execution',
          evidence: [
            { '@odata.type': '#microsoft.graph.security.deviceEvidence', deviceDnsName: 'fin-laptop-07.contoso.com' },
            {
              '@odata.type': '#microsoft.graph.security.userEvidence',
              userAccount: { userPrincipalName: 'j@contoso.com' },
            },
          ],
        },
      ],
    });
    await sweep(settingsOf(relay));
    await sweep(settingsOf(relay));
    const found = alertsOf(relay).filter(({ externalId }) => externalId.startsWith('graph:'));
    expect(found).toMatchObject([
      { title: 'High: Malware on one endpoint', externalId: `graph:${relay.world.workspace.tenantId}:${incident.id}` },
    ]);
    const shown = JSON.stringify(found);
    for (const text of [
      'fin-laptop-07.contoso.com',
      'j@contoso.com',
      'Microsoft Defender for Endpoint',
      'EICAR found',
    ]) {
      expect(shown).toContain(text);
    }
    expect(incident.customTags).toEqual(['SIGNL4']);
  });
});

describe('sync', () => {
  const analyst = { name: 'Aoi Tanaka', source: 'User' as const };

  async function forwarded(options: RelayWorldOptions = {}) {
    const { relay, incident, armId } = start(options);
    await forward(relay, armId);
    await sync(settingsOf(relay));
    await relay.clock.advance(1_000);
    return { relay, incident, update: relay.world.sentinel.store, alert: () => alertsOf(relay)[0] };
  }

  it('resolves the alert of an incident that was closed', async () => {
    const { relay, incident, update, alert } = await forwarded();
    update.update(incident.name, { status: 'Closed', classification: 'Undetermined' }, analyst);
    await sync(settingsOf(relay));
    expect(alert()?.status).toBe(4);
  });

  it('acknowledges the alert of an incident that somebody works on', async () => {
    const { relay, incident, update, alert } = await forwarded();
    update.update(incident.name, { status: 'Active' }, analyst);
    await sync(settingsOf(relay));
    expect(alert()?.status).toBe(2);
  });

  it('alerts again when the severity was raised, not when it was lowered', async () => {
    const { relay, incident, update } = await forwarded();
    update.update(incident.name, { severity: 'Low' }, analyst);
    await sync(settingsOf(relay));
    expect(alertsOf(relay)).toHaveLength(1);
    await relay.clock.advance(1_000);
    update.update(incident.name, { severity: 'Medium' }, analyst);
    await sync(settingsOf(relay));
    expect(alertsOf(relay).map(({ title }) => title)).toEqual(['High: Sign-in', 'Medium: Sign-in']);
  });

  it('annotates with new comments of people, not with our own', async () => {
    const { relay, incident, update, alert } = await forwarded();
    const { analyst: person } = relay.world.cast;
    const author = { objectId: person.objectId, email: null, userPrincipalName: null, name: 'Aoi Tanaka' };
    update.putComment(incident.name, { message: '<p>Looking &amp; waiting</p>' }, author, analyst);
    await sync(settingsOf(relay));
    await sync(settingsOf(relay));
    const notes = JSON.stringify(alert()?.annotations);
    expect(notes.split('Looking & waiting').length - 1).toBe(1);
    expect(notes).not.toContain('sent to the person on call');
  });

  it('does not send back what came from SIGNL4', async () => {
    const { relay, incident } = await forwarded();
    await relay.notify({
      id: 'dd209a2d-e037-41ee-b37d-f605cc0a39fb',
      eventType: 201,
      eventRaisedUtc: '2026-01-10T08:42:00Z',
      user: { username: 'mlopez', mailaddress: 'm.lopez@contoso.com' },
      alert: { statusCode: 2, externalEventId: `sentinel:${relay.world.workspace.workspaceId}:${incident.name}` },
    });
    await relay.applyAll();
    expect(incident.properties.status).toBe('Active');
    const before = relay.world.log.find({ service: 'signl4' }).length;
    await sync(settingsOf(relay));
    expect(relay.world.log.find({ service: 'signl4' })).toHaveLength(before);
  });

  it('says nothing of incidents that were never sent, or where it is switched off', async () => {
    const off = { closed: false, acknowledged: false, severityRaised: false, comments: false };
    const { relay, incident, update, alert } = await forwarded({ config: { sync: off } });
    update.update(incident.name, { status: 'Closed', classification: 'Undetermined' }, analyst);
    update.createIncident({ title: 'Not ours', status: 'Active' });
    await sync(settingsOf(relay));
    expect(alert()?.status).toBe(1);
    expect(alertsOf(relay)).toHaveLength(1);
  });

  it('does not alert twice where only the annotation failed', async () => {
    const { relay, incident, update } = await forwarded();
    update.update(incident.name, { severity: 'Low' }, analyst);
    await sync(settingsOf(relay));
    await relay.clock.advance(1_000);
    update.update(incident.name, { severity: 'Medium' }, analyst);
    update.putComment(
      incident.name,
      { message: 'worse' },
      { objectId: null, email: null, userPrincipalName: null, name: 'A' },
      analyst,
    );
    const mend = relay.world.faults.add({
      service: 'signl4',
      path: '*/annotate',
      fault: { kind: 'status', status: 400 },
    });
    await sync(settingsOf(relay));
    mend();
    await sync(settingsOf(relay));
    expect(alertsOf(relay)).toHaveLength(2);
    expect(JSON.stringify(alertsOf(relay).map(({ annotations }) => annotations))).toContain('worse');
  });

  it('looks again at what it could not tell', async () => {
    const { relay, incident, update, alert } = await forwarded();
    update.update(incident.name, { status: 'Closed', classification: 'Undetermined' }, analyst);
    const mend = relay.world.faults.add({ service: 'signl4', fault: { kind: 'status', status: 400 } });
    await sync(settingsOf(relay));
    mend();
    await relay.clock.advance(3_600_000);
    await sync(settingsOf(relay));
    expect(alert()?.status).toBe(4);
  });
});

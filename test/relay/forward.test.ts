import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../src/config/config.ts';
import { sweep } from '../../src/relay/timers/sweep.ts';
import { comparison } from '../../src/relay/timers/sync.ts';
import { defaultFilter } from '../../src/rules/choices.ts';
import type { Fault } from '../../src/simulator/faults.ts';
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

  it.each([
    [89, 1],
    [90, 0],
  ])(
    'comments on an incident that has %i comments %i times: the last ten places are for people',
    async (has, added) => {
      const { relay, incident, armId } = start();
      const author = { objectId: null, email: null, userPrincipalName: null, name: 'Aoi Tanaka' };
      for (let n = 0; n < has; n++) {
        const aoi = { name: 'Aoi Tanaka', source: 'User' } as const;
        relay.world.sentinel.store.putComment(incident.name, { message: `${n}` }, author, aoi);
      }
      expect((await forward(relay, armId)).body).toMatchObject({ status: 'forwarded', warnings: [] });
      expect(incident.comments).toHaveLength(has + added);
      expect(tagsOf(incident)).toEqual(['SIGNL4']);
    },
  );

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

  it('reads the incident before it pages: a trigger may be hours old', async () => {
    const { relay, incident, armId } = start();
    const { store } = relay.world.sentinel;
    const body = { object: { id: armId, name: incident.name, properties: { ...incident.properties } } };
    const person = { name: 'Aoi Tanaka', source: 'User' } as const;
    store.update(incident.name, { status: 'Closed', classification: 'Undetermined' }, person);
    const answer = await relay.post('/api/incidents/forward', body);
    expect(await answer.json()).toEqual({ status: 'filtered', failed: ['Status'] });
    store.update(incident.name, { status: 'New', labels: [{ labelName: 'signl4', labelType: 'User' }] }, person);
    const tagged = await relay.post('/api/incidents/forward', body);
    expect(await tagged.json()).toEqual({ status: 'filtered', failed: ['Not sent before'] });
    expect(relay.world.log.find({ service: 'signl4', path: '*/events/*' })).toEqual([]);
  });

  it.each([
    { properties: {} },
    { id: 'x', properties: { title: 'Sign-in', severity: 'High' } },
    { id: 'x', properties: { title: 'Sign-in', severity: 5, status: [] } },
    { id: 'x', properties: { title: {}, severity: 'Low', status: 'Closed' } },
    { id: 'x', properties: { error: 'x' } },
  ])('takes something else for no incident and goes by the trigger: $properties', async (something) => {
    const { relay, incident, armId } = start();
    const fault = { kind: 'status', status: 200, body: something } as const;
    relay.world.faults.add({ service: 'sentinel', method: 'GET', path: `*/${incident.name}`, fault });
    const body = { object: { id: armId, name: incident.name, properties: { ...incident.properties } } };
    const answer = await (await relay.post('/api/incidents/forward', body)).json();
    expect(answer).toMatchObject({ status: 'forwarded', event: { Title: 'High: Sign-in' } });
    expect(answer.warnings[0]).toMatch('The incident is shown as the trigger sent it');
  });

  it('pages by what the trigger says where the incident cannot be read', async () => {
    const { relay, incident, armId } = start();
    relay.world.faults.add({ service: 'sentinel', fault: { kind: 'status', status: 503 } });
    const body = { object: { id: armId, name: incident.name, properties: { ...incident.properties } } };
    const answer = await relay.post('/api/incidents/forward', body);
    expect((await answer.json()).status).toBe('forwarded');
    expect(relay.world.log.find({ service: 'signl4', path: '*/events/*' })).toHaveLength(1);
  });

  it.each<readonly [string, Fault]>([
    ['is down', { kind: 'status', status: 503 }],
    ['is busy', { kind: 'status', status: 429 }],
    ['does not allow it', { kind: 'status', status: 403 }],
    ['says nothing', { kind: 'hang' }],
    ['answers with a web page', { kind: 'html' }],
  ])(
    'pages with the number alone where Sentinel %s and nothing else is known, whatever the filter says',
    async (_, fault) => {
      const { relay, incident, armId } = start({
        budgetMs: 2_000,
        config: { filter: { ...defaultFilter, severities: ['Low'], products: ['MDATP'] } },
      });
      const endFault = relay.world.faults.add({ service: 'sentinel', fault });
      const { body } = await forward(relay, armId);
      expect(body).toMatchObject({ status: 'forwarded' });
      expect(body.warnings[0]).toMatch(/^The incident could not be read, and the page says little: Sentinel /);
      expect(alertsOf(relay)).toMatchObject([
        { title: 'Unknown: Microsoft Sentinel incident', text: expect.stringContaining(incident.name) },
      ]);
      endFault();
      await relay.post('/api/incidents/forward', { incidentArmId: armId });
      const { clock, store } = relay;
      const log = { warn: () => {} } as never;
      const compare = comparison({ workspaces: [relay.served], store, now: () => clock.now(), budgetMs: 2_000, log });
      for (let minute = 0; minute < 3; minute++) {
        await clock.advance(60_000);
        await compare();
      }
      expect(alertsOf(relay)).toHaveLength(1);
    },
  );

  it('pages nobody about an incident that there is none of', async () => {
    const { relay, armId } = start();
    relay.world.faults.add({ service: 'sentinel', fault: { kind: 'status', status: 404 } });
    expect((await forward(relay, armId)).status).toBe(404);
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
    const endFault = relay.world.faults.add({ service: 'signl4', fault: { kind: 'status', status: 404 } });
    expect((await forward(relay, armId)).status).toBe(502);
    endFault();
    expect((await forward(relay, armId)).body.status).toBe('forwarded');
  });

  const saysNothing = [
    { status: 200, body: {} },
    { status: 200, body: [] },
    { status: 200, body: { eventId: null } },
    { status: 200, body: { eventId: 'e-1' } },
    { status: 202, body: { queued: true } },
    { status: 201, body: { eventId: '' } },
    { status: 201, body: { eventId: '  ' } },
    { status: 201, body: { eventId: false } },
    { status: 201, body: { eventId: 0 } },
    { status: 201, body: { eventId: 'null' } },
    { status: 201, body: { eventId: '00000000-0000-0000-0000-000000000000' } },
    { status: 201, body: { eventId: '00000000000000000000000000000000' } },
    { status: 201, body: { eventId: 'N/A' } },
    { status: 201, body: { eventId: 'string' } },
    { status: 201, body: { eventId: '[object Object]' } },
    { status: 201, body: { eventId: '-1' } },
    { status: 201, body: { eventId: '\u200b' } },
    { status: 201, body: { eventId: '<html>' } },
    { status: 201, body: { eventId: 'e-1', success: false } },
    { status: 201, body: { id: 'request-1', error: { code: 'Unavailable' } } },
    { status: 201, body: { code: 500, message: 'fail', eventId: 'a-1' } },
    { status: 201, body: { eventId: ['e-1'] } },
    { status: 201, body: { eventId: '0000000000000000000_00000000-0000-0000-0000-000000000000' } },
    { status: 201, body: { eventId: 'e-1', success: 'False' } },
    { status: 201, body: { eventId: 'e-1', errors: ['no such team'] } },
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

  const id = '2518783235949759942_fbc7b4a4-badd-47b8-9e1d-702fb6a1a0b2';
  it.each([
    { eventId: id, errors: [] },
    { eventId: id, error: {}, success: true },
    { eventId: id, status: 1000 },
    { eventId: 'null', id },
  ])('takes the id of the event for a confirmation: %j', async (confirmed) => {
    const { relay, armId } = start();
    const fault = { kind: 'status', status: 201, body: confirmed } as const;
    relay.world.faults.add({ service: 'signl4', path: '*/events/*', times: 1, fault });
    expect((await forward(relay, armId)).body).toMatchObject({ status: 'forwarded', eventId: id });
    expect(pages(relay)).toHaveLength(1);
  });

  it.each(saysNothing)('calls nothing sent that SIGNL4 never confirms ($status $body)', async (answer) => {
    const { relay, incident, armId } = start({ budgetMs: 1_500 });
    const endFault = relay.world.faults.add({ service: 'signl4', fault: { kind: 'status', ...answer } });
    expect((await forward(relay, armId)).status).toBe(502);
    expect(pages(relay).length).toBeGreaterThan(1);
    expect(tagsOf(incident)).toEqual([]);
    expect(incident.comments).toEqual([]);
    endFault();
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
  workspaces: [relay.served],
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
    const endFault = relay.world.faults.add({
      service: 'sentinel',
      method: 'PUT',
      fault: { kind: 'status', status: 403 },
    });
    await forward(relay, armId);
    endFault();
    await sweep(settingsOf(relay));
    expect(tagsOf(incident)).toEqual(['SIGNL4']);
    expect(alertsOf(relay)).toHaveLength(1);
  });

  it.each([0, 1])(
    'tags what a playbook sent and could not tag, and pages nobody again; SIGNL4 refuses to be asked: %i',
    async (refusals) => {
      const { relay, incident } = start();
      const { workspace, accounts, signl4, faults } = relay.world;
      const externalId = `sentinel:${workspace.workspaceId}:${incident.name}`;
      signl4.store.raise(accounts.team, { title: 'By the playbook', text: '', externalId, parameters: [] });
      if (refusals > 0)
        faults.add({ service: 'signl4', path: '*/alerts/paged', fault: { kind: 'status', status: 403 } });
      await sweep(settingsOf(relay));
      expect(tagsOf(incident)).toEqual(['SIGNL4']);
      // Where SIGNL4 cannot be asked, the page goes out.
      expect(alertsOf(relay)).toHaveLength(1 + refusals);
    },
  );

  it('sends what a rule set Active before anybody was told, not what a person took', async () => {
    const { relay } = start();
    const { store } = relay.world.sentinel;
    const byRule = store.createIncident({ title: 'By rule', status: 'Active' });
    const taken = store.createIncident({ title: 'Taken', status: 'Active' });
    const owner = { objectId: 'a', email: null, userPrincipalName: 'a@contoso.com', assignedTo: 'Aoi' };
    store.update(taken.name, { owner }, { name: 'Aoi', source: 'User' });
    await sweep(settingsOf(relay));
    expect(
      alertsOf(relay)
        .map(({ title }) => title)
        .toSorted(),
    ).toEqual(['High: Sign-in', 'Medium: By rule']);
    expect(tagsOf(byRule)).toEqual(['SIGNL4']);
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
    const { relay } = start({ config: { graph: { enabled: true, everyMinutes: 1, hunting: false } } });
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

  it('keeps a tag that an analyst adds while the page is on its way', async () => {
    const relay = relayWorld({ config: { graph: { enabled: true, everyMinutes: 1, hunting: false } } });
    const { world } = relay;
    const incident = world.graph.store.createIncident({
      displayName: 'Malware',
      severity: 'high',
      customTags: ['Old'],
    });
    world.route('connect.signl4.com', (request) => {
      if (request.method === 'POST') incident.customTags = ['Old', 'VIP'];
      return world.signl4.fetch(request);
    });
    await sweep(settingsOf(relay));
    expect(incident.customTags).toEqual(['Old', 'VIP', 'SIGNL4']);
  });
});

import { describe, expect, it } from 'vitest';
import { type Config, defaultConfig } from '../../src/config/config.ts';
import { type RelayWorld, relayWorld, WEBHOOK_SECRET } from './support/world.ts';

const people = {
  user: { username: 'mlopez', mailaddress: 'm.lopez@contoso.com', id: 'u1' },
  team: { teamname: 'SOC' },
};
let ids = 0;

/** A notification as SIGNL4 sends it; statusCode 2 acknowledged, 4 closed, 1 open again, 8 no response. */
function notification(relay: RelayWorld, name: string, more: Readonly<Record<string, unknown>> = {}) {
  const { statusCode = 2, note, at = '2026-01-10T08:42:00Z', ...rest } = more;
  const { workspaceId } = relay.world.workspace;
  return {
    id: `dd209a2d-e037-41ee-b37d-${String(++ids).padStart(12, '0')}`,
    eventType: 201,
    eventRaisedUtc: at,
    ...people,
    alert: { id: 'alert-1', statusCode, externalEventId: `sentinel:${workspaceId}:${name}` },
    annotation: note === undefined ? null : { message: note, id: 'n1' },
    ...rest,
  };
}

function start(options: Parameters<typeof relayWorld>[0] = {}) {
  const relay = relayWorld(options);
  const incident = relay.world.sentinel.store.createIncident({ title: 'Sign-in', severity: 'High', labels: ['vip'] });
  return { relay, incident, name: incident.name };
}

/** Applies, and again when what failed is due. */
async function patiently(relay: RelayWorld): Promise<void> {
  for (let round = 0; round < 4; round++) {
    await relay.applyAll();
    await relay.clock.advance(60_000);
  }
}

const commentsOf = (incident: { comments: readonly { properties: { message: string } }[] }) =>
  incident.comments.map(({ properties }) => properties.message);

/** Writes so many comments. */
function fill(relay: RelayWorld, name: string, count: number): void {
  const author = { objectId: null, email: null, userPrincipalName: null, name: 'Aoi Tanaka' };
  for (let n = 0; n < count; n++)
    relay.world.sentinel.store.putComment(name, { message: `${n}` }, author, { name: 'Aoi Tanaka', source: 'User' });
}

describe('notification', () => {
  it('is answered 202 once it is stored, and then applied', async () => {
    const { relay, incident, name } = start();
    const body = notification(relay, name, { note: 'On it' });
    const response = await relay.notify(body);
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ status: 'accepted', id: body.id });
    expect(await relay.store.inbox.counts()).toEqual({ pending: 1, dead: 0 });
    expect(incident.properties.status).toBe('New');
    await relay.applyAll();
    expect(incident.properties).toMatchObject({ status: 'Active' });
    expect(commentsOf(incident)).toEqual(['SIGNL4: Acknowledged by mlopez. On it']);
  });

  it('is applied once however often it comes', async () => {
    const { relay, incident, name } = start();
    const body = notification(relay, name);
    await relay.notify(body);
    await relay.applyAll();
    const again = await relay.notify(body);
    expect([again.status, (await again.json()).status]).toEqual([202, 'duplicate']);
    await relay.applyAll();
    expect(commentsOf(incident)).toHaveLength(1);
    expect(relay.reports.map(({ outcome }) => outcome)).toEqual(['applied']);
  });

  it('is understood in any casing', async () => {
    const { relay, incident, name } = start();
    const { id, alert } = notification(relay, name);
    const User = { UserName: 'mlopez', MailAddress: 'm.lopez@contoso.com' };
    const Alert = { StatusCode: 2, ExternalEventId: alert.externalEventId.toUpperCase() };
    await relay.notify({ Id: id, EventType: '201', EventRaisedUtc: '2026-01-10T08:42:00Z', User, Alert });
    await relay.applyAll();
    expect(incident.properties.status).toBe('Active');
  });

  it('closes with the classification of the hashtag, and everything in one write', async () => {
    const { relay, incident, name } = start();
    await relay.notify(notification(relay, name, { statusCode: 4, note: '#fp scanner of the branch' }));
    await relay.applyAll();
    expect(incident.properties).toMatchObject({
      status: 'Closed',
      classification: 'FalsePositive',
      classificationReason: 'IncorrectAlertLogic',
      title: 'Sign-in',
      severity: 'High',
    });
    expect(incident.properties.labels.map(({ labelName }) => labelName)).toEqual(['vip']);
    expect(relay.world.log.find({ service: 'sentinel', method: 'PUT', path: '*/incidents/*' })).toHaveLength(2);
  });

  it('reopens without the classification of the closing', async () => {
    const { relay, incident, name } = start();
    await relay.notify(notification(relay, name, { statusCode: 4 }));
    await relay.notify(notification(relay, name, { statusCode: 1, at: '2026-01-10T08:43:00Z' }));
    await relay.applyAll();
    expect(incident.properties.status).toBe('New');
    expect(incident.properties.classification).toBeUndefined();
  });

  it('waits for the ones before it', async () => {
    const { relay, incident, name } = start();
    for (const note of ['one', 'two', 'three']) {
      await relay.notify(notification(relay, name, { eventType: 203, statusCode: 1, note }));
    }
    await relay.applyAll();
    expect(commentsOf(incident)).toEqual(['SIGNL4: mlopez: one', 'SIGNL4: mlopez: two', 'SIGNL4: mlopez: three']);
  });

  it('that comes late says what it says but does not turn the state back', async () => {
    const { relay, incident, name } = start();
    await relay.notify(notification(relay, name, { statusCode: 1, at: '2026-01-10T08:50:00Z' }));
    await relay.notify(notification(relay, name, { statusCode: 4, at: '2026-01-10T08:45:00Z', note: 'done' }));
    await relay.applyAll();
    expect(incident.properties.status).toBe('New');
    expect(commentsOf(incident).at(-1)).toBe('SIGNL4: Closed by mlopez. done');
  });

  it('that comes late is no measure for the next one: that is late, too', async () => {
    const { relay, incident, name } = start();
    await relay.notify(notification(relay, name, { statusCode: 1, at: '2026-01-10T08:50:00Z' }));
    await relay.notify(notification(relay, name, { statusCode: 4, at: '2026-01-10T08:45:00Z' }));
    await relay.notify(notification(relay, name, { statusCode: 2, at: '2026-01-10T08:47:00Z' }));
    await relay.applyAll();
    expect(incident.properties.status).toBe('New');
  });

  it.each([
    ['ten years ahead', '2036-11-02T03:17:05Z'],
    ['no time at all', 'yesterday'],
  ])('is not overtaken for ever by one from a clock that is wrong: %s', async (_, at) => {
    const { relay, incident, name } = start();
    await relay.notify(notification(relay, name, { statusCode: 2, at }));
    await relay.applyAll();
    await relay.clock.advance(60_000);
    await relay.notify(notification(relay, name, { statusCode: 4, at: '2026-01-10T08:42:00Z', note: 'done' }));
    await relay.applyAll();
    expect(incident.properties.status).toBe('Closed');
  });

  it('of long ago that is replayed from the dead letters does not turn the state back', async () => {
    const { relay, incident, name } = start();
    relay.world.faults.add({ service: 'sentinel', times: 1, fault: { kind: 'status', status: 400 } });
    const old = notification(relay, name, { statusCode: 1 });
    await relay.notify(old);
    await relay.applyAll();
    expect(await relay.store.inbox.counts()).toEqual({ pending: 0, dead: 1 });
    await relay.clock.advance(60 * 60_000);
    await relay.notify(notification(relay, name, { statusCode: 4, at: '2026-01-10T09:41:00Z' }));
    await relay.applyAll();
    await relay.store.deadLetters.replay(old.id);
    await relay.applyAll();
    expect(relay.reports.map(({ outcome }) => outcome)).toEqual(['dead', 'applied', 'applied']);
    expect(incident.properties.status).toBe('Closed');
  });

  it.each([
    ['whose comment Sentinel refused', { refused: true, comments: 0 }],
    ['whose note found no room among 100 comments', { refused: false, comments: 100 }],
  ])('of long ago that is replayed does not turn back what a newer one wrote %s', async (_, { refused, comments }) => {
    const { relay, incident, name } = start();
    relay.world.faults.add({ service: 'sentinel', times: 1, fault: { kind: 'status', status: 400 } });
    const old = notification(relay, name, { statusCode: 1 });
    await relay.notify(old);
    await relay.applyAll();
    fill(relay, name, comments);
    const comment = { service: 'sentinel', method: 'PUT', path: '*/comments/*', times: 1 } as const;
    if (refused) relay.world.faults.add({ ...comment, fault: { kind: 'status', status: 400 } });
    await relay.notify(notification(relay, name, { statusCode: 4, at: '2026-01-10T08:44:00Z', note: 'done' }));
    await relay.applyAll();
    expect(relay.reports.map(({ outcome }) => outcome)).toEqual(['dead', 'dead']);
    await relay.store.deadLetters.replay(old.id);
    await relay.applyAll();
    expect(incident.properties.status).toBe('Closed');
  });

  it('that reopens is not late for an acknowledgement that found the incident closed', async () => {
    const { relay, incident, name } = start();
    await relay.notify(notification(relay, name, { statusCode: 4 }));
    await relay.applyAll();
    relay.world.faults.add({ service: 'sentinel', times: 1, fault: { kind: 'status', status: 400 } });
    const reopened = notification(relay, name, { statusCode: 1, at: '2026-01-10T08:43:00Z' });
    await relay.notify(reopened);
    await relay.applyAll();
    await relay.notify(notification(relay, name, { statusCode: 2, at: '2026-01-10T08:44:00Z' }));
    await relay.applyAll();
    expect(incident.properties.status).toBe('Closed');
    await relay.store.deadLetters.replay(reopened.id);
    await relay.applyAll();
    expect(relay.reports.map(({ outcome }) => outcome)).toEqual(['applied', 'dead', 'applied', 'applied']);
    expect(incident.properties.status).toBe('New');
  });

  it('of days ago that is replayed is tried for another day', async () => {
    const { relay, incident, name } = start();
    relay.world.faults.add({ service: 'sentinel', times: 1, fault: { kind: 'status', status: 400 } });
    const old = notification(relay, name, { statusCode: 4 });
    await relay.notify(old);
    await relay.applyAll();
    await relay.clock.advance(2 * 24 * 3_600_000);
    relay.world.faults.add({ service: 'sentinel', method: 'PUT', times: 4, fault: { kind: 'status', status: 503 } });
    await relay.store.deadLetters.replay(old.id);
    await patiently(relay);
    expect(relay.reports.map(({ outcome }) => outcome)).not.toContain('lost');
    expect(await relay.store.inbox.counts()).toEqual({ pending: 0, dead: 0 });
    expect(incident.properties.status).toBe('Closed');
  });

  it('that is replayed comes before what arrived later, where both were raised at the same moment', async () => {
    const { relay, incident, name } = start();
    relay.world.faults.add({ service: 'sentinel', times: 1, fault: { kind: 'status', status: 400 } });
    const first = notification(relay, name, { statusCode: 1 });
    await relay.notify(first);
    await relay.applyAll();
    await relay.notify(notification(relay, name, { statusCode: 4 }));
    await relay.applyAll();
    expect(incident.properties.status).toBe('Closed');
    await relay.store.deadLetters.replay(first.id);
    await relay.applyAll();
    expect(incident.properties.status).toBe('Closed');
  });

  it.each(['0001-01-01T00:00:00Z', '1970-01-01T00:00:00Z'])(
    'that says it was raised at %s was raised when it arrived',
    async (at) => {
      const { relay, incident, name } = start();
      await relay.notify(notification(relay, name, { statusCode: 2, at: '2026-01-10T08:39:00Z' }));
      await relay.applyAll();
      await relay.clock.advance(60_000);
      await relay.notify(notification(relay, name, { statusCode: 4, at }));
      await relay.applyAll();
      expect(incident.properties.status).toBe('Closed');
    },
  );

  it('of any depth is accepted, whatever it lacks', async () => {
    const { relay, name } = start();
    const deep = `${'['.repeat(60_000)}${']'.repeat(60_000)}`;
    const { id: _, ...nameless } = notification(relay, name);
    const body = JSON.stringify(nameless).replace('"annotation":null', `"annotation":${deep}`);
    const post = () => relay.post(`/api/signl4/events?secret=${WEBHOOK_SECRET}`, body, {});
    expect(await (await post()).json()).toMatchObject({ status: 'accepted' });
    expect(await (await post()).json()).toMatchObject({ status: 'duplicate' });
  });

  it('keeps its order where its time has no zone', async () => {
    const { relay, incident, name } = start();
    await relay.notify(notification(relay, name, { statusCode: 2, at: '2026-01-10T08:41:30' }));
    await relay.notify(notification(relay, name, { statusCode: 4, at: '2026-01-10T08:41:40Z' }));
    await relay.applyAll();
    expect(incident.properties.status).toBe('Closed');
  });

  it('gives the incident back where the acknowledgement is taken back', async () => {
    const { relay, incident, name } = start({ env: { RELAY_READ_USERS: 'true' } });
    await relay.notify(notification(relay, name));
    await relay.applyAll();
    expect(incident.properties).toMatchObject({ status: 'Active', owner: { email: 'm.lopez@contoso.com' } });
    await relay.notify(notification(relay, name, { statusCode: 1, at: '2026-01-10T08:43:00Z' }));
    await relay.applyAll();
    expect(incident.properties).toMatchObject({ status: 'New', owner: { objectId: null, email: null } });
  });

  it('puts a note of a person into the last ten places, and no other comment', async () => {
    const { relay, incident, name } = start();
    fill(relay, name, 95);
    await relay.notify(notification(relay, name, { eventType: 202, statusCode: 1, user: null }));
    await relay.notify(notification(relay, name, { eventType: 203, note: 'reimaged' }));
    await relay.applyAll();
    expect(commentsOf(incident).slice(95)).toEqual(['SIGNL4: mlopez: reimaged']);
    expect(relay.reports.map(({ outcome }) => outcome)).toEqual(['applied', 'applied']);
  });

  it('says where the note is when no comment fits any more', async () => {
    const { relay, incident, name } = start();
    const externalId = `sentinel:${relay.world.workspace.workspaceId}:${name}`;
    relay.world.signl4.store.raise(relay.world.accounts.team, { title: 'x', text: '', externalId, parameters: [] });
    fill(relay, name, 100);
    await relay.notify(notification(relay, name, { statusCode: 4, note: 'reimaged' }));
    await relay.applyAll();
    expect(incident.properties.status).toBe('Closed');
    expect(incident.properties.labels.map(({ labelName }) => labelName)).toEqual(['vip', 'SIGNL4-Comments-Full']);
    const [letter] = await relay.store.deadLetters.list(10);
    expect(letter?.error).toContain('takes no more comments on this incident: the note is in SIGNL4 only');
    expect(letter?.body).toContain('reimaged');
    const [annotation] = relay.world.log.find({ service: 'signl4', path: '*/annotate' });
    expect(JSON.stringify(annotation?.body)).toContain('takes no more comments');
  });

  it('that closes one alert of several settles the others, once', async () => {
    const { relay, name } = start();
    const externalId = `sentinel:${relay.world.workspace.workspaceId}:${name}`;
    const { store } = relay.world.signl4;
    const raise = () => store.raise(relay.world.accounts.team, { title: 'x', text: '', externalId, parameters: [] });
    const [first] = [raise(), raise()];
    store.close(first.id, relay.world.accounts.onCallUser);
    await relay.notify(notification(relay, name, { statusCode: 4 }));
    await relay.notify(notification(relay, name, { statusCode: 4, user: null, at: '2026-01-10T08:43:00Z' }));
    await relay.applyAll();
    const events = relay.world.log.find({ service: 'signl4', path: '*/events/*' }).map(({ body }) => body);
    expect(events).toEqual([expect.objectContaining({ 'X-S4-Status': 'resolved', 'X-S4-ExternalID': externalId })]);
  });

  it('that closes one alert of several settles the others where the incident is closed already', async () => {
    const { relay, incident, name } = start();
    const externalId = `sentinel:${relay.world.workspace.workspaceId}:${name}`;
    const { store } = relay.world.signl4;
    const raise = () => store.raise(relay.world.accounts.team, { title: 'x', text: '', externalId, parameters: [] });
    const [first] = [raise(), raise()];
    Object.assign(incident.properties, { status: 'Closed' });
    store.close(first.id, relay.world.accounts.onCallUser);
    await relay.notify(notification(relay, name, { statusCode: 4 }));
    await relay.applyAll();
    const events = relay.world.log.find({ service: 'signl4', path: '*/events/*' }).map(({ body }) => body);
    expect(events).toEqual([expect.objectContaining({ 'X-S4-Status': 'resolved', 'X-S4-ExternalID': externalId })]);
  });

  it('that closes one alert of several settles no other where that leaves the incident open', async () => {
    const closed = { ...defaultConfig.callback.closed, status: 'keep' } as const;
    const { relay, name } = start({ config: { callback: { ...defaultConfig.callback, closed } } });
    const externalId = `sentinel:${relay.world.workspace.workspaceId}:${name}`;
    const { store } = relay.world.signl4;
    const raise = () => store.raise(relay.world.accounts.team, { title: 'x', text: '', externalId, parameters: [] });
    const [first] = [raise(), raise()];
    store.close(first.id, relay.world.accounts.onCallUser);
    await relay.notify(notification(relay, name, { statusCode: 4 }));
    await relay.applyAll();
    expect(relay.world.log.find({ service: 'signl4', path: '*/events/*' })).toEqual([]);
  });

  it('that closes an alert settles the others where SIGNL4 does not list them', async () => {
    const { relay, name } = start();
    relay.world.faults.add({ service: 'signl4', path: '*/alerts/paged', fault: { kind: 'status', status: 400 } });
    await relay.notify(notification(relay, name, { statusCode: 4 }));
    await relay.applyAll();
    const events = relay.world.log.find({ service: 'signl4', path: '*/events/*' }).map(({ body }) => body);
    expect(events).toEqual([expect.objectContaining({ 'X-S4-Status': 'resolved' })]);
  });

  it('that changes nothing is a measure all the same: what was raised before it is late', async () => {
    const nothing = { status: 'keep', assignOwner: false, tag: '', comment: '', severity: 'keep' } as const;
    const acknowledged = { ...defaultConfig.callback.acknowledged, ...nothing };
    const { relay, incident, name } = start({ config: { callback: { ...defaultConfig.callback, acknowledged } } });
    await relay.notify(notification(relay, name, { at: '2026-01-10T08:50:00Z' }));
    await relay.notify(notification(relay, name, { statusCode: 4, at: '2026-01-10T08:45:00Z', note: 'done' }));
    await relay.applyAll();
    expect(incident.properties.status).toBe('New');
    expect(commentsOf(incident)).toEqual(['SIGNL4: Closed by mlopez. done']);
  });

  it('without an id is applied, and once', async () => {
    const { relay, incident, name } = start();
    const { id: _, ...nameless } = notification(relay, name, { statusCode: 4, annotation: 'bare text' });
    for (const body of [nameless, { ...nameless, id: null }])
      expect([200, 202]).toContain((await relay.notify(body)).status);
    await relay.notify(nameless);
    await relay.applyAll();
    expect(incident.properties.status).toBe('Closed');
    expect(commentsOf(incident)).toEqual(['SIGNL4: Closed by mlopez. bare text']);
  });

  it.each([
    [200, 202],
    [201, 400],
  ])('with an id of %i characters is answered %i: an id must fit a key of a table', async (length, status) => {
    const { relay, name } = start();
    const response = await relay.notify(notification(relay, name, { id: 'x'.repeat(length) }));
    expect(response.status).toBe(status);
    expect(await relay.store.inbox.counts()).toEqual({ pending: status === 202 ? 1 : 0, dead: 0 });
  });

  it('follows the incident that Defender merged its own into', async () => {
    const { relay, incident, name } = start();
    const survivor = relay.world.sentinel.store.createIncident({ title: 'Multi-stage' });
    incident.mergedIntoNumber = survivor.number;
    await relay.notify(notification(relay, name, { statusCode: 4, note: 'done' }));
    await relay.applyAll();
    expect(survivor.properties.status).toBe('Closed');
    expect(commentsOf(survivor)).toEqual(['SIGNL4: Closed by mlopez. done']);
    expect(commentsOf(incident)).toEqual([]);
  });

  it('names the missing right where Sentinel refuses it', async () => {
    const { relay, name } = start();
    relay.world.sentinel.access.revoke(relay.world.accounts.relay.objectId);
    await relay.notify(notification(relay, name));
    await relay.applyAll();
    const [report] = relay.reports;
    expect(report && 'error' in report && String(report.error)).toContain('Microsoft Sentinel Responder');
  });

  it('repeats reading and writing where somebody changed the incident in between', async () => {
    const { relay, incident, name } = start();
    relay.world.faults.add({
      service: 'sentinel',
      method: 'PUT',
      path: `*/incidents/${name}`,
      times: 2,
      fault: { kind: 'status', status: 409 },
    });
    await relay.notify(notification(relay, name));
    await relay.applyAll();
    expect(incident.properties.status).toBe('Active');
    expect(relay.reports.map(({ outcome }) => outcome)).toEqual(['applied']);
  });

  it('keeps what an analyst changed meanwhile', async () => {
    const { relay, incident, name } = start();
    const stop = relay.world.log.onEnd(({ method, path }) => {
      if (method !== 'GET' || !path.includes(`/incidents/${name}`)) return;
      stop();
      const labels = [
        { labelName: 'vip', labelType: 'User' as const },
        { labelName: 'seen', labelType: 'User' as const },
      ];
      relay.world.sentinel.store.update(name, { labels }, { name: 'analyst', source: 'User' });
    });
    await relay.notify(notification(relay, name));
    await relay.applyAll();
    expect(incident.properties).toMatchObject({ status: 'Active' });
    expect(incident.properties.labels.map(({ labelName }) => labelName)).toEqual(['vip', 'seen']);
  });

  it.each([500, 503, 429, 403])('is tried again after HTTP %i, and then applied once', async (status) => {
    const { relay, incident, name } = start();
    relay.world.faults.add({
      service: 'sentinel',
      times: 2,
      fault: { kind: 'status', status, headers: { 'retry-after': '0' } },
    });
    await relay.notify(notification(relay, name));
    await relay.applyAll();
    await patiently(relay);
    expect(incident.properties.status).toBe('Active');
    expect(commentsOf(incident)).toHaveLength(1);
    expect(
      relay.reports
        .map(({ outcome }) => outcome)
        .toSorted()
        .at(0),
    ).toBe('applied');
  });

  it('adds nothing twice when the relay died between the writes', async () => {
    const { relay, incident, name } = start();
    relay.world.faults.add({
      service: 'sentinel',
      path: '*/comments/*',
      afterWork: true,
      times: 2,
      fault: { kind: 'reset' },
    });
    await relay.notify(notification(relay, name, { note: 'On it' }));
    await relay.applyAll();
    expect(commentsOf(incident)).toHaveLength(1);
    await patiently(relay);
    expect(commentsOf(incident)).toEqual(['SIGNL4: Acknowledged by mlopez. On it']);
    expect(relay.reports.map(({ outcome }) => outcome)).toEqual(['retry', 'retry', 'applied']);
  });

  it('becomes a dead letter where the incident is gone, and the session goes on', async () => {
    const { relay, name } = start();
    await relay.notify(notification(relay, name));
    relay.world.sentinel.store.delete(name);
    await relay.applyAll();
    const [letter] = await relay.store.deadLetters.list(10);
    expect(letter).toMatchObject({
      attempts: 1,
      error: expect.stringMatching(/^Sentinel does not know the incident any more: .*merged into another/),
    });
    expect(relay.reports.map(({ outcome }) => outcome)).toEqual(['dead']);
  });

  it.each([
    ['a test', { eventType: 1 }],
    ['the start of a duty', { eventType: 300 }],
    ['a new alert', { eventType: 200 }],
    ['an alert of another sender', { alert: { statusCode: 2, externalEventId: 'INC0001' } }],
    [
      'an incident of another workspace',
      {
        alert: {
          statusCode: 2,
          externalEventId: `sentinel:${'1'.repeat(8)}-1111-1111-1111-111111111111:73e01a99-5cd7-4139-a149-9f2736ff2ab5`,
        },
      },
    ],
  ])('is ignored where it is %s', async (_, more) => {
    const { relay, name } = start();
    const response = await relay.notify(notification(relay, name, more));
    expect([response.status, (await response.json()).status]).toEqual([200, 'ignored']);
    expect(await relay.store.inbox.counts()).toEqual({ pending: 0, dead: 0 });
  });

  it.each([['{"eventType":null}'], ['[]'], ['not json'], [''], ['{"id":"x"}']])(
    'is rejected where it is %j',
    async (body) => {
      const { relay } = start();
      expect((await relay.notify(body)).status).toBe(400);
    },
  );
});

describe('owner', () => {
  const options = { env: { RELAY_READ_USERS: 'true' } };

  it('is the Entra user with the mail address, where the relay may read users', async () => {
    const { relay, incident, name } = start(options);
    await relay.notify(notification(relay, name));
    await relay.applyAll();
    expect(incident.properties.owner?.objectId).toBe(relay.world.accounts.onCall.objectId);
  });

  it('is the account of the mapping table', async () => {
    // The same options give the same world, down to every id.
    const { objectId } = relayWorld().world.accounts.second;
    const { relay, incident, name } = start({ config: { owners: { 'M.Lopez@contoso.com': objectId } } });
    await relay.notify(notification(relay, name));
    await relay.applyAll();
    expect(incident.properties.owner?.objectId).toBe(objectId);
  });

  it('is named in a comment where nobody knows the account', async () => {
    const acknowledged = { ...defaultConfig.callback.acknowledged, comment: '' };
    const { relay, incident, name } = start({ config: { callback: { ...defaultConfig.callback, acknowledged } } });
    await relay.notify(notification(relay, name));
    await relay.applyAll();
    expect(incident.properties.owner?.objectId).toBeFalsy();
    expect(commentsOf(incident)).toEqual(['SIGNL4: Owner: mlopez']);
  });
});

describe('notification about an incident of Graph', () => {
  function startGraph(config: Partial<Config> = {}) {
    const graph = { enabled: true, everyMinutes: 1, hunting: false };
    const relay = relayWorld({ config: { ...config, graph } });
    const incident = relay.world.graph.store.createIncident({ displayName: 'Malware', alerts: [{ title: 'EICAR' }] });
    const externalEventId = `graph:${relay.world.workspace.tenantId}:${incident.id}`;
    const body = (statusCode: number, note?: string) =>
      notification(relay, '', {
        alert: { statusCode, externalEventId },
        ...(note && { annotation: { message: note } }),
      });
    return { relay, incident, body };
  }

  it('acknowledges: in progress, assigned, commented once', async () => {
    const { relay, incident, body } = startGraph();
    relay.world.faults.add({ service: 'graph', method: 'PATCH', times: 2, fault: { kind: 'status', status: 503 } });
    await relay.notify(body(2, 'On it'));
    await patiently(relay);
    expect(incident).toMatchObject({ status: 'inProgress', assignedTo: 'm.lopez@contoso.com' });
    expect(incident.comments).toHaveLength(1);
    expect(incident.comments[0]?.comment).toContain('SIGNL4: Acknowledged by mlopez. On it');
  });

  it('keeps a tag that an analyst adds while the relay is at work', async () => {
    const { callback } = defaultConfig;
    const acknowledged = { ...callback.acknowledged, tag: 'SIGNL4-Seen' };
    const { relay, incident, body } = startGraph({ callback: { ...callback, acknowledged } });
    const { world } = relay;
    let reads = 0;
    world.route('graph.microsoft.com', async (request) => {
      const response = await world.graph.fetch(request);
      if (request.method === 'GET' && ++reads === 1) incident.customTags = ['VIP'];
      return response;
    });
    await relay.notify(body(2));
    await relay.applyAll();
    expect(incident.customTags).toEqual(['VIP', 'SIGNL4-Seen']);
  });

  it('closes with classification and determination', async () => {
    const { relay, incident, body } = startGraph();
    await relay.notify(body(4, '#tp malware removed'));
    await relay.applyAll();
    expect(incident).toMatchObject({ status: 'resolved', classification: 'truePositive', determination: 'other' });
  });

  it.each([
    ['Undetermined', 'unknown', 'unknown'],
    ['TruePositive - SuspiciousActivity', 'truePositive', 'other'],
    ['BenignPositive - SuspiciousButExpected', 'informationalExpectedActivity', 'confirmedActivity'],
    ['FalsePositive - IncorrectAlertLogic', 'falsePositive', 'notMalicious'],
    ['FalsePositive - InaccurateData', 'falsePositive', 'notEnoughDataToValidate'],
  ] as const)('closes as %s, and the service takes it', async (chosen, classification, determination) => {
    const close = { ...defaultConfig.close, classification: chosen };
    const relay = relayWorld({ config: { graph: { ...defaultConfig.graph, enabled: true }, close } });
    const incident = relay.world.graph.store.createIncident({ displayName: 'Malware' });
    const externalEventId = `graph:${relay.world.workspace.tenantId}:${incident.id}`;
    await relay.notify(notification(relay, '', { alert: { statusCode: 4, externalEventId } }));
    await relay.applyAll();
    expect(incident).toMatchObject({ status: 'resolved', classification, determination });
    expect(await relay.store.inbox.counts()).toEqual({ pending: 0, dead: 0 });
  });

  it('takes what Defender Experts ask for', async () => {
    const { relay, incident, body } = startGraph();
    incident.status = 'awaitingAction';
    await relay.notify(body(2));
    await relay.applyAll();
    expect(incident).toMatchObject({ status: 'inProgress', assignedTo: 'm.lopez@contoso.com' });
  });

  it('raises the severity where the mapping says so', async () => {
    const { noResponse } = defaultConfig.callback;
    const callback = { ...defaultConfig.callback, noResponse: { ...noResponse, severity: 'High' as const } };
    const relay = relayWorld({ config: { graph: { ...defaultConfig.graph, enabled: true }, callback } });
    const incident = relay.world.graph.store.createIncident({ displayName: 'Malware', severity: 'unknown' });
    const externalEventId = `graph:${relay.world.workspace.tenantId}:${incident.id}`;
    await relay.notify(notification(relay, '', { alert: { statusCode: 8, externalEventId } }));
    await relay.applyAll();
    expect(incident.severity).toBe('high');
  });

  it('follows an incident that was merged into another', async () => {
    const { relay, incident, body } = startGraph();
    const other = relay.world.graph.store.createIncident({ displayName: 'Campaign' });
    relay.world.graph.store.merge(incident.id, other.id);
    await relay.notify(body(2));
    await relay.applyAll();
    expect(other.status).toBe('inProgress');
    expect(incident.status).toBe('redirected');
  });
});

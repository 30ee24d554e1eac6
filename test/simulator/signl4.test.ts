import { describe, expect, it } from 'vitest';
import { readNotification } from '../../src/domain/notification.ts';
import { dutyModes } from '../../src/simulator/signl4/resources.ts';
import { armWorld, type Json, jsonOf, signl4Client } from './client.ts';

function paged() {
  const { world, clock } = armWorld();
  const api = signl4Client(world);
  const received: Json[] = [];
  world.route('receiver.example', async (request) => {
    received.push(await request.json());
    return new Response(null, { status: 202 });
  });
  world.signl4.store.webhooks.push({
    id: 'hook',
    name: 'r',
    url: 'https://receiver.example/',
    teamId: '',
    enabled: true,
    description: '',
  });
  const send = async (event: Json, init: RequestInit = {}) => {
    const body = typeof event === 'string' ? event : JSON.stringify(event);
    const headers = { 'content-type': typeof event === 'string' ? 'text/plain' : 'application/json' };
    const response = await world.fetch('https://connect.signl4.com/webhook/soc-team-secret', {
      method: 'POST',
      body,
      headers,
      ...init,
    });
    return { status: response.status, json: await jsonOf(response) };
  };
  const raise = async (externalId = 'sentinel:w:i', more: Json = {}) =>
    (await send({ Title: 't', 'X-S4-ExternalID': externalId, ...more })).json.alertId as string;
  return { world, clock, api, received, send, raise, store: world.signl4.store };
}

describe('events to SIGNL4', () => {
  it('raise an alert: title, text, parameters in order, what is reserved apart', async () => {
    const { send, store, world } = paged();
    const { status, json } = await send({
      Title: 'High: Odd sign-in 🚨',
      Message: 'text',
      Incident: 3177,
      Owner: null,
      'X-S4-ExternalID': 'sentinel:w:i',
      'X-S4-Status': 'new',
      'X-S4-Service': 'Security',
      'X-S4-AlertingScenario': 'multi_ack',
      'X-S4-Location': '52.4,13.1',
      'X-S4-SourceSystem': 'MicrosoftSentinel',
    });
    expect(status).toBe(201);
    expect(json.eventId).toMatch(/^251\d{16}_[0-9a-f-]{36}$/);
    const alert = store.alert(json.alertId);
    expect(alert).toMatchObject({
      title: 'High: Odd sign-in 🚨',
      text: 'text',
      externalId: 'sentinel:w:i',
      category: 'Security',
      scenario: 'multi_ack',
      location: '52.4,13.1',
      status: 1,
    });
    expect(alert.parameters.map(({ name, value }) => [name, value])).toEqual([
      ['Incident', '3177'],
      ['Owner', ''],
    ]);
    const calledOnDuty = [world.accounts.stranger, world.accounts.onCallUser, world.accounts.secondUser].map(
      ({ id }) => id,
    );
    expect(alert.notified.map(({ userId }) => userId)).toEqual(calledOnDuty);
  });

  it('come as text and as forms, too, and over the API', async () => {
    const { send, store, world } = paged();
    await send('just a string');
    await world.fetch('https://connect.signl4.com/webhook/soc-team-secret', {
      method: 'POST',
      body: new URLSearchParams({ subject: 's', body: 'b' }),
    });
    const url = 'https://connect.signl4.com/api/v2/events/soc-team-secret/';
    const viaApi = await world.fetch(url, {
      method: 'POST',
      body: '{"Title":"api"}',
      headers: { 'x-s4-api-key': world.signl4.apiKey },
    });
    expect(viaApi.status).toBe(201);
    expect([...store.alerts.values()].map(({ title, text }) => [title, text])).toEqual([
      ['Alert', 'just a string'],
      ['s', 'b'],
      ['api', ''],
    ]);
  });

  it('are refused without a known secret, without a body, with a broken one, with a wrong key', async () => {
    const { send, world } = paged();
    const unknown = await world.fetch('https://connect.signl4.com/webhook/nope', { method: 'POST', body: '{}' });
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({
      requestId: expect.any(String),
      code: 404,
      message: 'Not Found',
      details: expect.any(String),
    });
    expect((await send('')).status).toBe(400);
    expect((await send('{"Title":', { headers: { 'content-type': 'application/json' } })).status).toBe(400);
    const wrong = await world.fetch('https://connect.signl4.com/api/v2/events/soc-team-secret', {
      method: 'POST',
      body: '{}',
      headers: { 'x-s4-api-key': 'x' },
    });
    expect(wrong.status).toBe(403);
    expect((await world.fetch('https://connect.signl4.com/api/v2/teams')).status).toBe(401);
  });

  it('with an external id that is known raise another alert', async () => {
    const { raise, store } = paged();
    await raise('same');
    await raise('same');
    expect(store.alertsOf('same')).toHaveLength(2);
  });

  it('with a status act on every alert of their external id', async () => {
    const { raise, send, store } = paged();
    const [a, b] = [await raise('same'), await raise('same')];
    const acknowledged = await send({ 'X-S4-ExternalID': 'same', 'X-S4-Status': 'acknowledged' });
    expect(acknowledged.json.acknowledgedAlerts).toEqual([a, b]);
    const closed = await send({ 'X-S4-ExternalID': 'same', 'X-S4-Status': 'Resolved' });
    expect(closed.json).toMatchObject({ alertId: null, closedAlerts: [a, b] });
    expect(store.alertsOf('same').map(({ status }) => status)).toEqual([4, 4]);
    const nothing = await send({ 'X-S4-ExternalID': 'unknown', 'X-S4-Status': 'resolved' });
    expect([nothing.status, nothing.json.closedAlerts]).toEqual([201, []]);
  });

  it('with a filter alert only when the category is known', async () => {
    const { send, store } = paged();
    await send({ Title: 'x', 'X-S4-Service': 'Unknown', 'X-S4-Filtering': true });
    expect(store.alerts.size).toBe(0);
    await send({ Title: 'x', 'X-S4-Service': 'Security', 'X-S4-Filtering': true });
    expect(store.alerts.size).toBe(1);
  });
});

describe('the life of an alert', () => {
  it('is acknowledged once, closed once, and undone', async () => {
    const { raise, api, world } = paged();
    const id = await raise();
    const act = (verb: string, body: Json = {}) => api('POST', `alerts/${id}/${verb}`, body);
    const uid = world.accounts.onCallUser.id;
    const acknowledged = await act('acknowledge', { uid });
    expect(acknowledged.json).toMatchObject({ status: { statusCode: 2 }, history: { acknowledgements: [uid] } });
    const second = await act('acknowledge', { uid: world.accounts.secondUser.id });
    expect(second.status).toBe(409);
    expect(second.json.message).toContain('lifecycle');
    expect((await act('undoAcknowledge', { uid })).json.status.statusCode).toBe(1);
    expect((await act('undoAcknowledge', { uid })).status).toBe(403);
    expect((await act('close', { uid, descr: '#fp scanner' })).json.status.statusCode).toBe(4);
    expect((await act('close', { uid })).status).toBe(409);
    expect((await act('acknowledge', { uid })).status).toBe(409);
    expect((await act('undoClose', { uid })).json.status.statusCode).toBe(1);
    expect((await act('acknowledge', { uid: 'nobody' })).status).toBe(404);
    expect((await api('POST', 'alerts/none/acknowledge', {})).status).toBe(404);
  });

  it('takes one acknowledgement per person where several must', async () => {
    const { raise, api, world, received, clock } = paged();
    const id = await raise('e', { 'X-S4-AlertingScenario': 'multi_ack' });
    const { onCallUser, secondUser } = world.accounts;
    for (const { id: uid } of [onCallUser, secondUser])
      expect((await api('POST', `alerts/${id}/acknowledge`, { uid })).status).toBe(200);
    expect((await api('POST', `alerts/${id}/acknowledge`, { uid: onCallUser.id })).status).toBe(409);
    await clock.advance(1_000);
    expect(received.filter(({ eventType }) => eventType === 201).map(({ alert }) => alert.acknowledgedUserIds)).toEqual(
      [[onCallUser.id], [onCallUser.id, secondUser.id]],
    );
  });

  it('is escalated to managers and then counts as not answered, unless somebody acknowledges', async () => {
    const { raise, clock, received, store, world } = paged();
    const id = await raise();
    await clock.advance(6 * 60_000);
    expect(store.alert(id).notified.at(-1)?.userId).toBe(world.accounts.manager.id);
    await clock.advance(10 * 60_000);
    expect(store.alert(id).status).toBe(8);
    expect(received.map((body) => readNotification(body)?.event)).toEqual(['created', 'escalated', 'noResponse']);
    const quick = await raise();
    store.acknowledge(quick, world.accounts.onCallUser);
    await clock.advance(60 * 60_000);
    expect(store.alert(quick).timeline.map(({ text }) => text)).toEqual(['Alert raised', 'Acknowledged']);
  });

  it('goes to another team by hand, where it is an alert of its own', async () => {
    const { raise, api, world, store } = paged();
    const id = await raise();
    const escalated = await api('POST', `alerts/${id}/escalateToTeam`, {
      targetTeamId: world.accounts.otherTeam.id,
      userId: world.accounts.onCallUser.id,
    });
    expect(escalated.status).toBe(200);
    expect(store.alert(escalated.json)).toMatchObject({
      teamId: world.accounts.otherTeam.id,
      externalId: 'sentinel:w:i',
      title: 't',
    });
    expect(store.alert(id).flags & 16).toBe(16);
  });

  it('is annotated, and shows its details, timeline and notifications', async () => {
    const { raise, api, world } = paged();
    const id = await raise('e', { Host: 'FIN-1' });
    expect((await api('POST', `alerts/${id}/annotate`, { text: '' })).status).toBe(400);
    const annotated = await api('POST', `alerts/${id}/annotate`, {
      userId: world.accounts.onCallUser.id,
      text: 'looking',
    });
    expect(annotated.json).toMatchObject({ text: 'looking', userId: world.accounts.onCallUser.id });
    expect((await api('GET', `alerts/${id}/details`)).json.parameters).toMatchObject([
      { name: 'Host', value: 'FIN-1', order: 0 },
    ]);
    expect((await api('GET', `alerts/${id}/timeline`)).json).toHaveLength(2);
    expect((await api('GET', `alerts/${id}/notifications`)).json).toHaveLength(3);
  });

  it('changes for many at once, leaving alone what cannot', async () => {
    const { raise, api, store } = paged();
    const ids = [await raise(), await raise()];
    store.close(ids[0] ?? '');
    expect((await api('POST', 'alerts/closeMultiple', { alertIds: ids })).status).toBe(204);
    expect((await api('POST', 'alerts/closeMultiple', {})).status).toBe(400);
    await raise();
    expect((await api('POST', 'alerts/acknowledgeAll', {})).status).toBe(204);
    expect([...store.alerts.values()].map(({ status }) => status)).toEqual([4, 4, 2]);
  });

  it('is found by external id, status and text, page by page', async () => {
    const { raise, api, store, clock } = paged();
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) {
      ids.push(await raise(n < 3 ? 'a' : 'b', { Title: `t${n}` }));
      await clock.advance(1_000);
    }
    store.acknowledge(ids[0] ?? '');
    const find = (filter: Json, query = '') => api('POST', `alerts/paged${query}`, filter);
    expect((await find({ externalId: 'a', alertStatusCodes: 1 })).json.results.map(({ title }: Json) => title)).toEqual(
      ['t2', 't1'],
    );
    expect((await find({ alertStatusCodes: 3 })).json.results).toHaveLength(5);
    expect((await find({ textToSearch: 'T4' })).json.results).toHaveLength(1);
    expect((await find({ externalId: 'none' })).status).toBe(204);
    const first = await find({}, '?maxResults=3');
    expect([first.json.hasMore, first.json.results.length]).toEqual([true, 3]);
    const rest = await find({ continuationToken: first.json.continuationToken }, '?maxResults=3');
    expect([rest.json.hasMore, rest.json.results.length]).toEqual([false, 2]);
  });

  it('can be raised over the API', async () => {
    const { api, store } = paged();
    const raised = await api('POST', 'alerts', {
      title: 't',
      text: 'x',
      externalId: 'e',
      severity: 2,
      parameters: [{ name: 'a', value: 'b' }],
    });
    expect(raised.status).toBe(201);
    expect(store.alert(raised.json.id)).toMatchObject({ externalId: 'e', severity: 2 });
    expect((await api('POST', 'alerts', {})).status).toBe(400);
    expect((await api('POST', 'alerts', { title: 't', teamId: '1' })).status).toBe(404);
  });
});

describe('people in SIGNL4', () => {
  it('show their duty, and change it', async () => {
    const { api, world, store, received, clock } = paged();
    const users = (await api('GET', 'users')).json;
    expect(users.map(({ name, dutyInfos }: Json) => [name, dutyInfos[0].dutyMode])).toEqual([
      ['Sam Rivera', 1],
      ['María López', 1],
      ['Jörg Müller', 1],
      ['Kim Boss', 100],
    ]);
    const { id: userId } = world.accounts.secondUser;
    expect((await api('POST', 'duties/punchOut', { userId })).status).toBe(207);
    expect((await api('GET', `users/${userId}/dutyStatus`)).json.data).toMatchObject([{ onDuty: false }]);
    expect(store.onDuty(world.accounts.team)).not.toContain(world.accounts.secondUser);
    expect((await api('POST', 'duties/punchInAsManager', { userId })).json.data).toMatchObject([
      { dutyMode: dutyModes.manager },
    ]);
    await clock.advance(1_000);
    expect(received.map(({ eventType }) => eventType)).toEqual([303, 302]);
    expect((await api('GET', 'teams')).json.map(({ name }: Json) => name)).toEqual(['SOC', 'IT Operations']);
    expect((await api('GET', `teams/${world.accounts.team.id}/memberships`)).json).toHaveLength(4);
    expect((await api('GET', 'teams/1')).status).toBe(404);
  });
});

describe('outbound webhooks', () => {
  it('are created with a bare id and no Location, read, disabled and deleted', async () => {
    const { api, store, world } = paged();
    store.webhooks.length = 0;
    expect((await api('GET', 'webhooks')).status).toBe(404);
    const created = await api('POST', 'webhooks', {
      name: 'n',
      extUrl: 'https://x.example/',
      teamId: world.accounts.team.id,
    });
    expect([created.status, typeof created.json, created.headers.get('location')]).toEqual([201, 'string', null]);
    const older = await api('POST', 'webhooks', { name: 'n', externalAddress: 'https://y.example/' });
    expect((await api('GET', `webhooks/${older.json}`)).json).toMatchObject({
      extUrl: 'https://y.example/',
      enabled: true,
    });
    expect((await api('POST', `webhooks/${older.json}/disable`)).json.enabled).toBe(false);
    expect((await api('DELETE', `webhooks/${older.json}`)).status).toBe(200);
    expect((await api('GET', `webhooks/${older.json}`)).status).toBe(404);
    expect((await api('POST', 'webhooks', { name: 'n', extUrl: 'nonsense' })).status).toBe(400);
  });

  it('tell what happened in the shape that SIGNL4 documents', async () => {
    const { raise, store, clock, received, world } = paged();
    const id = await raise();
    store.acknowledge(id, world.accounts.onCallUser, 'On it');
    store.annotate(id, 'checking', world.accounts.onCallUser);
    store.close(id);
    await clock.advance(1_000);
    expect(received[1]).toMatchObject({
      eventType: 201,
      eventRaisedUtc: '2026-01-10T08:00:00.0000000Z',
      subscription: { id: store.subscriptionId },
      team: { id: world.accounts.team.id, teamname: 'SOC' },
      user: { id: world.accounts.onCallUser.id, username: 'mlopez', mailaddress: 'm.lopez@contoso.com' },
      alert: {
        id,
        statusCode: 2,
        externalEventId: 'sentinel:w:i',
        acknowledgedUserIds: [world.accounts.onCallUser.id],
      },
      annotation: { message: 'On it' },
    });
    expect(received.map((body) => [readNotification(body)?.event, readNotification(body)?.note])).toEqual([
      ['created', ''],
      ['acknowledged', 'On it'],
      ['annotated', 'checking'],
      ['closed', ''],
    ]);
    expect(received[3].user).toBeUndefined();
    expect(new Set(received.map((body) => body.id)).size).toBe(4);
  });

  it('spell their keys the other way when told so', async () => {
    const { raise, store, clock, received, world } = paged();
    world.signl4.outbound.settings.casing = 'camel';
    store.acknowledge(await raise(), world.accounts.onCallUser);
    await clock.advance(1_000);
    expect(received[1].user).toMatchObject({ userName: 'mlopez', mailAddress: 'm.lopez@contoso.com' });
    expect(readNotification(received[1])?.user?.mail).toBe('m.lopez@contoso.com');
  });

  it('try again under the same id until they are taken, and give up in the end', async () => {
    const { raise, clock, received, world } = paged();
    const end = world.faults.add({ service: 'outside', fault: { kind: 'status', status: 503 }, times: 2 });
    await raise();
    await clock.advance(120_000);
    const [delivery] = world.signl4.outbound.deliveries;
    expect(delivery).toMatchObject({
      state: 'delivered',
      attempts: [{ status: 503 }, { status: 503 }, { status: 202 }],
    });
    expect(received).toHaveLength(1);
    end();
    world.faults.add({ service: 'outside', fault: { kind: 'reset' } });
    await raise();
    await clock.advance(3_600_000);
    expect(world.signl4.outbound.deliveries.at(-1)).toMatchObject({ state: 'given up' });
    expect(world.signl4.outbound.deliveries.at(-1)?.attempts.at(-1)).toMatchObject({ error: 'fetch failed' });
  });

  it('do not wait longer than 30 seconds for an answer', async () => {
    const { raise, clock, world } = paged();
    world.faults.add({ service: 'outside', fault: { kind: 'hang' }, times: 1 });
    await raise();
    await clock.advance(60_000);
    expect(world.signl4.outbound.deliveries[0]).toMatchObject({
      state: 'delivered',
      attempts: [{ error: 'timed out' }, { status: 202 }],
    });
  });

  it('arrive twice when told so', async () => {
    const { raise, clock, received, world } = paged();
    world.signl4.outbound.settings.copies = 2;
    await raise();
    await clock.advance(1_000);
    expect(received).toHaveLength(2);
    expect(received[0].id).toBe(received[1].id);
  });
});

describe('the SIGNL4 API', () => {
  it('throttles a key after 500 requests in a minute', async () => {
    const { api, clock } = paged();
    for (let n = 0; n < 500; n++) await api('GET', 'teams');
    const over = await api('GET', 'teams');
    expect(over.status).toBe(429);
    expect(over.headers.get('retry-after')).toBe('60');
    await clock.advance(60_000);
    expect((await api('GET', 'teams')).status).toBe(200);
  });
});

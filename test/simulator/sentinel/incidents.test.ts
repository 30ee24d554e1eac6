import { describe, expect, it } from 'vitest';
import { makeEntity } from '../../../src/simulator/entities.ts';
import { generateIncident, makerOf } from '../../../src/simulator/incidents.ts';
import { armWorld } from '../client.ts';

const body = (properties: object, etag?: string) => ({
  ...(etag && { etag }),
  properties: { title: 'My incident', severity: 'High', status: 'New', ...properties },
});
const GUID = '73e01a99-5cd7-4139-a149-9f2736ff2ab5';

describe('Azure Resource Manager in front of Sentinel', () => {
  it('wants an API version, and one that it knows', async () => {
    const { world, base } = armWorld();
    const missing = await world.fetch(`${base}/incidents`);
    expect(missing.status).toBe(400);
    expect(await missing.json()).toMatchObject({ error: { code: 'MissingApiVersionParameter' } });
    const unknown = await world.fetch(`${base}/incidents?api-version=2019-01-01`);
    expect(unknown.status).toBe(400);
    expect(await unknown.json()).toMatchObject({ error: { code: 'NoRegisteredProviderFound' } });
  });

  it('answers 401 with a challenge without a token, with one for somebody else, and with an expired one', async () => {
    const { world, base, clock } = armWorld();
    const url = `${base}/incidents?api-version=2025-09-01`;
    const ask = (token: string) => world.fetch(url, { headers: { authorization: `Bearer ${token}` } });
    const missing = await world.fetch(url);
    expect(missing.status).toBe(401);
    expect(missing.headers.get('www-authenticate')).toContain(world.workspace.tenantId);
    expect((await ask('abc.def.ghi')).status).toBe(401);
    const forGraph = await world.entra.token(world.accounts.relay, 'https://graph.microsoft.com');
    expect(await (await ask(forGraph)).json()).toMatchObject({ error: { code: 'InvalidAuthenticationTokenAudience' } });
    const good = await world.entra.token(world.accounts.relay, 'https://management.azure.com');
    expect((await ask(good)).status).toBe(200);
    await clock.advance(2 * 3_600_000);
    expect(await (await ask(good)).json()).toMatchObject({ error: { code: 'ExpiredAuthenticationToken' } });
  });

  it('keeps to roles: readers read, responders write, only contributors delete', async () => {
    const { world, arm } = armWorld();
    const reader = world.entra.directory.add({ objectId: GUID, kind: 'User', displayName: 'Reader' });
    world.sentinel.access.assign(reader.objectId, 'Microsoft Sentinel Reader');
    const { name } = world.sentinel.store.createIncident({ title: 'x' });
    expect((await arm('GET', `incidents/${name}`, undefined, { as: reader })).status).toBe(200);
    const refused = await arm('PUT', `incidents/${name}`, body({}), { as: reader });
    expect(refused.status).toBe(403);
    expect(refused.json.error.code).toBe('AuthorizationFailed');
    expect(refused.json.error.message).toContain("'Microsoft.SecurityInsights/incidents/write'");
    expect((await arm('DELETE', `incidents/${name}`, undefined, { as: world.accounts.playbooks })).status).toBe(403);
    expect((await arm('DELETE', `incidents/${name}`)).status).toBe(200);
    expect((await arm('DELETE', `incidents/${name}`)).status).toBe(204);
    world.sentinel.access.revoke(reader.objectId);
    expect((await arm('GET', 'incidents', undefined, { as: reader })).status).toBe(403);
  });

  it('reads paths without case and knows only its own workspace', async () => {
    const { world, base } = armWorld();
    const { name } = world.sentinel.store.createIncident({ title: 'x' });
    const token = await world.entra.token(world.accounts.relay, 'https://management.azure.com');
    const headers = { authorization: `Bearer ${token}` };
    const url = `${base}/Incidents/${name.toUpperCase()}?api-version=2025-09-01`;
    expect((await world.fetch(url.replace('resourceGroups', 'resourcegroups'), { headers })).status).toBe(200);
    const other = await world.fetch(url.replace(world.workspace.name, 'other'), { headers });
    expect(other.status).toBe(404);
    expect(await other.json()).toMatchObject({ error: { code: 'ResourceNotFound' } });
  });
});

describe('PUT incident', () => {
  it('creates with 201 and answers what the service adds', async () => {
    const { arm, world } = armWorld();
    const { status, json } = await arm('PUT', `incidents/${GUID}`, body({ description: 'demo' }));
    expect(status).toBe(201);
    expect(json).toMatchObject({
      name: GUID,
      type: 'Microsoft.SecurityInsights/Incidents',
      properties: {
        title: 'My incident',
        description: 'demo',
        severity: 'High',
        status: 'New',
        owner: { objectId: null, email: null, assignedTo: null, userPrincipalName: null },
        labels: [],
        incidentNumber: 1,
        providerName: 'Azure Sentinel',
        providerIncidentId: '1',
        createdTimeUtc: '2026-01-10T08:00:00.0000000Z',
        additionalData: { alertsCount: 0, bookmarksCount: 0, commentsCount: 0, alertProductNames: [], tactics: [] },
      },
    });
    expect(json.etag).toMatch(/^"[0-9a-f-]+"$/);
    expect(json.id).toBe(world.sentinel.store.armId('Incidents', GUID));
    expect(json.properties.incidentUrl).toMatch(/^https:\/\/portal\.azure\.com\//);
  });

  it.each([
    [{ title: undefined }, "'title' is missing"],
    [{ title: '  ' }, "'title' is missing"],
    [{ severity: undefined }, "'severity' is missing"],
    [{ status: undefined }, "'status' is missing"],
    [{ severity: 'Urgent' }, "'Urgent' is not a valid severity"],
    [{ status: 'Done' }, "'Done' is not a valid status"],
    [{ status: 'Closed' }, "'classification' is missing"],
    [{ status: 'Closed', classification: 'Nothing' }, 'not a valid classification'],
    [{ status: 'Closed', classification: 'TruePositive' }, 'does not go with'],
    [{ status: 'Closed', classification: 'TruePositive', classificationReason: 'InaccurateData' }, 'does not go with'],
    [{ status: 'Closed', classification: 'Undetermined', classificationReason: 'InaccurateData' }, 'does not go with'],
    [{ owner: { objectId: GUID } }, 'not a user of this tenant'],
    [{ owner: { email: 'nobody@nowhere.example' } }, 'not a user of this tenant'],
    [{ labels: [{ labelName: '' }] }, "needs a 'labelName'"],
    [{ description: 'x'.repeat(5_001) }, 'exceeds 5000'],
  ])('refuses %j', async (properties, message) => {
    const { arm, world } = armWorld();
    const { status, json } = await arm('PUT', `incidents/${GUID}`, body(properties));
    expect(status).toBe(400);
    expect(json.error.message).toContain(message);
    expect(world.sentinel.store.incidents.size).toBe(0);
  });

  it.each([
    ['Undetermined', undefined],
    ['TruePositive', 'SuspiciousActivity'],
    ['BenignPositive', 'SuspiciousButExpected'],
    ['FalsePositive', 'IncorrectAlertLogic'],
    ['FalsePositive', 'InaccurateData'],
  ])('closes as %s with reason %s', async (classification, classificationReason) => {
    const { arm } = armWorld();
    const closing = { status: 'Closed', classification, classificationReason, classificationComment: 'by test' };
    const { status, json } = await arm('PUT', `incidents/${GUID}`, body(closing));
    expect(status).toBe(201);
    expect(json.properties).toMatchObject({ status: 'Closed', classification, classificationComment: 'by test' });
    expect(json.properties.classificationReason).toBe(classificationReason);
  });

  it('replaces: what is left out is gone', async () => {
    const { arm, world } = armWorld();
    const { name } = world.sentinel.store.createIncident({ title: 'x', description: 'd', labels: ['vip'] });
    const owner = { userPrincipalName: world.accounts.onCall.userPrincipalName };
    const first = (await arm('GET', `incidents/${name}`)).json;
    const assigned = await arm('PUT', `incidents/${name}`, {
      etag: first.etag,
      properties: { ...first.properties, owner },
    });
    expect(assigned.json.properties.owner).toMatchObject({
      objectId: world.accounts.onCall.objectId,
      assignedTo: 'María López',
    });
    expect(assigned.json.properties.labels).toEqual([{ labelName: 'vip', labelType: 'User' }]);
    const bare = await arm('PUT', `incidents/${name}`, body({ status: 'Active' }, assigned.json.etag));
    expect(bare.status).toBe(200);
    expect(bare.json.properties.owner.objectId).toBeNull();
    expect(bare.json.properties.labels).toEqual([]);
    expect(bare.json.properties.description).toBeUndefined();
  });

  it('refuses an old or missing ETag with 409, an old If-Match with 412', async () => {
    const { arm, world } = armWorld();
    const { name } = world.sentinel.store.createIncident({ title: 'x' });
    const { etag } = (await arm('GET', `incidents/${name}`)).json;
    const put = (withEtag: string | undefined, headers = {}) =>
      arm('PUT', `incidents/${name}`, body({ status: 'Active' }, withEtag), { headers });
    const first = await put(etag);
    expect(first.status).toBe(200);
    expect(first.json.etag).not.toBe(etag);
    const late = await put(etag);
    expect(late.status).toBe(409);
    expect(late.json.error).toMatchObject({
      code: 'Conflict',
      message: expect.stringContaining('Newer version of resource'),
    });
    expect((await put(undefined)).status).toBe(409);
    expect((await put(undefined, { 'if-match': etag })).status).toBe(412);
    expect((await put(undefined, { 'if-match': first.json.etag })).status).toBe(200);
    expect((await put(undefined, { 'if-match': '*' })).status).toBe(200);
  });

  it('gets a new ETag by a comment, too: a reader from before it conflicts', async () => {
    const { arm, world } = armWorld();
    const { name } = world.sentinel.store.createIncident({ title: 'x' });
    const { etag } = (await arm('GET', `incidents/${name}`)).json;
    await arm('PUT', `incidents/${name}/comments/${GUID}`, { properties: { message: 'hello' } });
    expect((await arm('PUT', `incidents/${name}`, body({}, etag))).status).toBe(409);
  });
});

describe('the list of incidents', () => {
  async function filled(count: number) {
    const setup = armWorld();
    for (let n = 1; n <= count; n++) {
      setup.world.sentinel.store.createIncident({
        title: `Incident ${n}`,
        severity: n % 2 ? 'High' : 'Low',
        labels: n % 10 === 0 ? ['SIGNL4'] : [],
      });
      await setup.clock.advance(60_000);
    }
    return setup;
  }
  const numbers = (list: { value: { properties: { incidentNumber: number } }[] }) =>
    list.value.map(({ properties }) => properties.incidentNumber);

  it('pages with nextLink, newest first', async () => {
    const { arm } = await filled(120);
    const seen: number[] = [];
    let path = "incidents?$filter=properties/severity eq 'High'";
    for (let page = 0; page < 2; page++) {
      const { json } = await arm('GET', path);
      seen.push(...numbers(json));
      expect(json.nextLink === undefined).toBe(page === 1);
      if (page === 0) expect(json.nextLink).toContain('%20eq%20');
      path = json.nextLink;
    }
    expect(seen).toHaveLength(60);
    expect(seen[0]).toBe(119);
    expect(new Set(seen).size).toBe(60);
  });

  it('filters, orders and cuts', async () => {
    const { arm } = await filled(30);
    const get = async (query: string) => numbers((await arm('GET', `incidents?${query}`)).json);
    expect(await get("$filter=not properties/labels/any(l: l/labelName eq 'SIGNL4')&$top=1000")).toHaveLength(27);
    expect(await get('$orderby=properties/incidentNumber&$top=3')).toEqual([1, 2, 3]);
    expect(
      await get('$filter=properties/createdTimeUtc ge 2026-01-10T08:28:00Z&$orderby=properties/incidentNumber'),
    ).toEqual([29, 30]);
  });

  it.each([
    ["$filter=properties/severty eq 'High'", "could not find a property named 'properties/severty'"],
    ["$filter=properties/createdTimeUtc ge '2026-01-10T08:28:00Z'", 'is a point in time'],
    ['$filter=properties/severity eq', 'unexpected end'],
    ['$orderby=title', "could not find a property named 'title'"],
    ['$top=1001', 'between 1 and 1000'],
    ['$skipToken=abc', 'Invalid $skipToken'],
  ])('refuses %s', async (query, message) => {
    const { arm } = armWorld();
    const { status, json } = await arm('GET', `incidents?${query}`);
    expect(status).toBe(400);
    expect(json.error.message).toContain(message);
  });
});

describe('what hangs on an incident', () => {
  it('shows alerts, entities with their counts, and bookmarks by POST', async () => {
    const { world, arm } = armWorld();
    const maker = makerOf(world);
    const { incident } = generateIncident(maker, world.ids.random('test'));
    const entities = [
      makeEntity(maker, 'Ip', '192.0.2.1'),
      makeEntity(maker, 'Ip', '192.0.2.2'),
      makeEntity(maker, 'Host', 'h'),
    ];
    const { name } = world.sentinel.store.createIncident({ ...incident, entities });
    const alerts = await arm('POST', `incidents/${name}/alerts`);
    expect(alerts.json.value).toHaveLength(incident.alerts?.length ?? 0);
    expect(alerts.json.value[0]).toMatchObject({ kind: 'SecurityAlert', properties: { vendorName: 'Microsoft' } });
    const answer = await arm('POST', `incidents/${name}/entities`);
    expect(answer.json.metaData).toEqual([
      { entityKind: 'Ip', count: 2 },
      { entityKind: 'Host', count: 1 },
    ]);
    expect((await arm('POST', `incidents/${name}/bookmarks`)).json).toEqual({ value: [] });
  });

  it('keeps comments under the GUID of the client: a repeat changes nothing but the text', async () => {
    const { world, arm } = armWorld();
    const { name } = world.sentinel.store.createIncident({ title: 'x' });
    const put = (message: string) =>
      arm('PUT', `incidents/${name}/comments/${GUID}`, { properties: { message } }, { as: world.accounts.relay });
    const first = await put('hello');
    expect(first.status).toBe(201);
    expect(first.json).toMatchObject({
      name: GUID,
      type: 'Microsoft.SecurityInsights/incidents/comments',
      properties: { message: 'hello', author: { objectId: world.accounts.relay.objectId, name: 'SIGNL4 relay' } },
    });
    expect(first.json.etag).not.toContain('"');
    expect((await put('hello again')).status).toBe(200);
    const list = await arm('GET', `incidents/${name}/comments`);
    expect(list.json.value.map((comment: { properties: { message: string } }) => comment.properties.message)).toEqual([
      'hello again',
    ]);
    expect((await arm('GET', `incidents/${name}`)).json.properties.additionalData.commentsCount).toBe(1);
  });

  it('stops at 30,000 characters and at 100 comments', async () => {
    const { world, arm } = armWorld();
    const { name } = world.sentinel.store.createIncident({ title: 'x' });
    const put = (id: string, message: string) =>
      arm('PUT', `incidents/${name}/comments/${id}`, { properties: { message } });
    expect((await put(GUID, 'é'.repeat(30_000))).status).toBe(201);
    expect((await put(GUID, 'x'.repeat(30_001))).json.error.message).toContain('30000');
    expect((await put('not-a-guid', 'x')).status).toBe(400);
    for (let n = 1; n < 100; n++) expect((await put(world.ids.guid('test comment'), `${n}`)).status).toBe(201);
    const over = await put(world.ids.guid('test comment'), 'one too many');
    expect(over.status).toBe(400);
    expect(over.json.error.message).toContain('limit of 100');
    expect((await put(GUID, 'changing one is still possible')).status).toBe(200);
  });

  it('pages comments, deletes them for contributors', async () => {
    const { world, arm } = armWorld();
    const { name } = world.sentinel.store.createIncident({ title: 'x' });
    for (const text of ['a', 'b', 'c'])
      await arm('PUT', `incidents/${name}/comments/${world.ids.guid('c')}`, { properties: { message: text } });
    const page = await arm('GET', `incidents/${name}/comments?$top=2`);
    expect(page.json.value).toHaveLength(2);
    expect(page.json.nextLink).toContain('%24skipToken=2');
    const id = page.json.value[0].name;
    expect(
      (await arm('DELETE', `incidents/${name}/comments/${id}`, undefined, { as: world.accounts.relay })).status,
    ).toBe(403);
    expect((await arm('DELETE', `incidents/${name}/comments/${id}`)).status).toBe(200);
    expect((await arm('GET', `incidents/${name}/comments/${id}`)).status).toBe(404);
  });

  it('keeps tasks and relations', async () => {
    const { world, arm } = armWorld();
    const { name } = world.sentinel.store.createIncident({ title: 'x' });
    expect(
      (await arm('PUT', `incidents/${name}/tasks/${GUID}`, { properties: { title: 'Call CISO', status: 'New' } }))
        .status,
    ).toBe(201);
    expect((await arm('PUT', `incidents/${name}/tasks/${GUID}`, { properties: { status: 'New' } })).status).toBe(400);
    expect((await arm('GET', `incidents/${name}/tasks`)).json.value[0].properties.title).toBe('Call CISO');
    const relatedResourceId = world.sentinel.store.armId('bookmarks', GUID);
    const relation = await arm('PUT', `incidents/${name}/relations/r1`, { properties: { relatedResourceId } });
    expect(relation.json.properties.relatedResourceName).toBe(GUID);
    expect((await arm('DELETE', `incidents/${name}/relations/r1`)).status).toBe(200);
  });

  it('takes at most 150 alerts', () => {
    const { world } = armWorld();
    const maker = makerOf(world);
    const { incident } = generateIncident(maker, world.ids.random('many'));
    const one = incident.alerts?.[0];
    const alerts = Array.from({ length: 150 }, () => one).filter((alert) => alert !== undefined);
    const { name } = world.sentinel.store.createIncident({ title: 'x', alerts });
    expect(() => world.sentinel.store.addAlerts(name, alerts.slice(0, 1))).toThrow('at most 150 alerts');
  });
});

import SwaggerParser from '@apidevtools/swagger-parser';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { openApiDocument } from '../../src/relay/openapi.ts';
import { makeScheduledAlert } from '../../src/simulator/alerts.ts';
import { makerOf } from '../../src/simulator/incidents.ts';
import { KEY, type RelayWorld, relayWorld, WEBHOOK_SECRET } from './support/world.ts';

const enrichPath = '/api/incidents/enrich';
const incidentOf = (relay: RelayWorld) => {
  const { store } = relay.world.sentinel;
  const alerts = [
    makeScheduledAlert(makerOf(relay.world), { title: 'A', query: 'SecretTable | where user == "victim"' }),
  ];
  return { incidentArmId: store.armId('Incidents', store.createIncident({ title: 'Sign-in', alerts }).name) };
};
const get = (relay: RelayWorld, path: string, headers: Record<string, string> = { 'x-api-key': KEY }) =>
  relay.app.request(path, { headers });

describe('access', () => {
  const routes = ['/metrics', '/openapi.json'];
  it.each(routes)('to %s needs a key', async (path) => {
    const relay = relayWorld();
    expect((await get(relay, path, {})).status).toBe(401);
    expect((await get(relay, path, { 'x-api-key': `${KEY}x` })).status).toBe(401);
    expect((await get(relay, path)).status).toBe(200);
  });

  it.each([enrichPath, '/api/incidents/forward'])(
    'to %s needs a key, which the webhook secret is not',
    async (path) => {
      const relay = relayWorld();
      const body = incidentOf(relay);
      for (const headers of [
        {},
        { 'x-api-key': '' },
        { 'x-api-key': WEBHOOK_SECRET },
        { authorization: `Bearer ${KEY}` },
      ]) {
        const response = await relay.post(path, body, headers);
        expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
      }
      expect((await relay.post(path, body)).status).toBe(200);
    },
  );

  it('to the webhook needs its own secret, which the key is not', async () => {
    const relay = relayWorld();
    const status = async (query: string) => (await relay.post(`/api/signl4/events${query}`, {}, {})).status;
    expect(await status('')).toBe(401);
    expect(await status(`?secret=${KEY}`)).toBe(401);
    expect(await status(`?secret=${WEBHOOK_SECRET}`)).toBe(400);
  });

  it('to the metrics works with the key as a Bearer token, as Prometheus sends it', async () => {
    const relay = relayWorld();
    expect((await get(relay, '/metrics', { authorization: `Bearer ${KEY}` })).status).toBe(200);
    expect((await get(relay, '/metrics', { authorization: `Bearer ${WEBHOOK_SECRET}` })).status).toBe(401);
    expect((await get(relay, '/openapi.json', { authorization: `Bearer ${KEY}` })).status).toBe(401);
  });

  it('works with the previous key and secret as long as they are configured', async () => {
    const relay = relayWorld({ env: { RELAY_KEY_PREVIOUS: 'the-key-before-0123456789' } });
    expect((await get(relay, '/metrics', { 'x-api-key': 'the-key-before-0123456789' })).status).toBe(200);
    expect((await get(relay, '/metrics')).status).toBe(200);
  });

  it('to health is open', async () => {
    const relay = relayWorld();
    expect(await (await get(relay, '/health/live', {})).json()).toEqual({ status: 'live' });
    expect(await (await get(relay, '/health/ready', {})).json()).toEqual({ status: 'ready' });
  });

  it('is slowed down for who guesses', async () => {
    const relay = relayWorld();
    const statuses: number[] = [];
    for (let n = 0; n < 40; n++) statuses.push((await get(relay, '/metrics', { 'x-api-key': `guess ${n}` })).status);
    expect(statuses.slice(0, 20).every((status) => status === 401)).toBe(true);
    expect(statuses.at(-1)).toBe(429);
    expect((await get(relay, '/metrics')).status).toBe(200);
  });

  it('is limited per caller, with the time to wait', async () => {
    const relay = relayWorld({ env: { RELAY_REQUESTS_PER_MINUTE: '60' } });
    const body = incidentOf(relay);
    const statuses: number[] = [];
    for (let n = 0; n < 21; n++) statuses.push((await relay.post(enrichPath, body)).status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(20);
    const refused = await relay.post(enrichPath, body);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    await relay.clock.advance(1_000);
    expect((await relay.post(enrichPath, body)).status).toBe(200);
  });
});

describe('access of the webhook', () => {
  it('has ten times as many requests as a caller, a tenth of them at once', async () => {
    const relay = relayWorld({ env: { RELAY_REQUESTS_PER_MINUTE: '60' } });
    const statuses: number[] = [];
    for (let n = 0; n < 61; n++) statuses.push((await relay.notify({})).status);
    expect(statuses.filter((status) => status === 400)).toHaveLength(60);
    const refused = await relay.notify({});
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    await relay.clock.advance(1_000);
    for (let n = 0; n < 11; n++) statuses.push((await relay.notify({})).status);
    expect(statuses.filter((status) => status === 400)).toHaveLength(70);
  });
});

describe('access with an Entra token', () => {
  const uri = 'api://signl4-relay';
  const appId = '0c7b8a2e-1111-4222-8333-444455556666';
  const env = { RELAY_ENTRA_AUDIENCE: `${uri}, ${appId}` };

  async function tokenFor(relay: RelayWorld, roles: readonly string[], tokenVersion: 1 | 2, audience = uri) {
    const { directory } = relay.world.entra;
    directory.addResource({ uri, appId, tokenVersion });
    const principal = directory.add({
      objectId: '5b1d6a0e-8d7e-4b5f-9f57-0c3d0f4f8a11',
      appId: 'd2719058-2222-4333-8444-555566667777',
      kind: 'ManagedIdentity',
      displayName: 'Playbook',
      appRoles: { [audience]: roles },
    });
    return relay.world.entra.token(principal, audience);
  }
  const status = async (relay: RelayWorld, token: string) =>
    (await get(relay, '/metrics', { authorization: `Bearer ${token}` })).status;

  it.each([1, 2] as const)('works for an app that has the role, with tokens of version %i', async (version) => {
    const relay = relayWorld({ env });
    expect(await status(relay, await tokenFor(relay, ['Relay.Use'], version))).toBe(200);
  });

  it.each([
    ['without the role', ['Other.Role'], uri],
    ['for somebody else', ['Relay.Use'], 'https://management.azure.com'],
  ])('does not work with a token %s', async (_, roles, audience) => {
    const relay = relayWorld({ env });
    expect(await status(relay, await tokenFor(relay, roles, 1, audience))).toBe(401);
  });

  it('does not work with a token that has ended, was changed, or is none', async () => {
    const relay = relayWorld({ env });
    const token = await tokenFor(relay, ['Relay.Use'], 1);
    const [head = '', claims = '', signature = ''] = token.split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    for (const bad of [`${head}.${claims}.${signature.slice(2)}AA`, `${none}.${claims}.`, 'x.y.z', 'token']) {
      expect(await status(relay, bad)).toBe(401);
    }
    await relay.clock.advance(2 * 24 * 3_600_000);
    expect(await status(relay, token)).toBe(401);
  });
});

describe('edge', () => {
  it.each([
    ['{', 'invalid-json'],
    ['', 'invalid-json'],
    ['{}', 'no-incident'],
    ['[]', 'no-incident'],
    ['{"incidentArmId": 5}', 'unknown-workspace'],
    ['{"incidentArmId": "/subscriptions/x/incidents/../../y"}', 'unknown-workspace'],
  ])('refuses the body %j with a reason', async (body, code) => {
    const response = await relayWorld().post(enrichPath, body);
    expect(response.status).toBeLessThan(500);
    expect((await response.json()).error.code).toBe(code);
  });

  it.each([
    ['GET', enrichPath, 'POST'],
    ['PUT', '/api/signl4/events', 'POST'],
    ['POST', '/health/live', 'GET, HEAD'],
    ['DELETE', '/metrics', 'GET, HEAD'],
  ])('says which methods a route takes: not %s %s', async (method, path, allow) => {
    const response = await relayWorld().app.request(path, { method, headers: { 'x-api-key': KEY } });
    expect([response.status, response.headers.get('allow')]).toEqual([405, allow]);
  });

  it.each([
    ['id', (armId: string) => ({ id: armId.replace(/.$/, (last) => (last === '0' ? '1' : '0')) })],
    ['name', () => ({ name: 'aaaaaaaa-5cd7-4139-a149-000000000000' })],
  ])('refuses a body that names two incidents (%s)', async (_, other) => {
    const relay = relayWorld();
    const { incidentArmId } = incidentOf(relay);
    const object = { id: incidentArmId, properties: { title: 'Another one' }, ...other(incidentArmId) };
    const response = await relay.post(enrichPath, { incidentArmId, object });
    expect([response.status, (await response.json()).error.code]).toEqual([400, 'two-incidents']);
    expect(relay.world.log.entries).toEqual([]);
  });

  it('does not touch incidents of other workspaces', async () => {
    const relay = relayWorld();
    const { incidentArmId } = incidentOf(relay);
    const other = incidentArmId.replace(relay.world.workspace.name, 'other-workspace');
    expect((await relay.post(enrichPath, { incidentArmId: other })).status).toBe(404);
    expect(relay.world.log.entries).toEqual([]);
  });

  it('refuses bodies that are too large, whether they say so or not', async () => {
    const relay = relayWorld();
    const body = 'x'.repeat(300 * 1024);
    const declared = await relay.notify(body);
    expect(declared.status).toBe(413);
    const stream = new Blob([body]).stream();
    const request = new Request(`http://relay/api/signl4/events?secret=${WEBHOOK_SECRET}`, {
      method: 'POST',
      body: stream,
      duplex: 'half',
    } as RequestInit);
    expect((await relay.app.fetch(request)).status).toBe(413);
  });

  it('sends security headers with every answer', async () => {
    const relay = relayWorld();
    for (const path of ['/health/live', '/nowhere', '/metrics']) {
      const { headers } = await get(relay, path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('strict-transport-security')).toContain('max-age');
    }
  });

  it('gives the correlation id of the request back, or one of its own', async () => {
    const relay = relayWorld();
    const idOf = async (path: string, headers: Record<string, string>) =>
      (await relay.post(path, incidentOf(relay), { 'x-api-key': KEY, ...headers })).headers.get('x-correlation-id');
    expect(await idOf(enrichPath, { 'x-correlation-id': 'run-08584' })).toBe('run-08584');
    expect(await idOf('/nowhere', { 'x-ms-workflow-run-id': '08584397_CU00' })).toBe('08584397_CU00');
    expect(await idOf(enrichPath, { 'x-correlation-id': 'a\tb "c"' })).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('says nothing of the inside when it fails itself', async () => {
    const relay = relayWorld();
    await relay.store.close();
    const response = await relay.notify({
      id: 'a',
      eventType: 201,
      alert: {
        statusCode: 2,
        externalEventId: `sentinel:${relay.world.workspace.workspaceId}:73e01a99-5cd7-4139-a149-9f2736ff2ab5`,
      },
    });
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      error: { code: 'internal', message: 'the relay failed; its log says why' },
    });
    expect((await get(relay, '/health/ready', {})).status).toBe(503);
  });
});

describe('log', () => {
  it('names the incident and what happened, and no secret, row or query', async () => {
    const relay = relayWorld();
    relay.world.logs.answers.push({
      when: 'SecretTable',
      table: { columns: [{ name: 'UserName', type: 'string' }], rows: [['row-of-the-victim']] },
    });
    const body = incidentOf(relay);
    const answer = await (await relay.post(enrichPath, body, { 'x-api-key': KEY, 'x-correlation-id': 'run-1' })).text();
    expect(answer).toContain('row-of-the-victim');
    await relay.post('/api/incidents/forward', body);
    await relay.post(enrichPath, '{"secret-body');
    await relay.notify('{"secret-body');
    relay.world.faults.add({ fault: { kind: 'html' } });
    await relay.post(enrichPath, body);
    const text = JSON.stringify(relay.logged);
    expect(relay.logged).toContainEqual(
      expect.objectContaining({
        msg: 'enriched',
        correlation: 'run-1',
        incident: expect.stringContaining('sentinel:'),
      }),
    );
    for (const secret of [KEY, WEBHOOK_SECRET, relay.world.accounts.team.secret, relay.world.signl4.apiKey]) {
      expect(text).not.toContain(secret);
    }
    for (const content of ['row-of-the-victim', 'SecretTable', 'secret-body', 'Bearer'])
      expect(text).not.toContain(content);
  });
});

describe('metrics', () => {
  it('count what happened', async () => {
    const relay = relayWorld();
    await relay.post(enrichPath, incidentOf(relay));
    await relay.notify({ id: 'a', eventType: 1 });
    const text = await (await get(relay, '/metrics')).text();
    expect(text).toContain(
      'signl4_relay_http_requests_total{route="/api/incidents/enrich",method="POST",status="200"} 1',
    );
    expect(text).toContain('signl4_relay_notifications_total{outcome="ignored"} 1');
    expect(text).toContain('signl4_relay_inbox_pending 0');
    expect(text).toContain('signl4_relay_queries_total{outcome="rows"} 1');
  });

  it('are named by the conventions of Prometheus', async () => {
    const text = await (await get(relayWorld(), '/metrics')).text();
    const types = [...text.matchAll(/^# TYPE (signl4_\w+) (\w+)$/gm)];
    expect(types.length).toBeGreaterThan(5);
    for (const [, name = '', type] of types) {
      expect(name).toMatch(/^signl4_relay_[a-z_]+$/);
      if (type === 'counter') expect(name).toMatch(/_total$/);
      if (type === 'histogram') expect(name).toMatch(/_seconds$/);
    }
  });
});

describe('description', () => {
  it('is a valid OpenAPI document', async () => {
    const document = structuredClone(openApiDocument('1.2.3'));
    await expect(SwaggerParser.validate(document as never)).resolves.toMatchObject({ openapi: '3.1.0' });
  });

  it('names every route of the app and no other', () => {
    const { app } = relayWorld();
    const served = app.routes.filter(({ path, method }) => path !== '/*' && method !== 'ALL');
    const described = Object.entries(openApiDocument('1.2.3').paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(served.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(described.toSorted());
  });

  it('fits what the routes answer', async () => {
    const relay = relayWorld();
    const document = openApiDocument('1.2.3');
    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema(document, 'relay');
    const check = (name: string, value: unknown) => {
      const validate = ajv.getSchema(`relay#/components/schemas/${name}`);
      expect(validate?.(value), JSON.stringify(validate?.errors)).toBe(true);
    };
    const body = incidentOf(relay);
    check('IncidentReference', body);
    check('Enriched', await (await relay.post(enrichPath, body)).json());
    check('Forwarded', await (await relay.post('/api/incidents/forward', body)).json());
    check('Forwarded', await (await relay.post('/api/incidents/forward', body)).json());
    check('Intake', await (await relay.notify({ id: 'a', eventType: 1 })).json());
    check('Error', await (await relay.notify('x')).json());
    check('Status', await (await get(relay, '/health/ready')).json());
  });
});

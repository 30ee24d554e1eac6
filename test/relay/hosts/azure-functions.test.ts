import { HttpRequest } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import { functionsAddress, handleHttp } from '../../../src/relay/hosts/azure-functions.ts';
import { KEY, relayWorld, WEBHOOK_SECRET } from '../support/world.ts';

const request = (method: string, path: string, body?: string, headers: Record<string, string> = {}) =>
  new HttpRequest({
    method,
    url: `https://relay.azurewebsites.net${path}`,
    headers,
    ...(body !== undefined && { body: { string: body } }),
  });

describe('relay under Azure Functions', () => {
  it('answers as it does anywhere else', async () => {
    const { app } = relayWorld();
    expect(await handleHttp(app, request('GET', '/health/live'))).toMatchObject({
      status: 200,
      body: '{"status":"live"}',
    });
    const metrics = await handleHttp(app, request('GET', '/metrics', undefined, { 'x-api-key': KEY }));
    expect(metrics.status).toBe(200);
    expect(Object.fromEntries(metrics.headers as [string, string][])).toMatchObject({
      'x-content-type-options': 'nosniff',
    });
  });

  it('reads bodies, and refuses those that are too large', async () => {
    const { app } = relayWorld();
    const path = `/api/signl4/events?secret=${WEBHOOK_SECRET}`;
    const headers = { 'content-type': 'application/json' };
    expect(await handleHttp(app, request('POST', path, '{"id":"a","eventType":1}', headers))).toMatchObject({
      status: 200,
    });
    expect(await handleHttp(app, request('POST', path, 'x'.repeat(300_000), headers))).toMatchObject({ status: 413 });
    expect(await handleHttp(app, request('POST', path, undefined, headers))).toMatchObject({ status: 400 });
  });

  it('takes the address that the front end added, not those that the sender made up', async () => {
    const { app } = relayWorld();
    const seen: (string | undefined)[] = [];
    app.get('/address', (context) => {
      seen.push(functionsAddress(context));
      return context.text('');
    });
    for (const address of ['203.0.113.9:51234', '203.0.113.9', '[2001:db8::9]:51234', '[2001:db8::9]', '2001:db8::9']) {
      await handleHttp(app, request('GET', '/address', undefined, { 'x-forwarded-for': `10.0.0.1, ${address}` }));
    }
    await handleHttp(app, request('GET', '/address'));
    expect(seen).toEqual(['203.0.113.9', '203.0.113.9', '2001:db8::9', '2001:db8::9', '2001:db8::9', undefined]);
  });

  it('applies what a message of the queue names, and nothing else', async () => {
    const relay = relayWorld();
    const incident = relay.world.sentinel.store.createIncident({ title: 'A' });
    const session = `sentinel:${relay.world.workspace.workspaceId}:${incident.name}`;
    await relay.notify({
      id: 'a',
      eventType: 203,
      alert: { externalEventId: session },
      user: { username: 'm' },
      annotation: { message: 'hi' },
    });
    expect(await relay.store.inbox.take({ limit: 5, session: 'sentinel:other' })).toEqual([]);
    await relay.applyAll();
    expect(incident.comments).toHaveLength(1);
  });
});

import { SecurityInsights } from '@azure/arm-securityinsight';
import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline';
import { ManagedIdentityCredential, type TokenCredential } from '@azure/identity';
import { LogsQueryClient, LogsQueryResultStatus } from '@azure/monitor-query-logs';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/simulator/clock.ts';
import { generateIncident, makerOf } from '../../src/simulator/incidents.ts';
import { type Listening, listen } from '../../src/simulator/listen.ts';
import { createWorld, type World } from '../../src/simulator/world.ts';

let open: Listening | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

async function served(): Promise<{ world: World; urls: Listening; credential: TokenCredential }> {
  const world = createWorld({ clock: systemClock });
  open = await listen(world);
  const credential = {
    getToken: async (scopes: string | string[]) => {
      const resource = String(scopes).replace(/\/\.default$/, '');
      return {
        token: await world.entra.token(world.accounts.relay, resource),
        expiresOnTimestamp: Date.now() + 3_600_000,
      };
    },
  };
  return { world, urls: open, credential };
}

/** The clients send tokens over https only: the address is exchanged after that check. */
function through(local: string): HttpClient {
  const client = createDefaultHttpClient();
  return {
    sendRequest(request) {
      request.headers.set('x-forwarded-host', new URL(request.url).host);
      request.url = local + request.url.slice(new URL(request.url).origin.length);
      request.allowInsecureConnection = true;
      return client.sendRequest(request);
    },
  };
}

describe("Microsoft's own clients against the served world", () => {
  it('list, read, change and comment incidents with @azure/arm-securityinsight', async () => {
    const { world, urls, credential } = await served();
    const { subscriptionId, resourceGroup, name: workspace } = world.workspace;
    const client = new SecurityInsights(credential, subscriptionId, {
      httpClient: through(urls.sentinel),
      apiVersion: '2025-09-01',
    });
    const maker = makerOf(world);
    for (let n = 0; n < 60; n++)
      world.sentinel.store.createIncident(generateIncident(maker, world.ids.random(`sdk ${n}`)).incident);
    const titles: string[] = [];
    for await (const incident of client.incidents.list(resourceGroup, workspace, {
      filter: "properties/status ne 'Deleted'",
    }))
      titles.push(incident.title ?? '');
    expect(titles).toHaveLength(60);
    const [name = ''] = world.sentinel.store.incidents.keys();
    const incident = await client.incidents.get(resourceGroup, workspace, name);
    const alerts = await client.incidents.listAlerts(resourceGroup, workspace, name);
    expect(alerts.value.length).toBe(incident.additionalData?.alertsCount);
    const change = { ...incident, status: 'Active', owner: { objectId: world.accounts.onCall.objectId } };
    const changed = await client.incidents.createOrUpdate(resourceGroup, workspace, name, change);
    expect(changed.owner?.userPrincipalName).toBe('m.lopez@contoso.com');
    await expect(client.incidents.createOrUpdate(resourceGroup, workspace, name, change)).rejects.toMatchObject({
      statusCode: 409,
      code: 'Conflict',
    });
    const comment = await client.incidentComments.createOrUpdate(resourceGroup, workspace, name, world.ids.guid('c'), {
      message: 'こんにちは',
    });
    expect(comment.author?.name).toBe('SIGNL4 relay');
    const comments = [];
    for await (const found of client.incidentComments.list(resourceGroup, workspace, name))
      comments.push(found.message);
    expect(comments).toEqual(['こんにちは']);
  });

  it('query logs with @azure/monitor-query-logs', async () => {
    const { world, urls, credential } = await served();
    world.logs.answers.push({
      when: 'SigninLogs',
      table: {
        columns: [
          { name: 'IPAddress', type: 'string' },
          { name: 'Count', type: 'long' },
        ],
        rows: [['192.0.2.1', 3]],
      },
      partialError: 'half of it',
    });
    const client = new LogsQueryClient(credential, { httpClient: through(urls.logs) });
    const result = await client.queryWorkspace(world.workspace.workspaceId, 'SigninLogs', { duration: 'P1D' });
    expect(result.status).toBe(LogsQueryResultStatus.PartialFailure);
    expect(result).toMatchObject({ partialTables: [{ rows: [['192.0.2.1', 3]] }] });
    world.sentinel.access.revoke(world.accounts.relay.objectId);
    await expect(
      client.queryWorkspace(world.workspace.workspaceId, 'SigninLogs', { duration: 'P1D' }),
    ).rejects.toMatchObject({ statusCode: 403 });
  });

  it('sign in with @azure/identity as a managed identity', async () => {
    const { world, urls } = await served();
    const before = { ...process.env };
    Object.assign(process.env, { IDENTITY_ENDPOINT: `${urls.entra}/msi/token`, IDENTITY_HEADER: 'identity-header' });
    try {
      const { token } = await new ManagedIdentityCredential().getToken('https://management.azure.com/.default');
      const url = `${urls.sentinel}${world.sentinel.store.armId('incidents', '').replace(/\/$/, '')}?api-version=2025-09-01`;
      expect((await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
    } finally {
      process.env = before;
    }
  });
});

describe('the served world', () => {
  it('breaks connections for real and lets hanging callers go', async () => {
    const { world, urls } = await served();
    const send = (signal?: AbortSignal) =>
      fetch(`${urls.signl4}/webhook/soc-team-secret`, {
        method: 'POST',
        body: '{"Title":"x"}',
        ...(signal && { signal }),
      });
    world.faults.add({ service: 'signl4', fault: { kind: 'reset' }, times: 1 });
    await expect(send()).rejects.toThrow('fetch failed');
    expect((await send()).status).toBe(201);
    world.faults.add({ service: 'signl4', fault: { kind: 'hang' }, times: 1 });
    const stop = new AbortController();
    const hanging = send(stop.signal);
    stop.abort(new Error('deadline'));
    await expect(hanging).rejects.toThrow('deadline');
  });

  it('reaches receivers on this computer with its outbound webhooks', async () => {
    const { world } = await served();
    const { serveOn } = await import('../../src/simulator/listen.ts');
    let resolve: (body: unknown) => void = () => {};
    const arrived = new Promise((done) => {
      resolve = done;
    });
    const receiver = await serveOn(async (request) => {
      resolve(await request.json());
      return new Response(null, { status: 202 });
    });
    world.signl4.outbound.settings.delayMs = 0;
    world.signl4.store.webhooks.push({
      id: 'h',
      name: 'n',
      url: `http://127.0.0.1:${receiver.port}/`,
      teamId: '',
      enabled: true,
      description: '',
    });
    await world.fetch('https://connect.signl4.com/webhook/soc-team-secret', { method: 'POST', body: '{"Title":"x"}' });
    expect(await arrived).toMatchObject({ eventType: 200, alert: { title: 'x' } });
    await receiver.close();
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultConfig } from '../../src/config/config.ts';
import { createRelay, type Relay } from '../../src/relay/relay.ts';
import { readSettings } from '../../src/relay/settings.ts';
import { makeScheduledAlert } from '../../src/simulator/alerts.ts';
import { systemClock } from '../../src/simulator/clock.ts';
import { createIds } from '../../src/simulator/ids.ts';
import { makerOf } from '../../src/simulator/incidents.ts';
import { createWorld } from '../../src/simulator/world.ts';
import { type Coding, damages, damagingServer, packers } from '../relay/support/damage.ts';

/*
 * The whole relay among services whose answers arrive damaged, one service at a time: enriching and paging go on, notifications
 * are tried again, timers end. An error that escapes would end this process.
 */

const RUNS_EACH = 12;
const SEED = 'damaged services';
const services = ['sentinel', 'logs', 'graph', 'entra', 'signl4'] as const;
const KEY = 'key-of-the-relay-0123456789';
const SECRET = 'secret-of-the-webhook-0123456789';

describe('relay among services with damaged answers', () => {
  const world = createWorld({ clock: systemClock });
  const servers: Record<string, Awaited<ReturnType<typeof damagingServer>>> = {};
  let relay: Relay;
  beforeAll(async () => {
    for (const name of services) servers[name] = await damagingServer(async (request) => world[name].fetch(request));
    world.logs.answers.push({
      when: 'SigninLogs',
      table: { columns: [{ name: 'UserName', type: 'string' }], rows: [['mlopez']] },
    });
    world.graph.store.createIncident({ displayName: 'Malware', severity: 'high', alerts: [] });
    const [secret = ''] = Object.keys(world.accounts.relay.secrets ?? {});
    const url = (name: string) => servers[name]?.url ?? '';
    const env = {
      ...{ RELAY_KEY: KEY, RELAY_SIGNL4_SECRET: SECRET, RELAY_STORE: ':memory:', RELAY_BUDGET_SECONDS: '4' },
      ...{ RELAY_RESOURCE_MANAGER_URL: url('sentinel'), RELAY_LOGS_URL: url('logs'), RELAY_GRAPH_URL: url('graph') },
      ...{ RELAY_AUTHORITY_URL: url('entra'), SIGNL4_URL: url('signl4'), SIGNL4_API_KEY: world.signl4.apiKey },
      ...{
        SIGNL4_TEAM_SECRET: world.accounts.team.secret,
        RELAY_READ_USERS: 'true',
        RELAY_REQUESTS_PER_MINUTE: '1000000',
      },
      ...{ AZURE_TENANT_ID: world.workspace.tenantId, AZURE_CLIENT_ID: world.accounts.relay.appId ?? '' },
      AZURE_CLIENT_SECRET: secret,
    };
    relay = await createRelay({
      config: {
        ...defaultConfig,
        workspace: world.workspace,
        graph: { enabled: true, everyMinutes: 1, hunting: false },
      },
      settings: readSettings(env, () => ''),
      version: '0.0.0',
      logTo: { write: () => {} },
      identityEndpoint: undefined,
      addressOf: () => undefined,
    });
  });
  afterAll(async () => {
    await relay.close();
    for (const server of Object.values(servers)) server.close();
  });

  const post = (path: string, body: unknown) =>
    relay.app.request(path, { method: 'POST', headers: { 'x-api-key': KEY }, body: JSON.stringify(body) });

  let incidents = 0;
  function trigger() {
    const { store } = world.sentinel;
    const alerts = [1, 2].map((n) => makeScheduledAlert(makerOf(world), { title: `A${n}`, query: 'SigninLogs' }));
    const title = `Sign-in ${++incidents}`;
    const { name } = store.createIncident({ title, severity: 'High', alerts });
    const properties = { title, severity: 'High', status: 'New', labels: [], alerts, relatedEntities: [] };
    return { name, body: { object: { id: store.armId('Incidents', name), name, properties } } };
  }

  const actions: Readonly<Record<string, () => Promise<void>>> = {
    async enrich() {
      const response = await post('/api/incidents/enrich', trigger().body);
      expect(await response.json()).toMatchObject({ event: { Title: `High: Sign-in ${incidents}` } });
    },
    async forward() {
      const response = await post('/api/incidents/forward', trigger().body);
      expect(await response.json()).toMatchObject({
        status: 'forwarded',
        event: { Title: `High: Sign-in ${incidents}` },
      });
    },
    async worker() {
      const { name } = trigger();
      const session = `sentinel:${world.workspace.workspaceId}:${name}`;
      const taken = await post(`/api/signl4/events?secret=${SECRET}`, {
        id: `n-${name}`,
        eventType: 201,
        user: { username: 'mlopez', mailaddress: 'm.lopez@contoso.com' },
        alert: { statusCode: 2, externalEventId: session },
      });
      expect(taken.status).toBe(202);
      const before = await relay.store.inbox.counts();
      await relay.applySession(session);
      const { pending, dead } = await relay.store.inbox.counts();
      // Applied, or it waits for its next attempt: never given up for what a service answered.
      expect([before.pending - 1, before.pending]).toContain(pending);
      expect(dead).toBe(0);
    },
    timers: async () => {
      await relay.sync();
      await relay.sweep();
    },
  };

  describe.each(services)('%s', (service) => {
    it.each(Object.keys(actions))('%s goes on', { timeout: 300_000 }, async (action) => {
      const random = createIds(`${SEED} ${service} ${action}`).random('damage');
      for (let run = 0; run < RUNS_EACH; run++) {
        const damage = random.pick(Object.keys(damages));
        const coding = random.pick(Object.keys(packers) as Coding[]);
        const at = random.between(0, 1_000) / 1_000;
        const server = servers[service];
        if (!server) continue;
        const wrong = damages[damage]?.(coding, at);
        // SIGNL4 recovers after two answers: without it nobody can be paged.
        let left = service === 'signl4' ? 2 : Number.POSITIVE_INFINITY;
        server.damage = (answer) => (left-- > 0 && wrong ? wrong(answer) : healthy(answer));
        await actions[action]?.().catch((error: unknown) => {
          throw new Error(`seed "${SEED}", run ${run}: ${service}, ${damage}, ${coding}, ${at}`, { cause: error });
        });
        server.damage = undefined;
      }
    });
  });

  it('is whole again as soon as they are', async () => {
    const response = await post('/api/incidents/forward', trigger().body);
    expect(await response.json()).toMatchObject({ status: 'forwarded', warnings: [] });
  });

  const healthy = (answer: { status: number; body: Buffer }) => ({
    bytes: Buffer.concat([
      Buffer.from(
        `HTTP/1.1 ${answer.status} Answer\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: ${answer.body.length}\r\n\r\n`,
      ),
      answer.body,
    ]),
    end: 'fin' as const,
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeScheduledAlert } from '../../src/simulator/alerts.ts';
import { makerOf } from '../../src/simulator/incidents.ts';
import {
  type Environment,
  KEY,
  post,
  type RelayProcess,
  startEnvironment,
  startRelayProcess,
  WEBHOOK_SECRET,
} from './support/relay-process.ts';

describe('relay as a process', () => {
  let environment: Environment;
  beforeAll(async () => {
    environment = await startEnvironment();
  });
  afterAll(() => environment.dispose());

  function newIncident() {
    const { world } = environment;
    const alerts = [makeScheduledAlert(makerOf(world), { title: 'A', query: 'SigninLogs' })];
    const incident = world.sentinel.store.createIncident({ title: 'Sign-in', alerts });
    return { incident, armId: world.sentinel.store.armId('Incidents', incident.name) };
  }

  async function settled(relay: RelayProcess): Promise<void> {
    const response = await fetch(`${relay.url}/metrics`, { headers: { 'x-api-key': KEY } });
    const text = await response.text();
    if (!/notifications_applied_total\{outcome="applied"\} [1-9]/.test(text)) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      await settled(relay);
    }
  }

  it('enriches, forwards and applies over real connections, and ends cleanly', async () => {
    const relay = await startRelayProcess(environment);
    const { incident, armId } = newIncident();
    const enriched = await post(`${relay.url}/api/incidents/enrich`, { incidentArmId: armId }, { 'x-api-key': KEY });
    expect(await enriched.json()).toMatchObject({ event: { Title: 'Medium: Sign-in' }, warnings: [] });
    const forwarded = await post(`${relay.url}/api/incidents/forward`, { incidentArmId: armId }, { 'x-api-key': KEY });
    expect(await forwarded.json()).toMatchObject({ status: 'forwarded', warnings: [] });
    const taken = await post(`${relay.url}/api/signl4/events?secret=${WEBHOOK_SECRET}`, {
      id: 'dd209a2d-e037-41ee-b37d-f605cc0a39fb',
      eventType: 201,
      user: { username: 'mlopez', mailaddress: 'm.lopez@contoso.com' },
      alert: { statusCode: 2, externalEventId: `sentinel:${environment.world.workspace.workspaceId}:${incident.name}` },
    });
    expect(taken.status).toBe(202);
    await settled(relay);
    expect(incident.properties.status).toBe('Active');
    expect(await relay.kill('SIGTERM')).toBe(0);
  });

  it('gets its tokens as a managed identity', async () => {
    const { world } = environment;
    const relay = await startRelayProcess(environment, {
      AZURE_CLIENT_ID: '',
      AZURE_CLIENT_SECRET: '',
      IDENTITY_ENDPOINT: `${environment.env['RELAY_AUTHORITY_URL']}/msi/token`,
      IDENTITY_HEADER: world.entra.managedIdentity.identityHeader,
    });
    const { armId } = newIncident();
    const enriched = await post(`${relay.url}/api/incidents/enrich`, { incidentArmId: armId }, { 'x-api-key': KEY });
    expect(await enriched.json()).toMatchObject({ warnings: [] });
    await relay.kill('SIGKILL');
  });

  it('lets requests under way end when it is asked to stop, and takes no more', async () => {
    const relay = await startRelayProcess(environment);
    const { armId } = newIncident();
    const undo = environment.world.faults.add({
      service: 'sentinel',
      path: '*/bookmarks',
      fault: { kind: 'latency', ms: 700 },
    });
    const slow = post(`${relay.url}/api/incidents/enrich`, { incidentArmId: armId }, { 'x-api-key': KEY });
    while (environment.world.log.find({ service: 'sentinel', path: '*/bookmarks' }).every(({ status }) => status)) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const ended = relay.kill('SIGTERM');
    expect((await slow).status).toBe(200);
    expect(await ended).toBe(0);
    await expect(fetch(`${relay.url}/health/live`)).rejects.toThrow();
    undo();
  });

  it('says what is wrong and how to fix it, and ends with 1', async () => {
    await expect(startRelayProcess(environment, { RELAY_KEY: 'short' })).rejects.toThrow(
      /ended with 1: error: RELAY_KEY: RELAY_KEY is shorter than 16 characters\n {2}Make one/,
    );
    await expect(startRelayProcess(environment, { RELAY_CONFIG: 'none.yaml' })).rejects.toThrow(
      /none\.yaml: the configuration cannot be read/,
    );
  });
});

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeScheduledAlert } from '../../src/simulator/alerts.ts';
import { makerOf } from '../../src/simulator/incidents.ts';
import { holdLock } from './support/lock.ts';
import {
  type Environment,
  KEY,
  post,
  type RelayProcess,
  startEnvironment,
  startRelayProcess,
  WEBHOOK_SECRET,
} from './support/relay-process.ts';
import { relayWorld } from './support/world.ts';

/** A note about an incident, as SIGNL4 tells of it. */
const tell = ({ url }: RelayProcess, { world }: Environment, id: string) =>
  post(`${url}/api/signl4/events?secret=${WEBHOOK_SECRET}`, {
    id,
    eventType: 203,
    alert: {
      statusCode: 1,
      externalEventId: `sentinel:${world.workspace.workspaceId}:73e01a99-5cd7-4139-a149-000000000001`,
    },
    annotation: { message: 'hi' },
  });

describe('relay whose store is locked', () => {
  let environment: Environment;
  let relay: RelayProcess;
  let release: () => Promise<void>;
  beforeAll(async () => {
    environment = await startEnvironment();
    relay = await startRelayProcess(environment);
    release = await holdLock(join(environment.folder, 'relay.db'));
  });
  afterAll(async () => {
    await relay.kill('SIGKILL');
    await environment.dispose();
  });

  const notify = (id: string) => tell(relay, environment, id);

  it('answers health at once, refuses notifications for now, and pages all the same', async () => {
    const { world } = environment;
    const incident = world.sentinel.store.createIncident({
      title: 'Sign-in',
      severity: 'High',
      alerts: [makeScheduledAlert(makerOf(world), { title: 'A', query: 'SigninLogs' })],
    });
    const order: string[] = [];
    const told = <T>(name: string, answer: Promise<T>) => answer.finally(() => order.push(name));
    const hooks = Array.from({ length: 20 }, (_, n) => told('hook', notify(`locked-${n}`)));
    const live = await told('live', fetch(`${relay.url}/health/live`));
    expect([live.status, order]).toEqual([200, ['live']]);
    const armId = world.sentinel.store.armId('Incidents', incident.name);
    const forward = () => post(`${relay.url}/api/incidents/forward`, { incidentArmId: armId }, { 'x-api-key': KEY });
    expect(await (await forward()).json()).toMatchObject({ status: 'forwarded', warnings: [] });
    expect(await (await forward()).json()).toMatchObject({ status: 'already-forwarded' });
    expect(world.signl4.store.alerts.size).toBe(1);
    for (const answer of await Promise.all(hooks)) {
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    }
    expect((await fetch(`${relay.url}/health/ready`)).status).toBe(503);
    const said = relay.log.map((line) => JSON.parse(line));
    expect(said).toContainEqual(
      expect.objectContaining({ code: 'SQLITE_BUSY', error: 'relay.db: database is locked' }),
    );
    await release();
    await expect.poll(async () => (await notify('free')).status).toBe(202);
  });
});

describe('relay without an identity', () => {
  it('is not ready, and says why', async () => {
    const environment = await startEnvironment();
    const relay = await startRelayProcess(environment, { AZURE_CLIENT_SECRET: 'not the secret' });
    const ready = await fetch(`${relay.url}/health/ready`);
    expect([ready.status, (await ready.json()).error.code]).toEqual([503, 'identity']);
    expect((await fetch(`${relay.url}/health/live`)).status).toBe(200);
    expect(relay.log.join('\n')).toContain('the relay has no identity in Azure');
    await relay.kill('SIGKILL');
    await environment.dispose();
  });

  it.each([
    [
      'no application and no managed identity',
      { AZURE_TENANT_ID: '', AZURE_CLIENT_ID: '', AZURE_CLIENT_SECRET: '' },
      /Set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET .*managed identity/,
    ],
    [
      'an application that is refused',
      { AZURE_CLIENT_SECRET: 'not the secret' },
      /Check AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET/,
    ],
  ])('(%s) says so at start, and in what it answers', async (_, env, remedy) => {
    const environment = await startEnvironment();
    const { world } = environment;
    world.entra.managedIdentity.principalId = undefined;
    const identity = {
      IDENTITY_ENDPOINT: `${environment.env['RELAY_AUTHORITY_URL']}/msi/token`,
      IDENTITY_HEADER: world.entra.managedIdentity.identityHeader,
    };
    const relay = await startRelayProcess(environment, { ...identity, ...env });
    const warnings = () => relay.log.map((line) => JSON.parse(line)).filter(({ level }) => level === 40);
    await expect
      .poll(() => warnings().map(({ msg }) => msg), { timeout: 60_000 })
      .toEqual([expect.stringContaining('gets no token for Azure')]);
    expect(warnings()[0].remedy).toMatch(remedy);
    const armId = world.sentinel.store.armId('Incidents', world.sentinel.store.createIncident({ title: 'A' }).name);
    const enriched = await post(`${relay.url}/api/incidents/enrich`, { incidentArmId: armId }, { 'x-api-key': KEY });
    const { error } = await enriched.json();
    expect([enriched.status, error.message]).toEqual([
      502,
      expect.stringMatching(/^Sentinel cannot be asked: the relay gets no token/),
    ]);
    expect(error.message).toMatch(remedy);
    const ready = await (await fetch(`${relay.url}/health/ready`)).json();
    expect(ready.error).toEqual({ code: 'identity', message: expect.stringMatching(remedy) });
    // What SIGNL4 tells is stored all the same.
    expect((await tell(relay, environment, 'kept')).status).toBe(202);
    expect(relay.log.join('\n')).not.toMatch(/not the secret|eyJ/);
    await relay.kill('SIGKILL');
    await environment.dispose();
  });

  it('that it had stays in rotation, and says what it lost', async () => {
    const relay = relayWorld({
      identity: { check: async () => ({ state: 'lost', error: new Error('x') }), remedy: 'Renew it.' },
    });
    const ready = await relay.app.request('/health/ready');
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready', without: ['identity'] }]);
  });
});

describe('relay that cannot start', () => {
  it('says everything that is missing at once, a line and a remedy for each', async () => {
    const environment = await startEnvironment({ tag: 7 });
    const missing = { RELAY_KEY: '', RELAY_SIGNL4_SECRET: '' };
    const failure = await startRelayProcess(environment, missing).catch(String);
    expect(failure).toMatch(
      /error: signl4\.yaml:\d+:\d+ \(tag\): expected a string, got 7\n {2}Put it in quotes: "7"\n/,
    );
    expect(failure).toMatch(/error: RELAY_KEY: .*\n {2}Set RELAY_KEY /);
    expect(failure).toMatch(/error: RELAY_SIGNL4_SECRET: .*\n {2}Set RELAY_SIGNL4_SECRET /);
    await environment.dispose();
  });

  it.each([
    ['none.yaml', /error: none\.yaml: the configuration cannot be read\n {2}Put signl4\.yaml beside the relay/],
    ['cache', /error: cache: the configuration cannot be read \(ENOENT\)/],
  ])('says so where RELAY_CONFIG is %s', async (RELAY_CONFIG, message) => {
    const environment = await startEnvironment();
    mkdirSync(join(environment.folder, 'cache'), { recursive: true });
    expect(await startRelayProcess(environment, { RELAY_CONFIG }).catch(String)).toMatch(message);
    await environment.dispose();
  });

  it('says which port is taken and what to do', async () => {
    const environment = await startEnvironment();
    const relay = await startRelayProcess(environment);
    const { port } = new URL(relay.url);
    await expect(startRelayProcess(environment, { RELAY_PORT: port })).rejects.toThrow(
      /ended with 1: .*RELAY_PORT: the relay cannot listen on 127\.0\.0\.1:\d+ \(EADDRINUSE\)\n {2}Something else listens/s,
    );
    await relay.kill('SIGKILL');
    await environment.dispose();
  });
});

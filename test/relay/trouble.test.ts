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

  const notify = (id: string) =>
    post(`${relay.url}/api/signl4/events?secret=${WEBHOOK_SECRET}`, {
      id,
      eventType: 203,
      alert: {
        statusCode: 1,
        externalEventId: `sentinel:${environment.world.workspace.workspaceId}:73e01a99-5cd7-4139-a149-000000000001`,
      },
      annotation: { message: 'hi' },
    });

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
});

describe('relay that cannot start', () => {
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

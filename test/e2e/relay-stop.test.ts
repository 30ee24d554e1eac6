import { afterEach, describe, expect, it } from 'vitest';
import {
  type Environment,
  KEY,
  post,
  startEnvironment,
  startRelayProcess,
  WEBHOOK_SECRET,
} from '../relay/support/relay-process.ts';

/* Containers get 30 seconds between SIGTERM and SIGKILL. A relay that waits for its services would be killed in the middle. */

let environment: Environment;
afterEach(() => environment.dispose());

describe('relay that is asked to end', () => {
  it.each(['sentinel', 'logs', 'signl4', 'entra'] as const)('ends by itself while %s hangs', async (service) => {
    environment = await startEnvironment();
    const { world } = environment;
    const relay = await startRelayProcess(environment, {
      RELAY_BUDGET_SECONDS: '100',
      RELAY_SWEEP: 'true',
      RELAY_SYNC: 'true',
    });
    const { name } = world.sentinel.store.createIncident({ title: 'Sign-in', severity: 'High' });
    const undo = world.faults.add({ service, fault: { kind: 'hang' } });
    const incidentArmId = world.sentinel.store.armId('Incidents', name);
    const forward = post(`${relay.url}/api/incidents/forward`, { incidentArmId }, { 'x-api-key': KEY });
    forward.catch(() => {});
    const taken = await post(`${relay.url}/api/signl4/events?secret=${WEBHOOK_SECRET}`, {
      id: 'a',
      eventType: 201,
      user: { username: 'mlopez', mailaddress: 'm.lopez@contoso.com' },
      alert: { statusCode: 2, externalEventId: `sentinel:${world.workspace.workspaceId}:${name}` },
    });
    expect(taken.status).toBe(202);
    // 0: it ended by itself, and was not killed (null).
    expect(await relay.kill('SIGTERM')).toBe(0);
    undo();
    // What was cut off is there for the next relay.
    const next = await startRelayProcess(environment, { RELAY_SIGNL4_SECRET: WEBHOOK_SECRET });
    expect((await fetch(`${next.url}/health/live`)).status).toBe(200);
    await next.kill('SIGKILL');
  });
});

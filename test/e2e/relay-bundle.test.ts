import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeScheduledAlert } from '../../src/simulator/alerts.ts';
import { makerOf } from '../../src/simulator/incidents.ts';
import { bundleRelay } from '../../tools/bundle-relay.ts';
import { type Environment, KEY, post, startEnvironment, startRelayProcess } from '../relay/support/relay-process.ts';

describe('relay.mjs', () => {
  let environment: Environment;
  let folder = '';
  beforeAll(async () => {
    environment = await startEnvironment();
    folder = mkdtempSync(join(tmpdir(), 'relay-bundle-'));
    writeFileSync(join(folder, 'relay.mjs'), await bundleRelay());
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await environment.dispose();
  });

  it('is all that a relay needs, the query parser included', async () => {
    const { world } = environment;
    world.logs.answers.push({
      when: 'SigninLogs',
      table: { columns: [{ name: 'UserName', type: 'string' }], rows: [['mlopez']] },
    });
    const alerts = [makeScheduledAlert(makerOf(world), { title: 'A', query: 'SigninLogs | where ResultType == 0' })];
    const incident = world.sentinel.store.createIncident({ title: 'Sign-in', alerts });
    expect(readdirSync(folder)).toEqual(['relay.mjs']);
    const relay = await startRelayProcess(environment, {}, join(folder, 'relay.mjs'));
    const body = { incidentArmId: world.sentinel.store.armId('Incidents', incident.name) };
    const answer = await post(`${relay.url}/api/incidents/enrich`, body, { 'x-api-key': KEY });
    expect(await answer.json()).toMatchObject({ warnings: [], queries: [{ alert: 'A', rows: [['mlopez']] }] });
    expect(await relay.kill('SIGTERM')).toBe(0);
  });
});

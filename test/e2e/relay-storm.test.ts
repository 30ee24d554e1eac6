import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeScheduledAlert } from '../../src/simulator/alerts.ts';
import type { Fault, FaultRule } from '../../src/simulator/faults.ts';
import { makerOf } from '../../src/simulator/incidents.ts';
import {
  type Environment,
  KEY,
  post,
  type RelayProcess,
  startEnvironment,
  startRelayProcess,
} from '../relay/support/relay-process.ts';

/*
 * Everything that can go wrong with the services behind the relay, each for itself: somebody is paged within the budget.
 */

const BUDGET_SECONDS = 5;
/** What a loaded test machine may add. */
const SLACK_MS = 20_000;

const faults: readonly { readonly name: string; readonly fault: Fault }[] = [
  { name: '429 with Retry-After', fault: { kind: 'status', status: 429, headers: { 'retry-after': '1' } } },
  { name: '500', fault: { kind: 'status', status: 500 } },
  { name: '503', fault: { kind: 'status', status: 503 } },
  { name: 'connection reset', fault: { kind: 'reset' } },
  { name: 'no answer for 30 s', fault: { kind: 'latency', ms: 30_000 } },
  { name: 'truncated JSON', fault: { kind: 'truncated' } },
  { name: 'answer of 50 MB', fault: { kind: 'huge', bytes: 50_000_000 } },
  { name: 'web page instead of JSON', fault: { kind: 'html' } },
];

/** Where it happens. SIGNL4 recovers after two requests: without it nobody can be paged. */
const places: readonly { readonly place: string; readonly rule: Omit<FaultRule, 'fault'> }[] = [
  { place: 'all of Sentinel', rule: { service: 'sentinel' } },
  { place: 'linked alerts', rule: { service: 'sentinel', path: '*/alerts' } },
  { place: 'Log Analytics', rule: { service: 'logs' } },
  { place: 'SIGNL4, twice', rule: { service: 'signl4', times: 2 } },
];

interface Row {
  readonly place: string;
  readonly fault: string;
  readonly outcome: string;
  readonly ms: number;
  readonly warnings: number;
}

describe('relay among failing services', () => {
  let environment: Environment;
  let relay: RelayProcess;
  const rows: Row[] = [];
  beforeAll(async () => {
    environment = await startEnvironment();
    environment.world.logs.answers.push({
      when: 'SigninLogs',
      table: { columns: [{ name: 'UserName', type: 'string' }], rows: [['mlopez']] },
    });
    relay = await startRelayProcess(environment, { RELAY_BUDGET_SECONDS: String(BUDGET_SECONDS) });
    await forward('no fault', 'nowhere');
  });
  afterAll(async () => {
    console.table(rows);
    console.log(`memory of the relay afterwards: ${await memory()} MB`);
    await relay.kill('SIGTERM');
    await environment.dispose();
  });

  async function memory(): Promise<number> {
    const response = await fetch(`${relay.url}/metrics`, { headers: { 'x-api-key': KEY } });
    const bytes = /^process_resident_memory_bytes (\S+)$/m.exec(await response.text())?.[1];
    return Math.round(Number(bytes) / 1_048_576);
  }

  /** As an automation rule would: with the body of the trigger, which holds incident and alerts. */
  async function forward(fault: string, place: string): Promise<Row & { title: string | undefined }> {
    const { store } = environment.world.sentinel;
    const alerts = [1, 2, 3].map((n) =>
      makeScheduledAlert(makerOf(environment.world), { title: `Alert ${n}`, query: 'SigninLogs' }),
    );
    const incident = store.createIncident({ title: 'Sign-in', severity: 'High', alerts });
    const body = {
      workspaceId: store.workspace.workspaceId,
      object: {
        id: store.armId('Incidents', incident.name),
        name: incident.name,
        properties: { title: 'Sign-in', severity: 'High', status: 'New', labels: [], alerts, relatedEntities: [] },
      },
    };
    const started = performance.now();
    const response = await post(`${relay.url}/api/incidents/forward`, body, { 'x-api-key': KEY });
    const answer = await response.json();
    const ms = Math.round(performance.now() - started);
    const outcome = answer.status ?? answer.error?.message;
    const row = { place, fault, outcome, ms, warnings: answer.warnings?.length ?? 0 };
    rows.push(row);
    return { ...row, title: answer.event?.Title };
  }

  for (const { place, rule } of places) {
    it.each(faults)(`pages within its budget: ${place}, $name`, async ({ name, fault }) => {
      const before = environment.world.signl4.store.alerts.size;
      const undo = environment.world.faults.add({ ...rule, fault });
      const row = await forward(name, place);
      undo();
      expect(row).toMatchObject({ outcome: 'forwarded', title: 'High: Sign-in' });
      expect(environment.world.signl4.store.alerts.size).toBe(before + 1);
      expect(row.ms).toBeLessThan(BUDGET_SECONDS * 1000 + SLACK_MS);
    });
  }

  it('does not keep the answers of 50 MB', async () => {
    expect(await memory()).toBeLessThan(500);
  });
});

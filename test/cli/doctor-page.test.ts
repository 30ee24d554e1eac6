import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deployCommand } from '../../src/cli/deploy.ts';
import type { Pace } from '../../src/cli/doctor/page.ts';
import { doctorCommand } from '../../src/cli/doctor.ts';
import { setupCommand } from '../../src/cli/setup.ts';
import { eventTypes } from '../../src/simulator/signl4/resources.ts';
import type { AzureStub } from '../support/azure.ts';
import { type LiveBench, liveBench } from './support/live.ts';

/*
 * `doctor --page`: through Sentinel, the playbooks as they are deployed, SIGNL4, a person, and back.
 */

let bench: LiveBench;
let azure: AzureStub;
beforeEach(async () => {
  bench = await liveBench();
  azure = bench.azure;
  bench.configure('filter:\n  severities: [Medium]\n  titleContains: [identity]\n');
  await bench.run(deployCommand);
  await bench.run(setupCommand, ['apply']);
  const { automation } = azure.world.sentinel;
  automation.settings = { ...automation.settings, delayMs: 1 };
});
afterEach(() => bench.close());

/** Nobody waits long in a simulated world; who gives up, gives up soon. */
const pace: Pace = { everyMs: 20, machinesMs: 15_000, personMs: 15_000 };
const hurried: Pace = { everyMs: 20, machinesMs: 300, personMs: 300 };

async function page(how: Pace = pace, check = 'page') {
  const { out } = await bench.run((io, credential) => doctorCommand(io, credential, how), ['--page', '--json']);
  const { findings } = JSON.parse(out) as { findings: { check: string; status: string; message: string }[] };
  return findings.filter((finding) => finding.check === check).map(({ status, message }) => `${status}: ${message}`);
}

/** The person on call takes what comes. */
function acknowledgeAll(): void {
  const { accounts, signl4 } = azure.world;
  signl4.store.onHappening(({ eventType, alert }) => {
    if (eventType !== eventTypes.created || !alert) return;
    setTimeout(() => signl4.store.acknowledge(alert.id, accounts.onCallUser, ''), 1);
  });
}

const incidents = () => [...azure.world.sentinel.store.incidents.values()];
const alerts = () => [...azure.world.signl4.store.alerts.values()];

describe('a test page', () => {
  it('goes from Sentinel to the phone and back, is marked as a test, and leaves nothing open', async () => {
    acknowledgeAll();
    expect(await page()).toEqual([
      'ok: made the test incident 1',
      expect.stringMatching(/^ok: SIGNL4 raised an alert for it after \d+ seconds$/),
      expect.stringMatching(/^ok: .+ acknowledged it after \d+ seconds$/),
      expect.stringMatching(/^ok: the incident is Active after \d+ seconds$/),
      'ok: closed the test incident, and SIGNL4 closed the alert',
    ]);
    expect(alerts().map(({ title }) => title)).toEqual([
      expect.stringContaining('TEST of signl4-sentinel doctor, please acknowledge (identity)'),
    ]);
    expect(incidents().map(({ properties }) => [properties.severity, properties.status])).toEqual([
      ['Medium', 'Closed'],
    ]);
  });

  it('that nobody takes is told as such, and closed', async () => {
    expect(await page({ ...pace, personMs: 100 })).toEqual([
      'ok: made the test incident 1',
      expect.stringMatching(/^ok: SIGNL4 raised an alert/),
      'warning: nobody acknowledged it within 0 seconds',
      'ok: closed the test incident, and SIGNL4 closed the alert',
    ]);
  });

  it('that no rule sends says so, and leaves no open incident', async () => {
    azure.world.sentinel.automation.rules.clear();
    expect(await page(hurried)).toEqual([
      'ok: made the test incident 1',
      'failure: nobody was paged within 0 seconds: SIGNL4-Send-Incident did not run, no automation rule started it',
      'ok: closed the test incident',
    ]);
    expect(incidents().map(({ properties }) => properties.status)).toEqual(['Closed']);
  });

  it('that SIGNL4 refuses names the action and its error', async () => {
    const { workflow } = azure;
    workflow('SIGNL4-Send-Incident').parameters = {
      ...workflow('SIGNL4-Send-Incident').parameters,
      TeamSecret: 'wrong',
    };
    const [, second] = await page({ ...pace, machinesMs: 5_000 });
    expect(second).toMatch(
      /^failure: nobody was paged .*the run of SIGNL4-Send-Incident is Failed at "Send to SIGNL4": /,
    );
  });

  it('that Sentinel does not tell SIGNL4 the end of is closed all the same', async () => {
    const { rules } = azure.world.sentinel.automation;
    for (const [id, { properties }] of rules)
      if (JSON.stringify(properties.actions).includes('SIGNL4-Sync-Incident')) rules.delete(id);
    expect((await page({ ...pace, machinesMs: 3_000, personMs: 100 })).at(-1)).toMatch(
      /^failure: SIGNL4 did not hear that the incident was closed: SIGNL4-Sync-Incident did not run/,
    );
    expect(alerts().map(({ status }) => status)).toEqual([4]);
  });

  it('shows that the connection has a key which SIGNL4 refuses', async () => {
    for (const connection of azure.state.connections.values()) if (connection.apiKey) connection.apiKey = 'wrong';
    await page({ ...pace, machinesMs: 3_000, personMs: 100 });
    expect((await page(hurried, 'playbooks')).join('\n')).toMatch(
      /failure: .*SIGNL4-Send-Incident.*"(Find it in|Send to) SIGNL4": .*(Unauthorized|Forbidden|401|403)/,
    );
  });

  it('that does not come back names what did not happen', async () => {
    acknowledgeAll();
    azure.world.signl4.store.webhooks.splice(0);
    const found = await page({ ...pace, machinesMs: 2_000 });
    expect(found).toContainEqual(
      expect.stringMatching(
        /^failure: the acknowledgement did not come back .*SIGNL4-Callback did not run, SIGNL4 did not call it$/,
      ),
    );
    expect(incidents().map(({ properties }) => properties.status)).toEqual(['Closed']);
  });

  it('is not sent where nothing is deployed that could send it', async () => {
    azure.state.workflows.clear();
    expect(await page()).toEqual(['failure: there is no SIGNL4-Send-Incident that could page anybody']);
    expect(incidents()).toEqual([]);
  });

  it('is not sent where a test incident cannot pass the filter', async () => {
    bench.configure('filter:\n  products: [Microsoft Defender for Endpoint]\n');
    expect(await page()).toEqual([expect.stringMatching(/^failure: a test incident would page nobody: .*Product/)]);
    expect(incidents()).toEqual([]);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deployCommand } from '../../src/cli/deploy.ts';
import { destroyCommand } from '../../src/cli/destroy.ts';
import { diffCommand } from '../../src/cli/diff.ts';
import { doctorCommand } from '../../src/cli/doctor.ts';
import { pullCommand } from '../../src/cli/pull.ts';
import { setupCommand } from '../../src/cli/setup.ts';
import { incidentPermission } from '../../src/domain/roles.ts';
import { VirtualClock } from '../../src/simulator/clock.ts';
import { type LiveBench, liveBench } from './support/live.ts';

/* Graph as a source without a relay: the two playbooks of Defender, their permission and their webhook. */

const names = ['SIGNL4-Defender-Incidents', 'SIGNL4-Defender-Callback'];
let clock: VirtualClock;
let bench: LiveBench;
beforeEach(async () => {
  clock = new VirtualClock();
  bench = await liveBench(clock);
  bench.configure('graph: { enabled: true }\n');
});
afterEach(() => bench.close());

const webhooks = () => bench.azure.world.signl4.store.webhooks;
/** Playbooks whose identity holds the permission. */
const permitted = () => {
  const { appRoles } = bench.azure.state;
  return names.filter((name) =>
    appRoles.some(
      ({ principalId, appRoleId }) =>
        principalId === bench.azure.workflow(name).principalId && appRoleId === incidentPermission.id,
    ),
  );
};
async function graphFindings(): Promise<readonly { status: string; message: string; check: string }[]> {
  const { out } = await bench.run(doctorCommand, ['--json']);
  return JSON.parse(out).findings.filter(({ check }: { check: string }) => check === 'graph');
}

describe('deploy', () => {
  it('brings both playbooks with their permission and a webhook of their own; no role of Azure', async () => {
    const { code } = await bench.run(deployCommand);
    expect(code).toBe(0);
    expect(permitted()).toEqual(names);
    expect(webhooks().map(({ name }) => name.split(':')[0])).toEqual(['Microsoft Sentinel', 'Microsoft Defender']);
    const ours = names.map((name) => bench.azure.workflow(name).principalId);
    expect(bench.azure.state.roleAssignments.filter(({ principalId }) => ours.includes(principalId))).toEqual([]);
    expect((await bench.run(setupCommand, ['check'])).code).toBe(0);
    expect((await graphFindings()).map(({ status }) => status)).toEqual(['ok', 'ok']);
  });

  it('changes nothing where all is in place', async () => {
    await bench.run(deployCommand);
    const before = [...webhooks()];
    expect((await bench.run(deployCommand)).code).toBe(0);
    expect(webhooks()).toEqual(before);
    expect(permitted()).toEqual(names);
  });

  it('pages about an incident of Defender, and takes back what the team does', async () => {
    await bench.run(deployCommand);
    const { graph, signl4, accounts } = bench.azure.world;
    const { id } = graph.store.createIncident({
      displayName: 'Ransomware',
      severity: 'high',
      alerts: [{ title: 'Encrypted' }],
    });
    await clock.advance(3 * 60_000);
    const [alert] = [...signl4.store.alerts.values()];
    expect(alert?.title).toBe('High: Ransomware');
    signl4.store.acknowledge(alert?.id ?? '', accounts.onCallUser, 'isolating');
    await clock.advance(60_000);
    expect(graph.store.incidents.get(id)).toMatchObject({ status: 'inProgress', customTags: ['SIGNL4'] });
  });

  it('pages once about each of more incidents than one page holds', async () => {
    await bench.run(deployCommand);
    const { graph, signl4 } = bench.azure.world;
    for (let number = 1; number <= 120; number++)
      graph.store.createIncident({ displayName: `Flood ${number}`, severity: 'high' });
    await clock.advance(10 * 60_000);
    const titles = [...signl4.store.alerts.values()].map(({ title }) => title);
    expect(titles).toHaveLength(120);
    expect(new Set(titles).size).toBe(120);
    expect([...graph.store.incidents.values()].every(({ customTags }) => customTags.includes('SIGNL4'))).toBe(true);
  });

  it('leaves them out where a relay asks, or Graph is not a source', async () => {
    bench.configure('');
    await bench.run(deployCommand);
    expect(webhooks()).toHaveLength(1);
    expect(() => bench.azure.workflow(names[0] ?? '')).toThrow();
    const { out, err, code } = await bench.run(deployCommand, names.slice(0, 1));
    expect(`${out}${err}`).toContain('has no use here');
    expect(code).not.toBe(0);
  });
});

describe.each([
  ['Graph is not a source any more', ''],
  ['a relay asks', 'graph: { enabled: true }\nrelay: { url: "https://relay.contoso.com" }\n'],
])('where %s', (_, config) => {
  const env = {
    RELAY_KEY: 'a-relay-key-of-32-characters-long',
    RELAY_SIGNL4_SECRET: 'a-secret-of-32-characters-or-more',
  };
  const states = () => names.map((name) => bench.azure.workflow(name).state);

  beforeEach(async () => {
    await bench.run(deployCommand);
    bench.configure(config);
  });

  it('doctor and diff fail as long as the playbooks are on', async () => {
    const { out } = await bench.run(doctorCommand, ['--json']);
    const told = JSON.parse(out).findings.map(({ message }: { message: string }) => message);
    for (const name of names)
      expect(told).toContainEqual(
        expect.stringContaining(`${name} is switched on, and the configuration has no use for it`),
      );
    const diff = await bench.run(diffCommand);
    expect([diff.code, names.every((name) => diff.out.includes(`${name}:\n  ~ state: Enabled`))]).toEqual([1, true]);
  });

  it('deploy switches them off, takes the webhook away, and says what they may still do', async () => {
    const { out } = await bench.run(deployCommand, [], env);
    expect(states()).toEqual(['Disabled', 'Disabled']);
    expect(webhooks().map(({ name }) => name.split(':')[0])).toEqual(['Microsoft Sentinel']);
    for (const name of names) {
      expect(out).toContain(`done     ${name} switched off`);
      expect(out).toContain(`${name} still has the permission SecurityIncident.ReadWrite.All of Microsoft Graph`);
    }
  });

  it('nobody is paged twice, and they come back', async () => {
    await bench.run(deployCommand, [], env);
    bench.azure.world.graph.store.createIncident({
      displayName: 'Ransomware',
      severity: 'high',
      alerts: [{ title: 'E' }],
    });
    await clock.advance(5 * 60_000);
    expect(
      bench.azure
        .workflow(names[0] ?? '')
        .runs.filter(({ startTime }) => Date.parse(startTime) > clock.now() - 4 * 60_000),
    ).toEqual([]);
    bench.configure('graph: { enabled: true }\n');
    expect((await bench.run(deployCommand)).code).toBe(0);
    expect(states()).toEqual(['Enabled', 'Enabled']);
    expect((await bench.run(setupCommand, ['check'])).code).toBe(0);
  });
});

describe('pull', () => {
  it.each([
    ['SIGNL4-Defender-Incidents', 'Statuses', ['active']],
    ['SIGNL4-Defender-Incidents', 'LookBackHours', 5],
    ['SIGNL4-Defender-Callback', 'Classification', { classification: 'falsePositive', determination: 'other' }],
    ['SIGNL4-Defender-Callback', 'Classifications', { '#lab': { classification: 'truePositive' } }],
  ])('keeps what %s says in %s as a patch: no choice of the file has its words', async (name, parameter, value) => {
    await bench.run(deployCommand);
    const file = bench.read('signl4.yaml');
    bench.save(name, ({ parameters }: { parameters: Record<string, object> }) =>
      Object.assign(parameters[parameter] ?? {}, { defaultValue: value }),
    );
    expect(await bench.run(pullCommand)).toMatchObject({ code: 0, err: '' });
    expect(bench.read('signl4.yaml')).toBe(file);
    expect(bench.read(`patches/${name}.yaml`)).toContain(`parameters/${parameter}/`);
    expect((await bench.run(deployCommand)).code).toBe(0);
    expect((await bench.run(diffCommand)).code).toBe(0);
    expect(bench.azure.workflow(name).definition).toMatchObject({
      parameters: { [parameter]: { defaultValue: value } },
    });
  });

  it('takes what all playbooks share into the file', async () => {
    await bench.run(deployCommand);
    bench.save('SIGNL4-Defender-Incidents', ({ parameters }: { parameters: Record<string, object> }) =>
      Object.assign(parameters['Tag'] ?? {}, { defaultValue: 'PAGED' }),
    );
    expect((await bench.run(pullCommand)).out).toContain('wrote signl4.yaml: tag: "PAGED"');
  });
});

describe('doctor', () => {
  it.each(names)('says that %s lacks the permission', async (name) => {
    await bench.run(deployCommand);
    const { appRoles } = bench.azure.state;
    const { principalId } = bench.azure.workflow(name);
    appRoles.splice(
      appRoles.findIndex((one) => one.principalId === principalId),
      1,
    );
    const failures = (await graphFindings()).filter(({ status }) => status === 'failure');
    expect(failures.map(({ message }) => message)).toEqual([expect.stringContaining(name)]);
    expect(failures[0]?.message).toContain('SecurityIncident.ReadWrite.All');
    expect((await bench.run(setupCommand, ['check'])).code).toBe(1);
    await bench.run(setupCommand, ['apply']);
    expect(permitted()).toEqual(names);
  });

  it('says that nothing asks Graph where they are not deployed', async () => {
    bench.configure('');
    await bench.run(deployCommand);
    bench.configure('graph: { enabled: true }\n');
    expect((await graphFindings()).map(({ status }) => status)).toEqual(['failure', 'failure']);
  });

  it('misses the second webhook', async () => {
    await bench.run(deployCommand);
    webhooks().splice(1);
    const { out } = await bench.run(doctorCommand, ['--json']);
    const found = JSON.parse(out).findings.filter(({ check }: { check: string }) => check === 'webhook');
    expect(found.map(({ status }: { status: string }) => status)).toEqual(['ok', 'failure']);
  });
});

it('destroy removes both and their webhook', async () => {
  await bench.run(deployCommand);
  expect((await bench.run(destroyCommand, ['--yes'])).code).toBe(0);
  expect(bench.azure.state.workflows.size).toBe(0);
  expect(webhooks()).toEqual([]);
});

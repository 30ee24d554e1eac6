import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deployCommand } from '../../src/cli/deploy.ts';
import { destroyCommand } from '../../src/cli/destroy.ts';
import { diffCommand } from '../../src/cli/diff.ts';
import { doctorCommand } from '../../src/cli/doctor.ts';
import { setupCommand } from '../../src/cli/setup.ts';
import { builtInRoles, SECURITY_INSIGHTS_APP_ID } from '../../src/domain/roles.ts';
import { putWorkflow } from '../../src/simulator/azure/workflows.ts';
import { VirtualClock } from '../../src/simulator/clock.ts';
import { sentinelWorkflow } from '../support/sentinel-workflow.ts';
import { type LiveBench, liveBench } from './support/live.ts';

/* What people start from the phone, as deploy brings it to Azure, and what doctor finds of it. */

const SUBSCRIPTION = 'd0cfe6b2-9ac0-4464-9919-dccaee2e48c0';
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-response`;
const ISOLATE = `${GROUP}/providers/Microsoft.Logic/workflows/Isolate-Host`;

let bench: LiveBench;
let clock: VirtualClock;
beforeEach(async () => {
  clock = new VirtualClock();
  bench = await liveBench(clock);
  state().groups.set(GROUP.toLowerCase(), 'westeurope');
  respondTo("/entity/@{encodeURIComponent('Host')}");
  sentinelMayRun();
  bench.configure(`respond:\n  playbooks:\n    isolate: { playbook: ${ISOLATE}, on: host }\n`);
});
afterEach(() => bench.close());

const state = () => bench.azure.state;

/** The customer's own response playbook. */
function respondTo(path: string, properties: object = {}): void {
  putWorkflow(bench.azure, ISOLATE, {
    location: 'westeurope',
    properties: {
      definition: {
        ...sentinelWorkflow('Sentinel', path),
        actions: { Isolate: { type: 'Compose', inputs: "@triggerBody()?['Entity']", runAfter: {} } },
        outputs: {},
      },
      ...properties,
    },
  });
}

const isAutomation = (roleId: string) => roleId === builtInRoles.sentinelAutomationContributor;

function sentinelMayRun(): void {
  state().roleAssignments.push({
    ...{ name: 'by somebody', scope: GROUP, roleId: builtInRoles.sentinelAutomationContributor },
    principalId: state().servicePrincipals.get(SECURITY_INSIGHTS_APP_ID) ?? '',
  });
}

const host = {
  ...{ id: 'x', name: '0a4c7e12-1111-4222-8333-444455556666', kind: 'Host' },
  properties: { hostName: 'WS-042', friendlyName: 'WS-042' },
};

async function findings(check = 'respond') {
  const { out } = await bench.run(doctorCommand, ['--json']);
  const { findings: all } = JSON.parse(out) as { findings: { check: string; status: string; message: string }[] };
  return all.filter((each) => each.check === check).map(({ status, message }) => `${status}: ${message}`);
}

describe('deploy', () => {
  it('gives SIGNL4-Respond its roles on each response alone, and a webhook of its own', async () => {
    const { out, code } = await bench.run(deployCommand);
    expect(code).toBe(0);
    expect(out).toContain('done     Microsoft Sentinel Playbook Operator for SIGNL4-Respond on Isolate-Host');
    expect(out).toContain('done     Reader for SIGNL4-Respond on Isolate-Host');
    const { principalId } = bench.azure.workflow('SIGNL4-Respond');
    const given = state().roleAssignments.filter((each) => each.principalId === principalId);
    expect(given.map(({ scope, roleId }) => [scope.split('/').at(-1), roleId])).toEqual([
      ['soc-workspace', builtInRoles.sentinelResponder],
      ['Isolate-Host', builtInRoles.sentinelPlaybookOperator],
      ['Isolate-Host', builtInRoles.reader],
    ]);
    expect(bench.azure.world.signl4.store.webhooks.map(({ name }) => name)).toEqual([
      'Microsoft Sentinel: soc-workspace',
      'Microsoft Sentinel responses: soc-workspace',
    ]);
    expect((await bench.run(setupCommand, ['check'])).code).toBe(0);
  });

  it('destroy takes them back', async () => {
    await bench.run(deployCommand);
    await bench.run(destroyCommand, ['--yes']);
    expect(state().roleAssignments.map(({ name }) => name)).toEqual(['by somebody']);
    expect(bench.azure.world.signl4.store.webhooks).toEqual([]);
    expect([...state().workflows.values()].map(({ name }) => name)).toEqual(['Isolate-Host']);
  });

  it('gives Microsoft Sentinel its role on the resource group of the responses, as setup apply does', async () => {
    const ofSentinel = () =>
      state().roleAssignments.filter(({ scope, roleId }) => scope === GROUP && isAutomation(roleId));
    state().roleAssignments.splice(0);
    const { out, code } = await bench.run(deployCommand);
    expect(code).toBe(0);
    expect(out).toContain('done     Microsoft Sentinel Automation Contributor for Microsoft Sentinel on rg-response');
    expect(ofSentinel()).toHaveLength(1);
    state().roleAssignments.splice(
      state().roleAssignments.findIndex(({ scope }) => scope === GROUP),
      1,
    );
    expect((await bench.run(setupCommand, ['check'])).code).toBe(1);
    expect((await findings()).join()).toContain('failure: Microsoft Sentinel lacks the role');
    await bench.run(setupCommand, ['apply']);
    expect(ofSentinel()).toHaveLength(1);
    expect((await findings()).join()).not.toContain('failure');
    expect((await bench.run(setupCommand, ['check'])).code).toBe(0);
  });

  it('gives a role once where two words start one playbook, however its id is written', async () => {
    const again = ISOLATE.replace('resourceGroups/rg-response', 'resourcegroups/RG-Response');
    bench.configure(
      `respond:\n  playbooks:\n    isolate: { playbook: ${ISOLATE}, on: host }\n    quarantine: { playbook: ${again}, on: host }\n`,
    );
    const { out, code } = await bench.run(deployCommand);
    expect(code).toBe(0);
    expect(out.match(/Reader for SIGNL4-Respond/g)).toHaveLength(1);
    expect(out.match(/for Microsoft Sentinel on rg-response/gi)).toBeNull();
  });

  it('brings nothing of it where nothing can be started', async () => {
    bench.configure('');
    await bench.run(deployCommand);
    expect([...state().workflows.values()].map(({ name }) => name)).not.toContain('SIGNL4-Respond');
    expect((await bench.run(deployCommand, ['SIGNL4-Respond'])).err).toContain('It needs respond.playbooks');
  });

  it('lets the person on call start it, through everything that was deployed', async () => {
    await bench.run(deployCommand);
    const { sentinel, signl4, accounts } = bench.azure.world;
    sentinel.store.createIncident({
      title: 'Ransomware',
      severity: 'High',
      status: 'New',
      labels: [],
      entities: [host],
    } as never);
    await clock.advance(60_000);
    const [alert] = signl4.store.alerts.values();
    signl4.store.acknowledge(alert?.id ?? '', accounts.onCallUser, '');
    signl4.store.annotate(alert?.id ?? '', '#run isolate', accounts.onCallUser);
    await clock.advance(5 * 60_000);
    const [run] = state().workflows.get(ISOLATE.toLowerCase())?.runs ?? [];
    expect(run?.status).toBe('Succeeded');
    expect(
      signl4.store.alerts
        .get(alert?.id ?? '')
        ?.timeline.map(({ text }) => text)
        .join('\n'),
    ).toContain('Its run: Succeeded');
  });
});

describe.each([
  ['the list is emptied', ''],
  [
    'a relay hears the notes',
    `respond:\n  playbooks:\n    isolate: { playbook: ${ISOLATE}, on: host }\nrelay: { url: "https://relay.contoso.com" }\n`,
  ],
])('where %s', (_, config) => {
  const env = {
    RELAY_KEY: 'a-relay-key-of-32-characters-long',
    RELAY_SIGNL4_SECRET: 'a-secret-of-32-characters-or-more',
  };
  const responder = () => bench.azure.workflow('SIGNL4-Respond');
  const webhooks = () => bench.azure.world.signl4.store.webhooks.map(({ name }) => name);

  beforeEach(async () => {
    await bench.run(deployCommand);
    bench.configure(config);
  });

  it('nothing calls all well while SIGNL4-Respond is there and on', async () => {
    const told = [...(await findings('playbooks')), ...(await findings())].join('\n');
    expect(told).toContain('failure: SIGNL4-Respond is switched on, and the configuration has no use for it');
    expect(told).not.toContain('nothing can be started');
    expect((await findings('webhook')).join()).toContain('"Microsoft Sentinel responses: soc-workspace"');
    const diff = await bench.run(diffCommand);
    expect(diff.out).toMatch(/SIGNL4-Respond:\n {2}~ state: Enabled, though the configuration has no use for it/);
    expect(diff.code).toBe(1);
    expect((await bench.run(setupCommand, ['check'], env)).code).toBe(1);
  });

  it.each([
    ['deploy', () => bench.run(deployCommand, [], env)],
    ['setup apply', () => bench.run(setupCommand, ['apply'], env)],
  ])('%s switches it off, takes its webhook away, and lists its roles', async (_, run) => {
    const { out } = await run();
    expect(responder().state).toBe('Disabled');
    expect(webhooks()).not.toContain('Microsoft Sentinel responses: soc-workspace');
    expect(out).toContain('done     SIGNL4-Respond switched off');
    expect(out).toContain(
      'done     Outbound webhook "Microsoft Sentinel responses: soc-workspace" removed from SIGNL4',
    );
    const kept = state().roleAssignments.filter(({ principalId }) => principalId === responder().principalId);
    expect(kept).toHaveLength(3);
    for (const { name, scope } of kept)
      expect(out).toContain(
        `az role assignment delete --ids "${scope}/providers/Microsoft.Authorization/roleAssignments/${name}"`,
      );
    expect((await findings('playbooks')).join()).not.toContain('SIGNL4-Respond');
    expect((await bench.run(diffCommand)).out).not.toContain('SIGNL4-Respond');
  });

  it('deploy without an API key switches it off, and says that the webhook stays', async () => {
    const { out, code } = await bench.run(deployCommand, [], { ...env, SIGNL4_API_KEY: '' });
    expect(responder().state).toBe('Disabled');
    expect(code).toBe(1);
    expect(out).toContain(
      'blocked  Outbound webhook "Microsoft Sentinel responses: soc-workspace" removed from SIGNL4 (SIGNL4_API_KEY is not set',
    );
    expect((await findings('webhook')).join('\n')).toContain('failure: SIGNL4 still calls the webhook');
    await bench.run(setupCommand, ['apply'], env);
    expect(webhooks()).not.toContain('Microsoft Sentinel responses: soc-workspace');
  });

  it('deploy switches it off also where SIGNL4 cannot be asked', async () => {
    const { world } = bench.azure;
    const endFault = world.faults.add({ service: 'signl4', fault: { kind: 'status', status: 401 } });
    const { out, code } = await bench.run(deployCommand, [], env);
    endFault();
    expect(responder().state).toBe('Disabled');
    expect(code).toBe(1);
    expect(out).toContain(
      'blocked  Outbound webhook "Microsoft Sentinel responses: soc-workspace" removed from SIGNL4',
    );
  });

  it('leaves a playbook alone that is another workspace’s', async () => {
    const deployed = responder();
    deployed.parameters = { ...deployed.parameters, WorkspaceId: '00000000-aaaa-4bbb-8ccc-000000000001' };
    await bench.run(setupCommand, ['apply'], env);
    expect(responder().state).toBe('Enabled');
    expect((await findings('playbooks')).join()).not.toContain('SIGNL4-Respond');
  });

  it('deploy --what-if says so, and changes nothing', async () => {
    const { out } = await bench.run(deployCommand, ['--what-if'], env);
    expect(out).toMatch(/SIGNL4-Respond\n {2}~ state: Enabled -> Disabled/);
    expect(responder().state).toBe('Enabled');
  });

  it('deploy of named playbooks leaves it alone', async () => {
    await bench.run(deployCommand, ['SIGNL4-Callback'], env);
    expect(responder().state).toBe('Enabled');
  });

  it('a note starts nothing any more', async () => {
    await bench.run(deployCommand, [], env);
    const { sentinel, signl4, accounts } = bench.azure.world;
    sentinel.store.createIncident({ title: 'Ransomware', severity: 'High', entities: [host] } as never);
    await clock.advance(60_000);
    const [alert] = signl4.store.alerts.values();
    if (alert) signl4.store.annotate(alert.id, '#run isolate', accounts.onCallUser);
    await clock.advance(5 * 60_000);
    expect(state().workflows.get(ISOLATE.toLowerCase())?.runs ?? []).toEqual([]);
    expect(responder().runs).toEqual([]);
  });

  it('it comes back, switched on and with its webhook, where the list is filled again', async () => {
    await bench.run(deployCommand, [], env);
    bench.configure(`respond:\n  playbooks:\n    isolate: { playbook: ${ISOLATE}, on: host }\n`);
    expect((await bench.run(deployCommand)).code).toBe(0);
    expect(responder().state).toBe('Enabled');
    expect(webhooks()).toContain('Microsoft Sentinel responses: soc-workspace');
    expect((await bench.run(setupCommand, ['check'])).code).toBe(0);
  });

  it('destroy takes its roles back, also those on responses that no list has any more', async () => {
    await bench.run(destroyCommand, ['--yes'], env);
    expect(state().roleAssignments.map(({ name }) => name)).toEqual(['by somebody']);
  });
});

describe('doctor', () => {
  beforeEach(() => bench.run(deployCommand));

  it('finds that nothing hears the notes where SIGNL4-Respond is not deployed', async () => {
    const key = [...state().workflows.keys()].find((id) => id.endsWith('/signl4-respond')) ?? '';
    state().workflows.delete(key);
    expect((await findings()).join('\n')).toContain(
      'failure: SIGNL4-Respond is not deployed: notes such as "#run isolate" start nothing',
    );
  });

  it('says what can be started, and when it was last changed', async () => {
    expect(await findings()).toEqual([
      expect.stringMatching(/^ok: #run isolate starts Isolate-Host, last changed \d{4}-/),
      'ok: Microsoft Sentinel has the role Microsoft Sentinel Automation Contributor',
    ]);
    expect((await findings('permissions')).filter((line) => !line.startsWith('ok'))).toEqual([]);
  });

  it.each([
    ['is not there', () => state().workflows.delete(ISOLATE.toLowerCase()), `there is no playbook ${ISOLATE}`],
    ['starts on something else', () => respondTo('/incident-creation'), 'does not start on an entity of the kind host'],
    [
      'starts on another kind',
      () => respondTo("/entity/@{encodeURIComponent('Ip')}"),
      'does not start on an entity of the kind host',
    ],
    ['is off', () => respondTo("/entity/@{encodeURIComponent('Host')}", { state: 'Disabled' }), 'is switched off'],
    [
      'lets only some in',
      () =>
        respondTo("/entity/@{encodeURIComponent('Host')}", {
          accessControl: { triggers: { allowedCallerIpAddresses: [{ addressRange: '203.0.113.0/24' }] } },
        }),
      'keeps Microsoft Sentinel out',
    ],
    [
      'may not be run by Sentinel',
      () => state().roleAssignments.splice(0, 1),
      'Microsoft Sentinel lacks the role Microsoft Sentinel Automation Contributor',
    ],
  ])('finds a response that %s', async (_, harm, text) => {
    harm();
    expect((await findings()).filter((line) => line.startsWith('failure')).join('\n')).toContain(text);
  });

  it('finds that SIGNL4-Respond may not run it, or not see its runs', async () => {
    const { principalId } = bench.azure.workflow('SIGNL4-Respond');
    const index = state().roleAssignments.findIndex(
      (each) => each.principalId === principalId && each.roleId === builtInRoles.reader,
    );
    state().roleAssignments.splice(index, 1);
    expect(await findings('permissions')).toContain(`failure: SIGNL4-Respond lacks the role Reader on ${ISOLATE}`);
  });
});

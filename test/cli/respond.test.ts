import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deployCommand } from '../../src/cli/deploy.ts';
import { destroyCommand } from '../../src/cli/destroy.ts';
import { doctorCommand } from '../../src/cli/doctor.ts';
import { setupCommand } from '../../src/cli/setup.ts';
import { builtInRoles, SECURITY_INSIGHTS_APP_ID } from '../../src/domain/roles.ts';
import { putWorkflow } from '../../src/simulator/azure/workflows.ts';
import { VirtualClock } from '../../src/simulator/clock.ts';
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
        $schema:
          'https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#',
        contentVersion: '1.0.0.0',
        parameters: { $connections: { type: 'Object', defaultValue: {} } },
        triggers: {
          Sentinel: {
            type: 'ApiConnectionWebhook',
            inputs: {
              host: { connection: { name: "@parameters('$connections')['azuresentinel']['connectionId']" } },
              body: { callback_url: '@{listCallbackUrl()}' },
              path,
            },
          },
        },
        actions: { Isolate: { type: 'Compose', inputs: "@triggerBody()?['Entity']", runAfter: {} } },
        outputs: {},
      },
      ...properties,
    },
  });
}

function sentinelMayRun(): void {
  state().roleAssignments.push({
    ...{ name: 'by somebody', scope: GROUP, roleId: builtInRoles.sentinelAutomationContributor },
    principalId: state().servicePrincipals.get(SECURITY_INSIGHTS_APP_ID) ?? '',
  });
}

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

  it('brings nothing of it where nothing can be started', async () => {
    bench.configure('');
    await bench.run(deployCommand);
    expect([...state().workflows.values()].map(({ name }) => name)).not.toContain('SIGNL4-Respond');
    expect((await bench.run(deployCommand, ['SIGNL4-Respond'])).err).toContain('It needs respond.playbooks');
  });

  it('lets the person on call start it, through everything that was deployed', async () => {
    await bench.run(deployCommand);
    const { sentinel, signl4, cast } = bench.azure.world;
    const entity = {
      id: 'x',
      name: '0a4c7e12-1111-4222-8333-444455556666',
      kind: 'Host',
      properties: { hostName: 'WS-042', friendlyName: 'WS-042' },
    };
    sentinel.store.createIncident({
      title: 'Ransomware',
      severity: 'High',
      status: 'New',
      labels: [],
      entities: [entity],
    } as never);
    await clock.advance(60_000);
    const [alert] = signl4.store.alerts.values();
    signl4.store.acknowledge(alert?.id ?? '', cast.onCallUser, '');
    signl4.store.annotate(alert?.id ?? '', '#run isolate', cast.onCallUser);
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

describe('doctor', () => {
  beforeEach(() => bench.run(deployCommand));

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

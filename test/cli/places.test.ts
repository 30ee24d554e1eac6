import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deployCommand } from '../../src/cli/deploy.ts';
import { destroyCommand } from '../../src/cli/destroy.ts';
import { diffCommand } from '../../src/cli/diff.ts';
import type { Pace } from '../../src/cli/doctor/page.ts';
import { doctorCommand } from '../../src/cli/doctor.ts';
import { setupCommand } from '../../src/cli/setup.ts';
import { memberAt } from '../../src/domain/json.ts';
import { SECURITY_INSIGHTS_APP_ID } from '../../src/domain/roles.ts';
import { delegate } from '../../src/simulator/azure/roles.ts';
import { principalIn } from '../../src/simulator/azure/state.ts';
import { eventTypes } from '../../src/simulator/signl4/resources.ts';
import { type LiveBench, liveBench } from './support/live.ts';

/*
 * Playbooks that are not where the workspace is: in another subscription of its tenant, or in the tenant of a service provider
 * to which the workspace is delegated (Azure Lighthouse).
 */

const SUBSCRIPTION = 'f1cfe6b2-9ac0-4464-9919-dccaee2e48c0';
const PROVIDER = '99999999-9999-4999-8999-999999999999';
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/signl4-rg`;
const RESPONDER = '3e150937-b8fe-4cfb-8069-0eaf05ecd056';

let bench: LiveBench;
beforeEach(async () => {
  bench = await liveBench();
  const { automation } = bench.azure.world.sentinel;
  automation.settings = { ...automation.settings, delayMs: 1 };
});
afterEach(() => bench.close());

const state = () => bench.azure.state;
const workspaceScope = () => {
  const { subscriptionId, resourceGroup, name } = bench.azure.world.workspace;
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
  return { group, workspace: `${group}/providers/Microsoft.OperationalInsights/workspaces/${name}` };
};

interface Finding {
  readonly check: string;
  readonly status: string;
  readonly message: string;
  readonly remedy?: string;
}

const pace: Pace = { everyMs: 20, machinesMs: 15_000, personMs: 15_000 };
async function doctor(...args: readonly string[]): Promise<readonly Finding[]> {
  const { out } = await bench.run((io, credential) => doctorCommand(io, credential, pace), ['--json', ...args]);
  return (JSON.parse(out) as { findings: readonly Finding[] }).findings;
}
const failuresOf = (findings: readonly Finding[]) =>
  findings.filter(({ status }) => status === 'failure').map(({ message }) => message);

/** The person on call takes what comes. */
function acknowledgeAll(): void {
  const { accounts, signl4 } = bench.azure.world;
  signl4.store.onHappening(({ eventType, alert }) => {
    if (eventType === eventTypes.created && alert)
      setTimeout(() => signl4.store.acknowledge(alert.id, accounts.onCallUser, ''), 1);
  });
}

const paged = [
  'ok: made the test incident 1',
  expect.stringMatching(/^ok: SIGNL4 raised an alert/),
  expect.stringMatching(/^ok: .+ acknowledged it/),
  expect.stringMatching(/^ok: the incident is Active/),
  'ok: closed the test incident, and SIGNL4 closed the alert',
];
const pageOf = (findings: readonly Finding[]) =>
  findings.filter(({ check }) => check === 'page').map(({ status, message }) => `${status}: ${message}`);

const rulesAskFor = () =>
  [...bench.azure.world.sentinel.automation.rules.values()].flatMap(({ properties }) =>
    properties.actions.flatMap(({ actionConfiguration }) => {
      const { logicAppResourceId, tenantId } = actionConfiguration as Record<string, unknown>;
      return [{ logicAppResourceId, tenantId }];
    }),
  );

describe('playbooks in another subscription of the tenant', () => {
  beforeEach(() => {
    state().subscriptions.set(SUBSCRIPTION, bench.azure.world.workspace.tenantId);
    bench.configure(`deployment:\n  subscriptionId: ${SUBSCRIPTION}\n  resourceGroup: signl4-rg\n`);
  });

  it('are deployed in one go, page, and bring the answer back', async () => {
    acknowledgeAll();
    const { err, code } = await bench.run(deployCommand, ['--location', 'northeurope']);
    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(state().groups.get(GROUP.toLowerCase())).toBe('northeurope');
    expect([...state().workflows.values()].every(({ id }) => id.startsWith(`${GROUP}/`))).toBe(true);
    for (const { logicAppResourceId, tenantId } of rulesAskFor()) {
      expect(logicAppResourceId).toMatch(new RegExp(`^${GROUP}/`));
      expect(tenantId).toBe(bench.azure.world.workspace.tenantId);
    }
    const found = await doctor('--page');
    expect(failuresOf(found)).toEqual([]);
    expect(pageOf(found)).toEqual(paged);
  });

  it('go again, with all that was made for them in both subscriptions', async () => {
    await bench.run(deployCommand, ['--location', 'northeurope']);
    expect((await bench.run(destroyCommand, ['--yes'])).code).toBe(0);
    expect([state().workflows.size, state().roleAssignments.length, rulesAskFor().length]).toEqual([0, 0, 0]);
  });

  it('get their roles where these count, with ids of the subscription that they are in', async () => {
    await bench.run(deployCommand, ['--location', 'northeurope']);
    const scopes = state().roleAssignments.map(({ scope }) => scope);
    expect(new Set(scopes)).toEqual(new Set([workspaceScope().workspace, GROUP]));
    expect((await bench.run(setupCommand, ['check'])).code).toBe(0);
    expect((await bench.run(diffCommand)).code).toBe(0);
  });
});

describe("playbooks in a service provider's tenant", () => {
  beforeEach(() => {
    state().subscriptions.set(SUBSCRIPTION, PROVIDER);
    state().callerTenant = PROVIDER;
    bench.configure(
      `deployment:\n  tenantId: ${PROVIDER}\n  subscriptionId: ${SUBSCRIPTION}\n  resourceGroup: signl4-rg\n`,
    );
  });

  /** What the customer accepts: the operators' own roles are not looked at here. */
  const accept = (principals: readonly string[], scope = workspaceScope().group) =>
    delegate(bench.azure, {
      ...{ scope, managedByTenantId: PROVIDER },
      authorizations: principals.map((principalId) => ({ principalId, roleDefinitionId: RESPONDER })),
    });
  const identities = () => [...state().workflows.values()].flatMap(({ principalId }) => principalId ?? []);

  it('are deployed; what only the customer can give is said word for word, and nothing is assigned there', async () => {
    const { out, code } = await bench.run(deployCommand, ['--location', 'northeurope']);
    expect(code).toBe(1);
    const callback = bench.azure.workflow('SIGNL4-Callback').principalId;
    expect(out).toContain(
      `blocked  Microsoft Sentinel Responder for SIGNL4-Callback (only the customer can give it: {"principalId":"${callback}","principalIdDisplayName":"SIGNL4-Callback","roleDefinitionId":"${RESPONDER}"} in the authorizations`,
    );
    expect(state().roleAssignments.map(({ scope }) => scope)).toEqual([GROUP, GROUP]);
    expect(rulesAskFor().every(({ tenantId }) => tenantId === PROVIDER)).toBe(true);
    const findings = await doctor();
    expect(failuresOf(findings)).toContain(
      `the delegation of the customer does not give SIGNL4-Callback the role Microsoft Sentinel Responder on ${workspaceScope().workspace}`,
    );
  });

  it('page and bring the answer back once the customer has added them to the delegation', async () => {
    acknowledgeAll();
    await bench.run(deployCommand, ['--location', 'northeurope']);
    accept(identities());
    const { out, code } = await bench.run(deployCommand);
    expect({ blocked: out.includes('blocked'), code }).toEqual({ blocked: false, code: 0 });
    expect((await bench.run(setupCommand, ['check'])).code).toBe(0);
    const found = await doctor('--page');
    expect(failuresOf(found)).toEqual([]);
    expect(pageOf(found)).toEqual(paged);
  });

  it('may be in a group that the delegation of the subscription names', async () => {
    await bench.run(deployCommand, ['--location', 'northeurope']);
    const group = '11111111-2222-4333-8444-555555555555';
    for (const identity of identities()) state().groupsOf.set(identity, [group]);
    accept([group], workspaceScope().group.replace(/\/resourceGroups.*/, ''));
    expect((await bench.run(setupCommand, ['check'])).code).toBe(0);
    expect(failuresOf(await doctor())).toEqual([]);
  });

  it.each(['Deleting', 'Deleted', 'Failed'])('are not given by a delegation that is %s', async (provisioningState) => {
    await bench.run(deployCommand, ['--location', 'northeurope']);
    accept(identities());
    const [delegation] = state().delegations;
    if (delegation) state().delegations.splice(0, 1, { ...delegation, provisioningState });
    expect((await bench.run(setupCommand, ['check'])).code).toBe(1);
  });

  it('are found in any casing, and by a role that includes theirs', async () => {
    await bench.run(deployCommand, ['--location', 'northeurope']);
    const contributor = '/providers/Microsoft.Authorization/roleDefinitions/AB8E14D6-4A74-4A29-9BA8-549422ADDADE';
    delegate(bench.azure, {
      ...{ scope: workspaceScope().group, managedByTenantId: PROVIDER },
      authorizations: identities().map((id) => ({ principalId: id.toUpperCase(), roleDefinitionId: contributor })),
    });
    expect((await bench.run(setupCommand, ['check'])).code).toBe(0);
  });

  it.each([
    ['the groups of an identity', () => state().troubles.forbidden.push(/getmembergroups/)],
    [
      'the delegations of the subscription',
      () => state().troubles.forbidden.push(/^\/subscriptions\/[^/]+\/providers\/microsoft.managedservices/),
    ],
  ])('where nobody may read %s, nothing is called missing', async (_, forbid) => {
    await bench.run(deployCommand, ['--location', 'northeurope']);
    accept(['11111111-2222-4333-8444-555555555555']);
    forbid();
    expect((await bench.run(setupCommand, ['check'])).code).toBe(0);
    expect(failuresOf(await doctor()).filter((message) => message.includes('delegation'))).toEqual([]);
  });

  it('where delegations may not be read, nothing is called missing', async () => {
    await bench.run(deployCommand, ['--location', 'northeurope']);
    state().troubles.forbidden.push(/managedservices/);
    expect((await bench.run(setupCommand, ['check'])).code).toBe(0);
    const roles = (await doctor()).filter(({ check, status }) => check === 'permissions' && status === 'skipped');
    expect(roles.map(({ message }) => message)).toContain(
      'whether SIGNL4-Callback has the role Microsoft Sentinel Responder cannot be seen: delegations may not be read',
    );
  });

  it('know incidents of Defender by the tenant of the workspace, and playbooks by their own', async () => {
    bench.configure(
      `deployment:\n  tenantId: ${PROVIDER}\n  subscriptionId: ${SUBSCRIPTION}\n  resourceGroup: signl4-rg\ngraph: { enabled: true }\nrelay: { url: "https://relay.contoso.com" }\n`,
    );
    await bench.run(deployCommand, ['--location', 'northeurope'], { RELAY_KEY: 'a-relay-key-of-32-characters-long' });
    const tenantOf = (name: string) => {
      const { parameters, definition } = bench.azure.workflow(name);
      return parameters['TenantId'] ?? memberAt(definition, 'parameters', 'TenantId', 'defaultValue');
    };
    expect(tenantOf('SIGNL4-Send-Incident')).toBe(bench.azure.world.workspace.tenantId);
    expect(tenantOf('SIGNL4-Sync-Incident')).toBe(bench.azure.world.workspace.tenantId);
    expect(tenantOf('SIGNL4-Sweep')).toBe(PROVIDER);
  });

  describe('with responses in the subscription of the customer', () => {
    const responses = () => workspaceScope().group.replace(/[^/]+$/, 'rg-response');
    const isolate = () => `${responses()}/providers/Microsoft.Logic/workflows/Isolate-Host`;

    beforeEach(() => {
      state().groups.set(responses().toLowerCase(), 'westeurope');
      bench.configure(
        `deployment:\n  tenantId: ${PROVIDER}\n  subscriptionId: ${SUBSCRIPTION}\n  resourceGroup: signl4-rg\nrespond:\n  playbooks:\n    isolate: { playbook: ${isolate()} }\n`,
      );
    });

    it('the customer gives the roles on them, in the delegation', async () => {
      const { out } = await bench.run(deployCommand, ['--location', 'northeurope']);
      for (const role of ['Microsoft Sentinel Playbook Operator', 'Reader'])
        expect(out).toContain(`blocked  ${role} for SIGNL4-Respond on Isolate-Host (only the customer can give it`);
      expect(out).not.toContain(
        'blocked  Microsoft Sentinel Automation Contributor for Microsoft Sentinel on rg-response',
      );
      expect(state().roleAssignments.map(({ scope }) => scope)).toEqual([GROUP, GROUP]);
      const told = await doctor();
      expect(failuresOf(told)).toContain(
        `the delegation of the customer does not give SIGNL4-Respond the role Reader on ${isolate()}`,
      );
      expect(told).toContainEqual(
        expect.objectContaining({
          ...{ check: 'respond', status: 'skipped' },
          message: expect.stringContaining('whether Microsoft Sentinel may run the responses in rg-response'),
        }),
      );
    });

    it('Microsoft Sentinel is told the tenant of the customer', async () => {
      await bench.run(deployCommand, ['--location', 'northeurope']);
      const { definition } = bench.azure.workflow('SIGNL4-Respond');
      expect(memberAt(definition, 'parameters', 'Responses', 'defaultValue', 'isolate', 'tenantId')).toBe(
        bench.azure.world.workspace.tenantId,
      );
    });
  });

  it('Sentinel is the application of the tenant that the playbooks are in', async () => {
    await bench.run(deployCommand, ['--location', 'northeurope']);
    const sentinel = principalIn(bench.azure, PROVIDER, SECURITY_INSIGHTS_APP_ID);
    expect(state().roleAssignments.filter(({ principalId }) => principalId === sentinel)).toMatchObject([
      { scope: GROUP },
    ]);
  });

  it('no application of the customer is made in the tenant of the provider', async () => {
    await bench.run(deployCommand, ['--location', 'northeurope']);
    const { err, code } = await bench.run(setupCommand, ['apply', '--app']);
    expect(err).toContain('an application for this workspace must be in its tenant');
    expect(code).toBe(1);
    expect(state().applications).toEqual([]);
  });

  it('nobody signs in to a third tenant', async () => {
    const { err, code } = await bench.run(deployCommand, ['--sign-in-tenant', bench.azure.world.workspace.tenantId]);
    expect(err).toContain(`write --sign-in-tenant ${PROVIDER}`);
    expect(code).toBe(2);
  });
});

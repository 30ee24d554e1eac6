import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deployCommand } from '../../src/cli/deploy.ts';
import { doctorCommand } from '../../src/cli/doctor.ts';
import { setupCommand } from '../../src/cli/setup.ts';
import { builtInRoles, SECURITY_INSIGHTS_APP_ID } from '../../src/domain/roles.ts';
import { delegate } from '../../src/simulator/azure/roles.ts';
import { principalIn } from '../../src/simulator/azure/state.ts';
import { VirtualClock } from '../../src/simulator/clock.ts';
import { type LiveBench, liveBench } from './support/live.ts';

/* A service provider: several customers from one file, and customers that can only be reached through Azure Lighthouse. */

let bench: LiveBench;
beforeEach(async () => {
  bench = await liveBench(new VirtualClock());
});
afterEach(() => bench.close());

const workspace = () => bench.azure.world.workspace;
const targets = (...list: readonly (readonly [name: string, changes: object])[]) =>
  bench.write(
    'signl4.yaml',
    JSON.stringify({ targets: list.map(([name, changes]) => ({ name, workspace: { ...workspace(), ...changes } })) }),
  );

describe('deploy --all-targets', () => {
  const missing = { resourceGroup: 'no-such-group' };

  it('deploys one after the other, goes on after a failure, sums up and says how to go on', async () => {
    targets(['Contoso', {}], ['Fabrikam', missing], ['Adatum', {}]);
    const { out, err, code } = await bench.run(deployCommand, ['--all-targets']);
    expect(out.split('\n').slice(-5)).toEqual([
      '2 of 3 targets',
      'ok     Contoso',
      'failed Fabrikam',
      'ok     Adatum',
      'Run it again with --from Fabrikam: what is in place stays as it is.',
    ]);
    expect(err).toContain('there is no resource group no-such-group');
    expect(code).toBe(1);
  });

  it('begins where it is told to', async () => {
    targets(['Contoso', missing], ['Fabrikam', {}]);
    const { out, code } = await bench.run(deployCommand, ['--all-targets', '--from', 'fabrikam']);
    expect(out).not.toContain('Contoso');
    expect([out.split('\n').at(-2), code]).toEqual(['1 of 1 targets', 0]);
  });

  it('gives one JSON object, errors included', async () => {
    targets(['Contoso', {}], ['Fabrikam', missing]);
    const { out, code } = await bench.run(deployCommand, ['--all-targets', '--json']);
    expect(JSON.parse(out)).toMatchObject({
      targets: [
        { target: 'Contoso', ok: true, deployments: [{ name: 'signl4-connector' }, {}, {}, {}, {}, {}, {}, {}, {}] },
        { target: 'Fabrikam', ok: false, error: { code: 'deploy.no-group' } },
      ],
    });
    expect(code).toBe(1);
  });

  it('gives each its own secrets', async () => {
    targets(['Contoso', {}], ['Ada-tum', {}]);
    await bench.run(deployCommand, ['--all-targets', 'SIGNL4-Send-Incident'], {
      SIGNL4_TEAM_SECRET_ADA_TUM: 'another-team',
    });
    const secrets = bench.azure.state.deployments
      .filter(({ name }) => name === 'SIGNL4-Send-Incident')
      .map(({ parameters }) => parameters['TeamSecret']);
    expect(secrets).toEqual(['soc-team-secret', 'another-team']);
  });

  it('names the target in every command that it proposes', async () => {
    targets(['Contoso', {}], ['Fabrikam', {}]);
    const { out } = await bench.run(deployCommand, ['--target', 'Contoso', '-g', 'soc-rg']);
    expect(out).toContain('"signl4-sentinel doctor --target Contoso --resource-group soc-rg" checks');
    const setup = await bench.run(setupCommand, ['plan', '--target', 'Fabrikam', '-g', 'elsewhere']);
    expect(setup.out).toContain('run "signl4-sentinel deploy --target Fabrikam --resource-group elsewhere" first');
  });

  it('never puts playbooks of one customer over those of another', async () => {
    targets(['Contoso', {}], ['Fabrikam', { workspaceId: '11111111-2222-4333-8444-555555555555' }]);
    const { err, code } = await bench.run(deployCommand, ['--target', 'Contoso']);
    expect(err).toContain(
      'the playbooks of soc-workspace and of the target "Fabrikam" have the same resource group, soc-rg',
    );
    expect(code).toBe(2);
    expect(bench.azure.state.workflows.size).toBe(0);
    expect((await bench.run(setupCommand, ['plan', '--target', 'Contoso', '-g', 'own-rg'])).code).toBe(0);
  });

  it.each([
    [['--all-targets', '--from', 'Contso'], 'Did you mean "Contoso"?'],
    [[], 'the configuration has several targets'],
  ])('refuses %j', async (args, text) => {
    targets(['Contoso', {}]);
    const { err, code } = await bench.run(deployCommand, args);
    expect(err).toContain(text);
    expect(code).toBe(2);
  });
});

describe('setup and doctor --all-targets', () => {
  beforeEach(async () => {
    targets(['Contoso', {}], ['Fabrikam', { name: 'no-such-workspace' }]);
    await bench.run(deployCommand, ['--target', 'Contoso']);
  });

  it('sum up as deploy does', async () => {
    const checked = await bench.run(setupCommand, ['check', '--all-targets']);
    expect(checked.out.split('\n').slice(-4, -1)).toEqual(['1 of 2 targets', 'ok     Contoso', 'failed Fabrikam']);
    expect(checked.code).toBe(1);
    const examined = await bench.run(doctorCommand, ['--all-targets']);
    expect(examined.out).toContain('== Contoso ==');
    expect(examined.out).toMatch(/of 2 targets\n(ok {4}|failed) Contoso\nfailed Fabrikam\n/);
    expect(examined.code).toBe(1);
  });

  it('give one JSON object', async () => {
    const checked = await bench.run(setupCommand, ['check', '--all-targets', '--json']);
    expect(JSON.parse(checked.out)).toMatchObject({
      targets: [
        { target: 'Contoso', ok: true, steps: expect.arrayContaining([expect.objectContaining({ kind: 'done' })]) },
        { target: 'Fabrikam', ok: false, steps: expect.any(Array) },
      ],
    });
    const examined = await bench.run(doctorCommand, ['--all-targets', '--json', '--from', 'Fabrikam']);
    expect(JSON.parse(examined.out)).toMatchObject({
      targets: [{ target: 'Fabrikam', ok: false, findings: expect.any(Array) }],
    });
  });

  it('propose commands for the target that they are about', async () => {
    const { out } = await bench.run(doctorCommand, ['--target', 'Fabrikam']);
    expect(out).toContain('"signl4-sentinel deploy --target Fabrikam"');
  });

  it('refuse a target that is none', async () => {
    expect((await bench.run(doctorCommand, ['--all-targets', '--from', 'Contso'])).err).toContain(
      'Did you mean "Contoso"?',
    );
    expect((await bench.run(setupCommand, ['plan', '--all-targets', '--from', 'Contso'])).code).toBe(2);
  });
});

describe('in a tenant that is not one’s own', () => {
  const tenant = '99999999-9999-4999-8999-999999999999';
  const provider = ['--sign-in-tenant', tenant];
  beforeEach(() => {
    bench.configure('');
    bench.azure.state.callerTenant = tenant;
  });

  it('roles are given with the resource that carries the identity', async () => {
    const { out } = await bench.run(deployCommand, provider);
    expect(out).toContain('done     Microsoft Sentinel Responder for SIGNL4-Callback');
    const { roleAssignments, workflows } = bench.azure.state;
    expect(roleAssignments).toHaveLength(7);
    for (const { principalId, delegatedManagedIdentityResourceId } of roleAssignments)
      expect([...workflows.values()].find(({ id }) => id === delegatedManagedIdentityResourceId)?.principalId).toBe(
        principalId,
      );
    expect((await bench.run(setupCommand, ['apply', ...provider])).out).not.toContain(
      'blocked  Microsoft Sentinel Responder',
    );
    expect(roleAssignments).toHaveLength(7);
  });

  it('what cannot be seen is neither called missing nor waited for', async () => {
    const { err, code } = await bench.run(deployCommand, provider);
    expect(err).toContain('[deploy.sentinel-role]');
    expect(err).not.toContain('Waiting until the role');
    expect(code).toBe(1);
  });

  it('works once the customer has given Sentinel its role twice: as this tenant knows it, and as the customer’s does', async () => {
    const { azure } = bench;
    const { subscriptionId, resourceGroup } = workspace();
    const scope = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
    const role = builtInRoles.sentinelAutomationContributor;
    const here = principalIn(azure, tenant, SECURITY_INSIGHTS_APP_ID) ?? '';
    const there = principalIn(azure, workspace().tenantId, SECURITY_INSIGHTS_APP_ID) ?? '';
    azure.state.roleAssignments.push({ name: 'by the customer', scope, roleId: role, principalId: there });
    const before = await bench.run(deployCommand, provider);
    expect(before.out).toContain(
      `blocked  Microsoft Sentinel Automation Contributor for Microsoft Sentinel, as this tenant knows it (only the customer can give it: {"principalId":"${here}"`,
    );
    expect(before.code).toBe(1);
    delegate(azure, {
      ...{ scope, managedByTenantId: tenant },
      authorizations: [{ principalId: here, roleDefinitionId: role }],
    });
    const { out, code } = await bench.run(deployCommand, provider);
    expect(out).toContain('deployed the automation rules');
    expect(code).toBe(0);
  });

  it('doctor calls no role missing that it cannot see, and says whom to ask', async () => {
    await bench.run(deployCommand, provider);
    const { out } = await bench.run(doctorCommand, ['--json', ...provider]);
    const { findings } = JSON.parse(out) as {
      findings: { check: string; status: string; message: string; remedy?: string }[];
    };
    const roles = findings.filter(({ check }) => check === 'permissions');
    expect(roles.length).toBeGreaterThan(6);
    expect(roles.pop()).toMatchObject({
      status: 'failure',
      message: expect.stringContaining('the delegation of the customer does not give Microsoft Sentinel the role'),
    });
    for (const { status, message, remedy } of roles) {
      expect(status).toBe('skipped');
      expect(message).toContain('cannot be seen from another tenant');
      expect(remedy).toMatch(/ask the customer/i);
    }
    expect(findings.filter(({ check }) => check === 'secret').map(({ status }) => status)).toEqual(['skipped']);
  });

  it('setup check does not call them missing either, and setup apply gives them', async () => {
    await bench.run(deployCommand, provider);
    const { out } = await bench.run(setupCommand, ['check', ...provider]);
    expect(out).toContain('not seen Microsoft Sentinel Responder for SIGNL4-Callback');
    expect(out).not.toContain('to do');
    const { roleAssignments } = bench.azure.state;
    roleAssignments.splice(0);
    await bench.run(setupCommand, ['apply', ...provider]);
    expect(roleAssignments).toHaveLength(7);
  });

  it('without it Azure refuses the roles', async () => {
    const { out, code } = await bench.run(deployCommand);
    expect(out).toMatch(/blocked {2}Microsoft Sentinel Responder for SIGNL4-Callback/);
    expect(code).toBe(1);
  });
});

describe('a custom role whose name is taken in the tenant', () => {
  it('gets the name of its workspace', async () => {
    bench.configure('');
    bench.azure.state.customRoles.set('theirs', {
      ...{ id: 'theirs', scope: '/subscriptions/other' },
      body: { roleName: 'SIGNL4 Sentinel and Log Analytics Access', assignableScopes: ['/subscriptions/other'] },
    });
    const { out } = await bench.run(setupCommand, ['apply', '--app']);
    expect(out).toContain('the role is called "SIGNL4 Sentinel and Log Analytics Access (soc-workspace)"');
    expect(out).toMatch(/done {5}SIGNL4 Sentinel and Log Analytics Access for the application/);
    expect((await bench.run(setupCommand, ['check', '--app'])).out).toContain('in place Custom role');
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deployCommand } from '../../src/cli/deploy.ts';
import { diffCommand } from '../../src/cli/diff.ts';
import { doctorCommand } from '../../src/cli/doctor.ts';
import type { Io } from '../../src/cli/io.ts';
import { reportError } from '../../src/cli/report.ts';
import { setupCommand } from '../../src/cli/setup.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { builtInRoles } from '../../src/domain/roles.ts';
import { type AzureStub, startAzure } from '../support/azure.ts';
import { capturedIo } from '../support/captured-io.ts';

/*
 * A person's first day with the live commands, against a stub of Azure and the simulated Sentinel and SIGNL4: deploy, set
 * up, check, edit in the designer, compare, bring back.
 */

let azure: AzureStub;
let folder = '';
beforeEach(async () => {
  azure = await startAzure();
  folder = mkdtempSync(join(tmpdir(), 'signl4-live-'));
  writeConfig('# ours\nfilter: # who pages\n  severities: [High, Medium]\n');
});
afterEach(async () => {
  await azure.close();
  rmSync(folder, { recursive: true });
});

function writeConfig(rest: string): void {
  writeFileSync(join(folder, 'signl4.yaml'), `workspace: ${JSON.stringify(azure.world.workspace)}\n${rest}`);
}

type MakeCommand = (io: Io, credential: AzureStub['credential']) => Command;

async function run(make: MakeCommand, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const io = capturedIo(folder, { env: { ...azure.env, ...env } });
  try {
    await make(io, azure.credential)
      .exitOverride()
      .parseAsync([...args], { from: 'user' });
  } catch (error) {
    reportError(error, io);
  }
  return { out: io.printed.join('\n'), err: io.noted.join('\n'), code: io.exitCode() };
}

const workflow = (name: string) => azure.workflow(name);

describe('deploy', () => {
  it('deploys the connector, all playbooks and the rules, in this order, with the values only it knows', async () => {
    const { out, code } = await run(deployCommand);
    expect(code).toBe(0);
    expect(azure.state.deployments.map(({ name }) => name)).toEqual([
      'signl4-connector',
      'SIGNL4-Send-Incident',
      'SIGNL4-Sync-Incident',
      'SIGNL4-Callback',
      'SIGNL4-Sweep',
      'SIGNL4-Send-Alert',
      'SIGNL4-Page-Entity',
      'SIGNL4-Who-Is-On-Call',
      'signl4-automation-rules',
    ]);
    const { workspace } = azure.world;
    expect(azure.state.deployments[1]?.parameters).toMatchObject({
      TeamSecret: 'soc-team-secret',
      Signl4ApiKey: azure.world.signl4.apiKey,
    });
    expect(azure.state.deployments[3]?.parameters).toMatchObject({
      WorkspaceName: workspace.name,
      WorkspaceId: workspace.workspaceId,
    });
    expect(azure.state.deployments[8]?.parameters).toMatchObject({
      PlaybookResourceGroup: workspace.resourceGroup,
    });
    expect(out).toContain('deployed SIGNL4-Callback');
    expect(out).not.toContain('soc-team-secret');
    expect(JSON.stringify(azure.state.deployments.map(({ template }) => template))).not.toContain('soc-team-secret');
  });

  it('deploys only the playbooks that are named, and rules only for those that exist', async () => {
    await run(deployCommand, ['signl4-send-incident']);
    expect(azure.state.deployments.map(({ name }) => name)).toEqual([
      'signl4-connector',
      'SIGNL4-Send-Incident',
      'signl4-automation-rules',
    ]);
    const rules = azure.state.deployments[2]?.template['resources'] as readonly JsonObject[];
    const titles = rules.map(({ properties }) => (properties as JsonObject)['displayName']).filter(Boolean);
    expect(titles).toEqual([
      'SIGNL4: page the on-call team',
      'SIGNL4: page about an incident that is opened after all',
    ]);
  });

  it('with --what-if only tells what would change', async () => {
    const { out, code } = await run(deployCommand, ['SIGNL4-Callback', '--what-if']);
    expect(code).toBe(0);
    expect(azure.state.deployments).toEqual([]);
    expect(out).toContain('SIGNL4-Callback\n  + Microsoft.Web/connections/MicrosoftSentinel-SIGNL4-Callback');
    await run(deployCommand, ['SIGNL4-Callback']);
    const callback = workflow('SIGNL4-Callback');
    callback.definition = { ...callback.definition, outputs: { seen: { type: 'String', value: '1' } } };
    const again = (await run(deployCommand, ['SIGNL4-Callback', '--what-if'])).out;
    expect(again).toContain(
      '  ~ Microsoft.Logic/workflows/SIGNL4-Callback\n      - properties.definition.outputs.seen',
    );
    expect(again).not.toContain('Microsoft.Web/connections');
  });

  it('names the secret that is missing and where to find it', async () => {
    const { err, code } = await run(deployCommand, ['SIGNL4-Send-Incident'], { SIGNL4_TEAM_SECRET: '' });
    expect(err).toContain('error: SIGNL4-Send-Incident needs TeamSecret [deploy.missing-value]');
    expect(err).toContain('Set the environment variable SIGNL4_TEAM_SECRET');
    expect(code).toBe(1);
    expect(azure.state.deployments).toEqual([]);
  });

  it('needs a resource group, or a region to make it in', async () => {
    expect((await run(deployCommand, ['SIGNL4-Callback', '-g', 'playbooks'])).err).toContain(
      'there is no resource group playbooks',
    );
    expect((await run(deployCommand, ['SIGNL4-Callback', '-g', 'playbooks', '--location', 'northeurope'])).code).toBe(
      0,
    );
    expect(
      azure.state.groups.get(`/subscriptions/${azure.world.workspace.subscriptionId}/resourcegroups/playbooks`),
    ).toBe('northeurope');
  });

  it('registers what the subscription lacks', async () => {
    azure.state.providers.set('microsoft.web', 'NotRegistered');
    const { err } = await run(deployCommand, ['SIGNL4-Callback']);
    expect(err).toContain('now registers Microsoft.Web');
    expect(azure.state.providers.get('microsoft.web')).toBe('Registered');
  });

  it('tells why Azure refuses', async () => {
    azure.state.troubles.deploymentError = { code: 'InvalidTemplate', message: 'The API could not be found' };
    const { err, code } = await run(deployCommand, ['SIGNL4-Callback']);
    expect(err).toContain(
      'the deployment signl4-connector in soc-rg fails: InvalidTemplate: The API could not be found',
    );
    expect(code).toBe(1);
  });

  it.each([
    [['SIGNL4-Calback'], 'Did you mean SIGNL4-Callback?'],
    [['--target', 'contoso'], 'there is no target "contoso"'],
    [['--cloud', 'Azure'], 'there is no cloud "Azure"'],
  ])('refuses %j', async (args, text) => {
    const { err, code } = await run(deployCommand, args);
    expect(err).toContain(text);
    expect(code).toBe(2);
  });

  it('needs to know the workspace', async () => {
    writeFileSync(join(folder, 'signl4.yaml'), 'tag: X\n');
    expect((await run(deployCommand)).err).toContain('the configuration names no workspace');
  });
});

describe('setup', () => {
  it('plans nothing but waiting where nothing is deployed', async () => {
    const { out, code } = await run(setupCommand, ['plan']);
    expect(out).toContain('blocked  Microsoft Sentinel Responder for SIGNL4-Callback');
    expect(out).toContain('in place Microsoft Sentinel Responder for SIGNL4-Page-Entity (not deployed, needs nothing)');
    expect(out).toContain('to do    Microsoft Sentinel Automation Contributor for Microsoft Sentinel');
    expect(code).toBe(0);
    expect(azure.state.roleAssignments).toEqual([]);
  });

  it('applies, then finds everything in place, and changes nothing when it is run again', async () => {
    await run(deployCommand);
    const applied = await run(setupCommand, ['apply']);
    expect(applied.code).toBe(0);
    expect(applied.out).toContain('in place Microsoft Sentinel Responder for SIGNL4-Callback');
    expect(applied.out).not.toContain(workflow('SIGNL4-Callback').accessKey);
    const { roleAssignments } = azure.state;
    expect(roleAssignments).toHaveLength(8);
    expect(roleAssignments.filter(({ roleId }) => roleId === builtInRoles.sentinelPlaybookOperator)).toHaveLength(1);
    const [webhook] = azure.world.signl4.store.webhooks;
    expect(webhook).toMatchObject({ name: 'Microsoft Sentinel: soc-workspace', enabled: true });
    expect(webhook?.url).toContain(`sig=${workflow('SIGNL4-Callback').accessKey}`);
    expect(await run(setupCommand, ['check'])).toMatchObject({ code: 0 });
    await run(setupCommand, ['apply']);
    expect(azure.state.roleAssignments).toHaveLength(8);
    expect(azure.world.signl4.store.webhooks).toHaveLength(1);
  });

  it('replaces a webhook with an old address, and sends it to the relay where there is one', async () => {
    await run(deployCommand, ['SIGNL4-Callback', 'SIGNL4-Send-Incident']);
    await run(setupCommand, ['apply']);
    writeConfig('relay: { url: "https://relay.contoso.com" }\n');
    await run(setupCommand, ['apply'], { RELAY_SIGNL4_SECRET: 'a-secret-of-the-relay' });
    expect(azure.world.signl4.store.webhooks.map(({ url }) => url)).toEqual([
      'https://relay.contoso.com/api/signl4/events?secret=a-secret-of-the-relay',
    ]);
  });

  it('check exits 1 where something is missing', async () => {
    const { out, code } = await run(setupCommand, ['check', '--json'], { SIGNL4_API_KEY: '' });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toContainEqual({
      title: 'Outbound webhook "Microsoft Sentinel: soc-workspace" in SIGNL4',
      kind: 'blocked',
      reason: 'SIGNL4_API_KEY is not set (SIGNL4 portal: Integrations, API keys)',
    });
  });

  it('makes the application of the guide with role, assignments and Graph permissions', async () => {
    await run(deployCommand, ['SIGNL4-Callback', 'SIGNL4-Send-Incident']);
    const { out, code } = await run(setupCommand, ['apply', '--app', '--graph']);
    expect(code).toBe(0);
    expect(out).toMatch(/Client secret \(shown this one time, ends \d{4}-\d\d-\d\d\): made~up~[-0-9a-f]+/);
    expect(azure.state.applications).toMatchObject([
      { displayName: 'AzureSentinel and LogAnalytics Client for SIGNL4' },
    ]);
    expect([...azure.state.customRoles.values()][0]?.body).toMatchObject({
      roleName: 'SIGNL4 Sentinel and Log Analytics Access',
    });
    expect(azure.state.appRoles).toHaveLength(2);
    expect((await run(setupCommand, ['check', '--app', '--graph'])).code).toBe(0);
  });

  it('makes a new secret when told to, and removes the ones that ended', async () => {
    await run(deployCommand, ['SIGNL4-Callback', 'SIGNL4-Send-Incident']);
    await run(setupCommand, ['apply', '--app']);
    const [application] = azure.state.applications;
    application?.passwordCredentials.push({
      keyId: 'old',
      displayName: 'signl4-sentinel',
      endDateTime: '2020-01-01T00:00:00Z',
    });
    expect((await run(setupCommand, ['apply', '--app'])).out).toContain('in place Secret of the application');
    await run(setupCommand, ['apply', '--app', '--rotate-secret']);
    expect(application?.passwordCredentials.map(({ keyId }) => keyId)).not.toContain('old');
    expect(application?.passwordCredentials).toHaveLength(2);
  });
});

describe('what Azure refuses', () => {
  it('blocks a step of setup and not the others', async () => {
    await run(deployCommand, ['SIGNL4-Callback', 'SIGNL4-Send-Incident']);
    azure.state.roleAssignments.splice(0);
    azure.world.signl4.store.webhooks.splice(0);
    azure.state.troubles.forbidden.push(/roleassignments/);
    const { out, code } = await run(setupCommand, ['apply']);
    expect(out).toMatch(
      /^blocked {2}Microsoft Sentinel Responder for SIGNL4-Callback \(.*does not have authorization.*Ask for the role/m,
    );
    expect(out).toContain('done     Outbound webhook');
    expect(code).toBe(1);
  });

  it('is told with a remedy', async () => {
    azure.state.troubles.forbidden.push(/workflows/);
    const { err, code } = await run(diffCommand);
    expect(err).toMatch(/^error: .*does not have authorization.* \[azure.refused\]\n {2}Ask for the role/);
    expect(code).toBe(1);
  });

  it('is told where nobody is signed in', async () => {
    const nobody = async () => {
      throw Object.assign(new Error('EnvironmentCredential is unavailable.\nmore'), {
        name: 'CredentialUnavailableError',
      });
    };
    const { err } = await run((io) => diffCommand(io, { getToken: nobody }));
    expect(err).toBe(
      [
        'error: nobody is signed in to Azure [azure.sign-in]',
        `  Install the Azure CLI and run: az login --tenant ${azure.world.workspace.tenantId}`,
      ].join('\n'),
    );
  });
});

describe('the credentials of the environment', () => {
  it('sign in to the simulated world on this machine', async () => {
    const io = capturedIo(folder, { env: azure.env });
    await doctorCommand(io).exitOverride().parseAsync(['--json'], { from: 'user' });
    const { findings } = JSON.parse(io.printed.join('\n')) as { findings: { check: string; status: string }[] };
    expect(
      findings.filter(({ check }) => check === 'sign-in' || check === 'workspace').map(({ status }) => status),
    ).toEqual(['ok', 'ok']);
  });
});

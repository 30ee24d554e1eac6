import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ArmOptions } from '../../src/azure/arm-client.ts';
import { createDeploymentClient } from '../../src/azure/deployments.ts';
import { createDirectoryClient } from '../../src/azure/directory.ts';
import { createResourceGroups } from '../../src/azure/groups.ts';
import { createResourceClient } from '../../src/azure/resources.ts';
import { createRoleClient } from '../../src/azure/roles.ts';
import { groupPath, workspacePath } from '../../src/azure/scope.ts';
import { createWorkflowClient } from '../../src/azure/workflows.ts';
import { SECURITY_INSIGHTS_APP_ID } from '../../src/domain/roles.ts';
import { type AzureStub, startAzure } from '../support/azure.ts';

let azure: AzureStub;
let arm: ArmOptions;
let group: { subscriptionId: string; resourceGroup: string };
beforeAll(async () => {
  azure = await startAzure();
  group = azure.world.workspace;
});
beforeEach(() => {
  arm = {
    endpoint: azure.env['SIGNL4_RESOURCE_MANAGER_URL'] ?? '',
    scope: 'https://management.azure.com/.default',
    credential: azure.credential,
    maxRetries: 0,
  };
});
afterAll(() => azure.close());

describe('the role client', () => {
  const principal = { id: '0c5d9f2a-6f52-4b0a-8e5f-3b2d1c0a9e33', type: 'ServicePrincipal' } as const;

  it('assigns a role once, however often it is told to', async () => {
    const roles = createRoleClient(arm);
    const scope = workspacePath(azure.world.workspace);
    for (let time = 0; time < 2; time++) await roles.assign(scope, '3e150937-b8fe-4cfb-8069-0eaf05ecd056', principal);
    expect(await roles.assignments(scope, principal.id)).toMatchObject([
      { principalId: principal.id, roleId: '3e150937-b8fe-4cfb-8069-0eaf05ecd056' },
    ]);
  });

  it('counts what is inherited and not what lies below', async () => {
    const { roleAssignments } = azure.state;
    const scope = groupPath(group);
    roleAssignments.push(
      { name: 'a', scope: `/subscriptions/${group.subscriptionId}`, roleId: 'above', principalId: 'p' },
      { name: 'b', scope: `${scope}/providers/x/y/z`, roleId: 'below', principalId: 'p' },
      { name: 'c', scope: `${scope}2`, roleId: 'beside', principalId: 'p' },
    );
    const roles = createRoleClient(arm);
    expect((await roles.assignments(scope, 'p')).map(({ roleId }) => roleId)).toEqual(['above']);
  });

  it('writes a custom role under the same id each time', async () => {
    const roles = createRoleClient(arm);
    const role = { name: 'SIGNL4 test role', description: 'Test', actions: ['a/read'], notActions: [] };
    expect(await roles.findRole(groupPath(group), role.name)).toBeUndefined();
    const id = await roles.putRole(groupPath(group), role);
    expect(await roles.putRole(groupPath(group), role)).toBe(id);
    expect(await roles.findRole(groupPath(group), role.name)).toBe(id);
  });
});

describe('the deployment client', () => {
  const vault = {
    type: 'Microsoft.KeyVault/vaults',
    apiVersion: '2023-07-01',
    name: "[parameters('Name')]",
    location: '[resourceGroup().location]',
    properties: { sku: { name: 'standard' } },
  };
  const template = { parameters: { Name: { type: 'string' } }, resources: [vault] };
  const deployment = { name: 'signl4-test', template, parameters: { Name: 'signl4-vault' } };
  const client = () => createDeploymentClient({ ...arm, ...group, wait: async () => {} });
  const vaultId = () => `${groupPath(group)}/providers/Microsoft.KeyVault/vaults/signl4-vault`;

  it('asks what would happen, and waits for the answer', async () => {
    expect(await client().whatIf(deployment)).toEqual({
      changes: [{ resourceId: vaultId(), change: 'Create', properties: [] }],
      diagnostics: [],
    });
    expect(azure.state.deployments).toEqual([]);
  });

  it('deploys and waits for the end', async () => {
    await client().deploy(deployment);
    expect(azure.state.deployments.at(-1)).toMatchObject({ name: 'signl4-test', parameters: { Name: 'signl4-vault' } });
    expect(azure.state.resources.get(vaultId().toLowerCase())).toMatchObject({ location: 'westeurope' });
    expect(await client().whatIf(deployment)).toEqual({
      changes: [{ resourceId: vaultId(), change: 'NoChange', properties: [] }],
      diagnostics: [],
    });
  });

  it('shows no value of a secure object either', async () => {
    const tags = "[parameters('Tags')]";
    const secured = {
      parameters: { ...template.parameters, Tags: { type: 'secureObject' } },
      resources: [{ ...vault, tags }],
    };
    const tagged = (text: string) => ({
      ...deployment,
      template: secured,
      parameters: { Name: 'signl4-vault', Tags: { a: text } },
    });
    await client().deploy(tagged('before'));
    const shown = JSON.stringify(await client().whatIf(tagged('planted')));
    expect(shown).toContain('"change":"Modify"');
    expect(shown).not.toContain('planted');
  });

  it('tells the innermost reason of a failure', async () => {
    azure.state.troubles.deploymentError = {
      code: 'DeploymentFailed',
      message: 'At least one resource deployment operation failed.',
      details: [
        {
          code: 'Conflict',
          message: '{"error":{"code":"WorkflowMissing","message":"The workflow \'x\' is not there"}}',
        },
        { code: 'BadRequest', message: 'The API could not be found' },
      ],
    };
    const reasons = "WorkflowMissing: The workflow 'x' is not there; BadRequest: The API could not be found";
    await expect(client().deploy(deployment)).rejects.toThrow(`the deployment signl4-test in soc-rg fails: ${reasons}`);
    await expect(client().whatIf(deployment)).rejects.toMatchObject({ code: 'azure.deployment' });
    azure.state.troubles.deploymentError = undefined;
  });
});

describe('the workflow client', () => {
  const logicApp = {
    type: 'Microsoft.Logic/workflows',
    apiVersion: '2019-05-01',
    name: 'SIGNL4-Callback',
    location: 'westeurope',
    identity: { type: 'SystemAssigned' },
    properties: {
      state: 'Disabled',
      definition: {
        $schema:
          'https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#',
        contentVersion: '1.0.0.0',
        parameters: { Tag: { type: 'String' } },
        triggers: { manual: { type: 'Request', kind: 'Http', inputs: { schema: {} } } },
        actions: {},
      },
      parameters: { Tag: { value: 'SIGNL4' } },
      accessControl: { triggers: { allowedCallerIpAddresses: [{ addressRange: '203.0.113.10/32' }] } },
    },
  };

  it('finds a workflow with its identity, runs and address', async () => {
    await createDeploymentClient({ ...arm, ...group, wait: async () => {} }).deploy({
      name: 'workflow',
      template: { resources: [logicApp] },
      parameters: {},
    });
    const stored = azure.workflow('SIGNL4-Callback');
    stored.runs.push(
      {
        name: 'run-2',
        status: 'Failed',
        startTime: '2026-01-10T08:00:00Z',
        error: { code: 'ActionFailed', message: 'An action failed.' },
      },
      { name: 'run-1', status: 'Succeeded', startTime: '2026-01-10T07:00:00Z' },
    );
    const workflows = createWorkflowClient(arm, group);
    expect(await workflows.find('SIGNL4-Callback')).toMatchObject({
      state: 'Disabled',
      principalId: stored.principalId,
      definition: { triggers: { manual: { kind: 'Http' } } },
      parameters: { Tag: 'SIGNL4' },
      accessControl: { triggers: { allowedCallerIpAddresses: [{ addressRange: '203.0.113.10/32' }] } },
    });
    expect(await workflows.runs('SIGNL4-Callback', 1)).toEqual([
      {
        name: 'run-2',
        status: 'Failed',
        startTime: '2026-01-10T08:00:00.000Z',
        error: 'ActionFailed: An action failed.',
      },
    ]);
    expect(await workflows.callbackUrl('SIGNL4-Callback', 'manual')).toContain(`sig=${stored.accessKey}`);
    expect(await workflows.find('SIGNL4-Nothing')).toBeUndefined();
  });
});

describe('resource groups and single resources', () => {
  it('are found or made', async () => {
    const groups = createResourceGroups(arm, group.subscriptionId);
    expect(await groups.location('playbooks')).toBeUndefined();
    await groups.create('playbooks', 'northeurope');
    expect(await groups.location('playbooks')).toBe('northeurope');
    azure.state.providers.set('microsoft.logic', 'NotRegistered');
    expect(await groups.isRegistered('Microsoft.Logic')).toBe(false);
    await groups.register('Microsoft.Logic');
    expect(await groups.isRegistered('Microsoft.Logic')).toBe(true);
  });

  it('tell of the workspace, its connections and the connector', async () => {
    const { workspace } = azure.world;
    const resources = createResourceClient(arm, group);
    expect(await resources.workspace(workspace)).toEqual({
      workspaceId: workspace.workspaceId,
      location: 'westeurope',
    });
    expect(await resources.workspace({ ...workspace, name: 'other' })).toBeUndefined();
    expect(await resources.hasSentinel(workspace)).toBe(true);
    const id = `${groupPath(group)}/providers/Microsoft.Web/connections/signl4`;
    azure.state.connections.set(id.toLowerCase(), {
      ...{ id, name: 'signl4', displayName: 'signl4', location: 'westeurope', kind: undefined, api: 'x' },
      ...{ parameterValueType: undefined, apiKey: undefined, status: 'Error', message: 'Unauthenticated' },
    });
    expect(await resources.connections()).toEqual([{ name: 'signl4', isConnected: false, problem: 'Unauthenticated' }]);
    azure.world.faults.add({
      ...{ service: 'arm', path: '*/connections', times: 1 },
      fault: { kind: 'status', status: 200, body: [{ name: 'bare', properties: { statuses: [{ status: 'Ready' }] } }] },
    });
    expect(await resources.connections()).toEqual([{ name: 'bare', isConnected: true, problem: '' }]);
    expect(await resources.connection(id)).toEqual({ name: 'signl4', isConnected: false, problem: 'Unauthenticated' });
    expect(await resources.connection(`${id}-2`)).toBeUndefined();
    expect(await resources.hasCustomConnector('SIGNL4CustomConnector')).toBe(false);
  });
});

describe('the directory client', () => {
  const directory = () =>
    createDirectoryClient({
      endpoint: azure.env['SIGNL4_GRAPH_URL'] ?? '',
      scope: 'https://graph.microsoft.com/.default',
      credential: { getToken: async () => relayToken() },
      maxRetries: 0,
    });
  const relayToken = async () => ({
    token: await azure.world.entra.token(azure.world.accounts.relay, 'https://graph.microsoft.com'),
    expiresOnTimestamp: Date.now() + 3_600_000,
  });

  it('finds people by mail address or user principal name', async () => {
    const { onCall } = azure.world.accounts;
    expect(await directory().userId(onCall.mail ?? '')).toBe(onCall.objectId);
    expect(await directory().userId(onCall.userPrincipalName ?? '')).toBe(onCall.objectId);
    expect(await directory().userId("o'nobody@contoso.com")).toBeUndefined();
  });

  it('registers an application with a secret and permissions', async () => {
    const client = directory();
    expect(await client.application('SIGNL4')).toBeUndefined();
    const application = await client.createApplication('SIGNL4');
    const principalId = await client.createServicePrincipal(application.appId);
    expect(await client.servicePrincipal(application.appId)).toBe(principalId);
    expect((await client.addSecret(application.id, 'setup', '2027-01-10T00:00:00Z')).text).toMatch(/^made~up~/);
    const [secret] = (await client.application('SIGNL4'))?.secrets ?? [];
    expect(secret).toMatchObject({ name: 'setup', ends: '2027-01-10T00:00:00Z' });
    await client.removeSecret(application.id, secret?.keyId ?? '');
    expect((await client.application('SIGNL4'))?.secrets).toEqual([]);
    const resourceId = (await client.servicePrincipal('00000003-0000-0000-c000-000000000000')) ?? '';
    await client.grant(principalId, { resourceId, appRoleId: 'role' });
    expect(await client.permissions(principalId)).toEqual([{ resourceId, appRoleId: 'role' }]);
    expect(await client.servicePrincipal(SECURITY_INSIGHTS_APP_ID)).toBeDefined();
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { automationRules } from '../../../src/arm/automation-rules.ts';
import { relayTemplate } from '../../../src/arm/relay/template.ts';
import { setupTemplate } from '../../../src/arm/setup/template.ts';
import { defaultConfig } from '../../../src/config/config.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import { builtInRoles, SECURITY_INSIGHTS_APP_ID } from '../../../src/domain/roles.ts';
import { type Azure, createAzure } from '../../../src/simulator/azure/azure.ts';
import { VirtualClock } from '../../../src/simulator/clock.ts';
import { createWorld } from '../../../src/simulator/world.ts';
import { sentinelWorkflow } from '../../support/sentinel-workflow.ts';

/* The simulated Azure refuses what the real one refuses, in its words and in its time. */

let clock: VirtualClock;
let azure: Azure;
let group = '';
beforeEach(() => {
  clock = new VirtualClock();
  azure = createAzure(createWorld({ clock }));
  const { subscriptionId, resourceGroup } = azure.world.workspace;
  group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
});

interface Answer {
  readonly status: number;
  readonly body: JsonObject & { readonly error?: { readonly code: string; readonly message: string } };
  readonly headers: Headers;
}

async function call(method: string, path: string, body?: unknown, on: 'arm' | 'graph' = 'arm'): Promise<Answer> {
  const resource = on === 'arm' ? 'https://management.azure.com' : 'https://graph.microsoft.com';
  const address = new URL(path, resource);
  if (on === 'arm') address.searchParams.set('api-version', '2024-03-01');
  const response = await azure[on](
    new Request(address, {
      method,
      headers: { authorization: `Bearer ${await azure.world.entra.token(azure.world.accounts.contributor, resource)}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }),
  );
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : JSON.parse(text), headers: response.headers };
}

const deploymentPath = (name: string) => `${group}/providers/Microsoft.Resources/deployments/${name}`;

async function deploy(template: JsonObject, parameters: JsonObject = {}, name = 'test'): Promise<Answer> {
  const wrapped = Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, { value }]));
  const put = await call('PUT', deploymentPath(name), {
    properties: { mode: 'Incremental', template, parameters: wrapped },
  });
  if (put.status >= 300) return put;
  await clock.advance(0);
  return call('GET', deploymentPath(name));
}

const stateOf = ({ body }: Answer) => (body['properties'] as JsonObject)['provisioningState'];
const reasonOf = ({ body }: Answer) => JSON.stringify(body);
const principal = '0c5d9f2a-6f52-4b0a-8e5f-3b2d1c0a9e33';
const other = '1c5d9f2a-6f52-4b0a-8e5f-3b2d1c0a9e33';

describe('a deployment', () => {
  const vault = (more: JsonObject = {}): JsonObject => ({
    type: 'Microsoft.KeyVault/vaults',
    name: 'signl4-vault',
    location: 'westeurope',
    properties: {},
    ...more,
  });

  it('is accepted, runs, and says where to ask', async () => {
    const put = await call('PUT', deploymentPath('a'), { properties: { template: { resources: [] }, parameters: {} } });
    expect([put.status, stateOf(put)]).toEqual([201, 'Accepted']);
    const status = new URL(put.headers.get('azure-asyncoperation') ?? '').pathname;
    expect((await call('GET', status)).body).toEqual({ status: 'Accepted' });
    await clock.advance(0);
    expect((await call('GET', status)).body).toEqual({ status: 'Succeeded' });
    const again = await call('PUT', deploymentPath('a'), {
      properties: { template: { resources: [] }, parameters: {} },
    });
    expect(again.status).toBe(200);
  });

  it('cannot be replaced while it is under way', async () => {
    const body = { properties: { template: { resources: [] }, parameters: {} } };
    await call('PUT', deploymentPath('a'), body);
    expect(await call('PUT', deploymentPath('A'), body)).toMatchObject({
      status: 409,
      body: { error: { code: 'DeploymentActive' } },
    });
  });

  it.each<[string, JsonObject, JsonObject]>([
    ['a parameter without value', { parameters: { Name: { type: 'string' } }, resources: [] }, {}],
    ['a parameter that the template does not have', { resources: [] }, { Name: 'x' }],
    ['a value of another type', { parameters: { Name: { type: 'int' } }, resources: [] }, { Name: 'x' }],
    ['a function that does not exist', { resources: [vault({ name: '[noSuch()]' })] }, {}],
    ['segments that do not fit', { resources: [vault({ name: 'a/b' })] }, {}],
    ['a dependency on nothing', { resources: [vault({ dependsOn: ['nothing'] })] }, {}],
  ])('with %s is refused before it begins, and leaves no history', async (_, template, parameters) => {
    expect(await deploy(template, parameters)).toMatchObject({
      status: 400,
      body: { error: { code: 'InvalidTemplate' } },
    });
    expect((await call('GET', deploymentPath('test'))).status).toBe(404);
  });

  it('makes what nothing is waited for in any order: a missing dependsOn shows', async () => {
    const id = "resourceId('Microsoft.KeyVault/vaults', 'signl4-vault')";
    const secret = { type: 'Microsoft.KeyVault/vaults/secrets', name: 'signl4-vault/key', properties: { value: 'x' } };
    expect(reasonOf(await deploy({ resources: [vault(), secret] }))).toContain('ParentResourceNotFound');
    expect(stateOf(await deploy({ resources: [vault(), { ...secret, dependsOn: [`[${id}]`] }] }))).toBe('Succeeded');
  });

  it.each<[string, number, string, () => void]>([
    ['a policy', 400, 'RequestDisallowedByPolicy', () => Object.assign(azure.state.troubles, { policy: 'Tags' })],
    ['a lock', 409, 'ScopeLocked', () => Object.assign(azure.state.troubles, { lockedScope: group })],
    ['no quota', 400, 'SubscriptionIsOverQuotaForSku', () => Object.assign(azure.state.troubles, { quota: /vaults/ })],
    ['a name in use', 409, 'VaultAlreadyExists', () => azure.state.troubles.takenNames.add('signl4-vault')],
    [
      'no registration',
      409,
      'MissingSubscriptionRegistration',
      () => azure.state.providers.set('microsoft.keyvault', 'NotRegistered'),
    ],
  ])('meets %s before it begins', async (_, __, code, trouble) => {
    trouble();
    const answer = await deploy({ resources: [vault()] });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(reasonOf(answer)).toContain(code);
    expect(azure.state.resources.size).toBe(0);
  });

  it('keeps tags to 256 characters', async () => {
    expect(reasonOf(await deploy({ resources: [vault({ tags: { a: 'x'.repeat(257) } })] }))).toContain(
      'InvalidTagValueLength',
    );
  });

  it('finds the name of a deleted vault taken until it is recovered', async () => {
    const id = `${group}/providers/Microsoft.KeyVault/vaults/signl4-vault`;
    await deploy({ resources: [vault()] });
    expect((await call('DELETE', id)).status).toBe(200);
    expect(reasonOf(await deploy({ resources: [vault()] }))).toContain('ConflictError');
    expect(stateOf(await deploy({ resources: [vault({ properties: { createMode: 'recover' } })] }))).toBe('Succeeded');
  });
});

describe('our own templates', () => {
  it('of the relay and the roles can be deployed, again too', async () => {
    const config = { ...defaultConfig, workspace: azure.world.workspace };
    const secrets = { RelayKey: 'a-relay-key-of-some-length', WebhookSecret: 'a-webhook-secret-of-some-length' };
    for (let time = 0; time < 2; time++) {
      expect(stateOf(await deploy(relayTemplate(config) as unknown as JsonObject, secrets))).toBe('Succeeded');
      expect(stateOf(await deploy(setupTemplate(config) as unknown as JsonObject, { Playbooks: [] }))).toBe(
        'Succeeded',
      );
    }
    expect(azure.state.vaults.values().next().value?.get('relay-key')).toEqual({ value: secrets.RelayKey });
  });
});

describe('the relay', () => {
  const relay = (more: JsonObject = {}) =>
    deploy(relayTemplate({ ...defaultConfig, workspace: azure.world.workspace }) as unknown as JsonObject, {
      ...{ RelayKey: 'a-relay-key-of-some-length', WebhookSecret: 'a-webhook-secret-of-some-length' },
      ...more,
    });
  const find = (type: string) => [...azure.state.resources.values()].find((each) => each.type === type)?.id ?? '';

  it('can be deployed again after its app was deleted: the new identity gets the roles', async () => {
    await relay();
    const before = azure.state.roleAssignments.map(({ principalId }) => principalId);
    expect((await call('DELETE', find('Microsoft.Web/sites'))).status).toBe(200);
    expect(reasonOf(await relay())).toContain('Succeeded');
    const added = azure.state.roleAssignments.filter(({ principalId }) => !before.includes(principalId));
    expect(added).toHaveLength(5);
  });

  it('can be deployed again after its vault was deleted, recovering it or under another name', async () => {
    await relay();
    await call('DELETE', find('Microsoft.KeyVault/vaults'));
    expect(reasonOf(await relay())).toContain('ConflictError');
    expect(stateOf(await relay({ VaultName: 's4relay-new' }))).toBe('Succeeded');
    expect(stateOf(await relay({ RecoverVault: true }))).toBe('Succeeded');
  });
});

describe('a role assignment', () => {
  const assignment = (name: string) => `${group}/providers/Microsoft.Authorization/roleAssignments/${name}`;
  const body = (principalId: string, more: JsonObject = {}) => ({
    properties: {
      principalId,
      principalType: 'ServicePrincipal',
      roleDefinitionId: `/subscriptions/x/providers/Microsoft.Authorization/roleDefinitions/${builtInRoles.sentinelResponder}`,
      ...more,
    },
  });
  const [one, two] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];

  it('is made once; the same under another name, and another under the same name are refused', async () => {
    expect((await call('PUT', assignment(one), body(principal))).status).toBe(201);
    expect((await call('PUT', assignment(one), body(principal))).status).toBe(200);
    expect(await call('PUT', assignment(two), body(principal))).toMatchObject({
      status: 409,
      body: { error: { code: 'RoleAssignmentExists' } },
    });
    expect(await call('PUT', assignment(one), body(other))).toMatchObject({
      status: 400,
      body: { error: { code: 'RoleAssignmentUpdateNotPermitted' } },
    });
  });

  it('needs a principal that the directory knows, or the type of one that it does not know yet', async () => {
    const { principalType: _, ...untyped } = body(principal).properties;
    expect(await call('PUT', assignment(one), { properties: untyped })).toMatchObject({
      body: { error: { code: 'PrincipalNotFound' } },
    });
  });

  it('is listed at once and works after the lag', async () => {
    azure.state.lags.role = 60_000;
    await call('PUT', assignment(one), body(principal));
    const list = await call(
      'GET',
      `${group}/providers/Microsoft.Authorization/roleAssignments?$filter=principalId eq '${principal}'`,
    );
    expect(list.body['value']).toHaveLength(1);
    const mayRead = () => azure.world.sentinel.access.allows(principal, 'Microsoft.SecurityInsights/incidents/read');
    expect(mayRead()).toBe(false);
    await clock.advance(60_000);
    expect(mayRead()).toBe(true);
    expect((await call('DELETE', assignment(one))).status).toBe(200);
    expect(mayRead()).toBe(false);
  });

  it('of a custom role needs the role; its name is unique in the tenant, and it stays while it is used', async () => {
    const role = (name: string) => `${group}/providers/Microsoft.Authorization/roleDefinitions/${name}`;
    const definition = { properties: { roleName: 'SIGNL4', assignableScopes: [group] } };
    expect((await call('PUT', role(one), definition)).status).toBe(201);
    expect(await call('PUT', role(two), definition)).toMatchObject({
      status: 409,
      body: { error: { code: 'RoleDefinitionWithSameNameExists' } },
    });
    expect((await call('PUT', assignment(two), body(principal, { roleDefinitionId: `/x/${one}` }))).status).toBe(201);
    expect(await call('DELETE', role(one))).toMatchObject({
      body: { error: { code: 'RoleDefinitionHasAssignments' } },
    });
  });
});

describe('an automation rule', () => {
  const playbook = () => `${group}/providers/Microsoft.Logic/workflows/SIGNL4-Send-Incident`;
  const rules = () => ({
    ...(automationRules({ ...defaultConfig, workspace: azure.world.workspace }) as unknown as JsonObject),
  });
  const sentinelRole = () =>
    call('PUT', `${group}/providers/Microsoft.Authorization/roleAssignments/11111111-1111-4111-8111-111111111111`, {
      properties: {
        principalId: azure.state.servicePrincipals.get(SECURITY_INSIGHTS_APP_ID),
        principalType: 'ServicePrincipal',
        roleDefinitionId: `/x/${builtInRoles.sentinelAutomationContributor}`,
      },
    });
  const workflow = () =>
    call('PUT', playbook(), {
      location: 'westeurope',
      properties: {
        definition: sentinelWorkflow('Incident', '/incident-creation'),
      },
    });

  it('needs its playbook, then Sentinel’s role on it, which comes slowly and is missed in two wordings', async () => {
    const template = rules();
    const only = {
      ...template,
      resources: (template['resources'] as JsonObject[]).slice(1, 2).map(({ dependsOn: _, ...rest }) => rest),
    };
    expect(reasonOf(await deploy(only))).toContain('was not found or is not accessible');
    await workflow();
    azure.state.lags.role = 60_000;
    expect(reasonOf(await deploy(only))).toContain('Missing required permissions for Microsoft Sentinel');
    await sentinelRole();
    await clock.advance(20_000);
    expect(reasonOf(await deploy(only))).toContain('Missing required permissions for Microsoft Sentinel');
    await clock.advance(20_000);
    expect(reasonOf(await deploy(only))).toContain('is not using Microsoft Sentinel Incident trigger');
    await clock.advance(20_000);
    expect(stateOf(await deploy(only))).toBe('Succeeded');
    expect(azure.world.sentinel.automation.rules.size).toBe(1);
  });
});

describe('a workflow', () => {
  const id = () => `${group}/providers/Microsoft.Logic/workflows/Test`;
  const body = (parameters: JsonObject, tags: JsonObject = { a: '1' }) => ({
    ...{ location: 'westeurope', tags, identity: { type: 'SystemAssigned' } },
    properties: {
      definition: {
        $schema:
          'https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#',
        contentVersion: '1.0.0.0',
        parameters: { Secret: { type: 'SecureString' }, Tag: { type: 'String', defaultValue: '' } },
        triggers: { manual: { type: 'Request', kind: 'Http', inputs: {} } },
        actions: {},
      },
      parameters,
    },
  });

  it('keeps versions that count down, and never shows a secret', async () => {
    const first = await call('PUT', id(), body({ Secret: { value: 'hunter2' } }));
    const second = await call('PUT', id(), body({ Secret: { value: 'hunter2' }, Tag: { value: 'x' } }));
    expect([first.status, second.status]).toEqual([201, 200]);
    const versions = (await call('GET', `${id()}/versions`)).body['value'] as JsonObject[];
    const names = versions.map(({ name }) => String(name));
    expect(names[0]).toBe((second.body['properties'] as JsonObject)['version']);
    expect([...names].sort()).toEqual(names);
    expect(reasonOf(await call('GET', id())) + JSON.stringify(versions)).not.toContain('hunter2');
    expect(reasonOf(await call('GET', `${id()}/versions/${names[1]}`))).not.toContain('"x"');
    expect((await call('GET', `${id()}/versions/1`)).status).toBe(404);
  });

  it('saved without the value of a secret is refused', async () => {
    expect(await call('PUT', id(), body({}))).toMatchObject({
      status: 400,
      body: { error: { code: 'InvalidTemplate' } },
    });
  });

  it('has tags of its own interface, and states that are no save', async () => {
    const tags = `${id()}/providers/Microsoft.Resources/tags/default`;
    await call('PUT', id(), body({ Secret: { value: 'x' } }));
    await call('PATCH', tags, { operation: 'Merge', properties: { tags: { A: '2', b: '3' } } });
    expect((await call('GET', id())).body['tags']).toEqual({ A: '2', b: '3' });
    expect(
      (await call('PATCH', tags, { operation: 'Merge', properties: { tags: { b: 'x'.repeat(257) } } })).status,
    ).toBe(400);
    await call('POST', `${id()}/disable`);
    expect((await call('GET', id())).body['properties']).toMatchObject({ state: 'Disabled' });
    expect((await call('GET', `${id()}/versions`)).body['value']).toHaveLength(1);
  });

  it('made again after a deletion is somebody else', async () => {
    const identity = async () => ((await call('GET', id())).body['identity'] as JsonObject)['principalId'];
    await call('PUT', id(), body({ Secret: { value: 'x' } }));
    const before = await identity();
    await call('DELETE', id());
    await call('PUT', id(), body({ Secret: { value: 'x' } }));
    expect(await identity()).not.toBe(before);
  });
});

describe('the directory', () => {
  it('does not know at once what was just made, and says so differently each time', async () => {
    Object.assign(azure.state.lags, { directory: 30_000, search: 60_000, secret: 10_000 });
    const graph = (method: string, path: string, body?: unknown) => call(method, `/v1.0${path}`, body, 'graph');
    const made = (await graph('POST', '/applications', { displayName: 'SIGNL4' })).body;
    const application = { id: String(made['id']), appId: String(made['appId']) };
    const search = "/applications?$filter=displayName eq 'SIGNL4'";
    const password = () =>
      graph('POST', `/applications/${application.id}/addPassword`, { passwordCredential: { displayName: 'x' } });
    const found = async () => ((await graph('GET', search)).body['value'] as unknown[]).length;
    expect(await graph('POST', '/servicePrincipals', { appId: application.appId })).toMatchObject({
      status: 400,
      body: { error: { code: 'Request_BadRequest', details: [{ code: 'NoBackingApplicationObject' }] } },
    });
    expect(await password()).toMatchObject({ status: 404, body: { error: { code: 'Request_ResourceNotFound' } } });
    await clock.advance(30_000);
    expect(await found()).toBe(0);
    await graph('POST', '/servicePrincipals', { appId: application.appId });
    const secret = String((await password()).body['secretText']);
    await clock.advance(30_000);
    expect(await found()).toBe(1);
    expect(secret).toMatch(/^made~up~/);
  });

  it('lets a new secret sign in after a while, until it is removed', async () => {
    azure.state.lags.secret = 10_000;
    const graph = (method: string, path: string, body?: unknown) => call(method, `/v1.0${path}`, body, 'graph');
    const made = (await graph('POST', '/applications', { displayName: 'SIGNL4' })).body;
    await graph('POST', '/servicePrincipals', { appId: made['appId'] });
    const { secretText, keyId } = (
      await graph('POST', `/applications/${made['id']}/addPassword`, { passwordCredential: { displayName: 'x' } })
    ).body;
    const signIn = async () => {
      const form = {
        grant_type: 'client_credentials',
        client_id: String(made['appId']),
        client_secret: String(secretText),
        scope: 'https://management.azure.com/.default',
      };
      const address = `https://login.microsoftonline.com/${azure.world.workspace.tenantId}/oauth2/v2.0/token`;
      return (await azure.world.entra.fetch(new Request(address, { method: 'POST', body: new URLSearchParams(form) })))
        .status;
    };
    expect(await signIn()).toBe(401);
    await clock.advance(10_000);
    expect(await signIn()).toBe(200);
    await graph('POST', `/applications/${made['id']}/removePassword`, { keyId });
    expect(await signIn()).toBe(401);
  });
});

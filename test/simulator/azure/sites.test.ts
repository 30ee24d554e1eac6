import { zipSync } from 'fflate';
import { beforeEach, describe, expect, it } from 'vitest';
import { relayTemplate } from '../../../src/arm/relay/template.ts';
import { defaultConfig } from '../../../src/config/config.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import { type Azure, createAzure } from '../../../src/simulator/azure/azure.ts';
import { VirtualClock } from '../../../src/simulator/clock.ts';
import { createWorld, defaultWorkspace } from '../../../src/simulator/world.ts';

/* Function apps on Flex Consumption, as strict as the real ones with code and secrets. */

const APP = 'contoso-relay';
const SCM = `${APP}-a1b2.scm.westeurope-01.azurewebsites.net`;
const text = new TextEncoder();
let clock: VirtualClock;
let azure: Azure;
let group = '';
beforeEach(() => {
  clock = new VirtualClock();
  azure = createAzure(createWorld({ clock }));
  const { subscriptionId, resourceGroup } = azure.world.workspace;
  group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
});

const token = (resource = 'https://management.azure.com') =>
  azure.world.entra.token(azure.world.accounts.contributor, resource);

async function arm(method: string, path: string, body?: unknown) {
  const response = await azure.arm(
    new Request(`https://management.azure.com${group}/providers/${path}?api-version=2024-04-01`, {
      method,
      headers: { authorization: `Bearer ${await token()}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }),
  );
  const answer = await response.text();
  return { status: response.status, body: answer === '' ? {} : (JSON.parse(answer) as JsonObject) };
}

async function deploy(parameters: JsonObject = {}): Promise<string> {
  const template = relayTemplate({ ...defaultConfig, workspace: azure.world.workspace });
  const values = {
    AppName: APP,
    RelayKey: 'a-key-of-some-length',
    WebhookSecret: 'a-secret-of-some-length',
    ...parameters,
  };
  const wrapped = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
  const path = 'Microsoft.Resources/deployments/relay';
  const put = await arm('PUT', path, { properties: { mode: 'Incremental', template, parameters: wrapped } });
  await clock.advance(0);
  return put.status >= 300 ? JSON.stringify(put.body) : JSON.stringify((await arm('GET', path)).body);
}

const files = {
  'host.json': text.encode('{}'),
  'package.json': text.encode('{}'),
  'relay.mjs': text.encode('//'),
  'signl4.yaml': text.encode(JSON.stringify({ workspace: defaultWorkspace })),
};
const zipped = (entries: Record<string, Uint8Array> = files, os = 3) =>
  zipSync(
    Object.fromEntries(Object.entries(entries).map(([name, bytes]) => [name, [bytes, { os, attrs: 0o100644 << 16 }]])),
  );

async function publish(zip: Uint8Array, { type = 'application/zip', query = 'RemoteBuild=false', audience = '' } = {}) {
  const authorization = audience === 'none' ? 'Bearer x' : `Bearer ${await token(audience || undefined)}`;
  const response = await azure.sites(
    new Request(`https://sandbox/sites/${SCM}/api/publish?${query}`, {
      method: 'POST',
      headers: { authorization, 'content-type': type },
      body: zip as BodyInit,
    }),
  );
  return { status: response.status, body: await response.text() };
}

async function statuses(id: string): Promise<readonly unknown[]> {
  const ask = async () => {
    const response = await azure.sites(
      new Request(`https://sandbox/sites/${SCM}/api/deployments/${id}`, {
        headers: { authorization: `Bearer ${await token()}` },
      }),
    );
    return ((await response.json()) as { status: number }).status;
  };
  return [await ask(), await ask()];
}

const ready = async () =>
  (await azure.sites(new Request(`https://sandbox/sites/${APP}.azurewebsites.net/health/ready`))).status;

describe('the deployment service', () => {
  it('takes a package in the background, and the relay in it starts', async () => {
    await deploy();
    expect(await ready()).toBe(503);
    await arm('POST', `Microsoft.Web/sites/${APP}/config/configreferences/appsettings/refresh`);
    const { status, body } = await publish(zipped());
    expect(status).toBe(202);
    expect(await statuses(JSON.parse(body))).toEqual([2, 4]);
    expect(await ready()).toBe(200);
    expect((await azure.world.fetch(`https://${APP}.azurewebsites.net/health/ready`)).status).toBe(200);
  });

  it.each([
    ['no token', { audience: 'none' }, 401],
    ['a token for something else', { audience: 'https://vault.azure.net' }, 401],
    ['another type', { type: 'application/octet-stream' }, 415],
  ])('refuses %s', async (_, how, status) => {
    await deploy();
    expect((await publish(zipped(), how)).status).toBe(status);
  });

  it('says that a build is not its business, only when asked how it went', async () => {
    await deploy();
    const { status, body } = await publish(zipped(), { query: 'RemoteBuild=true' });
    expect(status).toBe(202);
    expect(await statuses(JSON.parse(body))).toEqual([2, 3]);
  });

  it.each([
    ['without rights of Unix', () => zipped(files, 0)],
    ['without host.json', () => zipped({ 'relay.mjs': files['relay.mjs'], 'signl4.yaml': files['signl4.yaml'] })],
    ['that is not a zip', () => text.encode('no zip')],
  ])('calls a package %s deployed, and nothing starts', async (_, make) => {
    await deploy();
    await arm('POST', `Microsoft.Web/sites/${APP}/config/configreferences/appsettings/refresh`);
    const { body } = await publish(make());
    expect(await statuses(JSON.parse(body))).toEqual([2, 4]);
    expect(await ready()).toBe(503);
  });

  it('cannot store a package while the role on the storage spreads', async () => {
    azure.state.lags.role = 60_000;
    await deploy();
    const early = await publish(zipped());
    expect(early.status).toBe(400);
    expect(early.body).toMatch(/InaccessibleStorageException.*403/);
    await clock.advance(60_000);
    expect((await publish(zipped())).status).toBe(202);
  });

  it('lets nobody in from outside where the app is not public', async () => {
    await deploy({ PublicAccess: false });
    expect((await publish(zipped())).status).toBe(403);
    expect(await ready()).toBe(403);
  });
});

describe('references to secrets', () => {
  const references = async () => {
    const { body } = await arm('GET', `Microsoft.Web/sites/${APP}/config/configreferences/appsettings`);
    const list = body['value'] as readonly { name: string; properties: { status: string } }[];
    return Object.fromEntries(list.map(({ name, properties }) => [name, properties.status]));
  };

  it('are resolved once the role works, and somebody asks', async () => {
    azure.state.lags.role = 60_000;
    await deploy();
    expect((await references())['RELAY_KEY']).toBe('AccessToKeyVaultDenied');
    await clock.advance(60_000);
    expect((await references())['RELAY_KEY']).toBe('AccessToKeyVaultDenied');
    await arm('POST', `Microsoft.Web/sites/${APP}/config/configreferences/appsettings/refresh`);
    expect(await references()).toEqual({ RELAY_KEY: 'Resolved', RELAY_SIGNL4_SECRET: 'Resolved' });
  });

  it('of a deployment are read from a vault that allows it, and from no other', async () => {
    await deploy();
    const vault = [...azure.state.resources.values()].find(({ type }) => type === 'Microsoft.KeyVault/vaults');
    const template = {
      $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
      contentVersion: '1.0.0.0',
      parameters: { Key: { type: 'securestring' } },
      resources: [],
    };
    const put = async (secretName: string, id = vault?.id) => {
      const parameters = { Key: { reference: { keyVault: { id }, secretName } } };
      const path = 'Microsoft.Resources/deployments/reference';
      const { body } = await arm('PUT', path, { properties: { mode: 'Incremental', template, parameters } });
      await clock.advance(0);
      return JSON.stringify(body['error'] ?? 'taken');
    };
    expect(await put('relay-key')).toBe('"taken"');
    expect(await put('no-such-secret')).toContain('KeyVaultParameterReferenceSecretRetrieveFailed');
    expect(await put('relay-key', `${vault?.id}x`)).toContain('KeyVaultParameterReferenceNotFound');
    Object.assign(vault?.properties ?? {}, { enabledForTemplateDeployment: false });
    expect(await put('relay-key')).toContain('KeyVaultParameterReferenceSecretRetrieveFailed');
  });
});

describe('a plan of Flex Consumption', () => {
  it('hosts one app, and goes after it', async () => {
    await deploy();
    const plan = `Microsoft.Web/serverfarms/${APP}-plan`;
    expect(await arm('DELETE', plan)).toMatchObject({ status: 409 });
    await arm('DELETE', `Microsoft.Web/sites/${APP}`);
    expect((await arm('DELETE', plan)).status).toBe(200);
  });

  it('lets an app into a network only where the provider for it is registered', async () => {
    const subnet = '/subscriptions/x/resourceGroups/y/providers/Microsoft.Network/virtualNetworks/vnet/subnets/out';
    expect(await deploy({ SubnetId: subnet })).toContain("namespace 'Microsoft.App'");
    azure.state.providers.set('microsoft.app', 'Registered');
    expect(await deploy({ SubnetId: subnet })).toContain('Succeeded');
  });
});

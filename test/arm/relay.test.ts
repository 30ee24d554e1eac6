import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { RELAY_TAG } from '../../src/arm/relay/tags.ts';
import { relayTemplate } from '../../src/arm/relay/template.ts';
import { relayFiles } from '../../src/arm/relay.ts';
import { evaluateArm } from '../../src/arm-expressions/evaluate.ts';
import type { ParameterValues } from '../../src/arm-expressions/parameter.ts';
import { offlineDeployment } from '../../src/arm-expressions/scope.ts';
import { templateScope } from '../../src/arm-expressions/template.ts';
import { type Config, defaultConfig } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { type Json, type JsonObject, listOf, memberAt } from '../../src/domain/json.ts';
import { readSettings } from '../../src/relay/settings.ts';
import { WAKE_QUEUE } from '../../src/relay/store/azure-clients.ts';
import { verifyFiles } from '../../src/verify/verify-files.ts';

const workspace = {
  tenantId: '7b1f0a52-6c1e-4d0b-9a55-3c1f8f2f9d10',
  subscriptionId: 'd0cfe6b2-9ac0-4464-9919-dccaee2e48c0',
  resourceGroup: 'soc-rg',
  name: 'soc-workspace',
  workspaceId: 'c8c99641-985d-4e4e-8e91-fb3466cd0e5b',
};
const config: Config = { ...defaultConfig, workspace };
const given: ParameterValues = { RelayKey: 'k'.repeat(16), WebhookSecret: 'w'.repeat(16), TeamSecret: 'team' };
const text = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const files = (of: Config = config) => relayFiles(of, '1.2.3', text);

/** The resources as a deployment sees them; nested templates as they are, what only Azure knows as placeholders. */
function deployed(values: ParameterValues = given): readonly JsonObject[] {
  const template = relayTemplate(config) as unknown as JsonObject;
  const scope = templateScope(template, values, offlineDeployment);
  return (template['resources'] as readonly JsonObject[]).flatMap((resource) => {
    const { properties, ...rest } = resource;
    if (rest['type'] === 'Microsoft.Resources/deployments') return [resource];
    const evaluated = evaluateArm({ ...rest, properties } as Json, scope) as unknown as JsonObject;
    return evaluated['condition'] === false ? [] : [evaluated];
  });
}
const ofType = (type: string, values?: ParameterValues) =>
  deployed(values).filter((resource) => resource['type'] === type);
/** Roles of the app's identity on its own resources. */
const grants = (values: ParameterValues = given) => {
  const scope = templateScope(relayTemplate(config) as unknown as JsonObject, values, offlineDeployment);
  return ofType('Microsoft.Resources/deployments', values)
    .filter((nested) => evaluateArm(nested['condition'] ?? true, scope) === true)
    .flatMap((nested) => {
      const parameters = memberAt(nested, 'properties', 'parameters');
      const value = (name: string) => String(evaluateArm((memberAt(parameters, name, 'value') ?? '') as Json, scope));
      const [assignment] = listOf(memberAt(nested, 'properties', 'template', 'resources'));
      const type = /^\[concat\('([^']+)\/'/.exec(String(memberAt(assignment, 'scope')))?.[1];
      return value('RoleId') === '' ? [] : [{ scope: `${type}/${value('Name')}`, roleId: value('RoleId') }];
    });
};
const settingsOf = (values?: ParameterValues) =>
  memberAt(ofType('Microsoft.Web/sites/config', values)[0], 'properties') as JsonObject;

describe('template of the relay', () => {
  it('passes every rule for templates', () => {
    const report = verifyFiles(new Map([['azuredeploy.json', JSON.stringify(relayTemplate(config))]]));
    expect(report.findings).toEqual([]);
  });

  it('keeps storage without keys and without public blobs', () => {
    const [account] = ofType('Microsoft.Storage/storageAccounts');
    expect(memberAt(account, 'properties')).toMatchObject({
      allowSharedKeyAccess: false,
      allowBlobPublicAccess: false,
      supportsHttpsTrafficOnly: true,
    });
  });

  it('refers to secrets in Key Vault and never names their values', () => {
    const settings = settingsOf();
    expect(settings['RELAY_KEY']).toMatch(/^@Microsoft\.KeyVault\(VaultName=s4relay-\w+;SecretName=relay-key\)$/);
    expect(settings['SIGNL4_API_KEY']).toBe('');
    expect(JSON.stringify(settings)).not.toContain('kkkk');
    const names = ofType('Microsoft.KeyVault/vaults/secrets').map(({ name }) => String(name).split('/').at(-1));
    expect(names).toEqual(['relay-key', 'webhook-secret', 'team-secret']);
    const { parameters, outputs } = relayTemplate(config);
    const secretNames = Object.entries(parameters).flatMap(([name, { type }]) =>
      type === 'securestring' ? [name] : [],
    );
    expect(secretNames).toEqual(['RelayKey', 'WebhookSecret', 'TeamSecret', 'Signl4ApiKey']);
    expect(secretNames.some((name) => JSON.stringify(outputs).includes(name))).toBe(false);
  });

  it('gives its identity its own data and Responder on the workspace, nothing else', () => {
    const roles = grants().map(({ scope, roleId }) => [scope.split('/')[0], roleId]);
    expect(roles).toEqual([
      ['Microsoft.Storage', 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'],
      ['Microsoft.Storage', '974c5e8b-45b9-4653-ba55-5f855dd0fb88'],
      ['Microsoft.Storage', '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'],
      ['Microsoft.KeyVault', '4633458b-17de-408a-b874-0445c86b69e6'],
    ]);
    const nested = ofType('Microsoft.Resources/deployments').at(-1);
    expect(JSON.stringify(memberAt(nested, 'properties', 'template'))).toContain(
      '3e150937-b8fe-4cfb-8069-0eaf05ecd056',
    );
    expect(nested).toMatchObject({
      subscriptionId: "[parameters('WorkspaceSubscriptionId')]",
      resourceGroup: "[parameters('WorkspaceResourceGroup')]",
    });
  });

  it('keeps logs only where it is told where', () => {
    expect(ofType('Microsoft.Insights/components')).toEqual([]);
    const values = { ...given, LogWorkspaceId: '/subscriptions/x/workspaces/logs' };
    expect(ofType('Microsoft.Insights/components', values)).toHaveLength(1);
    expect(grants(values)).toHaveLength(5);
  });

  it('gives the relay settings that it understands', () => {
    const settings = settingsOf({ ...given, Sweep: true });
    const resolved = (value: string) => value.replace(/^@Microsoft\.KeyVault\(.*;SecretName=(.*)\)$/, 'value of $1');
    const env = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, resolved(String(value))]));
    const read = readSettings(env, () => '');
    expect(read.store).toEqual({
      kind: 'azure',
      tableEndpoint: `https://${env['RELAY_STORAGE_ACCOUNT']}.table.core.windows.net`,
      queueEndpoint: `https://${env['RELAY_STORAGE_ACCOUNT']}.queue.core.windows.net`,
    });
    expect(read.timers).toEqual({ sweep: true, sync: false });
    expect(read.identity).toEqual({ kind: 'managed', clientId: undefined });
    expect(env['AzureWebJobsStorage__credential']).toBe('managedidentity');
    for (const service of ['blob', 'queue', 'table'])
      expect(env[`AzureWebJobsStorage__${service}ServiceUri`]).toContain(`primaryEndpoints.${service}`);
  });

  it('keeps settings that people added, and wins where they are its own', () => {
    const settings = settingsOf({ ...given, MoreSettings: { RELAY_LOG_LEVEL: 'debug', RELAY_SYNC: 'True' } });
    expect(settings).toMatchObject({ RELAY_LOG_LEVEL: 'debug', RELAY_SYNC: 'False' });
  });

  it('gives no roles where they are given by other means', () => {
    expect(grants({ ...given, AssignRoles: false })).toEqual([]);
    expect(memberAt(ofType('Microsoft.Resources/deployments').at(-1), 'condition')).toBe("[parameters('AssignRoles')]");
  });

  it('marks everything that carries tags as its own', () => {
    const values = { ...given, PrivateEndpointSubnetId: subnet('inside'), LogWorkspaceId: '/subscriptions/x' };
    const tagged = deployed(values).filter(({ tags }) => memberAt(tags, RELAY_TAG) !== undefined);
    expect(tagged.map(({ type }) => String(type).split('/').at(-1))).toEqual([
      ...['storageAccounts', 'vaults', 'components', 'serverfarms', 'sites'],
      ...['privateEndpoints', 'privateEndpoints', 'privateEndpoints'],
    ]);
  });

  const subnet = (name: string) =>
    `${'/subscriptions/x/resourceGroups/y/providers/Microsoft.Network/virtualNetworks/vnet/subnets/'}${name}`;

  it('closes the storage behind private endpoints, and the app where it is not public', () => {
    const publicNetworkAccess = (values?: ParameterValues) =>
      memberAt(ofType('Microsoft.Storage/storageAccounts', values)[0], 'properties', 'publicNetworkAccess');
    expect(publicNetworkAccess()).toBe('Enabled');
    expect(ofType('Microsoft.Network/privateEndpoints')).toEqual([]);
    const values = { ...given, SubnetId: subnet('out'), PrivateEndpointSubnetId: subnet('inside') };
    expect(publicNetworkAccess(values)).toBe('Disabled');
    const groups = (more: ParameterValues) =>
      ofType('Microsoft.Network/privateEndpoints', { ...values, ...more }).map((each) =>
        memberAt(listOf(memberAt(each, 'properties', 'privateLinkServiceConnections'))[0], 'properties', 'groupIds'),
      );
    expect(groups({})).toEqual([['blob'], ['queue'], ['table']]);
    expect(groups({ PublicAccess: false })).toEqual([['blob'], ['queue'], ['table'], ['sites']]);
    expect(ofType('Microsoft.Network/privateEndpoints/privateDnsZoneGroups', values)).toEqual([]);
    const zones = ofType('Microsoft.Network/privateEndpoints/privateDnsZoneGroups', {
      ...values,
      DnsZonesGroupId: '/subscriptions/x/resourceGroups/dns',
    });
    expect(
      zones.map((each) => memberAt(listOf(memberAt(each, 'properties', 'privateDnsZoneConfigs'))[0], 'properties')),
    ).toEqual(
      ['blob', 'queue', 'table'].map((service) => ({
        privateDnsZoneId: `/subscriptions/x/resourceGroups/dns/providers/Microsoft.Network/privateDnsZones/privatelink.${service}.core.windows.net`,
      })),
    );
  });

  it('takes its choices from the configuration', () => {
    const azure = { ...defaultConfig.relay.azure, app: 'contoso-relay', redundancy: 'geo-zone', sync: true } as const;
    const { parameters } = relayTemplate({
      ...config,
      graph: { ...config.graph, enabled: true },
      relay: { ...config.relay, azure: { ...azure, subnetId: subnet('out') } },
    });
    const defaults = Object.fromEntries(Object.entries(parameters).map(([name, each]) => [name, each.defaultValue]));
    expect(defaults).toMatchObject({
      ...{ AppName: 'contoso-relay', StorageSku: 'Standard_GZRS', Sync: true, Sweep: true },
      ...{ SubnetId: subnet('out'), PublicAccess: true },
    });
  });

  it('runs Node on Flex Consumption, deployed from a container by its identity', () => {
    const [site] = ofType('Microsoft.Web/sites');
    expect(memberAt(site, 'properties', 'functionAppConfig')).toMatchObject({
      runtime: { name: 'node', version: '22' },
      deployment: { storage: { type: 'blobContainer', authentication: { type: 'SystemAssignedIdentity' } } },
    });
    expect(memberAt(ofType('Microsoft.Web/serverfarms')[0], 'sku')).toEqual({ tier: 'FlexConsumption', name: 'FC1' });
  });

  it('uses every parameter and variable it declares', () => {
    const { parameters, variables, ...rest } = relayTemplate(config);
    const body = JSON.stringify(rest) + JSON.stringify(variables);
    for (const name of Object.keys(parameters)) expect(body).toContain(`parameters('${name}')`);
    for (const name of Object.keys(variables)) expect(body).toContain(`variables('${name}')`);
  });
});

describe('files of the relay', () => {
  it('are the same for the same config', () => {
    expect(files()).toEqual(files());
    expect([...files().keys()].toSorted()).toEqual([
      '.dockerignore',
      'Dockerfile',
      'azuredeploy.json',
      'compose.yaml',
      'host.json',
      'package.json',
      'readme.md',
      'signl4.yaml',
    ]);
  });

  it('hold the whole configuration, read back as it was', () => {
    const own: Config = {
      ...config,
      message: { ...config.message, parameters: { Zulu: '{{incident.title}}', Alpha: '{{incident.number}}' } },
      owners: { 'm.lopez@contoso.com': 'm.lopez@contoso.onmicrosoft.com' },
      kql: { ...config.kql, denyColumns: ['Password'] },
    };
    const provider: Config = {
      ...own,
      targets: [
        { name: 'Contoso', config: { ...own, company: 'Contoso', workspace: { ...workspace, name: 'contoso-ws' } } },
      ],
    };
    for (const each of [own, provider, defaultConfig]) {
      const yaml = files(each).get('signl4.yaml') ?? '';
      expect(loadConfig(yaml, 'signl4.yaml')).toEqual(each);
    }
    expect(Object.keys(loadConfig(files(own).get('signl4.yaml') ?? '', 'signl4.yaml').message.parameters)).toEqual([
      'Zulu',
      'Alpha',
    ]);
  });

  it('run the container without root, read-only, with a health check', () => {
    const dockerfile = files().get('Dockerfile') ?? '';
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toMatch(/^HEALTHCHECK /m);
    expect(dockerfile).toContain('/health/live');
    const compose = parse(files().get('compose.yaml') ?? '');
    expect(compose.services.relay).toMatchObject({ read_only: true, cap_drop: ['ALL'], tmpfs: ['/tmp'] });
    for (const name of compose.services.relay.secrets) expect(compose.secrets).toHaveProperty(name);
  });

  it('make every file that the container needs in a step of the guide', () => {
    const guide = files().get('readme.md') ?? '';
    const compose = parse(files().get('compose.yaml') ?? '');
    const secrets = Object.values<{ file: string }>(compose.secrets).map(({ file }) => file.replace('./', ''));
    expect(secrets).toHaveLength(4);
    for (const secret of secrets) expect(guide).toContain(`> ${secret}\n`);
    expect(compose.services.relay.env_file).toEqual(['relay.env']);
    expect(guide).toContain('Write the file `relay.env`');
    expect(guide).toContain(`AZURE_TENANT_ID='${workspace.tenantId}'`);
    expect(files(defaultConfig).get('readme.md')).toContain("AZURE_TENANT_ID='<tenant-id>'");
  });

  it('make secrets that mean the same in an address', () => {
    for (const content of files().values()) expect(content).not.toContain('-base64');
  });

  it('tell the Functions host how the relay wants its requests and messages', () => {
    const host = JSON.parse(files().get('host.json') ?? '');
    expect(host.extensions.http.routePrefix).toBe('');
    expect(host.extensions.queues.messageEncoding).toBe('none');
    expect(JSON.parse(files().get('package.json') ?? '')).toMatchObject({
      type: 'module',
      main: 'relay.mjs',
      version: '1.2.3',
    });
    expect(WAKE_QUEUE).toMatch(/^[a-z0-9-]{3,63}$/);
  });

  it('say in the guide what is missing where the config names no workspace', () => {
    expect(files().get('readme.md')).not.toMatch(/names no workspace|\{\{/);
    expect(files(defaultConfig).get('readme.md')).toContain('names no workspace yet');
  });

  it('name every setting in the guide', () => {
    const guide = files().get('readme.md') ?? '';
    const source = text('src/relay/settings.ts') + text('src/relay/hosts/start.ts');
    const names = new Set([...source.matchAll(/'((?:RELAY|SIGNL4|AZURE)_[A-Z0-9_]+)'/g)].map(([, name]) => name ?? ''));
    expect(names).toContain('RELAY_STORE');
    for (const name of names) expect(guide).toContain(`\`${name}\``);
  });
});

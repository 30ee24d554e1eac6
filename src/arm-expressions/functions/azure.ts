import type { Deployment } from '../scope.ts';
import { type ArmValue, argumentError, Placeholder, textOfArm } from '../value.ts';
import { ANY_NUMBER, type ArmFunctions, fn } from './signature.ts';

/**
 * Resource, scope and deployment functions ("Resource functions for ARM templates"), with made-up values for what only Azure
 * knows.
 */
export const azureFunctions: ArmFunctions = {
  subscription: fn(0, 0, (_, { deployment: { subscriptionId, tenantId } }) => ({
    id: `/subscriptions/${subscriptionId}`,
    subscriptionId,
    tenantId,
    displayName: 'offline',
  })),
  resourcegroup: fn(0, 0, (_, { deployment }) => ({
    id: groupId(deployment),
    name: deployment.resourceGroup,
    type: 'Microsoft.Resources/resourceGroups',
    location: deployment.location,
    tags: {},
    properties: { provisioningState: 'Succeeded' },
  })),
  tenant: fn(0, 0, (_, { deployment: { tenantId } }) => ({ tenantId, id: `/tenants/${tenantId}` })),
  deployment: fn(0, 0, (_, { deployment: { deploymentName, location } }) => ({
    name: deploymentName,
    location,
    properties: { templateLink: { uri: new Placeholder('deployment().properties.templateLink.uri') } },
  })),
  environment: fn(0, 0, () => azurePublicCloud),
  resourceid: fn(2, ANY_NUMBER, (args, { deployment }, name) => resourceId(args.map(textOfArm), deployment, name)),
  subscriptionresourceid: fn(2, ANY_NUMBER, (args, { deployment: { subscriptionId } }, name) => {
    const { before, type, names } = typeAndNames(args.map(textOfArm), name);
    return `/subscriptions/${before[0] ?? subscriptionId}/providers/${interleave(type, names, name)}`;
  }),
  tenantresourceid: fn(2, ANY_NUMBER, (args, _, name) => {
    const { type, names } = typeAndNames(args.map(textOfArm), name);
    return `/providers/${interleave(type, names, name)}`;
  }),
  extensionresourceid: fn(3, ANY_NUMBER, (args, _, name) => {
    const [base = '', type = '', ...names] = args.map(textOfArm);
    return `${base}/providers/${interleave(type, names, name)}`;
  }),
  reference: fn(1, 3, (args, { deployment }) => {
    const id = textOfArm(args[0] ?? '');
    const isFull = textOfArm(args[2] ?? '').toLowerCase() === 'full';
    return deployment.azure?.reference(id, isFull) ?? new Placeholder(`reference(${id})`);
  }),
  providers: fn(1, 2, (args) => new Placeholder(`providers(${textOfArm(args[0] ?? '')})`)),
  pickzones: fn(3, 5, () => []),
  managementgroup: fn(0, 0, () => new Placeholder('managementGroup()')),
  managementgroupresourceid: fn(2, ANY_NUMBER, (args, _, name) => {
    const { before, type, names } = typeAndNames(args.map(textOfArm), name);
    return `/providers/Microsoft.Management/managementGroups/${before[0] ?? 'offline'}/providers/${interleave(type, names, name)}`;
  }),
  references: fn(1, 2, ([symbolicName = '']) => new Placeholder(`references(${textOfArm(symbolicName)})`)),
  deployer: fn(0, 0, (_, { deployment: { tenantId } }) => ({
    tenantId,
    objectId: new Placeholder('deployer().objectId'),
    userPrincipalName: new Placeholder('deployer().userPrincipalName'),
  })),
  tologicalzone: fn(3, 3, (args) => new Placeholder(`toLogicalZone(${args.map(textOfArm).join(', ')})`)),
  tologicalzones: fn(3, 3, (args) => new Placeholder(`toLogicalZones(${args.slice(0, 2).map(textOfArm).join(', ')})`)),
  tophysicalzone: fn(3, 3, (args) => new Placeholder(`toPhysicalZone(${args.map(textOfArm).join(', ')})`)),
  tophysicalzones: fn(
    3,
    3,
    (args) => new Placeholder(`toPhysicalZones(${args.slice(0, 2).map(textOfArm).join(', ')})`),
  ),
  externalinput: fn(1, 2, ([kind = '']) => new Placeholder(`externalInput(${textOfArm(kind)})`)),
};

/**
 * `listKeys(…)` and similar functions return secrets that only a deployment gets. The URL of a workflow's trigger has a realistic
 * form.
 */
export function listSecrets(name: string, args: readonly ArmValue[], { azure }: Deployment): ArmValue {
  const id = textOfArm(args[0] ?? '');
  if (azure) return azure.list(name, id);
  const trigger = /\/workflows\/([^/]+)\/triggers\/([^/]+)$/i.exec(id);
  if (name.toLowerCase() !== 'listcallbackurl' || !trigger) return new Placeholder(`${name}(${id})`);
  const path = `/workflows/${trigger[1]}/triggers/${trigger[2]}/paths/invoke`;
  const query = `api-version=2016-10-01&sp=%2Ftriggers%2F${trigger[2]}%2Frun&sv=1.0&sig=offline`;
  return {
    value: `https://prod-00.offline.logic.azure.com:443${path}?${query}`,
    method: 'POST',
    basePath: `https://prod-00.offline.logic.azure.com${path}`,
  };
}

function groupId({ subscriptionId, resourceGroup }: Deployment): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
}

/** `resourceId([subscriptionId], [resourceGroupName], type, name, …)`. */
function resourceId(args: readonly string[], deployment: Deployment, name: string): string {
  const { before, type, names } = typeAndNames(args, name);
  const [subscriptionId, resourceGroup] =
    before.length > 1 ? before : [deployment.subscriptionId, before[0] ?? deployment.resourceGroup];
  const scope = groupId({
    ...deployment,
    subscriptionId: subscriptionId ?? deployment.subscriptionId,
    resourceGroup: resourceGroup ?? deployment.resourceGroup,
  });
  return `${scope}/providers/${interleave(type, names, name)}`;
}

/** The type is the first argument with a slash in it. */
function typeAndNames(args: readonly string[], name: string) {
  const at = args.findIndex((arg) => arg.includes('/'));
  const type = args[at];
  if (type === undefined) throw argumentError(name, `has no resource type among ${args.join(', ')}`);
  return { before: args.slice(0, at), type, names: args.slice(at + 1) };
}

/** `Microsoft.Logic/workflows/triggers` with `a`, `b` -> `Microsoft.Logic/workflows/a/triggers/b`; ignores a trailing slash. */
function interleave(type: string, names: readonly string[], name: string): string {
  const [namespace = '', ...types] = type.replace(/\/$/, '').split('/');
  const given = names.flatMap((part) => part.split('/'));
  if (given.length !== types.length) {
    throw argumentError(name, `needs ${types.length} name(s) for the type ${type}, not ${given.length}`);
  }
  return [namespace, ...types.flatMap((part, index) => [part, given[index] ?? ''])].join('/');
}

const azurePublicCloud = {
  name: 'AzureCloud',
  gallery: 'https://gallery.azure.com/',
  graph: 'https://graph.windows.net/',
  portal: 'https://portal.azure.com',
  graphAudience: 'https://graph.windows.net/',
  activeDirectoryDataLake: 'https://datalake.azure.net/',
  batch: 'https://batch.core.windows.net/',
  media: 'https://rest.media.azure.net',
  sqlManagement: 'https://management.core.windows.net:8443/',
  resourceManager: 'https://management.azure.com/',
  authentication: {
    loginEndpoint: 'https://login.microsoftonline.com/',
    audiences: ['https://management.core.windows.net/', 'https://management.azure.com/'],
    tenant: 'common',
    identityProvider: 'AAD',
  },
  suffixes: {
    acrLoginServer: '.azurecr.io',
    azureDatalakeAnalyticsCatalogAndJob: 'azuredatalakeanalytics.net',
    azureDatalakeStoreFileSystem: 'azuredatalakestore.net',
    azureFrontDoorEndpointSuffix: 'azurefd.net',
    keyvaultDns: '.vault.azure.net',
    sqlServerHostname: '.database.windows.net',
    storage: 'core.windows.net',
  },
};

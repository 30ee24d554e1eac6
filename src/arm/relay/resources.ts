import { apiVersions } from '../../domain/api-versions.ts';
import type { JsonObject } from '../../domain/json.ts';
import { type RelaySecret, relaySecrets, secretId } from './secrets.ts';
import { relayTags } from './tags.ts';

/*
 * Function app, plan, storage and logs. Source: Microsoft.Web/sites 2024-04-01 (functionAppConfig), quickstart
 * "function-app-flex-managed-identities".
 */

const CONTAINER = 'app-package';

export const storageAccount: JsonObject = {
  type: 'Microsoft.Storage/storageAccounts',
  apiVersion: apiVersions.storage,
  name: "[variables('StorageName')]",
  location: "[parameters('Location')]",
  tags: relayTags,
  kind: 'StorageV2',
  sku: { name: "[parameters('StorageSku')]" },
  properties: {
    allowBlobPublicAccess: false,
    allowSharedKeyAccess: false,
    defaultToOAuthAuthentication: true,
    minimumTlsVersion: 'TLS1_2',
    supportsHttpsTrafficOnly: true,
    publicNetworkAccess: "[if(variables('IsPrivate'), 'Disabled', 'Enabled')]",
  },
};

export const container: JsonObject = {
  type: 'Microsoft.Storage/storageAccounts/blobServices/containers',
  apiVersion: apiVersions.storage,
  name: `[concat(variables('StorageName'), '/default/${CONTAINER}')]`,
  properties: { publicAccess: 'None' },
  dependsOn: ["[variables('StorageId')]"],
};

export const insights: JsonObject = {
  type: 'Microsoft.Insights/components',
  apiVersion: apiVersions.components,
  name: "[parameters('AppName')]",
  condition: "[variables('HasLogs')]",
  location: "[parameters('Location')]",
  tags: relayTags,
  kind: 'web',
  properties: {
    Application_Type: 'web',
    WorkspaceResourceId: "[parameters('LogWorkspaceId')]",
    DisableLocalAuth: true,
  },
};

export const plan: JsonObject = {
  type: 'Microsoft.Web/serverfarms',
  apiVersion: apiVersions.sites,
  name: "[variables('PlanName')]",
  location: "[parameters('Location')]",
  tags: relayTags,
  kind: 'functionapp',
  sku: { tier: 'FlexConsumption', name: 'FC1' },
  properties: { reserved: true },
};

export const site: JsonObject = {
  type: 'Microsoft.Web/sites',
  apiVersion: apiVersions.sites,
  name: "[parameters('AppName')]",
  location: "[parameters('Location')]",
  tags: relayTags,
  kind: 'functionapp,linux',
  identity: { type: 'SystemAssigned' },
  properties: {
    serverFarmId: "[resourceId('Microsoft.Web/serverfarms', variables('PlanName'))]",
    httpsOnly: true,
    publicNetworkAccess: "[if(parameters('PublicAccess'), 'Enabled', 'Disabled')]",
    virtualNetworkSubnetId: "[if(empty(parameters('SubnetId')), null(), parameters('SubnetId'))]",
    siteConfig: { minTlsVersion: '1.2', http20Enabled: true, ftpsState: 'Disabled' },
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer',
          value: `[concat(reference(variables('StorageId'), '${apiVersions.storage}').primaryEndpoints.blob, '${CONTAINER}')]`,
          authentication: { type: 'SystemAssignedIdentity' },
        },
      },
      scaleAndConcurrency: { maximumInstanceCount: 40, instanceMemoryMB: "[parameters('MemoryMB')]" },
      runtime: { name: 'node', version: "[parameters('NodeVersion')]" },
    },
  },
  dependsOn: ["[resourceId('Microsoft.Web/serverfarms', variables('PlanName'))]", "[variables('StorageId')]"],
};

/** App settings that are known before the deployment. */
export const ownSettings: JsonObject = {
  AzureWebJobsStorage__credential: 'managedidentity',
  RELAY_STORAGE_ACCOUNT: "[variables('StorageName')]",
  RELAY_STORAGE_SUFFIX: '[environment().suffixes.storage]',
  RELAY_CLOUD: '[environment().name]',
  RELAY_SWEEP: "[string(parameters('Sweep'))]",
  RELAY_SYNC: "[string(parameters('Sync'))]",
  RELAY_READ_USERS: "[string(parameters('ReadUsers'))]",
  ...Object.fromEntries(relaySecrets.map((each) => [each.setting, secretReference(each)])),
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD',
};

const storageServices = ['blob', 'queue', 'table'].map(
  (service) =>
    `'AzureWebJobsStorage__${service}ServiceUri', reference(variables('StorageId'), '${apiVersions.storage}').primaryEndpoints.${service}`,
);
const logs = `'APPLICATIONINSIGHTS_CONNECTION_STRING', if(variables('HasLogs'), reference(variables('InsightsId'), '${apiVersions.components}').ConnectionString, '')`;

/** A PUT replaces all settings, so those that people added are passed as a parameter. */
export const settings: JsonObject = {
  type: 'Microsoft.Web/sites/config',
  apiVersion: apiVersions.sites,
  name: "[concat(parameters('AppName'), '/appsettings')]",
  properties: `[union(parameters('MoreSettings'), variables('OwnSettings'), createObject(${[...storageServices, logs].join(', ')}))]`,
  dependsOn: ["[variables('SiteId')]", "[variables('InsightsId')]", ...relaySecrets.map(secretId)],
};

/** Resolved by App Service with the app's identity, so the value is never in a setting. */
function secretReference({ name, parameter, isOptional }: RelaySecret): string {
  const reference = `concat('@Microsoft.KeyVault(VaultName=', parameters('VaultName'), ';SecretName=${name})')`;
  return isOptional ? `[if(empty(parameters('${parameter}')), '', ${reference})]` : `[${reference}]`;
}

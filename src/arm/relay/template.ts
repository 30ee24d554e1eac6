import type { Config, Redundancy } from '../../config/config.ts';
import { apiVersions } from '../../domain/api-versions.ts';
import { relayDataRoles } from '../../domain/roles.ts';
import {
  type ArmParameter,
  type ArmTemplate,
  armTemplate,
  flagParameter as flag,
  textParameter as text,
} from '../template.ts';
import { privateEndpoints } from './private-endpoints.ts';
import { container, insights, ownSettings, plan, settings, site, storageAccount } from './resources.ts';
import { roleOn, sentinelRole } from './roles.ts';
import { isNeeded, relaySecrets, vault, vaultSecret } from './secrets.ts';

/*
 * `relay/azuredeploy.json`: the relay on Azure Functions, Flex Consumption. Its managed identity is its only credential for Azure:
 * the storage account takes no keys, secrets are Key Vault references.
 */

export function relayTemplate(config: Config): ArmTemplate {
  return armTemplate({
    metadata: {
      title: 'SIGNL4 relay for Microsoft Sentinel',
      description:
        'The relay on Azure Functions with a managed identity, storage without keys and Key Vault references.',
    },
    parameters: parameters(config),
    variables: {
      StorageName: "[concat('s4relay', uniqueString(resourceGroup().id))]",
      PlanName: "[concat(parameters('AppName'), '-plan')]",
      SiteId: "[resourceId('Microsoft.Web/sites', parameters('AppName'))]",
      StorageId: "[resourceId('Microsoft.Storage/storageAccounts', variables('StorageName'))]",
      VaultId: "[resourceId('Microsoft.KeyVault/vaults', parameters('VaultName'))]",
      InsightsId: "[resourceId('Microsoft.Insights/components', parameters('AppName'))]",
      HasLogs: "[not(empty(parameters('LogWorkspaceId')))]",
      IsPrivate: "[not(empty(parameters('PrivateEndpointSubnetId')))]",
      OwnSettings: ownSettings,
    },
    resources: [
      storageAccount,
      container,
      vault,
      ...relaySecrets.map(vaultSecret),
      insights,
      plan,
      site,
      settings,
      ...privateEndpoints,
      roleOn('storage', 'blobOwner', relayDataRoles.blobOwner),
      roleOn('storage', 'queueContributor', relayDataRoles.queueContributor),
      roleOn('storage', 'tableContributor', relayDataRoles.tableContributor),
      roleOn('vault', 'secretsUser', relayDataRoles.secretsUser),
      roleOn(
        'insights',
        'metricsPublisher',
        relayDataRoles.metricsPublisher,
        "[and(parameters('AssignRoles'), variables('HasLogs'))]",
      ),
      sentinelRole,
    ],
    outputs: {
      AppName: { type: 'string', value: "[parameters('AppName')]" },
      RelayAddress: {
        type: 'string',
        value: `[concat('https://', reference(variables('SiteId'), '${apiVersions.sites}').defaultHostName)]`,
      },
      VaultId: { type: 'string', value: "[variables('VaultId')]" },
      IdentityObjectId: {
        type: 'string',
        value: `[reference(variables('SiteId'), '${apiVersions.sites}', 'full').identity.principalId]`,
      },
    },
  });
}

/** `relay.azure.redundancy` to the storage's SKU. */
const storageSkus = {
  local: 'Standard_LRS',
  zone: 'Standard_ZRS',
  geo: 'Standard_GRS',
  'geo-zone': 'Standard_GZRS',
} as const satisfies Record<Redundancy, string>;

/** A secret that the configuration needs has no default: an empty one would only be noticed when a page lacks something. */
function secretParameters(config: Config): Record<string, ArmParameter> {
  return Object.fromEntries(
    relaySecrets.map((each) => [
      each.parameter,
      {
        type: 'securestring',
        ...(isNeeded(each, config) ? { minLength: each.isOptional ? 1 : 16 } : { defaultValue: '' }),
        metadata: { description: each.says },
      },
    ]),
  );
}

function parameters(config: Config): Record<string, ArmParameter> {
  const {
    workspace,
    relay: { azure },
    graph,
  } = config;
  return {
    AppName: text(
      'Name of the function app, part of its address; unique in the world.',
      azure.app || "[concat('signl4-relay-', uniqueString(resourceGroup().id))]",
    ),
    Location: text('Region. Flex Consumption must be available there.', '[resourceGroup().location]'),
    NodeVersion: {
      type: 'string',
      defaultValue: '22',
      allowedValues: ['22', '24'],
      metadata: { description: 'Version of Node.js; 24 where Azure Functions offers it in your region.' },
    },
    ...secretParameters(config),
    Sweep: flag('Whether the relay finds and sends incidents itself, without playbooks.', azure.sweep || graph.enabled),
    Sync: flag(
      'Whether the relay tells SIGNL4 what changes in Sentinel, without playbooks.',
      azure.sync || graph.enabled,
    ),
    ReadUsers: flag(
      'Whether the relay looks up owners in Entra. Needs the Graph permission User.Read.All, see the guide.',
      azure.readUsers,
    ),
    MoreSettings: {
      type: 'secureObject',
      defaultValue: {},
      metadata: {
        description: 'Further settings of the relay by name, such as RELAY_LOG_LEVEL; what the template sets wins.',
      },
    },
    AssignRoles: flag(
      'Whether the template gives the identity of the relay its roles. Off: they are given by other means.',
      true,
    ),
    WorkspaceName: text('Log Analytics workspace that Microsoft Sentinel runs on.', workspace?.name),
    WorkspaceResourceGroup: text('Its resource group.', workspace?.resourceGroup ?? '[resourceGroup().name]'),
    WorkspaceSubscriptionId: text('Its subscription.', workspace?.subscriptionId ?? '[subscription().subscriptionId]'),
    VaultName: text(
      'Name of the key vault, unique in the world. A deleted vault keeps its name until it is purged: recover it, or choose another.',
      "[concat('s4relay-', uniqueString(resourceGroup().id))]",
    ),
    RecoverVault: flag('Whether a deleted vault of this name is recovered; its role assignments are made again.'),
    VaultRetentionDays: {
      type: 'int',
      defaultValue: 90,
      minValue: 7,
      maxValue: 90,
      metadata: { description: 'How long the vault can be recovered after a deletion; cannot be changed later.' },
    },
    VaultPurgeProtection: {
      type: 'bool',
      defaultValue: true,
      metadata: {
        description:
          'Whether nobody can purge the deleted vault before that time. Off for trials; once on, it stays on.',
      },
    },
    StorageSku: {
      type: 'string',
      defaultValue: storageSkus[azure.redundancy],
      allowedValues: Object.values(storageSkus),
      metadata: { description: 'Redundancy of the storage; ZRS is not offered in every region.' },
    },
    MemoryMB: {
      type: 'int',
      defaultValue: 2048,
      allowedValues: [512, 2048, 4096],
      metadata: { description: 'Memory of one instance; costs follow it.' },
    },
    PublicAccess: flag(
      'Whether the app can be reached from the internet. SIGNL4 calls it from there: switch it off only behind a gateway of your own.',
      azure.publicAccess,
    ),
    SubnetId: text(
      'Resource id of a subnet for outgoing calls, delegated to Microsoft.App/environments and used by nothing else. Empty: none.',
      azure.subnetId,
    ),
    PrivateEndpointSubnetId: text(
      'Resource id of a subnet for private endpoints of the storage, and of the app where it is not public. Needs SubnetId. Empty: none.',
      azure.privateEndpointSubnetId,
    ),
    DnsZonesGroupId: text(
      'Resource id of the resource group with their private DNS zones. Empty: they are entered by other means.',
      azure.dnsZonesGroupId,
    ),
    LogWorkspaceId: text(
      "Resource id of a Log Analytics workspace for the relay's own logs. Empty: no logs are kept.",
      azure.logWorkspaceId,
    ),
  };
}

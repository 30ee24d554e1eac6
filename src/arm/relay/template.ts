import type { Config } from '../../config/config.ts';
import { type ArmParameter, type ArmTemplate, armTemplate } from '../template.ts';
import { container, insights, plan, settings, site, storageAccount } from './resources.ts';
import { dataRoles, roleOn, sentinelRole } from './roles.ts';
import { relaySecrets, vault, vaultSecret } from './secrets.ts';

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
      roleOn('storage', 'blobOwner', dataRoles.blobOwner),
      roleOn('storage', 'queueContributor', dataRoles.queueContributor),
      roleOn('storage', 'tableContributor', dataRoles.tableContributor),
      roleOn('vault', 'secretsUser', dataRoles.secretsUser),
      { ...roleOn('insights', 'metricsPublisher', dataRoles.metricsPublisher), condition: "[variables('HasLogs')]" },
      sentinelRole,
    ],
    outputs: {
      AppName: { type: 'string', value: "[parameters('AppName')]" },
      RelayAddress: {
        type: 'string',
        value: "[concat('https://', reference(variables('SiteId'), '2024-04-01').defaultHostName)]",
      },
      IdentityObjectId: {
        type: 'string',
        value: "[reference(variables('SiteId'), '2024-04-01', 'full').identity.principalId]",
      },
    },
  });
}

function parameters({ workspace }: Config): Record<string, ArmParameter> {
  const text = (description: string, defaultValue?: string): ArmParameter => ({
    type: 'string',
    ...(defaultValue !== undefined && { defaultValue }),
    metadata: { description },
  });
  const secretText = (description: string, isOptional = false): ArmParameter => ({
    type: 'securestring',
    ...(isOptional ? { defaultValue: '' } : { minLength: 16 }),
    metadata: { description },
  });
  const flag = (description: string): ArmParameter => ({
    type: 'bool',
    defaultValue: false,
    metadata: { description },
  });
  return {
    AppName: text(
      'Name of the function app, part of its address; unique in the world.',
      "[concat('signl4-relay-', uniqueString(resourceGroup().id))]",
    ),
    Location: text('Region. Flex Consumption must be available there.', '[resourceGroup().location]'),
    NodeVersion: {
      type: 'string',
      defaultValue: '22',
      allowedValues: ['22', '24'],
      metadata: { description: 'Version of Node.js; 24 where Azure Functions offers it in your region.' },
    },
    RelayKey: secretText('Key that the playbooks send. Make one up: openssl rand -hex 32'),
    WebhookSecret: secretText(
      "Secret in the address of SIGNL4's outbound webhook. Make up another one: openssl rand -hex 32",
    ),
    TeamSecret: secretText('Secret of the SIGNL4 team. Needed where the relay itself forwards incidents.', true),
    Signl4ApiKey: secretText('API key of SIGNL4. Needed for comments to become annotations.', true),
    Sweep: flag('Whether the relay finds and sends incidents itself, without playbooks.'),
    Sync: flag('Whether the relay tells SIGNL4 what changes in Sentinel, without playbooks.'),
    ReadUsers: flag(
      'Whether the relay looks up owners in Entra. Needs the Graph permission User.Read.All, see the guide.',
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
      defaultValue: 'Standard_ZRS',
      allowedValues: ['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'],
      metadata: { description: 'Redundancy of the storage; ZRS is not offered in every region.' },
    },
    MemoryMB: {
      type: 'int',
      defaultValue: 2048,
      allowedValues: [512, 2048, 4096],
      metadata: { description: 'Memory of one instance; costs follow it.' },
    },
    PublicAccess: {
      type: 'bool',
      defaultValue: true,
      metadata: {
        description:
          'Whether the app can be reached from the internet. SIGNL4 calls it from there: switch it off only behind a gateway of your own.',
      },
    },
    SubnetId: text(
      'Resource id of a subnet for outgoing calls, delegated to Microsoft.App/environments and used by nothing else. Empty: none.',
      '',
    ),
    LogWorkspaceId: text(
      "Resource id of a Log Analytics workspace for the relay's own logs. Empty: no logs are kept.",
      '',
    ),
  };
}

import type { Config } from '../../config/config.ts';
import { apiVersions } from '../../domain/api-versions.ts';
import type { JsonObject } from '../../domain/json.ts';
import { hasResponses } from '../../rules/respond.ts';
import { relayTags } from './tags.ts';

/**
 * Whether the configured relay requires a secret: its sweep pages a team, its sync and the responses call SIGNL4. `isOptional`
 * says which secrets may be omitted at all.
 */
export function isNeeded({ name, isOptional }: RelaySecret, { relay: { azure }, graph, respond }: Config): boolean {
  if (!isOptional) return true;
  if (name === 'team-secret') return azure.sweep || graph.enabled;
  return azure.sync || graph.enabled || hasResponses(respond);
}

/** Secret of the vault to the parameter that holds it and the setting that refers to it. */
export const relaySecrets = [
  {
    name: 'relay-key',
    parameter: 'RelayKey',
    setting: 'RELAY_KEY',
    isOptional: false,
    says: 'Key that the playbooks send. Make one up: openssl rand -hex 32',
  },
  {
    name: 'webhook-secret',
    parameter: 'WebhookSecret',
    setting: 'RELAY_SIGNL4_SECRET',
    isOptional: false,
    says: "Secret in the address of SIGNL4's outbound webhook. Make up another one: openssl rand -hex 32",
  },
  {
    name: 'team-secret',
    parameter: 'TeamSecret',
    setting: 'SIGNL4_TEAM_SECRET',
    isOptional: true,
    says: 'Secret of the SIGNL4 team. Needed where the relay itself forwards incidents.',
  },
  {
    name: 'signl4-api-key',
    parameter: 'Signl4ApiKey',
    setting: 'SIGNL4_API_KEY',
    isOptional: true,
    says: 'API key of SIGNL4. Needed for the sync, for responses, and for comments to become annotations.',
  },
] as const;

export type RelaySecret = (typeof relaySecrets)[number];

export const vault: JsonObject = {
  type: 'Microsoft.KeyVault/vaults',
  apiVersion: apiVersions.keyVaults,
  name: "[parameters('VaultName')]",
  location: "[parameters('Location')]",
  tags: relayTags,
  properties: {
    tenantId: '[subscription().tenantId]',
    sku: { family: 'A', name: 'standard' },
    enableRbacAuthorization: true,
    // Later deployments pass the relay's key from here to the playbooks.
    enabledForTemplateDeployment: true,
    enableSoftDelete: true,
    softDeleteRetentionInDays: "[parameters('VaultRetentionDays')]",
    // Azure does not accept false; once true, it cannot be changed.
    enablePurgeProtection: "[if(parameters('VaultPurgeProtection'), true(), null())]",
    createMode: "[if(parameters('RecoverVault'), 'recover', 'default')]",
  },
};

export function vaultSecret({ name, parameter, isOptional }: RelaySecret): JsonObject {
  return {
    type: 'Microsoft.KeyVault/vaults/secrets',
    apiVersion: apiVersions.keyVaults,
    name: `[concat(parameters('VaultName'), '/${name}')]`,
    ...(isOptional && { condition: `[not(empty(parameters('${parameter}')))]` }),
    properties: { value: `[parameters('${parameter}')]` },
    dependsOn: ["[variables('VaultId')]"],
  };
}

/** Resource id used in dependencies on the secret. */
export function secretId({ name }: RelaySecret): string {
  return `[resourceId('Microsoft.KeyVault/vaults/secrets', parameters('VaultName'), '${name}')]`;
}

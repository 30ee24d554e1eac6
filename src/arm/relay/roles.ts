import { apiVersions } from '../../domain/api-versions.ts';
import type { JsonObject } from '../../domain/json.ts';
import { DEPLOYMENT_TEMPLATE_SCHEMA } from '../../domain/schemas.ts';
import { responderAssignment } from '../responder-assignment.ts';

const scopes = {
  storage: {
    type: 'Microsoft.Storage/storageAccounts',
    name: "variables('StorageName')",
    id: "variables('StorageId')",
  },
  vault: { type: 'Microsoft.KeyVault/vaults', name: "parameters('VaultName')", id: "variables('VaultId')" },
  insights: { type: 'Microsoft.Insights/components', name: "parameters('AppName')", id: "variables('InsightsId')" },
} as const;

/**
 * A role of the relay's identity on one of its own resources. The id of the assignment depends on the identity, which is only
 * known during the deployment, hence the nested deployment. An app that was deleted and deployed again has a new identity; the
 * old assignment remains under its own id.
 */
export function roleOn(
  scope: keyof typeof scopes,
  label: string,
  roleId: string,
  condition = "[parameters('AssignRoles')]",
): JsonObject {
  const { type, name, id } = scopes[scope];
  return {
    type: 'Microsoft.Resources/deployments',
    apiVersion: apiVersions.nestedDeployments,
    name: `[concat('signl4-relay-${label}-', uniqueString(variables('SiteId')))]`,
    condition,
    properties: {
      mode: 'Incremental',
      expressionEvaluationOptions: { scope: 'inner' },
      parameters: {
        Name: { value: `[${name}]` },
        RoleId: { value: roleId },
        PrincipalId: { value: `[reference(variables('SiteId'), '${apiVersions.sites}', 'full').identity.principalId]` },
      },
      template: grantOn(type),
    },
    dependsOn: ["[variables('SiteId')]", `[${id}]`],
  };
}

function grantOn(type: string): JsonObject {
  return {
    $schema: DEPLOYMENT_TEMPLATE_SCHEMA,
    contentVersion: '1.0.0.0',
    parameters: Object.fromEntries(['Name', 'RoleId', 'PrincipalId'].map((name) => [name, { type: 'string' }])),
    resources: [
      {
        type: 'Microsoft.Authorization/roleAssignments',
        apiVersion: apiVersions.roles,
        scope: `[concat('${type}/', parameters('Name'))]`,
        name: `[guid(resourceId('${type}', parameters('Name')), parameters('PrincipalId'), parameters('RoleId'))]`,
        properties: {
          roleDefinitionId: "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', parameters('RoleId'))]",
          principalId: "[parameters('PrincipalId')]",
          principalType: 'ServicePrincipal',
        },
      },
    ],
  };
}

/** Microsoft Sentinel Responder on the workspace: incidents, alerts, comments and queries. The workspace may lie elsewhere. */
export const sentinelRole: JsonObject = {
  type: 'Microsoft.Resources/deployments',
  apiVersion: apiVersions.nestedDeployments,
  name: "[concat('signl4-relay-role-', uniqueString(variables('SiteId')))]",
  condition: "[parameters('AssignRoles')]",
  subscriptionId: "[parameters('WorkspaceSubscriptionId')]",
  resourceGroup: "[parameters('WorkspaceResourceGroup')]",
  properties: responderAssignment(
    `reference(variables('SiteId'), '${apiVersions.sites}', 'full').identity.principalId`,
    'SIGNL4 relay: reads and updates incidents, runs the queries of their alerts.',
  ),
  dependsOn: ["[variables('SiteId')]"],
};

import { apiVersions } from '../domain/api-versions.ts';
import type { JsonObject } from '../domain/json.ts';
import { builtInRoles } from '../domain/roles.ts';
import { DEPLOYMENT_TEMPLATE_SCHEMA } from '../domain/schemas.ts';
import { workspaceKey } from './scope-keys.ts';

export const workspaceScope = "[concat('Microsoft.OperationalInsights/workspaces/', parameters('WorkspaceName'))]";
export const responderId = `[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '${builtInRoles.sentinelResponder}')]`;

/**
 * Properties of a nested deployment that assigns Microsoft Sentinel Responder on the workspace to an identity. Nested, because
 * the object id is only known during deployment, and the name of a resource may otherwise not depend on it.
 * @param principalId ARM expression without brackets
 */
export function responderAssignment(principalId: string, description: string): JsonObject {
  return {
    mode: 'Incremental',
    expressionEvaluationOptions: { scope: 'inner' },
    parameters: {
      WorkspaceName: { value: "[parameters('WorkspaceName')]" },
      PrincipalId: { value: `[${principalId}]` },
    },
    template: {
      $schema: DEPLOYMENT_TEMPLATE_SCHEMA,
      contentVersion: '1.0.0.0',
      parameters: { WorkspaceName: { type: 'string' }, PrincipalId: { type: 'string' } },
      resources: [
        {
          type: 'Microsoft.Authorization/roleAssignments',
          apiVersion: apiVersions.roles,
          scope: workspaceScope,
          name: `[guid(${workspaceKey}, parameters('PrincipalId'), '${builtInRoles.sentinelResponder}')]`,
          properties: {
            roleDefinitionId: responderId,
            principalId: "[parameters('PrincipalId')]",
            principalType: 'ServicePrincipal',
            description,
          },
        },
      ],
    },
  };
}

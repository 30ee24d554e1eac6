import { apiVersions } from '../domain/api-versions.ts';
import type { JsonObject } from '../domain/json.ts';
import { builtInRoles } from '../domain/roles.ts';
import { DEPLOYMENT_TEMPLATE_SCHEMA } from '../domain/schemas.ts';
import { workspaceKey } from './scope-keys.ts';

export const workspaceScope = "[concat('Microsoft.OperationalInsights/workspaces/', parameters('WorkspaceName'))]";
export const responderId = `[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '${builtInRoles.sentinelResponder}')]`;

/**
 * Properties of a nested deployment that gives an identity the role Microsoft Sentinel Responder on the workspace. Nested, because
 * the object id is known only while deploying, and the name of an assignment may not depend on that otherwise.
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

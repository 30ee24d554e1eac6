import { type Config, playbooksAreForeign, type Workspace } from '../../config/config.ts';
import { apiVersions } from '../../domain/api-versions.ts';
import { parameter } from '../../wdl/build.ts';
import type { Derived } from '../workflow.ts';

/** ARM id of the workspace in a workflow whose trigger does not contain it. */
export const workspaceArmId = parameter('WorkspaceArmId');
export const workspaceId = parameter('WorkspaceId');

/** Tenant of the incidents or, in a playbook that has others run, of the playbooks. They only differ for service providers. */
export const tenantId = parameter('TenantId');

function derived(description: string, arm: string): Derived {
  return { parameters: { TenantId: { description, arm } }, deployment: { parameters: {}, variables: {} } };
}

export const derivedTenant = derived('Tenant of the playbooks; set by the deployment.', '[subscription().tenantId]');

export function derivedTenantOfIncidents(config: Config): Derived {
  const { workspace } = config;
  return playbooksAreForeign(config) && workspace
    ? derived('Tenant of the workspace.', workspace.tenantId)
    : derivedTenant;
}

/** Only the name of the workspace is a deployment parameter; id and GUID are derived from it. */
export function derivedWorkspace(workspace: Workspace | undefined): Derived {
  return {
    parameters: {
      WorkspaceArmId: {
        description: 'Log Analytics workspace that Microsoft Sentinel runs on; set by the deployment.',
        arm: "[variables('WorkspaceArmId')]",
      },
      WorkspaceId: {
        description: 'GUID of that workspace, in lower case; set by the deployment.',
        arm: `[toLower(${orElse('WorkspaceId', `reference(variables('WorkspaceArmId'), '${apiVersions.workspaces}').customerId`)})]`,
      },
    },
    deployment: {
      parameters: {
        WorkspaceName: {
          type: 'String',
          ...(workspace && { defaultValue: workspace.name }),
          description: 'Name of the Log Analytics workspace that Microsoft Sentinel runs on.',
        },
        WorkspaceResourceGroup: {
          type: 'String',
          defaultValue: workspace?.resourceGroup ?? '',
          description: 'Resource group of the workspace. Empty: the one deployed to.',
        },
        WorkspaceSubscriptionId: {
          type: 'String',
          defaultValue: workspace?.subscriptionId ?? '',
          description: 'Subscription of the workspace. Empty: the one deployed to.',
        },
        WorkspaceId: {
          type: 'String',
          defaultValue: workspace?.workspaceId ?? '',
          description: 'GUID of the workspace ("Workspace ID" in the portal). Empty: looked up by its name.',
        },
      },
      variables: {
        WorkspaceArmId: `[resourceId(${orElse('WorkspaceSubscriptionId', 'subscription().subscriptionId')}, ${orElse('WorkspaceResourceGroup', 'resourceGroup().name')}, 'Microsoft.OperationalInsights/workspaces', parameters('WorkspaceName'))]`,
      },
    },
  };
}

function orElse(name: string, otherwise: string): string {
  return `if(empty(parameters('${name}')), ${otherwise}, parameters('${name}'))`;
}

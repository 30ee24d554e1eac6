import { type Config, playbooksAreForeign, respondsWithoutRelay } from '../../config/config.ts';
import { apiVersions } from '../../domain/api-versions.ts';
import type { JsonObject } from '../../domain/json.ts';
import { builtInRoles, customRole } from '../../domain/roles.ts';
import { DEPLOYMENT_TEMPLATE_SCHEMA } from '../../domain/schemas.ts';
import { placeParameters } from '../place-parameters.ts';
import { responderAssignment, responderId, workspaceScope } from '../responder-assignment.ts';
import { groupKey, workspaceKey } from '../scope-keys.ts';
import { type ArmParameter, type ArmTemplate, armTemplate, textParameter as text } from '../template.ts';

/*
 * `setup/azuredeploy.json`: the custom role, and who gets which role on the workspace. Deployed to the resource group of the
 * workspace. Names of assignments derive from scope, identity and role, so deploying again changes nothing.
 */

/** Playbooks that access incidents with their own identity. */
export const playbooksWithRights: readonly string[] = [
  'SIGNL4-Send-Incident',
  'SIGNL4-Callback',
  'SIGNL4-Sync-Incident',
  'SIGNL4-Sweep',
  'SIGNL4-Page-Entity',
  'SIGNL4-Who-Is-On-Call',
  'SIGNL4-Respond',
];

/**
 * Playbooks that call Microsoft Graph rather than Sentinel with their own identity; they need a Graph permission instead of an
 * Azure role.
 */
export const playbooksOfDefender = ['SIGNL4-Defender-Incidents', 'SIGNL4-Defender-Callback'] as const;

/** The playbook that starts what the person on call asks for. */
export const PLAYBOOK_RESPONDER = 'SIGNL4-Respond';

/** The playbook that has Sentinel run other playbooks. */
export const PLAYBOOK_RUNNER = 'SIGNL4-Sweep';

/** Those that a configuration has a use for. */
export function playbooksWithRightsOf(config: Config): readonly string[] {
  return playbooksWithRights.filter((name) => name !== PLAYBOOK_RESPONDER || respondsWithoutRelay(config));
}

/** `AppSentinelRole` to the role's GUID. */
const appSentinelRoles = {
  'Microsoft Sentinel Contributor': builtInRoles.sentinelContributor,
  'Microsoft Sentinel Responder': builtInRoles.sentinelResponder,
} as const;

export function setupTemplate(config: Config): ArmTemplate {
  return armTemplate({
    metadata: {
      title: 'Azure roles for SIGNL4',
      description: 'The custom role for the queries, and the role assignments of the application and the playbooks.',
    },
    parameters: parameters(config),
    variables: {
      WorkspaceKey: `[${workspaceKey}]`,
      CustomRoleId: `[guid(${groupKey}, 'SIGNL4 Sentinel and Log Analytics Access')]`,
      NeedsCustomRole: "[and(not(empty(parameters('AppObjectId'))), parameters('AllowQueries'))]",
      AppSentinelRoles: appSentinelRoles,
      AppRoles:
        `[if(empty(parameters('AppObjectId')), createArray(), concat(` +
        `if(variables('NeedsCustomRole'), createArray(variables('CustomRoleId')), createArray()), ` +
        `createArray(variables('AppSentinelRoles')[parameters('AppSentinelRole')], '${builtInRoles.logAnalyticsReader}')))]`,
    },
    resources: [roleDefinition, appAssignments, playbookAssignments, runnerAssignment, identityAssignments],
  });
}

function parameters(config: Config): Record<string, ArmParameter> {
  const { kql } = config;
  const { WorkspaceName, ...playbookPlace } = placeParameters(config);
  const array = (defaultValue: readonly string[], description: string): ArmParameter => ({
    type: 'array',
    defaultValue,
    metadata: { description },
  });
  return {
    WorkspaceName,
    Playbooks: array(
      playbooksAreForeign(config) ? [] : playbooksWithRightsOf(config),
      'Names of deployed playbooks whose managed identity gets the role Microsoft Sentinel Responder. Leave out what is not deployed, and those of another tenant: there the delegation of Azure Lighthouse gives the role.',
    ),
    ...playbookPlace,
    ManagedIdentityObjectIds: array(
      [],
      'Object ids of further managed identities, such as the relay, that get the role Microsoft Sentinel Responder.',
    ),
    AppObjectId: text(
      'Object id of the service principal of the Entra application (not of the application itself). Empty: there is none.',
      '',
    ),
    AppSentinelRole: {
      type: 'string',
      defaultValue: 'Microsoft Sentinel Contributor',
      allowedValues: Object.keys(appSentinelRoles),
      metadata: {
        description:
          'Role of the Entra application. Responder suffices for this solution; the connector app in the SIGNL4 portal asks for Contributor.',
      },
    },
    AllowQueries: {
      type: 'bool',
      defaultValue: kql.enabled,
      metadata: {
        description: "Whether the Entra application may run the alerts' queries: creates and assigns the custom role.",
      },
    },
    RoleName: text('Name of the custom role; unique in the tenant.', customRole.name),
  };
}

const roleDefinition: JsonObject = {
  type: 'Microsoft.Authorization/roleDefinitions',
  apiVersion: apiVersions.roles,
  name: "[variables('CustomRoleId')]",
  condition: "[variables('NeedsCustomRole')]",
  properties: {
    roleName: "[parameters('RoleName')]",
    description: customRole.description,
    type: 'CustomRole',
    permissions: [
      {
        actions: customRole.actions,
        notActions: customRole.notActions,
        dataActions: [],
        notDataActions: [],
      },
    ],
    assignableScopes: ['[resourceGroup().id]'],
  },
};

const appAssignments: JsonObject = {
  type: 'Microsoft.Authorization/roleAssignments',
  apiVersion: apiVersions.roles,
  scope: workspaceScope,
  name: "[guid(variables('WorkspaceKey'), parameters('AppObjectId'), variables('AppRoles')[copyIndex()])]",
  copy: { name: 'appRoles', count: "[length(variables('AppRoles'))]" },
  dependsOn: ["[resourceId('Microsoft.Authorization/roleDefinitions', variables('CustomRoleId'))]"],
  properties: {
    roleDefinitionId:
      "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', variables('AppRoles')[copyIndex()])]",
    principalId: "[parameters('AppObjectId')]",
    principalType: 'ServicePrincipal',
    description: 'SIGNL4: reads and updates incidents.',
  },
};

/** The least privileged role that suffices: Microsoft Sentinel Responder. */
const identityAssignments: JsonObject = {
  type: 'Microsoft.Authorization/roleAssignments',
  apiVersion: apiVersions.roles,
  scope: workspaceScope,
  name: `[guid(variables('WorkspaceKey'), parameters('ManagedIdentityObjectIds')[copyIndex()], '${builtInRoles.sentinelResponder}')]`,
  copy: { name: 'identities', count: "[length(parameters('ManagedIdentityObjectIds'))]" },
  properties: {
    roleDefinitionId: responderId,
    principalId: "[parameters('ManagedIdentityObjectIds')[copyIndex()]]",
    principalType: 'ServicePrincipal',
    description: 'SIGNL4: reads and updates incidents.',
  },
};

/** ARM expression of the object id of a playbook's identity, known only while deploying. */
function identityOf(name: string): string {
  return `reference(resourceId(parameters('PlaybookSubscriptionId'), parameters('PlaybookResourceGroup'), 'Microsoft.Logic/workflows', ${name}), '${apiVersions.logic}', 'Full').identity.principalId`;
}

/**
 * One nested deployment per playbook: the object id of a managed identity is only known during deployment, and the name of a
 * resource may not depend on it except in a nested template. A playbook that was deleted and deployed again has a new identity
 * and so gets a new assignment.
 */
const playbookAssignments: JsonObject = {
  type: 'Microsoft.Resources/deployments',
  apiVersion: apiVersions.nestedDeployments,
  name: "[concat('signl4-', uniqueString(parameters('Playbooks')[copyIndex()]))]",
  copy: { name: 'playbooks', count: "[length(parameters('Playbooks'))]" },
  properties: responderAssignment(
    identityOf("parameters('Playbooks')[copyIndex()]"),
    'SIGNL4: reads and updates incidents.',
  ),
};

/** The sweep may have Sentinel run the playbooks of their resource group: Microsoft Sentinel Playbook Operator. */
const runnerAssignment: JsonObject = {
  type: 'Microsoft.Resources/deployments',
  apiVersion: apiVersions.nestedDeployments,
  name: "[concat('signl4-operator-', uniqueString(parameters('PlaybookResourceGroup')))]",
  condition: `[contains(parameters('Playbooks'), '${PLAYBOOK_RUNNER}')]`,
  subscriptionId: "[parameters('PlaybookSubscriptionId')]",
  resourceGroup: "[parameters('PlaybookResourceGroup')]",
  properties: {
    mode: 'Incremental',
    expressionEvaluationOptions: { scope: 'inner' },
    parameters: {
      // References are evaluated even if the condition is false.
      PrincipalId: {
        value: `[if(contains(parameters('Playbooks'), '${PLAYBOOK_RUNNER}'), ${identityOf(`'${PLAYBOOK_RUNNER}'`)}, '')]`,
      },
    },
    template: {
      $schema: DEPLOYMENT_TEMPLATE_SCHEMA,
      contentVersion: '1.0.0.0',
      parameters: { PrincipalId: { type: 'string' } },
      resources: [
        {
          type: 'Microsoft.Authorization/roleAssignments',
          apiVersion: apiVersions.roles,
          name: `[guid(${groupKey}, parameters('PrincipalId'), '${builtInRoles.sentinelPlaybookOperator}')]`,
          properties: {
            roleDefinitionId: `[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '${builtInRoles.sentinelPlaybookOperator}')]`,
            principalId: "[parameters('PrincipalId')]",
            principalType: 'ServicePrincipal',
            description: 'SIGNL4: the sweep has Microsoft Sentinel run the playbooks.',
          },
        },
      ],
    },
  },
};

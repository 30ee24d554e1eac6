import type { Config } from '../config/config.ts';
import { apiVersions } from '../domain/api-versions.ts';
import { armLiteral } from '../domain/arm-literal.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import { builtInRoles } from '../domain/roles.ts';
import { DEPLOYMENT_TEMPLATE_SCHEMA } from '../domain/schemas.ts';
import type { SyncChoice } from '../rules/choices.ts';
import type { RuleCondition } from '../rules/filter.ts';
import { ruleConditions } from '../rules/filter-targets.ts';
import { nameTables } from '../rules/product-names.ts';
import { placeParameters } from './place-parameters.ts';
import { groupKey, workspaceKey } from './scope-keys.ts';
import { type ArmParameter, type ArmTemplate, armTemplate, textParameter as text } from './template.ts';

/*
 * `automation-rules/azuredeploy.json`: the rules that run the playbooks, and the permission that lets Sentinel do so.
 * Deployed to the resource group of the workspace. Source: Microsoft.SecurityInsights/automationRules, 2025-09-01.
 */

/** Sentinel runs rules by order. Ours run late, after rules that close or tag known noise. */
export const FIRST_ORDER = 900;

/** The template. Choices of the filter that a rule can test become conditions of the rules that page. */
export function automationRules(config: Config): ArmTemplate {
  const wanted = ruleConditions(config.filter, nameTables(config.friendlyNames)).map(armCondition);
  const updates = updateConditions(config.sync);
  return armTemplate({
    metadata: {
      title: 'Automation rules for SIGNL4',
      description:
        'Runs the SIGNL4 playbooks when incidents are created or updated, and lets Microsoft Sentinel run them.',
    },
    parameters: parameters(config, updates.length > 0),
    variables: {
      ...(config.filter.analyticsRules.length > 0 && {
        WorkspaceId: "[resourceId('Microsoft.OperationalInsights/workspaces', parameters('WorkspaceName'))]",
      }),
      WorkspaceKey: `[${workspaceKey}]`,
      PermissionDeployment: "[concat('signl4-permission-', uniqueString(deployment().name))]",
    },
    resources: [
      permission,
      rule({
        id: 'SendIncidentPlaybook',
        playbook: 'SendIncidentPlaybook',
        displayName: 'SIGNL4: page the on-call team',
        order: 0,
        triggersWhen: 'Created',
        conditions: wanted,
      }),
      // Without conditions it would run on every update.
      ...(updates.length > 0
        ? [
            rule({
              id: 'SyncIncidentPlaybook',
              playbook: 'SyncIncidentPlaybook',
              displayName: 'SIGNL4: tell the on-call team what changed',
              order: 1,
              triggersWhen: 'Updated',
              conditions: anyOf(updates),
            }),
          ]
        : []),
      // An incident that arrived closed was not sent; one that was sent before is not sent again by SIGNL4-Send-Incident.
      rule({
        id: 'ReopenedIncident',
        playbook: 'SendIncidentPlaybook',
        displayName: 'SIGNL4: page about an incident that is opened after all',
        order: 2,
        triggersWhen: 'Updated',
        conditions: [changed('IncidentStatus', 'ChangedFrom', ['Closed']), ...wanted],
      }),
    ],
  });
}

function parameters(config: Config, hasUpdates: boolean): Record<string, ArmParameter> {
  const { deployment } = config;
  return {
    ...placeParameters(config),
    PlaybookTenantId: text('Tenant of the playbooks.', deployment.tenantId || '[subscription().tenantId]'),
    SendIncidentPlaybook: text('Name of the playbook for new incidents.', 'SIGNL4-Send-Incident'),
    ...(hasUpdates && {
      SyncIncidentPlaybook: text('Name of the playbook for changed incidents.', 'SIGNL4-Sync-Incident'),
    }),
    SecurityInsightsObjectId: text(
      'Object id of the enterprise application "Azure Security Insights" in the tenant of the playbooks: az ad sp show --id 98785600-1bb7-4fb9-b9fa-19afe2c8a360 --query id. Empty: Microsoft Sentinel may run the playbooks already.',
      '',
    ),
    FirstOrder: {
      type: 'int',
      defaultValue: deployment.ruleOrder || FIRST_ORDER,
      minValue: 1,
      maxValue: 998,
      metadata: {
        description: 'Order of the rule for new incidents, 1 to 998; the others follow. Rules run in this order.',
      },
    },
    Enabled: {
      type: 'bool',
      defaultValue: deployment.rules !== 'off',
      metadata: { description: 'Whether the rules are switched on.' },
    },
    ExpirationTimeUtc: text('When the rules end, for example 2027-01-01T00:00:00Z. Empty: never.', deployment.rulesEnd),
  };
}

/** Microsoft Sentinel Automation Contributor for Sentinel's own identity on the playbooks' resource group. */
const permission: JsonObject = {
  type: 'Microsoft.Resources/deployments',
  apiVersion: apiVersions.nestedDeployments,
  name: "[variables('PermissionDeployment')]",
  condition: "[not(empty(parameters('SecurityInsightsObjectId')))]",
  subscriptionId: "[parameters('PlaybookSubscriptionId')]",
  resourceGroup: "[parameters('PlaybookResourceGroup')]",
  properties: {
    mode: 'Incremental',
    expressionEvaluationOptions: { scope: 'inner' },
    parameters: { principalId: { value: "[parameters('SecurityInsightsObjectId')]" } },
    template: {
      $schema: DEPLOYMENT_TEMPLATE_SCHEMA,
      contentVersion: '1.0.0.0',
      parameters: { principalId: { type: 'string' } },
      resources: [
        {
          type: 'Microsoft.Authorization/roleAssignments',
          apiVersion: apiVersions.roles,
          name: `[guid(${groupKey}, parameters('principalId'), '${builtInRoles.sentinelAutomationContributor}')]`,
          properties: {
            roleDefinitionId: `[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '${builtInRoles.sentinelAutomationContributor}')]`,
            principalId: "[parameters('principalId')]",
            principalType: 'ServicePrincipal',
            description: 'Lets Microsoft Sentinel run the SIGNL4 playbooks.',
          },
        },
      ],
    },
  },
};

interface Rule {
  /** The rule's id is derived from this; must never change. */
  readonly id: string;
  /** The parameter that names the playbook. */
  readonly playbook: string;
  readonly displayName: string;
  /** Added to the first order. */
  readonly order: number;
  readonly triggersWhen: 'Created' | 'Updated';
  readonly conditions: Json;
}

function rule({ id, playbook, displayName, order, triggersWhen, conditions }: Rule): JsonObject {
  return {
    type: 'Microsoft.SecurityInsights/automationRules',
    apiVersion: apiVersions.sentinel,
    scope: "[concat('Microsoft.OperationalInsights/workspaces/', parameters('WorkspaceName'))]",
    name: `[guid(variables('WorkspaceKey'), '${id}')]`,
    dependsOn: [
      "[resourceId(parameters('PlaybookSubscriptionId'), parameters('PlaybookResourceGroup'), 'Microsoft.Resources/deployments', variables('PermissionDeployment'))]",
    ],
    properties: {
      displayName,
      order: order === 0 ? "[parameters('FirstOrder')]" : `[add(parameters('FirstOrder'), ${order})]`,
      triggeringLogic: {
        isEnabled: "[parameters('Enabled')]",
        expirationTimeUtc: "[if(empty(parameters('ExpirationTimeUtc')), null(), parameters('ExpirationTimeUtc'))]",
        triggersOn: 'Incidents',
        triggersWhen,
        conditions,
      },
      actions: [
        {
          order: 1,
          actionType: 'RunPlaybook',
          actionConfiguration: {
            logicAppResourceId: `[resourceId(parameters('PlaybookSubscriptionId'), parameters('PlaybookResourceGroup'), 'Microsoft.Logic/workflows', parameters('${playbook}'))]`,
            tenantId: "[parameters('PlaybookTenantId')]",
          },
        },
      ],
    },
  };
}

/** Values from the user may begin with a bracket, which ARM would take for an expression, and ids of analytics rules are one. */
function armCondition({ propertyName, operator, propertyValues }: RuleCondition): JsonObject {
  const inArm = propertyName === 'IncidentRelatedAnalyticRuleIds' ? analyticsRuleId : armLiteral;
  return {
    conditionType: 'Property',
    conditionProperties: { propertyName, operator, propertyValues: propertyValues.map(inArm) },
  };
}

const analyticsRuleId = (guid: string) =>
  `[concat(variables('WorkspaceId'), '/providers/Microsoft.SecurityInsights/alertRules/${guid}')]`;

/**
 * Changes that SIGNL4-Sync-Incident compares, no matter who made them: if both sides agree, it writes nothing. Excludes our tag,
 * which is set on every incident that is sent.
 */
function updateConditions(sync: SyncChoice): readonly JsonObject[] {
  return [
    ...(sync.closed || sync.acknowledged ? [changed('IncidentStatus')] : []),
    ...(sync.acknowledged ? [changed('IncidentOwner')] : []),
    ...(sync.severityRaised ? raisedSeverity : []),
    ...(sync.comments ? [added('Comments'), added('Alerts')] : []),
  ];
}

function added(arrayType: 'Comments' | 'Alerts'): JsonObject {
  return { conditionType: 'PropertyArrayChanged', conditionProperties: { arrayType, changeType: 'Added' } };
}

/** Without values, any change of the property matches. */
function changed(
  propertyName: string,
  changeType?: 'ChangedFrom' | 'ChangedTo',
  values: readonly string[] = [],
): JsonObject {
  return {
    conditionType: 'PropertyChanged',
    conditionProperties: {
      propertyName,
      ...(changeType && { changeType, operator: 'Equals', propertyValues: values }),
    },
  };
}

/** The trigger does not contain the previous severity, but a rule can test it and let only raises pass. */
const raisedSeverity: readonly JsonObject[] = [
  changed('IncidentSeverity', 'ChangedTo', ['High']),
  both(
    changed('IncidentSeverity', 'ChangedFrom', ['Low', 'Informational']),
    changed('IncidentSeverity', 'ChangedTo', ['Medium']),
  ),
  both(
    changed('IncidentSeverity', 'ChangedFrom', ['Informational']),
    changed('IncidentSeverity', 'ChangedTo', ['Low']),
  ),
];

function both(...innerConditions: readonly JsonObject[]): JsonObject {
  return { conditionType: 'Boolean', conditionProperties: { operator: 'And', innerConditions } };
}

/** A condition that any of several may meet; an OR group needs at least two. */
function anyOf(conditions: readonly JsonObject[]): readonly JsonObject[] {
  if (conditions.length < 2) return conditions;
  return [{ conditionType: 'Boolean', conditionProperties: { operator: 'Or', innerConditions: conditions } }];
}

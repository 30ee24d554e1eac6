import type { Config } from '../config/config.ts';
import { apiVersions } from '../domain/api-versions.ts';
import { armLiteral } from '../domain/arm-literal.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Monitoring } from '../monitoring/monitoring.ts';
import { type AnalyticsRule, attack, incidentMembers } from '../monitoring/rules.ts';
import { WORKBOOK_TITLE } from '../monitoring/workbook.ts';
import { workspaceKey } from './scope-keys.ts';
import { type ArmTemplate, armTemplate, flagParameter as flag, textParameter as text } from './template.ts';

/*
 * Templates `monitoring/workspace` and `monitoring/playbooks`. The first goes to the resource group of the workspace: workbook,
 * analytics rules, health monitoring of Sentinel. The second goes to the resource group of the playbooks and sends their logs to
 * the workspace. The playbooks' own templates cannot do that: the repository's validator refuses conditional resources, and an
 * unconditional one would require a workspace for every playbook.
 */

const WORKSPACE = 'Microsoft.OperationalInsights/workspaces';

export function workspaceMonitoring({ workspace }: Config, { workbook, rules }: Monitoring): ArmTemplate {
  return armTemplate({
    metadata: {
      title: 'Workbook and analytics rules for SIGNL4',
      description: 'Shows how fast incidents are paged and taken, and reports where the paging fails.',
    },
    parameters: {
      WorkspaceName: text(
        'Log Analytics workspace that Microsoft Sentinel runs on; in the resource group deployed to.',
        workspace?.name,
      ),
      RulesEnabled: flag('Whether the analytics rules are switched on.', true),
      HealthMonitoring: flag(
        'Whether Microsoft Sentinel records runs of automation rules in the table SentinelHealth.',
        true,
      ),
    },
    variables: {
      WorkspaceId: `[resourceId('${WORKSPACE}', parameters('WorkspaceName'))]`,
      WorkbookName: `[guid(${workspaceKey}, '${WORKBOOK_TITLE}')]`,
    },
    resources: [workbookResource(workbook), ...rules.map(ruleResource), healthSetting],
  });
}

function workbookResource(workbook: JsonObject): JsonObject {
  return {
    type: 'Microsoft.Insights/workbooks',
    apiVersion: apiVersions.workbooks,
    name: "[variables('WorkbookName')]",
    location: '[resourceGroup().location]',
    kind: 'shared',
    properties: {
      displayName: WORKBOOK_TITLE,
      serializedData: armLiteral(JSON.stringify(workbook)),
      version: '1.0',
      sourceId: "[variables('WorkspaceId')]",
      category: 'sentinel',
    },
  };
}

function ruleResource(rule: AnalyticsRule): JsonObject {
  return {
    type: 'Microsoft.SecurityInsights/alertRules',
    apiVersion: apiVersions.sentinel,
    scope: `[concat('${WORKSPACE}/', parameters('WorkspaceName'))]`,
    name: rule.id,
    kind: 'Scheduled',
    properties: {
      displayName: rule.title,
      description: rule.description,
      severity: rule.severity,
      enabled: "[parameters('RulesEnabled')]",
      query: armLiteral(rule.query),
      queryFrequency: isoDuration(rule.queryFrequency),
      queryPeriod: isoDuration(rule.queryPeriod),
      triggerOperator: 'GreaterThan',
      triggerThreshold: 0,
      suppressionDuration: 'PT1H',
      suppressionEnabled: false,
      ...attack,
      ...incidentMembers(rule),
    },
  };
}

/** `15m` and `1d` as ARM writes them. */
function isoDuration(time: string): string {
  return time.endsWith('d') ? `P${time.toUpperCase()}` : `PT${time.toUpperCase()}`;
}

/** Source: azure-docs, "Turn on auditing and health monitoring": a diagnostic setting on Sentinel's own setting. */
const healthSetting: JsonObject = {
  type: `${WORKSPACE}/providers/settings/providers/diagnosticSettings`,
  apiVersion: apiVersions.diagnosticSettings,
  condition: "[parameters('HealthMonitoring')]",
  name: "[concat(parameters('WorkspaceName'), '/Microsoft.SecurityInsights/SentinelHealth/Microsoft.Insights/SIGNL4')]",
  properties: {
    workspaceId: "[variables('WorkspaceId')]",
    logs: [{ category: 'Automation', enabled: true }],
  },
};

export function playbookDiagnostics({ workspace }: Config, playbooks: readonly string[]): ArmTemplate {
  const workspaceId = workspace
    ? `/subscriptions/${workspace.subscriptionId}/resourceGroups/${workspace.resourceGroup}/providers/${WORKSPACE}/${workspace.name}`
    : undefined;
  return armTemplate({
    metadata: {
      title: 'Diagnostic settings of the SIGNL4 playbooks',
      description:
        'Sends what the playbooks log about their runs to the workspace, for the workbook and the analytics rules.',
    },
    parameters: {
      DiagnosticsWorkspaceId: text(
        'ARM id of the Log Analytics workspace that Microsoft Sentinel runs on.',
        workspaceId,
      ),
      Playbooks: {
        type: 'array',
        defaultValue: playbooks,
        metadata: { description: 'Names of the playbooks; each must be there, in the resource group deployed to.' },
      },
    },
    variables: {},
    resources: [
      {
        type: 'Microsoft.Logic/workflows/providers/diagnosticSettings',
        apiVersion: apiVersions.diagnosticSettings,
        name: "[concat(parameters('Playbooks')[copyIndex()], '/Microsoft.Insights/SIGNL4')]",
        copy: { name: 'settings', count: "[length(parameters('Playbooks'))]" },
        properties: {
          workspaceId: "[parameters('DiagnosticsWorkspaceId')]",
          logs: [{ category: 'WorkflowRuntime', enabled: true }],
        },
      },
    ],
  });
}

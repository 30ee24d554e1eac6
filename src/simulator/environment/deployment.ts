import { playbooksOf } from '../../../playbooks/index.ts';
import { automationRules } from '../../arm/automation-rules.ts';
import { playbookTemplate } from '../../arm/playbook.ts';
import { evaluateArm } from '../../arm-expressions/evaluate.ts';
import { type Deployment, offlineDeployment } from '../../arm-expressions/scope.ts';
import { templateScope } from '../../arm-expressions/template.ts';
import { toJson } from '../../arm-expressions/value.ts';
import { type WorkflowResource, workflowFromTemplate } from '../../arm-expressions/workflow-resource.ts';
import type { Config, Workspace } from '../../config/config.ts';
import { type JsonObject, memberAt, textOf } from '../../domain/json.ts';
import { entityKinds } from '../../rules/respond.ts';
import { type Json, WORKFLOW_SCHEMA } from '../../wdl/types.ts';
import { configuredWorkflow } from '../../workflow/patch/patched.ts';
import { type AutomationRule, readAutomationRule } from '../sentinel/automation-rule.ts';

/** What people enter when they deploy. */
export interface DeploymentSecrets {
  readonly teamSecret: string;
  readonly relayKey: string;
}

/** Playbooks do not show their version while they run. */
const release = { version: '0.0.0', date: '2026-01-01T00:00:00Z', notes: [] };

/** The templates of every playbook, deployed: by the name of the playbook. */
export function deployPlaybooks(
  config: Config,
  secrets: DeploymentSecrets,
  workspace: Workspace,
): ReadonlyMap<string, WorkflowResource> {
  const deployment = deploymentFor(workspace);
  return new Map(
    playbooksOf(config).map((playbook) => {
      const template = playbookTemplate(playbook, configuredWorkflow(playbook, config).workflow, { release });
      const given: Record<string, Json> = {
        ...('TeamSecret' in template.parameters && { TeamSecret: secrets.teamSecret }),
        ...('RelayKey' in template.parameters && { RelayKey: secrets.relayKey }),
      };
      return [playbook.name, workflowFromTemplate(template as never, { parameters: given, deployment })];
    }),
  );
}

/** The rules of `automation-rules/azuredeploy.json`, as Sentinel would store them. */
export function deployAutomationRules(config: Config, workspace: Workspace): readonly AutomationRule[] {
  const template = automationRules(config) as unknown as Record<string, Json>;
  const scope = templateScope(template, {}, deploymentFor(workspace));
  const resources = template['resources'] as readonly JsonObject[];
  return resources
    .filter((resource) => resource['type'] === 'Microsoft.SecurityInsights/automationRules')
    .map((resource): AutomationRule => {
      const rule = toJson(evaluateArm(resource as Json, scope));
      const properties = readAutomationRule(rule);
      return { name: textOf(memberAt(rule, 'name')) ?? properties.displayName, etag: 'deployed', properties };
    });
}

/** What the customer has to respond with: playbooks that begin as the list says, and end well. By their names. */
export function responsePlaybooks({ respond }: Config): ReadonlyMap<string, WorkflowResource> {
  return new Map(
    Object.values(respond.playbooks).map(({ playbook, on }) => {
      const name = playbook.split('/').at(-1) ?? '';
      const path = on === 'incident' ? '/incident-creation' : `/entity/@{encodeURIComponent('${entityKinds[on]}')}`;
      const definition = {
        $schema: WORKFLOW_SCHEMA,
        contentVersion: '1.0.0.0',
        parameters: { $connections: { type: 'Object', defaultValue: {} } },
        triggers: {
          Microsoft_Sentinel: {
            type: 'ApiConnectionWebhook',
            inputs: {
              host: { connection: { name: "@parameters('$connections')['azuresentinel']['connectionId']" } },
              body: { callback_url: '@{listCallbackUrl()}' },
              path,
            },
          },
        },
        actions: { Respond: { type: 'Compose', inputs: '@triggerBody()', runAfter: {} } },
        outputs: {},
      };
      return [name, { id: playbook, name, location: 'westeurope', definition, parameters: {}, tags: {}, pointer: '' }];
    }),
  );
}

function deploymentFor({ subscriptionId, tenantId, resourceGroup }: Workspace): Deployment {
  return { ...offlineDeployment, subscriptionId, tenantId, resourceGroup };
}

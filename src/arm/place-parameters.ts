import type { Config } from '../config/config.ts';
import { type ArmParameter, textParameter } from './template.ts';

/** Workspace, and place of the playbooks: what templates for the resource group of the workspace ask. */
export function placeParameters({ workspace, deployment }: Config) {
  return {
    WorkspaceName: textParameter(
      'Log Analytics workspace that Microsoft Sentinel runs on; in the resource group deployed to.',
      workspace?.name,
    ),
    PlaybookSubscriptionId: textParameter(
      'Subscription of the playbooks.',
      deployment.subscriptionId || '[subscription().subscriptionId]',
    ),
    PlaybookResourceGroup: textParameter(
      'Resource group of the playbooks.',
      deployment.resourceGroup || '[resourceGroup().name]',
    ),
  } satisfies Record<string, ArmParameter>;
}

import { playbooks, playbooksOf } from '../../playbooks/index.ts';
import type { DeployedWorkflow, WorkflowClient } from '../azure/workflows.ts';
import type { Config } from '../config/config.ts';
import { textOf } from '../domain/json.ts';
import type { Playbook } from '../workflow/playbook.ts';
import { parameterOf } from './doctor/context.ts';
import type { Live } from './live.ts';

/*
 * Playbooks that only some configurations need. When a choice is reverted, or a relay takes over, the deployment leaves the
 * playbook out; the one deployed before would keep running with its list, roles and webhook.
 */

/** The playbooks that the configuration does not need. */
export function unwantedPlaybooks(config: Config): readonly Playbook[] {
  return playbooks.filter((playbook) => !playbooksOf(config).includes(playbook));
}

/** Those of them that are deployed for this workspace, enabled or not. */
export async function findLeftovers(
  live: Pick<Live, 'config' | 'workspace'>,
  workflows: WorkflowClient,
): Promise<readonly DeployedWorkflow[]> {
  const found = await Promise.all(unwantedPlaybooks(live.config).map(({ name }) => workflows.find(name)));
  return found.filter((deployed) => deployed !== undefined).filter((deployed) => isOfWorkspace(deployed, live));
}

export function isOfWorkspace(deployed: DeployedWorkflow, { workspace }: Pick<Live, 'workspace'>): boolean {
  const id = textOf(parameterOf(deployed, 'WorkspaceId')) ?? '';
  return id === '' || id.toLowerCase() === workspace.workspaceId.toLowerCase();
}

export function isOn({ state }: DeployedWorkflow): boolean {
  return state !== 'Disabled';
}

/** The reason shown for one that is enabled. */
export const NO_USE = 'the configuration has no use for it';

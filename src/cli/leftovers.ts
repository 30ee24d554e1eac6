import { playbooks, playbooksOf } from '../../playbooks/index.ts';
import type { DeployedWorkflow, WorkflowClient } from '../azure/workflows.ts';
import type { Config } from '../config/config.ts';
import { textOf } from '../domain/json.ts';
import type { Playbook } from '../workflow/playbook.ts';
import { parameterOf } from './doctor/context.ts';
import type { Live } from './live.ts';

/*
 * Playbooks that only some configurations have a use for. Where the choice that wanted one is taken back, or a relay does its work, the
 * deployment leaves it out, and what was deployed before would go on: with its list, its roles and its webhook.
 */

/** Those that the configuration has no use for. */
export function unwantedPlaybooks(config: Config): readonly Playbook[] {
  return playbooks.filter((playbook) => !playbooksOf(config).includes(playbook));
}

/** Those of them that are in the resource group for this workspace, on or off. */
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

/** What people read of one that is on. */
export const NO_USE = 'the configuration has no use for it';

import { createDelegationClient, type DelegationClient } from '../../azure/delegations.ts';
import { createDirectoryClient, type DirectoryClient } from '../../azure/directory.ts';
import { createFunctionAppClient, type FunctionAppClient } from '../../azure/function-app.ts';
import { createLogsClient, type LogsClient } from '../../azure/logs.ts';
import { createResourceClient, type ResourceClient } from '../../azure/resources.ts';
import { createRoleClient, type RoleClient } from '../../azure/roles.ts';
import { createSentinelClient, type SentinelClient } from '../../azure/sentinel.ts';
import { createWorkflowClient, type DeployedWorkflow, type WorkflowClient } from '../../azure/workflows.ts';
import { memberAt } from '../../domain/json.ts';
import type { Playbook } from '../../workflow/playbook.ts';
import type { Live } from '../live.ts';
import { type DeployedRelay, findRelay } from '../relay-in-azure.ts';

/** A playbook of ours, and what is deployed of it. */
export interface FoundPlaybook {
  readonly playbook: Playbook;
  readonly deployed: DeployedWorkflow | undefined;
  /** Why the deployed playbook could not be read. */
  readonly problem?: unknown;
}

export interface DoctorContext {
  readonly live: Live;
  readonly sentinel: SentinelClient;
  readonly logs: LogsClient;
  readonly roles: RoleClient;
  readonly delegations: DelegationClient;
  readonly workflows: WorkflowClient;
  readonly resources: ResourceClient;
  readonly directory: DirectoryClient;
  readonly apps: FunctionAppClient;
  /** The relay that `deploy` created; undefined if there is none. Rejects if it cannot be read. */
  readonly relay: () => Promise<DeployedRelay | undefined>;
  readonly playbooks: readonly FoundPlaybook[];
  /** Playbooks that the configuration does not need. */
  readonly unwanted: readonly FoundPlaybook[];
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => number;
}

export type DoctorClients = Omit<DoctorContext, 'playbooks' | 'unwanted' | 'fetch' | 'now'>;

export function doctorClients(live: Live): DoctorClients {
  const { arm, workspace, group } = live;
  let relay: Promise<DeployedRelay | undefined> | undefined;
  return {
    live,
    sentinel: createSentinelClient({ ...arm, workspace }),
    logs: createLogsClient({ ...live.logs, workspaceId: workspace.workspaceId }),
    roles: createRoleClient(arm),
    delegations: createDelegationClient(arm),
    workflows: createWorkflowClient(arm, group),
    resources: createResourceClient(arm, group),
    directory: createDirectoryClient(live.graph),
    apps: createFunctionAppClient(arm, group),
    relay: () => {
      relay ??= findRelay(live);
      return relay;
    },
  };
}

/** What is deployed of one playbook. */
export function deployedAs(
  { playbooks }: Pick<DoctorContext, 'playbooks'>,
  name: string,
): DeployedWorkflow | undefined {
  return playbooks.find(({ playbook }) => playbook.name === name)?.deployed;
}

/** The value of a workflow parameter: the given one, otherwise its default. */
export function parameterOf({ parameters, definition }: DeployedWorkflow, name: string): unknown {
  return parameters[name] ?? memberAt(definition, 'parameters', name, 'defaultValue');
}

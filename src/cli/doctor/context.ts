import { createDirectoryClient, type DirectoryClient } from '../../azure/directory.ts';
import { createLogsClient, type LogsClient } from '../../azure/logs.ts';
import { createResourceClient, type ResourceClient } from '../../azure/resources.ts';
import { createRoleClient, type RoleClient } from '../../azure/roles.ts';
import { createSentinelClient, type SentinelClient } from '../../azure/sentinel.ts';
import { createWorkflowClient, type DeployedWorkflow, type WorkflowClient } from '../../azure/workflows.ts';
import type { Playbook } from '../../workflow/playbook.ts';
import type { Live } from '../live.ts';

export interface DoctorContext {
  readonly live: Live;
  readonly sentinel: SentinelClient;
  readonly logs: LogsClient;
  readonly roles: RoleClient;
  readonly workflows: WorkflowClient;
  readonly resources: ResourceClient;
  readonly directory: DirectoryClient;
  /** The playbooks that exist, with what is deployed of them. */
  readonly playbooks: readonly { readonly playbook: Playbook; readonly deployed: DeployedWorkflow | undefined }[];
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => number;
}

export type DoctorClients = Omit<DoctorContext, 'playbooks' | 'fetch' | 'now'>;

export function doctorClients(live: Live): DoctorClients {
  const { arm, workspace, group } = live;
  return {
    live,
    sentinel: createSentinelClient({ ...arm, workspace }),
    logs: createLogsClient({ ...live.logs, workspaceId: workspace.workspaceId }),
    roles: createRoleClient(arm, workspace.subscriptionId),
    workflows: createWorkflowClient(arm, group.subscriptionId, group.resourceGroup),
    resources: createResourceClient(arm, group),
    directory: createDirectoryClient(live.graph),
  };
}

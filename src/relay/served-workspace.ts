import type { Config, Workspace } from '../config/config.ts';
import type { ExternalId } from '../domain/external-id.ts';
import { type NameTables, nameTables } from '../rules/product-names.ts';
import type { DirectoryPort, GraphSecurityPort, LogsPort, ResponsesPort, SentinelPort, Signl4Port } from './ports.ts';
import { UpstreamError } from './upstream.ts';

/** A workspace that the relay serves; a service provider's relay serves one per customer. */
export interface ServedWorkspace {
  /** Name of the target, or of the workspace where the config has no targets. */
  readonly name: string;
  readonly config: Config;
  readonly workspace: Workspace;
  readonly names: NameTables;
  readonly sentinel: SentinelPort;
  readonly responses: ResponsesPort;
  readonly logs: LogsPort;
  readonly signl4: Signl4Port;
  /** Undefined if the relay may not read users. */
  readonly directory: DirectoryPort | undefined;
  /** Undefined if the Graph security API is not a source. */
  readonly graph: GraphSecurityPort | undefined;
  /** Where queries of Graph's alerts run; undefined: in the workspace, as all others. */
  readonly hunting: LogsPort | undefined;
}

export type WorkspacePorts = Pick<
  ServedWorkspace,
  'sentinel' | 'responses' | 'logs' | 'signl4' | 'directory' | 'graph' | 'hunting'
>;

export function makeServedWorkspace(
  name: string,
  config: Config,
  workspace: Workspace,
  ports: WorkspacePorts,
): ServedWorkspace {
  return { name, config, workspace, names: nameTables(config.friendlyNames), ...ports };
}

/** The workspace whose incident has this external id; undefined if it is not one of ours. */
export function workspaceOfExternalId(
  workspaces: readonly ServedWorkspace[],
  id: ExternalId,
): ServedWorkspace | undefined {
  return workspaces.find(({ workspace, graph }) =>
    id.source === 'sentinel'
      ? workspace.workspaceId.toLowerCase() === id.workspaceId
      : graph !== undefined && workspace.tenantId.toLowerCase() === id.tenantId,
  );
}

/** The stored work belongs to a workspace that is no longer in the configuration. */
export function noWorkspaceLeft(): UpstreamError {
  return new UpstreamError('The relay', 'refused', { detail: 'serves no workspace with this incident any more' });
}

/** The workspace and the incident's GUID for an ARM id; undefined for other workspaces and other resources. */
export function workspaceOfArmId(
  workspaces: readonly ServedWorkspace[],
  armId: string,
): { served: ServedWorkspace; incidentId: string } | undefined {
  const match =
    /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.OperationalInsights\/workspaces\/([^/]+)\/providers\/Microsoft\.SecurityInsights\/incidents\/([0-9a-f-]{36})$/i.exec(
      armId.trim(),
    );
  if (!match) return undefined;
  const [, subscription = '', group = '', name = '', incidentId = ''] = match.map((part) => part.toLowerCase());
  const served = workspaces.find(
    ({ workspace }) =>
      workspace.subscriptionId.toLowerCase() === subscription &&
      workspace.resourceGroup.toLowerCase() === group &&
      workspace.name.toLowerCase() === name,
  );
  return served && { served, incidentId };
}

/** Where in Azure a workspace lies; `Workspace` of the configuration fits. */
export interface WorkspaceScope {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
}

/** `/subscriptions/…/resourceGroups/…`: the ARM id of a resource group. */
export function groupPath({
  subscriptionId,
  resourceGroup,
}: Pick<WorkspaceScope, 'subscriptionId' | 'resourceGroup'>): string {
  return `/subscriptions/${encodeURIComponent(subscriptionId)}/resourceGroups/${encodeURIComponent(resourceGroup)}`;
}

/** The ARM id of a Log Analytics workspace. */
export function workspacePath(workspace: WorkspaceScope): string {
  return `${groupPath(workspace)}/providers/Microsoft.OperationalInsights/workspaces/${encodeURIComponent(workspace.name)}`;
}

/** Where in Azure a resource group lies. */
export interface GroupScope {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
}

/** Where in Azure a workspace lies; `Workspace` of the configuration fits. */
export interface WorkspaceScope extends GroupScope {
  readonly name: string;
}

/** Resource group and name from the ARM id of a resource; empty if the id does not contain them. */
export function scopeOf(id: string): GroupScope & { readonly name: string } {
  const [, , subscriptionId = '', , resourceGroup = '', , , , name = ''] = id.split('/').map(decodeURIComponent);
  return { subscriptionId, resourceGroup, name };
}

/** `/subscriptions/…/resourceGroups/…`: the ARM id of a resource group. */
export function groupPath({ subscriptionId, resourceGroup }: GroupScope): string {
  return `/subscriptions/${encodeURIComponent(subscriptionId)}/resourceGroups/${encodeURIComponent(resourceGroup)}`;
}

/** Ignores case, as Azure does. */
export function isSameGroup(one: GroupScope, other: GroupScope): boolean {
  return groupPath(one).toLowerCase() === groupPath(other).toLowerCase();
}

/** The ARM id of a Log Analytics workspace. */
export function workspacePath(workspace: WorkspaceScope): string {
  return `${groupPath(workspace)}/providers/Microsoft.OperationalInsights/workspaces/${encodeURIComponent(workspace.name)}`;
}

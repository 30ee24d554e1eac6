/*
 * Scopes as they go into guid(): ARM ids are the same in any casing, and guid() is not. Names are put in lower case, and the
 * rest is left as ARM writes it, so that what was deployed under lower-case names keeps its ids.
 */

/** Of the resource group that is deployed to. */
export const groupKey =
  "concat('/subscriptions/', subscription().subscriptionId, '/resourceGroups/', toLower(resourceGroup().name))";

/** Of the workspace that the parameter WorkspaceName names, in the resource group that is deployed to. */
export const workspaceKey =
  "resourceId(toLower(resourceGroup().name), 'Microsoft.OperationalInsights/workspaces', toLower(parameters('WorkspaceName')))";

/*
 * Scopes as arguments of guid(), which is case-sensitive although ARM ids are not. Names are put in lower case and the rest is
 * kept as ARM writes it, so that resources deployed under lower-case names keep their ids.
 */

/** Of the resource group that is deployed to. */
export const groupKey =
  "concat('/subscriptions/', subscription().subscriptionId, '/resourceGroups/', toLower(resourceGroup().name))";

/** Of the workspace that the parameter WorkspaceName names, in the resource group that is deployed to. */
export const workspaceKey =
  "resourceId(toLower(resourceGroup().name), 'Microsoft.OperationalInsights/workspaces', toLower(parameters('WorkspaceName')))";

/** API versions of Azure's resource providers: in our templates, in calls of playbooks, and in our own calls. */
export const apiVersions = {
  /** Microsoft.Logic/workflows and their runs. */
  logic: '2019-05-01',
  /** Microsoft.Web/connections, customApis, locations/managedApis. */
  connections: '2016-06-01',
  /** Microsoft.Web/sites and serverfarms. */
  sites: '2024-04-01',
  storage: '2023-05-01',
  keyVaults: '2023-07-01',
  components: '2020-02-02',
  networks: '2024-05-01',
  /** Microsoft.Authorization/roleAssignments and roleDefinitions. */
  roles: '2022-04-01',
  locks: '2016-09-01',
  /** Microsoft.SecurityInsights: incidents, comments, automation rules, analytics rules, onboarding. */
  sentinel: '2025-09-01',
  /** `incidents/{id}/runPlaybook` and `entities/{id}/runPlaybook`, which are in previews only (Microsoft.SecurityInsights). */
  runPlaybook: '2025-07-01-preview',
  /** Microsoft.OperationalInsights/workspaces. */
  workspaces: '2025-02-01',
  workbooks: '2023-06-01',
  diagnosticSettings: '2021-05-01-preview',
  /** Deployments inside templates. */
  nestedDeployments: '2022-09-01',
  /** Deployments that we start, and what-if. */
  deployments: '2024-03-01',
  /** Microsoft.Resources: tags, resources of a group, providers. */
  resources: '2021-04-01',
  /** Subscriptions, tenants and resource groups. */
  subscriptions: '2022-12-01',
  /** Microsoft.ManagedServices: Azure Lighthouse. */
  delegations: '2022-10-01',
} as const;

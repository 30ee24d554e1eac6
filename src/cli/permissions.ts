import { PLAYBOOK_RESPONDER, PLAYBOOK_RUNNER, playbooksWithRights } from '../arm/setup/template.ts';
import type { DelegationClient } from '../azure/delegations.ts';
import type { DirectoryClient } from '../azure/directory.ts';
import type { RoleClient } from '../azure/roles.ts';
import { type GroupScope, groupPath, scopeOf, workspacePath } from '../azure/scope.ts';
import type { DeployedWorkflow } from '../azure/workflows.ts';
import { builtInRoles, relayDataRoles } from '../domain/roles.ts';
import type { Live } from './live.ts';
import type { DeployedRelay, RelayType } from './relay-in-azure.ts';
import { placeOf, responseIds } from './responses.ts';

/** A role that an identity needs for incidents to travel in both directions. */
export interface NeededRole {
  /** Name of the identity, as people call it. */
  readonly who: string;
  readonly principalId: string;
  readonly roleId: string;
  readonly roleName: string;
  readonly scope: string;
  /** Which side of the deployment it belongs to. */
  readonly place: keyof Live['foreign'];
  /** ARM id of the resource that has the identity; undefined if it is not a resource. */
  readonly resourceId?: string;
  /** Roles that include this one. */
  readonly betterRoles: readonly string[];
  /** Operations it is needed for: any role that allows all of them will do. Default: only the role itself counts. */
  readonly actions?: readonly string[];
  /** Whether the role has data actions, which Azure Lighthouse cannot delegate. */
  readonly hasDataActions?: true;
}

/** Operations on incidents that playbooks need (Microsoft.SecurityInsights and Log Analytics). */
const responderActions = [
  'Microsoft.SecurityInsights/incidents/read',
  'Microsoft.SecurityInsights/incidents/write',
  'Microsoft.SecurityInsights/incidents/comments/read',
  'Microsoft.SecurityInsights/incidents/comments/write',
  'Microsoft.OperationalInsights/workspaces/query/read',
];
/** Operations needed to have Sentinel run a playbook. */
const operatorActions = ['Microsoft.Logic/workflows/read', 'Microsoft.Logic/workflows/triggers/listCallbackUrl/action'];

/** Roles of a playbook's own identity; none if it has no identity or does not touch incidents with it. */
export function rolesOfPlaybook(
  live: Live,
  deployed: Pick<DeployedWorkflow, 'id' | 'name' | 'principalId'>,
): readonly NeededRole[] {
  const { workspace, group } = live;
  const { id, name, principalId } = deployed;
  if (principalId === undefined || !playbooksWithRights.includes(name)) return [];
  const responder: NeededRole = {
    who: name,
    principalId,
    resourceId: id,
    roleId: builtInRoles.sentinelResponder,
    roleName: 'Microsoft Sentinel Responder',
    scope: workspacePath(workspace),
    place: 'workspace',
    betterRoles: [builtInRoles.sentinelContributor, builtInRoles.contributor, builtInRoles.owner],
    actions: responderActions,
  };
  if (name === PLAYBOOK_RESPONDER) return [responder, ...rolesOnResponses(live, responder)];
  if (name !== PLAYBOOK_RUNNER) return [responder];
  const operator: NeededRole = {
    ...responder,
    roleId: builtInRoles.sentinelPlaybookOperator,
    roleName: 'Microsoft Sentinel Playbook Operator',
    scope: groupPath(group),
    place: 'playbooks',
    betterRoles: [builtInRoles.contributor, builtInRoles.owner],
    actions: operatorActions,
  };
  return [responder, operator];
}

/**
 * Roles to have Sentinel run the responses and to read their runs. Assigned on each response alone: on the resource group they
 * would cover everything else in it.
 */
function rolesOnResponses(
  live: Live,
  own: Pick<NeededRole, 'who' | 'principalId' | 'resourceId'>,
): readonly NeededRole[] {
  const { who, principalId, resourceId } = own;
  const carrier = { who, principalId, ...(resourceId !== undefined && { resourceId }) };
  const of = (scope: string) => ({ ...carrier, scope, place: placeOf(live, scopeOf(scope)) });
  return responseIds(live.config.respond).flatMap((scope) => [
    {
      ...of(scope),
      roleId: builtInRoles.sentinelPlaybookOperator,
      roleName: 'Microsoft Sentinel Playbook Operator',
      betterRoles: [builtInRoles.contributor, builtInRoles.owner],
      actions: operatorActions,
    },
    {
      ...of(scope),
      roleId: builtInRoles.reader,
      roleName: 'Reader',
      betterRoles: [builtInRoles.contributor, builtInRoles.owner],
      actions: ['Microsoft.Logic/workflows/runs/read'],
    },
  ]);
}

/** Role, and the type of resource that the relay needs it on. Skipped if the resource does not exist. */
const relayRoles: readonly (readonly [name: string, id: string, on: RelayType])[] = [
  ['Storage Blob Data Owner', relayDataRoles.blobOwner, 'microsoft.storage/storageaccounts'],
  ['Storage Queue Data Contributor', relayDataRoles.queueContributor, 'microsoft.storage/storageaccounts'],
  ['Storage Table Data Contributor', relayDataRoles.tableContributor, 'microsoft.storage/storageaccounts'],
  ['Key Vault Secrets User', relayDataRoles.secretsUser, 'microsoft.keyvault/vaults'],
  ['Monitoring Metrics Publisher', relayDataRoles.metricsPublisher, 'microsoft.insights/components'],
];

/** What the relay's identity needs: its own data, its secrets, and the incidents. */
export function rolesOfRelay(live: Live, { app, resources }: DeployedRelay): readonly NeededRole[] {
  const { principalId, id } = app;
  if (principalId === undefined) return [];
  const own = { who: 'the relay', principalId, resourceId: id, betterRoles: [] };
  return [
    ...relayRoles.flatMap(([roleName, roleId, type]) => {
      const on = resources.byType[type];
      return on === undefined
        ? []
        : [{ ...own, roleName, roleId, scope: on.id, place: 'playbooks' as const, hasDataActions: true as const }];
    }),
    {
      ...own,
      roleId: builtInRoles.sentinelResponder,
      roleName: 'Microsoft Sentinel Responder',
      scope: workspacePath(live.workspace),
      place: 'workspace',
      betterRoles: [builtInRoles.sentinelContributor, builtInRoles.contributor, builtInRoles.owner],
      actions: responderActions,
    },
    ...rolesOnResponses(live, own),
  ];
}

/** Sentinel may run the playbooks of a resource group only with this role on it. */
export function roleOfSentinel(group: GroupScope, principalId: string): NeededRole {
  return {
    who: 'Microsoft Sentinel',
    principalId,
    roleId: builtInRoles.sentinelAutomationContributor,
    roleName: 'Microsoft Sentinel Automation Contributor',
    scope: groupPath(group),
    place: 'playbooks',
    // Sentinel requires exactly this role.
    betterRoles: [],
  };
}

/** How an identity that belongs to the playbooks' side gets a role. */
type Grant =
  /** A normal role assignment. */
  | 'assignment'
  /** An assignment that names the resource of the identity, because other assignments cannot be read (Azure Lighthouse). */
  | 'delegated assignment'
  /** In the customer's delegation, which names the provider's identity: roles cannot be assigned across tenants. */
  | 'delegation'
  /** An assignment made by the customer, because Azure Lighthouse cannot delegate roles with data actions. */
  | 'customer';

export function grantOf({ foreign }: Pick<Live, 'foreign'>, { place, hasDataActions }: NeededRole): Grant {
  if (!foreign[place]) return 'assignment';
  if (hasDataActions) return 'customer';
  return foreign.playbooks ? 'delegated assignment' : 'delegation';
}

export interface DelegationReaders {
  readonly delegations: DelegationClient;
  readonly directory: DirectoryClient;
}

/**
 * Whether the customer's delegation gives the role to the identity or to a group that it is in; undefined if it cannot be read.
 */
export async function isDelegatedTo(
  { principalId, roleId, betterRoles, scope }: NeededRole,
  { delegations, directory }: DelegationReaders,
): Promise<boolean | undefined> {
  const { found, areAll } = await delegations.authorizations(scopeOf(scope));
  const enough = new Set([roleId, ...betterRoles]);
  const giving = found.filter((each) => enough.has(each.roleId)).map((each) => each.principalId);
  if (giving.includes(principalId.toLowerCase())) return true;
  const groups = giving.length === 0 ? [] : await directory.groups(principalId);
  if (groups?.some((group) => giving.includes(group.toLowerCase()))) return true;
  return groups && areAll ? false : undefined;
}

/** The authorization to add to the customer's delegation. */
export function authorizationLine({ who, principalId, roleId }: NeededRole): string {
  return JSON.stringify({ principalId, principalIdDisplayName: who, roleDefinitionId: roleId });
}

export async function hasRole(roles: RoleClient, needed: NeededRole): Promise<boolean> {
  const enough = new Set([needed.roleId, ...needed.betterRoles]);
  const held = await roles.assignments(needed.scope, needed.principalId);
  return held.some(({ roleId }) => enough.has(roleId));
}

/** Azure CLI command that assigns the role. */
export function assignmentCommand({ principalId, roleId, scope }: NeededRole): string {
  return `az role assignment create --assignee-object-id ${principalId} --assignee-principal-type ServicePrincipal --role ${roleId} --scope "${scope}"`;
}

/** Azure CLI command that shows whether the role is assigned. */
export function listCommand({ principalId, roleId, scope }: NeededRole): string {
  return `az role assignment list --assignee ${principalId} --role ${roleId} --scope "${scope}" --include-inherited --include-groups`;
}

/** Playbooks without which nobody is paged, or nothing comes back from SIGNL4. */
export const indispensable: ReadonlySet<string> = new Set(['SIGNL4-Send-Incident', 'SIGNL4-Callback']);

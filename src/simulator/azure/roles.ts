import { isJsonObject, type JsonObject, listOf, textOf } from '../../domain/json.ts';
import { builtInRoles, relayDataRoles, SECURITY_INSIGHTS_APP_ID } from '../../domain/roles.ts';
import { readJson } from '../http.ts';
import type { RoleName } from '../sentinel/access.ts';
import { ArmError } from '../sentinel/arm-error.ts';
import { type ArmApp, pathAsWritten } from './routes.ts';
import {
  type AzureSetting,
  type Delegation,
  groupIdOf,
  isForeign,
  lower,
  partsOf,
  principalIn,
  type StoredAssignment,
  type StoredRole,
  tenantOf,
} from './state.ts';

/** Microsoft.Authorization, 2022-04-01: who may do what. */

/** Roles that the simulated Sentinel looks at. */
const sentinelRoles: Readonly<Record<string, RoleName>> = {
  [builtInRoles.sentinelResponder]: 'Microsoft Sentinel Responder',
  [builtInRoles.sentinelContributor]: 'Microsoft Sentinel Contributor',
  [builtInRoles.sentinelPlaybookOperator]: 'Microsoft Sentinel Playbook Operator',
  [builtInRoles.logAnalyticsReader]: 'Log Analytics Reader',
  [builtInRoles.reader]: 'Reader',
};

const AUTHORIZATION = '/providers/Microsoft.Authorization';
const GUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/**
 * Creates an assignment or returns an existing identical one. Refuses another one with the same id, and the same one with another
 * id.
 */
export function putAssignment(
  setting: AzureSetting,
  scope: string,
  name: string,
  properties: JsonObject,
): { readonly assignment: StoredAssignment; readonly isNew: boolean } {
  const { state, world } = setting;
  const { roleAssignments, servicePrincipals, bornAt, lags } = state;
  const text = (key: string) => textOf(properties[key]) ?? '';
  const roleId = lower(partsOf(text('roleDefinitionId')).name || text('roleDefinitionId').split('/').at(-1) || '');
  const principalId = text('principalId');
  const principalType = textOf(properties['principalType']);
  if (!GUID.test(name))
    throw new ArmError(
      400,
      'InvalidRoleAssignmentId',
      `The role assignment ID '${name}' is not valid. The role assignment ID must be a GUID.`,
    );
  if (!GUID.test(principalId))
    throw new ArmError(
      400,
      'InvalidPrincipalId',
      `A valid principal ID must be provided for role assignment. Got '${principalId}'.`,
    );
  const isBuiltIn = Object.values(allBuiltIn).includes(roleId);
  if (!isBuiltIn && !state.customRoles.has(roleId))
    throw new ArmError(
      404,
      'RoleDefinitionDoesNotExist',
      `The specified role definition with ID '${roleId}' does not exist.`,
    );
  const known = [...servicePrincipals.values()].includes(principalId) || world.entra.directory.find(principalId);
  const age = world.clock.now() - (bornAt.get(principalId) ?? Number.NEGATIVE_INFINITY);
  if ((!known || age < lags.directory) && principalType === undefined)
    throw new ArmError(
      400,
      'PrincipalNotFound',
      `Principal ${principalId} does not exist in the directory ${world.workspace.tenantId}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.`,
    );
  if (isForeign(state, scope) && Object.values<string>(relayDataRoles).includes(roleId)) throw forbiddenRole();
  if (isForeign(state, scope))
    refuseUndelegated(setting, scope, textOf(properties['delegatedManagedIdentityResourceId']));
  const twin = roleAssignments.find(
    (each) => lower(each.scope) === lower(scope) && each.roleId === roleId && each.principalId === principalId,
  );
  const sameName = roleAssignments.find((each) => lower(each.name) === lower(name));
  if (twin && twin === sameName) return { assignment: twin, isNew: false };
  if (twin)
    throw new ArmError(
      409,
      'RoleAssignmentExists',
      `The role assignment already exists. The ID of the conflicting role assignment is ${twin.name.replaceAll('-', '')}.`,
    );
  if (sameName)
    throw new ArmError(
      400,
      'RoleAssignmentUpdateNotPermitted',
      'Tenant ID, application ID, principal ID, and scope are not allowed to be updated.',
    );
  const assignment: StoredAssignment = {
    ...{ name, scope, roleId, principalId, at: world.clock.now() },
    ...(principalType !== undefined && { principalType }),
    ...(properties['delegatedManagedIdentityResourceId'] !== undefined && {
      delegatedManagedIdentityResourceId: text('delegatedManagedIdentityResourceId'),
    }),
  };
  roleAssignments.push(assignment);
  const role = sentinelRoles[roleId];
  if (role) takeEffect(setting, assignment, role);
  return { assignment, isNew: true };
}

/** Roles with data actions cannot be delegated. */
const forbiddenRole = () =>
  new ArmError(
    403,
    'AuthorizationFailed',
    "The client does not have authorization to perform action 'Microsoft.Authorization/roleAssignments/write': the role is none of its delegatedRoleDefinitionIds.",
  );

/**
 * In a customer's tenant, a provider may only assign roles to identities of that tenant, and must name the resource of the
 * identity.
 */
function refuseUndelegated({ state }: AzureSetting, scope: string, carrier: string | undefined): void {
  if (carrier !== undefined && tenantOf(state, carrier) === tenantOf(state, scope)) return;
  throw new ArmError(
    403,
    'AuthorizationFailed',
    "The client does not have authorization to perform action 'Microsoft.Authorization/roleAssignments/write'. A delegated assignment needs delegatedManagedIdentityResourceId.",
  );
}

const allBuiltIn: Readonly<Record<string, string>> = {
  ...builtInRoles,
  owner: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
  contributor: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
  reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
  logicAppContributor: '87a39d53-fc1b-424a-814c-f7e04687dc9e',
  blobOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
  queueContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88',
  tableContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3',
  secretsUser: '4633458b-17de-408a-b874-0445c86b69e6',
  secretsOfficer: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7',
  metricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb',
};

/** Listed at once, but Sentinel only honours it after the delay. */
function takeEffect({ state, world }: AzureSetting, assignment: StoredAssignment, role: RoleName): void {
  const assign = () => {
    if (state.roleAssignments.includes(assignment)) world.sentinel.access.assign(assignment.principalId, role);
  };
  if (state.lags.role === 0) assign();
  else world.clock.after(state.lags.role, assign);
}

/** How long a principal's role at or above a scope has been in effect; negative during the delay, undefined without a role. */
export function effectOf(
  setting: AzureSetting,
  principalId: string,
  roleId: string,
  scope: string,
): number | undefined {
  const { state, world } = setting;
  const ages = state.roleAssignments
    .filter((each) => each.principalId === principalId && each.roleId === roleId && isAtOrAbove(each.scope, scope))
    .map(({ at = Number.NEGATIVE_INFINITY }) => world.clock.now() - at - state.lags.role);
  return ages.length === 0 ? undefined : Math.max(...ages);
}

function isAtOrAbove(above: string, scope: string): boolean {
  const [high, low] = [lower(above).replace(/\/$/, ''), lower(scope)];
  return low === high || low.startsWith(`${high}/`);
}

export function putRole({ state }: AzureSetting, scope: string, name: string, properties: JsonObject): StoredRole {
  const roleName = textOf(properties['roleName']) ?? '';
  const scopes = listOf(properties['assignableScopes']).map((each) => textOf(each) ?? '');
  if (scopes.length === 0 || !scopes.every((each) => each.startsWith('/')))
    throw new ArmError(400, 'InvalidRoleDefinition', 'The role definition must have at least one assignable scope.');
  const other = [...state.customRoles.values()].find(
    ({ id, body }) => lower(textOf(body['roleName']) ?? '') === lower(roleName) && lower(id) !== lower(name),
  );
  if (other)
    throw new ArmError(
      409,
      'RoleDefinitionWithSameNameExists',
      `A custom role with the same name '${roleName}' already exists in this directory. Use a different name.`,
    );
  const role = { id: name, scope, body: properties };
  state.customRoles.set(lower(name), role);
  return role;
}

/** Deletes an assignment together with its effects. */
function deleteAssignment({ state, world }: AzureSetting, name: string): StoredAssignment | undefined {
  const index = state.roleAssignments.findIndex((each) => lower(each.name) === lower(name));
  const [gone] = index < 0 ? [] : state.roleAssignments.splice(index, 1);
  const role = gone && sentinelRoles[gone.roleId];
  if (gone && role) world.sentinel.access.withdraw(gone.principalId, role);
  return gone;
}

function deleteRole({ state }: AzureSetting, name: string): StoredRole | undefined {
  const role = state.customRoles.get(lower(name));
  if (role && state.roleAssignments.some(({ roleId }) => roleId === lower(name)))
    throw new ArmError(
      400,
      'RoleDefinitionHasAssignments',
      `There are existing role assignments referencing role (code: ${name}).`,
    );
  state.customRoles.delete(lower(name));
  return role;
}

const assignmentView = ({ at: _, ...each }: StoredAssignment) => ({
  id: `${each.scope}${AUTHORIZATION}/roleAssignments/${each.name}`,
  type: 'Microsoft.Authorization/roleAssignments',
  name: each.name,
  properties: {
    ...{ scope: each.scope, principalId: each.principalId, condition: null },
    principalType: each.principalType ?? 'ServicePrincipal',
    ...(each.delegatedManagedIdentityResourceId && {
      delegatedManagedIdentityResourceId: each.delegatedManagedIdentityResourceId,
    }),
    roleDefinitionId: `/subscriptions/${partsOf(each.scope).subscriptionId}${AUTHORIZATION}/roleDefinitions/${each.roleId}`,
  },
});

const roleView = ({ id, scope, body }: StoredRole) => ({
  id: `/subscriptions/${partsOf(scope).subscriptionId}${AUTHORIZATION}/roleDefinitions/${id}`,
  type: 'Microsoft.Authorization/roleDefinitions',
  name: id,
  properties: { ...body, type: 'CustomRole' },
});

const extension =
  /^(?<scope>.*)\/providers\/microsoft\.authorization\/(?<kind>roleassignments|roledefinitions)(\/(?<name>[^/]+))?$/i;

/** Assignments may be at any scope, so these routes match the end of the path. */
export function addRoleRoutes(app: ArmApp, setting: AzureSetting): void {
  const { state } = setting;
  app.all('/*', async ({ req }, next) => {
    const parts = extension.exec(pathAsWritten(req.url))?.groups;
    if (!parts) return next();
    const { scope = '', name } = parts;
    const isRole = lower(parts['kind'] ?? '') === 'roledefinitions';
    const filter = req.query('$filter') ?? '';
    if (req.method === 'GET' && name === undefined)
      return Response.json({
        value: isRole ? listRoles(setting, scope, filter) : listAssignments(setting, scope, filter),
      });
    if (name === undefined) return next();
    if (req.method === 'PUT') {
      const body = await readJson(req.raw);
      const properties = isJsonObject(body) && isJsonObject(body['properties']) ? body['properties'] : {};
      if (isRole)
        return Response.json(roleView(putRole(setting, scope, name, properties as JsonObject)), { status: 201 });
      const { assignment, isNew } = putAssignment(setting, scope, name, properties as JsonObject);
      return Response.json(assignmentView(assignment), { status: isNew ? 201 : 200 });
    }
    if (req.method === 'DELETE') {
      if (isRole) return gone(deleteRole(setting, name), roleView);
      return gone(deleteAssignment(setting, name), assignmentView);
    }
    const found = isRole
      ? state.customRoles.get(lower(name))
      : state.roleAssignments.find((each) => lower(each.name) === lower(name));
    if (!found)
      throw new ArmError(
        404,
        isRole ? 'RoleDefinitionDoesNotExist' : 'RoleAssignmentNotFound',
        `The ${isRole ? 'role definition' : 'role assignment'} '${name}' is not found.`,
      );
    return Response.json('body' in found ? roleView(found) : assignmentView(found));
  });
}

function gone<T>(found: T | undefined, view: (each: T) => unknown): Response {
  return found === undefined ? new Response(null, { status: 204 }) : Response.json(view(found));
}

/** At, above and below the scope; `atScope()` leaves out what lies below. */
function listAssignments({ state }: AzureSetting, scope: string, filter: string) {
  // A provider does not see assignments of the customer's principals, whatever its role.
  if (isForeign(state, scope)) return [];
  const principal = /(?:principalId eq '|assignedTo\(')([^']+)'/.exec(filter)?.[1];
  return state.roleAssignments
    .filter(
      (each) =>
        (principal === undefined || each.principalId === principal) &&
        (isAtOrAbove(each.scope, scope) || (!filter.includes('atScope()') && isAtOrAbove(scope, each.scope))),
    )
    .map(assignmentView);
}

/** Those that can be assigned at the scope. */
function listRoles({ state }: AzureSetting, scope: string, filter: string) {
  const name = /roleName eq '(.+)'/.exec(filter)?.[1]?.replaceAll("''", "'");
  return [...state.customRoles.values()]
    .filter(
      ({ body }) =>
        (name === undefined || body['roleName'] === name) &&
        listOf(body['assignableScopes']).some((each) => isAtOrAbove(textOf(each) ?? '', scope)),
    )
    .map(roleView);
}

/** Why Sentinel may not run the playbooks of a resource group, in one of its two messages; undefined if it may. */
export function sentinelMayRun(setting: AzureSetting, playbookId: string): string | undefined {
  const { state } = setting;
  const sentinel = principalIn(setting, tenantOf(state, playbookId), SECURITY_INSIGHTS_APP_ID) ?? '';
  const effect = effectOf(setting, sentinel, builtInRoles.sentinelAutomationContributor, groupIdOf(playbookId));
  if (effect !== undefined && effect >= 0) return undefined;
  if (effect === undefined || effect < -state.lags.role / 2)
    return `Missing required permissions for Microsoft Sentinel on the playbook resource '${playbookId}'`;
  return `Playbook resource '${playbookId}' is not using Microsoft Sentinel Incident trigger`;
}

/** A customer accepts a provider's offer: its principals get their roles at once. @public for tests */
export function delegate({ state, world }: AzureSetting, delegation: Delegation): void {
  state.delegations.push(delegation);
  for (const { principalId, roleDefinitionId } of delegation.authorizations)
    for (const member of [principalId, ...membersOf(state.groupsOf, principalId)]) {
      const role = sentinelRoles[lower(roleDefinitionId)];
      if (role) world.sentinel.access.assign(member, role);
    }
}

function membersOf(groupsOf: ReadonlyMap<string, readonly string[]>, group: string): readonly string[] {
  return [...groupsOf].flatMap(([principal, groups]) => (groups.includes(group) ? [principal] : []));
}

/** Whether Sentinel lets somebody of another tenant store a rule that runs a playbook of the customer's. */
export function sentinelIsDelegated(setting: AzureSetting, playbookId: string): boolean {
  const { state } = setting;
  const sentinel = principalIn(setting, state.callerTenant, SECURITY_INSIGHTS_APP_ID);
  return state.delegations.some(
    ({ scope, authorizations }) =>
      isAtOrAbove(scope, playbookId) &&
      authorizations.some(
        ({ principalId, roleDefinitionId }) =>
          principalId === sentinel && lower(roleDefinitionId) === builtInRoles.sentinelAutomationContributor,
      ),
  );
}

/** Microsoft.ManagedServices/registrationAssignments, 2022-10-01: what customers delegate, as the managing tenant sees it. */
export function addDelegationRoutes(app: ArmApp, { state }: AzureSetting): void {
  app.get('/*', async ({ req }, next) => {
    const [, scope] = /^(.*)\/providers\/microsoft\.managedservices\/registrationassignments$/.exec(req.path) ?? [];
    if (scope === undefined) return next();
    const isExpanded = req.query('$expandRegistrationDefinition') === 'true';
    const value = state.delegations
      .filter((each) => lower(each.scope) === scope)
      .map(({ managedByTenantId, authorizations, provisioningState = 'Succeeded' }, index) => ({
        ...{
          id: `${req.path}/${index}`,
          name: String(index),
          type: 'Microsoft.ManagedServices/registrationAssignments',
        },
        properties: {
          provisioningState,
          ...(isExpanded && {
            registrationDefinition: {
              properties: { managedByTenantId, authorizations, provisioningState: 'Succeeded' },
            },
          }),
        },
      }));
    return Response.json({ value });
  });
}

import { AuthorizationManagementClient, type RoleDefinition } from '@azure/arm-authorization';
import { member } from '../domain/json.ts';
import { uuid5 } from '../domain/uuid.ts';
import { type ArmOptions, managementOptions, withOurPolicies } from './arm-client.ts';

interface RoleAssignment {
  readonly id: string;
  readonly principalId: string;
  /** GUID of the role, the last part of its ARM id. */
  readonly roleId: string;
  /** ARM id that it holds for; may lie above what was asked about. */
  readonly scope: string;
}

interface RolePrincipal {
  readonly id: string;
  readonly type: 'ServicePrincipal' | 'User';
  /** ARM id of what carries a managed identity: needed by who acts for another tenant (Azure Lighthouse). */
  readonly delegatedResourceId?: string | undefined;
}

interface CustomRole {
  readonly name: string;
  readonly description: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

/** Who may do what. Scopes are ARM ids. */
export interface RoleClient {
  /** Assignments that take effect at a scope: made there or inherited from above. */
  assignments(scope: string, principalId: string): Promise<readonly RoleAssignment[]>;
  /** The same, with those of the groups that the principal is in; `withGroups` is false where Azure does not tell about them. */
  heldBy(
    scope: string,
    principalId: string,
  ): Promise<{ readonly assignments: readonly RoleAssignment[]; readonly withGroups: boolean }>;
  /** Whether a role allows all of some actions; false where the role is not known. */
  allows(scope: string, roleId: string, actions: readonly string[]): Promise<boolean>;
  /** Makes an assignment under a name that follows from its parts: doing it again changes nothing. `scope` without a trailing slash. */
  assign(scope: string, roleId: string, principal: RolePrincipal): Promise<void>;
  /** GUID of a custom role by its name; undefined where there is none. */
  findRole(scope: string, name: string): Promise<string | undefined>;
  /** Creates or updates a custom role that can be assigned below `scope`; gives its GUID. */
  putRole(scope: string, role: CustomRole): Promise<string>;
}

/**
 * The namespace of ARM's function guid(). Assignments get the names that our templates give them: Azure refuses a second
 * assignment that says the same under another name.
 */
const ARM_GUIDS = '11fb06fb-712d-4ddd-98c7-e71bbd588830';
const armGuid = (...parts: readonly string[]) => uuid5(parts.join('-'), ARM_GUIDS);

export function createRoleClient(options: ArmOptions): RoleClient {
  // Every call names its scope; the client's own subscription is for others.
  const client = withOurPolicies(
    new AuthorizationManagementClient(options.credential, 'none', managementOptions(options)),
    options,
  );
  const definitionId = (scope: string, roleId: string) =>
    `${scope.split('/').slice(0, 3).join('/')}/providers/Microsoft.Authorization/roleDefinitions/${roleId}`;

  async function list(scope: string, filter: string): Promise<readonly RoleAssignment[]> {
    const found: RoleAssignment[] = [];
    for await (const {
      id = '',
      roleDefinitionId = '',
      scope: holds = '',
      principalId: who = '',
    } of client.roleAssignments.listForScope(inPath(scope), { filter }))
      if (isAtOrAbove(holds, scope))
        found.push({ id, principalId: who, roleId: lastPart(roleDefinitionId), scope: holds });
    return found;
  }

  return {
    assignments: (scope, principalId) => list(scope, `principalId eq '${principalId}'`),
    async heldBy(scope, principalId) {
      try {
        return { assignments: await list(scope, `atScope() and assignedTo('${principalId}')`), withGroups: true };
      } catch (error) {
        // Groups are looked up in the directory, which not everybody may read.
        if (![400, 403].includes(Number(member(error, 'statusCode')))) throw error;
        return { assignments: await list(scope, `principalId eq '${principalId}'`), withGroups: false };
      }
    },
    async allows(scope, roleId, actions) {
      if (actions.length === 0) return false;
      try {
        const { permissions = [] } = await client.roleDefinitions.get(inPath(scope), roleId);
        return actions.every((action) =>
          permissions.some(
            ({ actions: may = [], notActions: mayNot = [] }) =>
              may.some((one) => covers(one, action)) && !mayNot.some((one) => covers(one, action)),
          ),
        );
      } catch (error) {
        if ([403, 404].includes(Number(member(error, 'statusCode')))) return false;
        throw error;
      }
    },
    async assign(scope, roleId, principal) {
      await client.roleAssignments.create(inPath(scope), armGuid(scopeKey(scope), principal.id, roleId), {
        roleDefinitionId: definitionId(scope, roleId),
        principalId: principal.id,
        principalType: principal.type,
        ...(principal.delegatedResourceId !== undefined && {
          delegatedManagedIdentityResourceId: principal.delegatedResourceId,
        }),
      });
    },
    async findRole(scope, name) {
      const definitions: RoleDefinition[] = [];
      const filter = `roleName eq '${name.replaceAll("'", "''")}'`;
      for await (const definition of client.roleDefinitions.list(inPath(scope), { filter }))
        definitions.push(definition);
      return definitions[0]?.name;
    },
    async putRole(scope, { name, description, actions, notActions }) {
      const roleId = armGuid(scopeKey(scope), name);
      await client.roleDefinitions.createOrUpdate(inPath(scope), roleId, {
        roleName: name,
        description,
        roleType: 'CustomRole',
        permissions: [{ actions: [...actions], notActions: [...notActions] }],
        assignableScopes: [scope],
      });
      return roleId;
    },
  };
}

/** A scope as our templates put it into guid(): names in lower case, types as ARM writes them. */
function scopeKey(scope: string): string {
  return scope
    .split('/')
    .map((part, index) => ([2, 4, 8].includes(index) ? part.toLowerCase() : part))
    .join('/');
}

/** Whether an action of a role, `Microsoft.SecurityInsights/*`, is or includes another; without case. */
function covers(pattern: string, action: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[^\w/]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i').test(action);
}

/** The client puts a slash before the scope itself. */
function inPath(scope: string): string {
  return scope.replace(/^\//, '');
}

function lastPart(armId: string): string {
  return armId.split('/').at(-1)?.toLowerCase() ?? '';
}

/** ARM lists what lies below a scope too; only what lies at or above it counts there. */
function isAtOrAbove(holds: string, scope: string): boolean {
  const [above, below] = [holds.toLowerCase().replace(/\/$/, ''), scope.toLowerCase()];
  return below === above || below.startsWith(`${above}/`);
}

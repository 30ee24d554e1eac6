import { AuthorizationManagementClient, type RoleDefinition } from '@azure/arm-authorization';
import { member } from '../domain/json.ts';
import { uuid5 } from '../domain/uuid.ts';
import { type ArmOptions, managementOptions, withOurPolicies } from './arm-client.ts';

interface RoleAssignment {
  readonly id: string;
  readonly principalId: string;
  /** GUID of the role, the last part of its ARM id. */
  readonly roleId: string;
  /** ARM id that the assignment applies to; may be above the scope that was asked for. */
  readonly scope: string;
}

interface RolePrincipal {
  readonly id: string;
  readonly type: 'ServicePrincipal' | 'User';
  /** ARM id of the resource with the managed identity; required when acting for another tenant (Azure Lighthouse). */
  readonly delegatedResourceId?: string | undefined;
}

interface CustomRole {
  readonly name: string;
  readonly description: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

/** Role assignments and definitions. Scopes are ARM ids. */
export interface RoleClient {
  /** Assignments in effect at a scope, made there or inherited. */
  assignments(scope: string, principalId: string): Promise<readonly RoleAssignment[]>;
  /** The same including those of the principal's groups; `withGroups` is false if Azure does not return those. */
  heldBy(
    scope: string,
    principalId: string,
  ): Promise<{ readonly assignments: readonly RoleAssignment[]; readonly withGroups: boolean }>;
  /** Whether a role allows all of these actions; false if the role is unknown. */
  allows(scope: string, roleId: string, actions: readonly string[]): Promise<boolean>;
  /**
   * Creates an assignment with an id derived from its parts, so that repeating it has no effect. `scope` has no trailing slash.
   */
  assign(scope: string, roleId: string, principal: RolePrincipal): Promise<void>;
  /** GUID of a custom role by its name; undefined where there is none. */
  findRole(scope: string, name: string): Promise<string | undefined>;
  /** Creates or updates a custom role that can be assigned below `scope`; returns its GUID. */
  putRole(scope: string, role: CustomRole): Promise<string>;
}

/**
 * Namespace of ARM's guid() function. Assignments get the ids that our templates would give them, because Azure refuses a second
 * assignment with the same content and another id.
 */
const ARM_GUIDS = '11fb06fb-712d-4ddd-98c7-e71bbd588830';
const armGuid = (...parts: readonly string[]) => uuid5(parts.join('-'), ARM_GUIDS);

export function createRoleClient(options: ArmOptions): RoleClient {
  // All calls name their scope, so the client's subscription is not used.
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
        // Groups are looked up in the directory, which not everyone may read.
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

/** A scope as our templates pass it to guid(): names in lower case, types as ARM writes them. */
function scopeKey(scope: string): string {
  return scope
    .split('/')
    .map((part, index) => ([2, 4, 8].includes(index) ? part.toLowerCase() : part))
    .join('/');
}

/** Whether an action of a role, `Microsoft.SecurityInsights/*`, equals or includes another, ignoring case. */
function covers(pattern: string, action: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[^\w/]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i').test(action);
}

/** The client adds a slash before the scope. */
function inPath(scope: string): string {
  return scope.replace(/^\//, '');
}

function lastPart(armId: string): string {
  return armId.split('/').at(-1)?.toLowerCase() ?? '';
}

/** ARM also lists assignments below a scope; only those at or above it apply. */
function isAtOrAbove(holds: string, scope: string): boolean {
  const [above, below] = [holds.toLowerCase().replace(/\/$/, ''), scope.toLowerCase()];
  return below === above || below.startsWith(`${above}/`);
}

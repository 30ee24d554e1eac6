import { AuthorizationManagementClient, type RoleDefinition } from '@azure/arm-authorization';
import { uuid5 } from '../domain/uuid.ts';
import { type ArmOptions, managementOptions, settle } from './arm-client.ts';

export interface RoleAssignment {
  readonly id: string;
  readonly principalId: string;
  /** GUID of the role, the last part of its ARM id. */
  readonly roleId: string;
  /** ARM id that it holds for; may lie above what was asked about. */
  readonly scope: string;
}

export interface CustomRole {
  readonly name: string;
  readonly description: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

/** Who may do what. Scopes are ARM ids. */
export interface RoleClient {
  /** Assignments that take effect at a scope: made there or inherited from above. */
  assignments(scope: string, principalId: string): Promise<readonly RoleAssignment[]>;
  /** Makes an assignment under a name that follows from its parts: doing it again changes nothing. */
  assign(scope: string, roleId: string, principal: { id: string; type: 'ServicePrincipal' | 'User' }): Promise<void>;
  /** GUID of a custom role by its name; undefined where there is none. */
  findRole(scope: string, name: string): Promise<string | undefined>;
  /** Creates or updates a custom role that can be assigned below `scope`; gives its GUID. */
  putRole(scope: string, role: CustomRole): Promise<string>;
}

/** Names of assignments and roles are UUIDs in this namespace, so that they come out the same everywhere. */
const NAMESPACE = '6f0f3f0a-0a6e-5d0b-9c6b-3f1f6d1b7a55';

export function createRoleClient(options: ArmOptions, subscriptionId: string): RoleClient {
  const client = settle(
    new AuthorizationManagementClient(options.credential, subscriptionId, managementOptions(options)),
    options,
  );
  const definitionId = (roleId: string) =>
    `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${roleId}`;

  return {
    async assignments(scope, principalId) {
      const found: RoleAssignment[] = [];
      const filter = `principalId eq '${principalId}'`;
      for await (const {
        id = '',
        roleDefinitionId = '',
        scope: holds = '',
        principalId: who = '',
      } of client.roleAssignments.listForScope(inPath(scope), { filter }))
        if (isAtOrAbove(holds, scope))
          found.push({ id, principalId: who, roleId: lastPart(roleDefinitionId), scope: holds });
      return found;
    },
    async assign(scope, roleId, principal) {
      const name = uuid5(`${scope}|${roleId}|${principal.id}`.toLowerCase(), NAMESPACE);
      await client.roleAssignments.create(inPath(scope), name, {
        roleDefinitionId: definitionId(roleId),
        principalId: principal.id,
        principalType: principal.type,
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
      const roleId = uuid5(`${scope}|${name}`.toLowerCase(), NAMESPACE);
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

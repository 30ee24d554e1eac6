import type { DirectoryClient } from '../../azure/directory.ts';
import type { RoleClient } from '../../azure/roles.ts';
import { groupPath, workspacePath } from '../../azure/scope.ts';
import { UserError } from '../../domain/errors.ts';
import { type Json, listOf, member, textOf } from '../../domain/json.ts';
import {
  APPLICATION_NAME,
  builtInRoles,
  customRole,
  GRAPH_APP_ID,
  type GraphPermission,
  graphPermissions,
} from '../../domain/roles.ts';
import type { Live } from '../live.ts';
import type { DelegationReaders } from '../permissions.ts';
import { type KnownApplication, knownApplication } from './application.ts';
import { roleStep } from './permission-steps.ts';
import { type SecretChoices, secretStep } from './secret-step.ts';
import type { SetupStep } from './step.ts';

/*
 * The application that SIGNL4's hosted connector, or a relay outside Azure, signs in as. Names follow SIGNL4's own setup guide,
 * so that an application created by hand is found.
 */

export interface ApplicationChoices {
  readonly secret: SecretChoices;
  /** Whether to add permissions for the Graph security API, which takes an administrator. */
  readonly graph: boolean;
}

type Clients = DelegationReaders & { readonly roles: RoleClient };

/** @throws UserError if the workspace is in another tenant: Azure Lighthouse does not cover applications */
export function applicationSteps(live: Live, choices: ApplicationChoices, clients: Clients): readonly SetupStep[] {
  if (live.foreign.workspace)
    throw new UserError('setup.foreign-tenant', 'an application for this workspace must be in its tenant', {
      remedy: `Let somebody with an account of the tenant ${live.workspace.tenantId} run this there, without deployment.tenantId in signl4.yaml.`,
    });
  const { directory, roles } = clients;
  const application = knownApplication(directory, choices.secret.clock);
  return [
    registration(application),
    secretStep(application, directory, choices.secret),
    customRoleStep(live, roles),
    ...assignments(live, clients, application.principal),
    ...(choices.graph ? graphPermissions.map((permission) => grant(permission, directory, application)) : []),
  ];
}

function registration(application: KnownApplication): SetupStep {
  return {
    title: `Application "${APPLICATION_NAME}"`,
    async look() {
      const found = await application.find();
      if (!found) return { kind: 'todo' };
      const hasPrincipal = (await application.principal()) !== undefined;
      return { kind: hasPrincipal ? 'done' : 'todo', note: `client id ${found.appId}` };
    },
    async apply(tell) {
      const { appId } = await application.ensure();
      tell(`Client id: ${appId}`);
    },
  };
}

/** Names of custom roles are unique in a tenant, so a second workspace gets one with its name appended. */
function roleNames({ workspace }: Live): readonly [usual: string, own: string] {
  return [customRole.name, `${customRole.name} (${workspace.name})`];
}

async function findCustomRole(live: Live, roles: RoleClient, scope: string): Promise<string | undefined> {
  const [usual, own] = roleNames(live);
  return (await roles.findRole(scope, usual)) ?? roles.findRole(scope, own);
}

/** Assignable in the resource group of the workspace, as in the template that `build` writes. */
function customRoleStep(live: Live, roles: RoleClient): SetupStep {
  const scope = groupPath(live.workspace);
  const [usual, own] = roleNames(live);
  return {
    title: `Custom role "${usual}"`,
    look: async () => ({ kind: (await findCustomRole(live, roles, scope)) === undefined ? 'todo' : 'done' }),
    async apply(tell) {
      try {
        await roles.putRole(scope, customRole);
      } catch (error) {
        if (member(error, 'code') !== 'RoleDefinitionWithSameNameExists') throw error;
        await roles.putRole(scope, { ...customRole, name: own });
        tell(`The name is taken in the tenant; the role is called "${own}".`);
      }
    },
  };
}

/** The three assignments of SIGNL4's guide, each on the workspace only. */
function assignments(live: Live, clients: Clients, principal: () => Promise<string | undefined>): readonly SetupStep[] {
  const scope = workspacePath(live.workspace);
  const kinds = [
    { roleName: customRole.name, roleId: () => findCustomRole(live, clients.roles, scope) },
    { roleName: 'Microsoft Sentinel Contributor', roleId: async () => builtInRoles.sentinelContributor },
    { roleName: 'Log Analytics Reader', roleId: async () => builtInRoles.logAnalyticsReader },
  ];
  return kinds.map(({ roleName, roleId }) =>
    roleStep(`${roleName} for the application`, live, clients, async () => {
      const [principalId, id] = await Promise.all([principal(), roleId()]);
      if (principalId === undefined) return 'the application comes first';
      if (id === undefined) return 'the custom role comes first';
      return { who: APPLICATION_NAME, principalId, roleId: id, roleName, scope, place: 'workspace', betterRoles: [] };
    }),
  );
}

/** Requested by the application, so that the portal shows it and consent keeps it, and granted to its service principal. */
function grant(
  { name, id: appRoleId }: GraphPermission,
  directory: DirectoryClient,
  application: KnownApplication,
): SetupStep {
  return {
    title: `Microsoft Graph permission ${name}`,
    async look() {
      const principalId = await application.principal();
      if (principalId === undefined) return { kind: 'blocked', reason: 'the application comes first' };
      const held = await application.work(() => directory.permissions(principalId));
      return { kind: held.some((permission) => permission.appRoleId === appRoleId) ? 'done' : 'todo' };
    },
    async apply(tell) {
      const [found, principalId, resourceId] = await Promise.all([
        application.find(),
        application.principal(),
        directory.servicePrincipal(GRAPH_APP_ID),
      ]);
      if (!found || principalId === undefined || resourceId === undefined)
        throw new UserError('setup.no-graph', 'the tenant does not know the application, or Microsoft Graph', {
          remedy: 'Run this again in some minutes.',
        });
      await application.work(() => directory.grant(principalId, { resourceId, appRoleId }));
      try {
        await application.work(() => directory.request(found.id, withEvery(graphPermissions, found.requested)));
      } catch {
        tell(
          `${name} is granted; the application does not list it as asked for: "Grant admin consent" in the portal would drop it.`,
        );
      }
    },
  };
}

/** The permissions that the application already requests, plus ours. */
function withEvery(permissions: readonly GraphPermission[], requested: readonly Json[]): readonly Json[] {
  const isGraphs = (each: Json) => textOf(member(each, 'resourceAppId')) === GRAPH_APP_ID;
  const ours = permissions.map(({ id }) => ({ id, type: 'Role' }));
  const asked = requested.filter(isGraphs).flatMap((each) => listOf(member(each, 'resourceAccess')) as readonly Json[]);
  const kept = asked.filter((each) => !ours.some(({ id }) => id === textOf(member(each, 'id'))));
  return [
    ...requested.filter((each) => !isGraphs(each)),
    { resourceAppId: GRAPH_APP_ID, resourceAccess: [...kept, ...ours] },
  ];
}

import type { Application, DirectoryClient } from '../../azure/directory.ts';
import type { RoleClient } from '../../azure/roles.ts';
import { groupPath, workspacePath } from '../../azure/scope.ts';
import { APPLICATION_NAME, builtInRoles, customRole, graphPermissions } from '../../domain/roles.ts';
import type { Live } from '../live.ts';
import { roleStep } from './permission-steps.ts';
import type { SetupStep } from './step.ts';

/*
 * The application that SIGNL4's hosted connector, or a relay outside Azure, signs in with. Names are those of SIGNL4's own
 * setup guide, so that what was made by hand is found again.
 */

/** The application of Microsoft Graph, the same in every tenant. */
const GRAPH_APP = '00000003-0000-0000-c000-000000000000';
const DAY_MS = 86_400_000;
const SECRET_DAYS = 365;
/** A secret that ends sooner is renewed. */
const RENEWAL_DAYS = 30;

export interface ApplicationChoices {
  readonly rotateSecret: boolean;
  /** Permissions for the Graph security API; an administrator must run this. */
  readonly graph: boolean;
  readonly now: () => number;
}

interface Clients {
  readonly roles: RoleClient;
  readonly directory: DirectoryClient;
}

export function applicationSteps(live: Live, choices: ApplicationChoices, clients: Clients): readonly SetupStep[] {
  const { directory } = clients;
  const principal = async (): Promise<string | undefined> => {
    const application = await directory.application(APPLICATION_NAME);
    return application && directory.servicePrincipal(application.appId);
  };
  return [
    registration(directory),
    secret(directory, choices),
    customRoleStep(live, clients.roles),
    ...assignments(live, clients.roles, principal),
    ...(choices.graph ? graphPermissions.map((permission) => grant(permission, directory, principal)) : []),
  ];
}

function registration(directory: DirectoryClient): SetupStep {
  return {
    title: `Application "${APPLICATION_NAME}"`,
    async look() {
      const application = await directory.application(APPLICATION_NAME);
      if (!application) return { kind: 'todo' };
      const principalId = await directory.servicePrincipal(application.appId);
      return { kind: principalId === undefined ? 'todo' : 'done', note: `client id ${application.appId}` };
    },
    async apply() {
      const application =
        (await directory.application(APPLICATION_NAME)) ?? (await directory.createApplication(APPLICATION_NAME));
      if ((await directory.servicePrincipal(application.appId)) === undefined)
        await directory.createServicePrincipal(application.appId);
      return `Client id: ${application.appId}`;
    },
  };
}

function secret(directory: DirectoryClient, { rotateSecret, now }: ApplicationChoices): SetupStep {
  const daysLeft = ({ secrets }: Application) =>
    Math.floor((Math.max(0, ...secrets.map(({ ends }) => Date.parse(ends))) - now()) / DAY_MS);
  return {
    title: 'Secret of the application',
    async look() {
      const application = await directory.application(APPLICATION_NAME);
      if (!application) return { kind: 'todo' };
      const days = daysLeft(application);
      if (days < 0) return { kind: 'todo', note: 'there is none that is valid' };
      const isDue = rotateSecret || days < RENEWAL_DAYS;
      return { kind: isDue ? 'todo' : 'done', note: `valid for ${days} days` };
    },
    async apply() {
      const application = await directory.application(APPLICATION_NAME);
      if (!application) return undefined;
      const ends = new Date(now() + SECRET_DAYS * DAY_MS).toISOString();
      const text = await directory.addSecret(application.id, 'signl4-sentinel', ends);
      // The one in use goes on until the new one is entered where it is needed; only those that ended are removed.
      for (const old of application.secrets.filter((each) => Date.parse(each.ends) < now()))
        await directory.removeSecret(application.id, old.keyId);
      return `Client secret (shown this one time, ends ${ends.slice(0, 10)}): ${text}`;
    },
  };
}

/** Can be assigned anywhere in the resource group of the workspace, as the template of `build` has it. */
function customRoleStep(live: Live, roles: RoleClient): SetupStep {
  const scope = groupPath(live.workspace);
  return {
    title: `Custom role "${customRole.name}"`,
    look: async () => ({ kind: (await roles.findRole(scope, customRole.name)) === undefined ? 'todo' : 'done' }),
    async apply() {
      await roles.putRole(scope, customRole);
      return undefined;
    },
  };
}

/** The three assignments of SIGNL4's guide, all on the workspace alone. */
function assignments(
  live: Live,
  roles: RoleClient,
  principal: () => Promise<string | undefined>,
): readonly SetupStep[] {
  const scope = workspacePath(live.workspace);
  const kinds = [
    { roleName: customRole.name, roleId: () => roles.findRole(scope, customRole.name) },
    { roleName: 'Microsoft Sentinel Contributor', roleId: async () => builtInRoles.sentinelContributor },
    { roleName: 'Log Analytics Reader', roleId: async () => builtInRoles.logAnalyticsReader },
  ];
  return kinds.map(({ roleName, roleId }) =>
    roleStep(`${roleName} for the application`, roles, async () => {
      const [principalId, id] = await Promise.all([principal(), roleId()]);
      if (principalId === undefined) return 'the application comes first';
      if (id === undefined) return 'the custom role comes first';
      return { who: APPLICATION_NAME, principalId, roleId: id, roleName, scope, betterRoles: [] };
    }),
  );
}

function grant(
  { name, id: appRoleId }: (typeof graphPermissions)[number],
  directory: DirectoryClient,
  principal: () => Promise<string | undefined>,
): SetupStep {
  return {
    title: `Microsoft Graph permission ${name}`,
    async look() {
      const principalId = await principal();
      if (principalId === undefined) return { kind: 'blocked', reason: 'the application comes first' };
      const held = await directory.permissions(principalId);
      return { kind: held.some((permission) => permission.appRoleId === appRoleId) ? 'done' : 'todo' };
    },
    async apply() {
      const [principalId, resourceId] = await Promise.all([principal(), directory.servicePrincipal(GRAPH_APP)]);
      if (principalId !== undefined && resourceId !== undefined)
        await directory.grant(principalId, { resourceId, appRoleId });
      return undefined;
    },
  };
}

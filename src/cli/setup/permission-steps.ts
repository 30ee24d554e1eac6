import { createDelegationClient, type DelegationClient } from '../../azure/delegations.ts';
import { createDirectoryClient, type DirectoryClient } from '../../azure/directory.ts';
import { createRoleClient, type RoleClient } from '../../azure/roles.ts';
import { scopeOf } from '../../azure/scope.ts';
import { createWorkflowClient, type WorkflowClient } from '../../azure/workflows.ts';
import { UserError } from '../../domain/errors.ts';
import { member } from '../../domain/json.ts';
import { SECURITY_INSIGHTS_APP_ID } from '../../domain/roles.ts';
import { hasResponses } from '../../rules/respond.ts';
import type { Live } from '../live.ts';
import {
  assignmentCommand,
  authorizationLine,
  type DelegationReaders,
  grantOf,
  hasRole,
  indispensable,
  isDelegatedTo,
  type NeededRole,
  roleOfSentinel,
  rolesOfPlaybook,
} from '../permissions.ts';
import { groupsOfResponses, placeOf } from '../responses.ts';
import type { SetupStep, StepState } from './step.ts';

interface Clients {
  readonly roles: RoleClient;
  readonly workflows: WorkflowClient;
  readonly directory: DirectoryClient;
  readonly delegations: DelegationClient;
}

export function setupClients({ arm, group, graph }: Live): Clients {
  return {
    roles: createRoleClient(arm),
    delegations: createDelegationClient(arm),
    workflows: createWorkflowClient(arm, group),
    directory: createDirectoryClient(graph),
  };
}

/**
 * Roles of the deployed playbooks' managed identities: to change incidents of the workspace and, for the sweep, to run playbooks.
 */
export function playbookSteps(live: Live, names: readonly string[], clients: Clients): readonly SetupStep[] {
  return names.flatMap((name) => {
    // Which roles are needed does not depend on the identity that gets them.
    const needed = rolesOfPlaybook(live, { id: '', name, principalId: 'not known yet' });
    return needed.map((role, index) => playbookStep(live, name, role, index, clients));
  });
}

function playbookStep(
  live: Live,
  name: string,
  { roleName, scope }: NeededRole,
  index: number,
  clients: Clients,
): SetupStep {
  const on = /\/Microsoft\.Logic\/workflows\//i.test(scope) ? ` on ${scopeOf(scope).name}` : '';
  const step = roleStep(`${roleName} for ${name}${on}`, live, clients, async () => {
    const deployed = await clients.workflows.find(name);
    if (!deployed) return `${name} is not deployed; run "signl4-sentinel deploy" first`;
    return rolesOfPlaybook(live, deployed)[index] ?? `${name} has no managed identity`;
  });
  if (indispensable.has(name)) return step;
  const look = async (): Promise<StepState> =>
    (await clients.workflows.find(name)) ? step.look() : { kind: 'done', note: 'not deployed, needs nothing' };
  return { ...step, look };
}

export const SENTINEL_STEP = 'Microsoft Sentinel Automation Contributor for Microsoft Sentinel';

/** Microsoft Sentinel itself may run the playbooks of their resource group. */
export function sentinelSteps(live: Live, clients: Clients): readonly SetupStep[] {
  const find = async () => {
    const principalId = await clients.directory.servicePrincipal(SECURITY_INSIGHTS_APP_ID);
    return principalId === undefined ? unknownSentinel(live) : roleOfSentinel(live.group, principalId);
  };
  if (!live.foreign.playbooks) return [roleStep(SENTINEL_STEP, live, clients, find)];
  return [unseenSentinelStep, delegationStep(`${SENTINEL_STEP}, as this tenant knows it`, clients, find)];
}

/**
 * The same for each resource group with responses, which belong to the customer. In another tenant, only its owner can grant the
 * role.
 */
export function responseSentinelSteps(live: Live, clients: Clients): readonly SetupStep[] {
  if (!hasResponses(live.config.respond)) return [];
  return groupsOfResponses(live).map((place) => {
    const title = `${SENTINEL_STEP} on ${place.resourceGroup}`;
    if (live.foreign[placeOf(live, place)]) return { ...unseenSentinelStep, title };
    return roleStep(title, live, clients, async () => {
      const principalId = await clients.directory.servicePrincipal(SECURITY_INSIGHTS_APP_ID);
      return principalId === undefined ? unknownSentinel(live) : roleOfSentinel(place, principalId);
    });
  });
}

/** A tenant gets Sentinel's service principal with the first subscription that uses the resource provider. */
export function unknownSentinel({ signedInTo }: Pick<Live, 'signedInTo'>): string {
  return `the tenant ${signedInTo} does not know the application "Azure Security Insights": az provider register --namespace Microsoft.SecurityInsights, in a subscription of it`;
}

/** A provider cannot read the customer's directory. Deploying the rules will show whether the role is assigned. */
const unseenSentinelStep: SetupStep = {
  title: SENTINEL_STEP,
  look: async () => ({
    kind: 'done',
    note: 'cannot be seen from here: the customer gives it in Microsoft Sentinel, Settings, Playbook permissions',
  }),
  apply: async () => {},
};

/** What the customer has to run for a role that cannot be delegated. */
const onlyTheCustomer = (needed: NeededRole) => `the customer gives it, ${assignmentCommand(needed)}`;

type FindRole = () => Promise<NeededRole | string>;

/** A role that only the customer can grant, in the delegation. `find` as in `roleStep`. */
function delegationStep(title: string, clients: DelegationReaders, find: FindRole): SetupStep {
  return {
    title,
    async look(): Promise<StepState> {
      const needed = await find();
      return typeof needed === 'string' ? { kind: 'blocked', reason: needed } : lookAtDelegation(needed, clients);
    },
    apply: async () => {},
  };
}

async function lookAtDelegation(needed: NeededRole, clients: DelegationReaders): Promise<StepState> {
  const isGiven = await isDelegatedTo(needed, clients);
  if (isGiven === true) return { kind: 'done', note: 'by the delegation of the customer (Azure Lighthouse)' };
  if (isGiven === undefined)
    return { kind: 'done', note: 'cannot be seen from here: who may not read delegations does not see what they give' };
  return {
    kind: 'blocked',
    reason: `only the customer can give it: ${authorizationLine(needed)} in the authorizations of the Azure Lighthouse delegation, deployed again`,
  };
}

/** An assignment with another id but the same role and principal is just as good. */
async function assign(roles: RoleClient, needed: NeededRole, isDelegated: boolean): Promise<void> {
  const { scope, roleId, principalId, resourceId } = needed;
  try {
    await roles.assign(scope, roleId, {
      ...{ id: principalId, type: 'ServicePrincipal' },
      ...(isDelegated && { delegatedResourceId: resourceId }),
    });
  } catch (error) {
    if (member(error, 'code') !== 'RoleAssignmentExists') throw error;
  }
}

/** `find` returns the role, or why it is not known yet. */
export function roleStep(
  title: string,
  live: Pick<Live, 'foreign'>,
  clients: DelegationReaders & { readonly roles: RoleClient },
  find: FindRole,
): SetupStep {
  const { roles } = clients;
  return {
    title,
    async look(): Promise<StepState> {
      const needed = await find();
      if (typeof needed === 'string') return { kind: 'blocked', reason: needed };
      const note = `on ${needed.scope}`;
      const grant = grantOf(live, needed);
      if (grant === 'delegation') return lookAtDelegation(needed, clients);
      if (grant === 'customer') return { kind: 'done', note: `cannot be seen from here: ${onlyTheCustomer(needed)}` };
      if (await hasRole(roles, needed)) return { kind: 'done', note };
      return grant === 'delegated assignment'
        ? { kind: 'unseen', note: `${note}; roles of another tenant cannot be seen from here` }
        : { kind: 'todo', note };
    },
    async apply() {
      const needed = await find();
      if (typeof needed === 'string') throw new UserError('setup.not-yet', needed);
      await assign(roles, needed, grantOf(live, needed) === 'delegated assignment');
    },
  };
}

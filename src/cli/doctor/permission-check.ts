import type { GroupScope } from '../../azure/scope.ts';
import { SECURITY_INSIGHTS_APP_ID } from '../../domain/roles.ts';
import {
  assignmentCommand,
  authorizationLine,
  grantOf,
  isDelegatedTo,
  listCommand,
  type NeededRole,
  roleOfSentinel,
  rolesOfPlaybook,
  rolesOfRelay,
} from '../permissions.ts';
import { unknownSentinel } from '../setup/permission-steps.ts';
import type { DoctorContext } from './context.ts';
import { type Check, type Finding, failure, ok, rights, unread, unseen } from './finding.ts';

/** Roles that playbooks need to change incidents, and Sentinel to run playbooks. */
export const permissionsCheck: Check<DoctorContext> = {
  id: 'permissions',
  right: rights.roles,
  async run(context) {
    const { live, playbooks } = context;
    const ofPlaybooks = playbooks.flatMap(({ deployed }) => (deployed ? rolesOfPlaybook(live, deployed) : []));
    const needed = [...ofPlaybooks, ...(await ofRelay(context))];
    const found = await Promise.all(needed.map((each) => findingOf(each, context)));
    return [...found, ...(await ofSentinel(context))];
  },
};

/** Empty if the relay cannot be read: its own check reports that. */
async function ofRelay({ live, relay }: DoctorContext): Promise<readonly NeededRole[]> {
  const found = await relay().catch(() => undefined);
  return found ? rolesOfRelay(live, found) : [];
}

/** Across tenants Sentinel has two identities that need the role: one in the customer's tenant and one in the provider's. */
async function ofSentinel(context: DoctorContext): Promise<readonly Finding[]> {
  const { live } = context;
  if (!live.foreign.playbooks) return [await ofSentinelHere(context)];
  return [sentinelUnseen('the playbooks', live.group), await ofSentinelHere(context)];
}

async function ofSentinelHere(context: DoctorContext): Promise<Finding> {
  const { live, directory } = context;
  try {
    const principalId = await directory.servicePrincipal(SECURITY_INSIGHTS_APP_ID);
    if (principalId !== undefined) {
      const needed = roleOfSentinel(live.group, principalId);
      return live.foreign.playbooks ? ofDelegation(needed, context) : findingOf(needed, context);
    }
    return failure(unknownSentinel(live), 'Wait some minutes after that, then run "signl4-sentinel setup apply".');
  } catch (error) {
    return unread('the role of Microsoft Sentinel', error, live.signedInTo, rights.directory);
  }
}

/** A provider cannot read the customer's directory. */
export function sentinelUnseen(what: string, { resourceGroup }: GroupScope): Finding {
  return unseen(
    `whether Microsoft Sentinel may run ${what} cannot be seen from another tenant (Azure Lighthouse)`,
    `Ask the customer: Microsoft Sentinel, Settings, Playbook permissions must list ${resourceGroup}.`,
  );
}

/** Whether Sentinel may run the playbooks of a resource group. */
export function sentinelMayRun(group: GroupScope, principalId: string, context: DoctorContext): Promise<Finding> {
  return findingOf(roleOfSentinel(group, principalId), context);
}

/** A role that only the customer can grant, in the delegation. */
async function ofDelegation(needed: NeededRole, context: DoctorContext): Promise<Finding> {
  const { who, roleName, scope } = needed;
  const isGiven = await isDelegatedTo(needed, context);
  if (isGiven === true) return ok(`the delegation of the customer gives ${who} the role ${roleName}`);
  const remedy = `Ask the customer for ${authorizationLine(needed)} in the authorizations of the Azure Lighthouse delegation, deployed again.`;
  return isGiven === undefined
    ? unseen(`whether ${who} has the role ${roleName} cannot be seen: delegations may not be read`, remedy)
    : failure(`the delegation of the customer does not give ${who} the role ${roleName} on ${scope}`, remedy);
}

async function findingOf(needed: NeededRole, context: DoctorContext): Promise<Finding> {
  const { live, roles } = context;
  const { who, roleName, scope } = needed;
  try {
    const grant = grantOf(live, needed);
    if (grant === 'delegation') return await ofDelegation(needed, context);
    const held = await roles.heldBy(scope, needed.principalId);
    const enough = new Set([needed.roleId, ...needed.betterRoles]);
    if (held.assignments.some(({ roleId }) => enough.has(roleId))) return ok(`${who} has the role ${roleName}`);
    for (const { roleId } of held.assignments)
      if (await roles.allows(scope, roleId, needed.actions ?? []))
        return ok(`${who} may do what the role ${roleName} allows`);
    if (grant === 'customer')
      return unseen(
        `whether ${who} has the role ${roleName} cannot be seen from another tenant (Azure Lighthouse)`,
        `Ask the customer, for nobody can delegate it: ${assignmentCommand(needed)}`,
      );
    if (grant === 'delegated assignment')
      return unseen(
        `whether ${who} has the role ${roleName} cannot be seen from another tenant (Azure Lighthouse)`,
        `"signl4-sentinel setup apply" gives it; doing that again changes nothing. Or ask the customer: ${listCommand(needed)}`,
      );
    const remedy = `Run "signl4-sentinel setup apply", or: ${assignmentCommand(needed)}`;
    const unsure = held.withGroups ? '' : ' itself (roles of its groups cannot be read)';
    return failure(`${who} lacks the role ${roleName} on ${scope}${unsure}`, remedy);
  } catch (error) {
    return unread(`the roles of ${who}`, error, live.signedInTo, rights.roles);
  }
}

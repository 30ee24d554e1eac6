import { SECURITY_INSIGHTS_APP_ID } from '../../domain/roles.ts';
import {
  assignmentCommand,
  listCommand,
  type NeededRole,
  roleOfSentinel,
  rolesOfPlaybook,
  rolesOfRelay,
} from '../permissions.ts';
import type { DoctorContext } from './context.ts';
import { type Check, type Finding, failure, ok, rights, unread, unseen } from './finding.ts';

/** The roles without which playbooks cannot change incidents, and Sentinel cannot run playbooks. */
export const permissionsCheck: Check<DoctorContext> = {
  id: 'permissions',
  right: rights.roles,
  async run(context) {
    const { live, playbooks } = context;
    const ofPlaybooks = playbooks.flatMap(({ deployed }) => (deployed ? rolesOfPlaybook(live, deployed) : []));
    const needed = [...ofPlaybooks, ...(await ofRelay(context))];
    return Promise.all([...needed.map((each) => findingOf(each, context)), ofSentinel(context)]);
  },
};

/** A relay that cannot be read is a finding of its own check. */
async function ofRelay({ live, relay }: DoctorContext): Promise<readonly NeededRole[]> {
  const found = await relay().catch(() => undefined);
  return found ? rolesOfRelay(live, found) : [];
}

async function ofSentinel(context: DoctorContext): Promise<Finding> {
  const { live, directory } = context;
  if (live.isDelegated)
    return unseen(
      'whether Microsoft Sentinel may run the playbooks cannot be seen from another tenant (Azure Lighthouse)',
      `Ask the customer: Microsoft Sentinel, Settings, Playbook permissions must list ${live.group.resourceGroup}.`,
    );
  try {
    const principalId = await directory.servicePrincipal(SECURITY_INSIGHTS_APP_ID);
    if (principalId !== undefined) return findingOf(roleOfSentinel(live, principalId), context);
    return failure(
      'the tenant does not know "Azure Security Insights", the application of Microsoft Sentinel',
      'Switch Sentinel on for the workspace; the application comes with it.',
    );
  } catch (error) {
    return unread('the role of Microsoft Sentinel', error, live.workspace.tenantId, rights.directory);
  }
}

async function findingOf(needed: NeededRole, { live, roles }: DoctorContext): Promise<Finding> {
  const { who, roleName, scope } = needed;
  try {
    const held = await roles.heldBy(scope, needed.principalId);
    const enough = new Set([needed.roleId, ...needed.betterRoles]);
    if (held.assignments.some(({ roleId }) => enough.has(roleId))) return ok(`${who} has the role ${roleName}`);
    for (const { roleId } of held.assignments)
      if (await roles.allows(scope, roleId, needed.actions ?? []))
        return ok(`${who} may do what the role ${roleName} allows`);
    if (live.isDelegated)
      return unseen(
        `whether ${who} has the role ${roleName} cannot be seen from another tenant (Azure Lighthouse)`,
        `"signl4-sentinel setup apply" gives it; doing that again changes nothing. Or ask the customer: ${listCommand(needed)}`,
      );
    const remedy = `Run "signl4-sentinel setup apply", or: ${assignmentCommand(needed)}`;
    const unsure = held.withGroups ? '' : ' itself (roles of its groups cannot be read)';
    return failure(`${who} lacks the role ${roleName} on ${scope}${unsure}`, remedy);
  } catch (error) {
    return unread(`the roles of ${who}`, error, live.workspace.tenantId, rights.roles);
  }
}

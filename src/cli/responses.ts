import { type GroupScope, isSameGroup, scopeOf } from '../azure/scope.ts';
import type { DeployedWorkflow } from '../azure/workflows.ts';
import { isJsonObject, member, textOf } from '../domain/json.ts';
import type { RespondChoice } from '../rules/respond.ts';
import { parameterOf } from './doctor/context.ts';
import type { Live } from './live.ts';

/** Response playbooks that people may start from the phone, and where they are. They belong to the customer. */

/** Their ARM ids, without duplicates (Azure ignores case). */
export function responseIds({ playbooks }: Pick<RespondChoice, 'playbooks'>): readonly string[] {
  return eachOnce(Object.values(playbooks).map(({ playbook }) => playbook));
}

/** Those in the list of a deployed SIGNL4-Respond. */
export function deployedResponseIds(deployed: DeployedWorkflow): readonly string[] {
  const list = parameterOf(deployed, 'Responses');
  const ids = Object.values(isJsonObject(list) ? list : {}).map((each) => textOf(member(each, 'playbook')) ?? '');
  return eachOnce(ids.filter((id) => id !== ''));
}

export function eachOnce(ids: readonly string[]): readonly string[] {
  return [...new Map(ids.toReversed().map((id) => [id.toLowerCase(), id])).values()].toReversed();
}

/** Their resource groups, besides that of our playbooks. */
export function groupsOfResponses({ config, group }: Pick<Live, 'config' | 'group'>): readonly GroupScope[] {
  const places = responseIds(config.respond).map(scopeOf);
  return places
    .filter((place, index) => places.findIndex((other) => isSameGroup(place, other)) === index)
    .filter((place) => !isSameGroup(place, group));
}

/**
 * Which side a resource of this subscription belongs to: the customer's if it is beside the workspace, otherwise the playbooks'.
 */
export function placeOf(
  { workspace, group }: Pick<Live, 'workspace' | 'group'>,
  { subscriptionId }: Pick<GroupScope, 'subscriptionId'>,
): keyof Live['foreign'] {
  const isIn = (other: string) => subscriptionId.toLowerCase() === other.toLowerCase();
  return isIn(workspace.subscriptionId) && !isIn(group.subscriptionId) ? 'workspace' : 'playbooks';
}

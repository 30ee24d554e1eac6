import { apiVersions } from '../domain/api-versions.ts';
import { type Json, listOf, member, memberAt, textOf } from '../domain/json.ts';
import type { ArmOptions } from './arm-client.ts';
import { createRestClient } from './rest.ts';
import { type GroupScope, groupPath } from './scope.ts';

/** A role delegated to a user, group or identity of the managing tenant. */
interface Authorization {
  /** In lower case, as the role is. */
  readonly principalId: string;
  /** GUID of the role. */
  readonly roleId: string;
}

/** What customers delegate to the signed-in tenant (Azure Lighthouse). */
export interface DelegationClient {
  /**
   * Authorizations for a resource group, from delegations of the group and of its subscription. `areAll` is false if one of them
   * cannot be read; that takes `Microsoft.ManagedServices/registrationAssignments/read`, which Reader includes.
   */
  authorizations(group: GroupScope): Promise<{
    readonly found: readonly Authorization[];
    readonly areAll: boolean;
  }>;
}

/** Microsoft.ManagedServices, registrationAssignments. */

export function createDelegationClient(arm: ArmOptions): DelegationClient {
  const rest = createRestClient({ service: 'Azure Lighthouse', ...arm });

  /** With a delegation of the group only, the subscription's cannot be read. */
  async function at(scope: string): Promise<readonly Authorization[] | undefined> {
    try {
      const found = await rest.all({
        method: 'GET',
        path: `${scope}/providers/Microsoft.ManagedServices/registrationAssignments`,
        query: { $expandRegistrationDefinition: 'true', 'api-version': apiVersions.delegations },
      });
      return found.filter(isInForce).flatMap((each) =>
        listOf(memberAt(each, 'properties', 'registrationDefinition', 'properties', 'authorizations')).map((one) => ({
          principalId: textOf(member(one, 'principalId'))?.toLowerCase() ?? '',
          roleId: textOf(member(one, 'roleDefinitionId'))?.split('/').at(-1)?.toLowerCase() ?? '',
        })),
      );
    } catch (error) {
      if (Number(member(error, 'statusCode')) === 403) return undefined;
      throw error;
    }
  }

  // All playbooks of a workspace ask for the same scopes, so results are cached.
  const asked = new Map<string, ReturnType<typeof at>>();
  const once = (scope: string) => {
    const answer = asked.get(scope) ?? at(scope);
    asked.set(scope, answer);
    return answer;
  };

  return {
    async authorizations(group) {
      const path = groupPath(group);
      const found = await Promise.all([once(path.replace(/\/resourceGroups\/.*$/, '')), once(path)]);
      return { found: found.flatMap((each) => each ?? []), areAll: !found.includes(undefined) };
    },
  };
}

/** A delegation that is being deleted no longer applies. */
function isInForce(assignment: Json): boolean {
  const state = textOf(memberAt(assignment, 'properties', 'provisioningState'));
  return state === undefined || state === 'Succeeded';
}

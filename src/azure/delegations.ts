import { listOf, member, memberAt, textOf } from '../domain/json.ts';
import type { ArmOptions } from './arm-client.ts';
import { createRestClient } from './rest.ts';
import { groupPath, type WorkspaceScope } from './scope.ts';

/** A role that a customer gives to a user, group or identity of the managing tenant. */
interface Authorization {
  readonly principalId: string;
  /** GUID of the role, in lower case. */
  readonly roleId: string;
}

/** What customers delegate to the signed-in tenant (Azure Lighthouse). */
export interface DelegationClient {
  /**
   * Authorizations that hold for a resource group: of delegations of the group, and of its subscription. Undefined where
   * neither may be read, which takes `Microsoft.ManagedServices/registrationAssignments/read`, part of the role Reader.
   */
  authorizations(
    group: Pick<WorkspaceScope, 'subscriptionId' | 'resourceGroup'>,
  ): Promise<readonly Authorization[] | undefined>;
}

/** Microsoft.ManagedServices, registrationAssignments. */
const API_VERSION = '2022-10-01';

export function createDelegationClient(arm: ArmOptions): DelegationClient {
  const rest = createRestClient({ service: 'Azure Lighthouse', ...arm });

  /** Who has a delegation of the group alone may not read the subscription's. */
  async function at(scope: string): Promise<readonly Authorization[] | undefined> {
    try {
      const found = await rest.all({
        method: 'GET',
        path: `${scope}/providers/Microsoft.ManagedServices/registrationAssignments`,
        query: { $expandRegistrationDefinition: 'true', 'api-version': API_VERSION },
      });
      return found.flatMap((each) =>
        listOf(memberAt(each, 'properties', 'registrationDefinition', 'properties', 'authorizations')).map((one) => ({
          principalId: textOf(member(one, 'principalId')) ?? '',
          roleId: (textOf(member(one, 'roleDefinitionId')) ?? '').toLowerCase(),
        })),
      );
    } catch (error) {
      if (Number(member(error, 'statusCode')) === 403) return undefined;
      throw error;
    }
  }

  return {
    async authorizations(group) {
      const path = groupPath(group);
      const found = await Promise.all([at(path.replace(/\/resourceGroups\/.*$/, '')), at(path)]);
      return found.every((each) => each === undefined) ? undefined : found.flatMap((each) => each ?? []);
    },
  };
}

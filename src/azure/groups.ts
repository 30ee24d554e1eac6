import { ResourceManagementClient } from '@azure/arm-resources';
import { apiVersions } from '../domain/api-versions.ts';
import { member, textOf } from '../domain/json.ts';
import { type ArmOptions, managementOptions, withOurPolicies } from './arm-client.ts';
import { createRestClient } from './rest.ts';

export interface ResourceGroups {
  /**
   * Home tenant of the subscription; undefined if it may not be read. @throws RestError 404 if the subscription is not visible
   */
  tenantId(): Promise<string | undefined>;
  /** Region of a resource group; undefined where there is no such group. */
  location(resourceGroup: string): Promise<string | undefined>;
  create(resourceGroup: string, location: string): Promise<void>;
  /** Whether a subscription may use a resource provider, `Microsoft.Logic`. */
  isRegistered(provider: string): Promise<boolean>;
  /** Requests the registration, which takes Azure some minutes. */
  register(provider: string): Promise<void>;
}

export function createResourceGroups(options: ArmOptions, subscriptionId: string): ResourceGroups {
  const client = withOurPolicies(
    new ResourceManagementClient(options.credential, subscriptionId, managementOptions(options)),
    options,
  );
  const rest = createRestClient({ service: 'Azure Resource Manager', ...options });
  return {
    async tenantId() {
      try {
        const path = `/subscriptions/${encodeURIComponent(subscriptionId)}`;
        const { body } = await rest.send({ method: 'GET', path, query: { 'api-version': apiVersions.subscriptions } });
        return textOf(member(body, 'tenantId'));
      } catch (error) {
        if (member(error, 'statusCode') === 403) return undefined;
        throw error;
      }
    },
    async location(resourceGroup) {
      const { body: exists } = await client.resourceGroups.checkExistence(resourceGroup);
      return exists ? (await client.resourceGroups.get(resourceGroup)).location : undefined;
    },
    async create(resourceGroup, location) {
      await client.resourceGroups.createOrUpdate(resourceGroup, { location });
    },
    async isRegistered(provider) {
      return (await client.providers.get(provider)).registrationState === 'Registered';
    },
    async register(provider) {
      await client.providers.register(provider);
    },
  };
}

/** Contents of a resource group; empty if the group does not exist. */
export async function noneWithoutGroup<T>(found: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await found;
  } catch (error) {
    if (member(error, 'code') === 'ResourceGroupNotFound') return [];
    throw error;
  }
}

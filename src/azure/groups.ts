import { ResourceManagementClient } from '@azure/arm-resources';
import { type ArmOptions, managementOptions, settle } from './arm-client.ts';

export interface ResourceGroups {
  /** Region of a resource group; undefined where there is no such group. */
  location(resourceGroup: string): Promise<string | undefined>;
  create(resourceGroup: string, location: string): Promise<void>;
  /** Whether a subscription may use a resource provider, `Microsoft.Logic`. */
  isRegistered(provider: string): Promise<boolean>;
  /** Asks for it; Azure takes some minutes. */
  register(provider: string): Promise<void>;
}

export function createResourceGroups(options: ArmOptions, subscriptionId: string): ResourceGroups {
  const client = settle(
    new ResourceManagementClient(options.credential, subscriptionId, managementOptions(options)),
    options,
  );
  return {
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

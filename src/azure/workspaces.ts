import { apiVersions } from '../domain/api-versions.ts';
import { type Json, member, memberAt, textOf } from '../domain/json.ts';
import type { ArmOptions } from './arm-client.ts';
import { createRestClient } from './rest.ts';

/** A workspace that Microsoft Sentinel runs on, with the name of its subscription. */
export interface FoundWorkspace {
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly name: string;
  readonly workspaceId: string;
}

/** Workspaces with Microsoft Sentinel in all subscriptions that the signed-in account sees. */
export async function sentinelWorkspaces(arm: ArmOptions): Promise<readonly FoundWorkspace[]> {
  const rest = createRestClient({ service: 'Azure Resource Manager', ...arm });
  const list = (path: string, version: string) => rest.all({ method: 'GET', path, query: { 'api-version': version } });

  async function hasSentinel(id: string): Promise<boolean> {
    const path = `${id}/providers/Microsoft.SecurityInsights/onboardingStates/default`;
    try {
      await rest.send({ method: 'GET', path, query: { 'api-version': apiVersions.sentinel } });
      return true;
    } catch (error) {
      if (member(error, 'statusCode') === 404 || member(error, 'statusCode') === 403) return false;
      throw error;
    }
  }

  const subscriptions = await list('/subscriptions', apiVersions.subscriptions);
  const found = await Promise.all(
    subscriptions.map(async (subscription) => {
      const id = textOf(member(subscription, 'subscriptionId')) ?? '';
      const workspaces = await list(
        `/subscriptions/${id}/providers/Microsoft.OperationalInsights/workspaces`,
        apiVersions.workspaces,
      );
      const withSentinel = await Promise.all(
        workspaces.map(async (each) => ((await hasSentinel(textOf(member(each, 'id')) ?? '')) ? [each] : [])),
      );
      return withSentinel.flat().map((workspace) => read(subscription, workspace));
    }),
  );
  return found.flat();
}

function read(subscription: Json, workspace: Json): FoundWorkspace {
  const text = (value: unknown) => textOf(value) ?? '';
  return {
    tenantId: text(member(subscription, 'tenantId')),
    subscriptionId: text(member(subscription, 'subscriptionId')),
    subscription: text(member(subscription, 'displayName')),
    resourceGroup: text(member(workspace, 'id')).split('/')[4] ?? '',
    name: text(member(workspace, 'name')),
    workspaceId: text(memberAt(workspace, 'properties', 'customerId')),
  };
}

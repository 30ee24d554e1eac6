import { apiVersions } from '../domain/api-versions.ts';
import { isJsonObject, type JsonObject, listOf, member, memberAt, textOf } from '../domain/json.ts';
import type { ArmOptions } from './arm-client.ts';
import { noneWithoutGroup } from './groups.ts';
import { createRestClient } from './rest.ts';
import { type GroupScope, groupPath, type WorkspaceScope, workspacePath } from './scope.ts';

/** An API connection: whether it can be used, and otherwise Azure's reason. */
interface ApiConnection {
  readonly name: string;
  readonly isConnected: boolean;
  readonly problem: string;
}

/** A resource of a group, as its list tells of it. */
export interface GroupResource {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Reads resources that the management clients do not cover. */
export interface ResourceClient {
  /** A Log Analytics workspace: its GUID and region; undefined where it does not exist. */
  workspace(
    workspace: WorkspaceScope,
  ): Promise<{ readonly workspaceId: string; readonly location: string } | undefined>;
  /** Whether Microsoft Sentinel is switched on for it. */
  hasSentinel(workspace: WorkspaceScope): Promise<boolean>;
  /** All connections of the resource group. */
  connections(): Promise<readonly ApiConnection[]>;
  /** A connection by its ARM id; undefined where it does not exist. */
  connection(id: string): Promise<ApiConnection | undefined>;
  /** API versions of Microsoft.SecurityInsights that include incidents, newest first; empty if Azure does not say. */
  sentinelVersions(): Promise<readonly string[]>;
  /** The custom connector as Azure has it; undefined where there is none. */
  customConnector(name: string): Promise<JsonObject | undefined>;
  hasCustomConnector(name: string): Promise<boolean>;
  /** Everything in the resource group; nothing where there is no such group. */
  inGroup(): Promise<readonly GroupResource[]>;
  /** Names of the secrets in a key vault, by vault id. Values are not read. */
  secretNames(vaultId: string): Promise<readonly string[]>;
}

export function createResourceClient(arm: ArmOptions, group: GroupScope): ResourceClient {
  const rest = createRestClient({ service: 'Azure Resource Manager', ...arm });
  const root = `${groupPath(group)}/providers`;

  async function find(path: string, apiVersion: string): Promise<JsonObject | undefined> {
    try {
      const { body } = await rest.send({ method: 'GET', path, query: { 'api-version': apiVersion } });
      return isJsonObject(body) ? body : undefined;
    } catch (error) {
      if (member(error, 'statusCode') === 404) return undefined;
      throw error;
    }
  }

  const customConnector = (name: string) =>
    find(`${root}/Microsoft.Web/customApis/${encodeURIComponent(name)}`, apiVersions.connections);

  return {
    async workspace(workspace) {
      const found = await find(workspacePath(workspace), apiVersions.workspaces);
      return (
        found && {
          workspaceId: textOf(memberAt(found, 'properties', 'customerId')) ?? '',
          location: textOf(found['location']) ?? '',
        }
      );
    },
    async hasSentinel(workspace) {
      const path = `${workspacePath(workspace)}/providers/Microsoft.SecurityInsights/onboardingStates/default`;
      return (await find(path, apiVersions.sentinel)) !== undefined;
    },
    async sentinelVersions() {
      const path = `/subscriptions/${encodeURIComponent(group.subscriptionId)}/providers/Microsoft.SecurityInsights`;
      const types = listOf(member(await find(path, apiVersions.resources), 'resourceTypes'));
      const incidents = types.find((type) => /^incidents$/i.test(textOf(member(type, 'resourceType')) ?? ''));
      return listOf(member(incidents, 'apiVersions')).flatMap((version) => textOf(version) ?? []);
    },
    async connections() {
      const path = `${root}/Microsoft.Web/connections`;
      const query = { 'api-version': apiVersions.connections };
      return (await rest.all({ method: 'GET', path, query, mayBeBare: true })).map(readConnection);
    },
    async connection(id) {
      const found = await find(id, apiVersions.connections);
      return found && readConnection(found);
    },
    customConnector,
    hasCustomConnector: async (name) => (await customConnector(name)) !== undefined,
    async inGroup() {
      const query = { 'api-version': apiVersions.resources };
      const path = `${groupPath(group)}/resources`;
      return (await noneWithoutGroup(rest.all({ method: 'GET', path, query }))).map(readResource);
    },
    async secretNames(vaultId) {
      const query = { 'api-version': apiVersions.keyVaults };
      const secrets = await rest.all({ method: 'GET', path: `${vaultId}/secrets`, query });
      return secrets.flatMap((secret) => textOf(member(secret, 'name'))?.split('/').at(-1) ?? []);
    },
  };
}

function readResource(value: unknown): GroupResource {
  const tags = Object.entries(Object(member(value, 'tags')) as JsonObject);
  const text = (name: string) => textOf(member(value, name)) ?? '';
  return {
    ...{ id: text('id'), name: text('name'), type: text('type') },
    tags: Object.fromEntries(tags.map(([name, tag]) => [name, textOf(tag) ?? ''])),
  };
}

/** Microsoft.Web/connections 2016-06-01: `properties.statuses[]` of `{ status, target, error }`, or `overallStatus` alone. */
function readConnection(value: unknown): ApiConnection {
  const statuses = listOf(memberAt(value, 'properties', 'statuses'));
  const overall = textOf(memberAt(value, 'properties', 'overallStatus'));
  const told = statuses.length > 0 || overall === undefined ? statuses : [{ status: overall }];
  const bad = told.filter((status) => !/^(connected|ready)$/i.test(textOf(member(status, 'status')) ?? ''));
  return {
    name: textOf(member(value, 'name')) ?? '',
    isConnected: bad.length === 0,
    problem: bad
      .map((status) => textOf(memberAt(status, 'error', 'message')) ?? textOf(member(status, 'status')) ?? '')
      .join('; '),
  };
}

import type { Json, JsonObject } from '../../domain/json.ts';
import { GRAPH_APP_ID, SECURITY_INSIGHTS_APP_ID } from '../../domain/roles.ts';
import { uuid5 } from '../../domain/uuid.ts';
import type { RelayStore } from '../../relay/store/store.ts';
import type { RelayInEnvironment } from '../environment/relay-in-environment.ts';
import type { World } from '../world.ts';

/*
 * State of Azure besides Sentinel: everything that deployment and setup create. It is public, so that tests and the sandbox can
 * read and modify it. Keys of maps are ARM ids or names in lower case.
 */

export interface StoredRun {
  readonly name: string;
  status: string;
  startTime: string;
  endTime?: string;
  code?: string;
  error?: { readonly code: string; readonly message: string };
  trigger?: JsonObject;
  actions?: readonly JsonObject[];
}

export interface WorkflowVersion {
  readonly version: string;
  readonly changedTime: string;
  readonly definition: JsonObject;
  readonly parameters: JsonObject;
}

export interface StoredWorkflow {
  readonly id: string;
  readonly name: string;
  location: string;
  tags: Readonly<Record<string, string>>;
  state: 'Enabled' | 'Disabled';
  /** Object id of its managed identity. */
  principalId: string | undefined;
  definition: JsonObject;
  /** `properties.parameters`, unwrapped: name to value. */
  parameters: JsonObject;
  accessControl?: JsonObject | undefined;
  createdTime: string;
  changedTime: string;
  /** Counts down, as Azure's do. */
  version: string;
  readonly versions: WorkflowVersion[];
  /** Newest first. */
  readonly runs: StoredRun[];
  /** What its address is made of; with the key in it, it starts the workflow. */
  readonly address: string;
  accessKey: string;
}

export interface StoredConnection {
  readonly id: string;
  readonly name: string;
  location: string;
  kind: string | undefined;
  displayName: string;
  /** Id of the managed or custom API. */
  api: string;
  /** What is read back: never a key. */
  parameterValueType: string | undefined;
  apiKey: string | undefined;
  status: 'Connected' | 'Ready' | 'Error';
  message?: string;
}

/** Anything else: kept as it was sent. */
export interface StoredResource {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  location?: string;
  kind?: string;
  tags: Readonly<Record<string, string>>;
  identity?: { readonly type: string; readonly principalId: string; readonly tenantId: string };
  properties: JsonObject;
}

/** What a function app has beside its resource. */
export interface StoredSite {
  /** As they were sent: references to secrets are references. */
  settings: Readonly<Record<string, string>>;
  /** Status of each reference, and what the app gets of it: the value, or the reference itself. */
  references: Readonly<Record<string, { readonly status: string; readonly value: string }>>;
  readonly deployments: CodeDeployment[];
  /** The relay that the package holds; undefined where nothing in it starts. */
  relay?: RelayInEnvironment | undefined;
  readonly store: RelayStore;
}

export interface CodeDeployment {
  readonly id: string;
  /** 2 deploying, 3 failed, 4 done. */
  status: 2 | 3 | 4;
  readonly text: string;
  readonly files: Readonly<Record<string, Uint8Array>>;
}

export interface StoredAssignment {
  readonly name: string;
  readonly scope: string;
  /** GUID of the role. */
  readonly roleId: string;
  readonly principalId: string;
  readonly principalType?: string;
  readonly delegatedManagedIdentityResourceId?: string;
  /** When it was made; it takes effect later. */
  readonly at?: number;
}

export interface StoredRole {
  readonly id: string;
  readonly scope: string;
  body: JsonObject;
}

export interface StoredDeployment {
  readonly name: string;
  readonly group: string;
  readonly template: JsonObject;
  readonly parameters: JsonObject;
  state: 'Accepted' | 'Running' | 'Succeeded' | 'Failed' | 'Canceled';
  error?: JsonObject;
  outputs?: JsonObject;
  readonly operations: JsonObject[];
}

export interface StoredApplication {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
  uniqueName?: string;
  tags?: readonly string[];
  requiredResourceAccess?: readonly Json[];
  passwordCredentials: { keyId: string; displayName: string; endDateTime: string; hint?: string }[];
}

/** Delays in milliseconds until something is visible or takes effect. */
export interface Lags {
  /** A role assignment is listed at once and takes effect after this. */
  role: number;
  /** New applications and principals: by id, and for what refers to them. */
  directory: number;
  /** Searches see them later than reads by id. */
  search: number;
  /** A new client secret signs in after this. */
  secret: number;
  /** A resource provider is registered after this. */
  registration: number;
}

/** Problems of a subscription, each switched on separately. */
export interface Troubles {
  /** Scope that is locked against changes, as an ARM id. */
  lockedScope: string | undefined;
  /** Display name of a policy that denies every resource without the tag `costCenter`. */
  policy: string | undefined;
  /** Resource types that have no quota. */
  quota: RegExp | undefined;
  /** Names in use by somebody else in the world. */
  readonly takenNames: Set<string>;
  /** Paths that are answered with 403. */
  readonly forbidden: RegExp[];
  /** What the next deployments fail with. */
  deploymentError: JsonObject | undefined;
}

/**
 * Rights that a customer delegates to a principal of the managing tenant on a subscription or resource group (Azure Lighthouse).
 */
export interface Delegation {
  /** ARM id of the subscription or resource group. */
  readonly scope: string;
  readonly managedByTenantId: string;
  /** Left out: Succeeded. */
  readonly provisioningState?: string;
  readonly authorizations: readonly { readonly principalId: string; readonly roleDefinitionId: string }[];
}

export interface AzureState {
  /** Subscriptions that callers see: id to tenant. */
  readonly subscriptions: Map<string, string>;
  /** The tenant that callers are signed in to; in others they act by Azure Lighthouse. */
  callerTenant: string;
  readonly delegations: Delegation[];
  /** ARM id in lower case to region. */
  readonly groups: Map<string, string>;
  readonly providers: Map<string, string>;
  readonly workflows: Map<string, StoredWorkflow>;
  readonly connections: Map<string, StoredConnection>;
  /** Custom connectors: id to resource. */
  readonly customConnectors: Map<string, StoredResource>;
  readonly resources: Map<string, StoredResource>;
  /** Function apps: what lies beside the resource, by its id. */
  readonly sites: Map<string, StoredSite>;
  /** Versions in which Azure offers incidents. */
  sentinelVersions: readonly string[];
  readonly roleAssignments: StoredAssignment[];
  readonly customRoles: Map<string, StoredRole>;
  readonly deployments: StoredDeployment[];
  /** Results of long-running operations by their id. */
  readonly operations: Map<string, { polls: number; readonly answer: JsonObject }>;
  readonly applications: StoredApplication[];
  /** Client secrets that sign in by now, by their key id. */
  readonly signIns: Map<string, { readonly appId: string; readonly text: string; readonly ends: number }>;
  /** Service principals: application id to object id. In another tenant an application has another one, see `principalIn`. */
  readonly servicePrincipals: Map<string, string>;
  /** Object ids of the groups that a principal is in. */
  readonly groupsOf: Map<string, readonly string[]>;
  readonly appRoles: { id: string; principalId: string; resourceId: string; appRoleId: string }[];
  /** Time of creation, by id, of things that are not visible yet. */
  readonly bornAt: Map<string, number>;
  /** Key vaults by name: secrets by name. */
  readonly vaults: Map<string, Map<string, JsonObject>>;
  readonly lags: Lags;
  readonly troubles: Troubles;
  /** Seconds that answers ask a client to wait; undefined: they do not say. */
  retryAfter: number | undefined;
  hasSentinel: boolean;
}

/** Azure without any of our resources: a workspace with Sentinel in a resource group. */
export function emptyAzure({ workspace, ids }: World): AzureState {
  return {
    subscriptions: new Map([[lower(workspace.subscriptionId), workspace.tenantId]]),
    callerTenant: workspace.tenantId,
    delegations: [],
    groups: new Map([
      [
        `/subscriptions/${lower(workspace.subscriptionId)}/resourcegroups/${lower(workspace.resourceGroup)}`,
        'westeurope',
      ],
    ]),
    providers: new Map(
      ['logic', 'web', 'securityinsights', 'operationalinsights', 'storage', 'keyvault'].map((name) => [
        `microsoft.${name}`,
        'Registered',
      ]),
    ),
    workflows: new Map(),
    connections: new Map(),
    customConnectors: new Map(),
    resources: new Map(),
    sites: new Map(),
    sentinelVersions: ['2025-09-01', '2025-07-01-preview'],
    roleAssignments: [],
    customRoles: new Map(),
    deployments: [],
    operations: new Map(),
    applications: [],
    signIns: new Map(),
    servicePrincipals: new Map([
      [SECURITY_INSIGHTS_APP_ID, ids.guid('service principal')],
      [GRAPH_APP_ID, ids.guid('service principal')],
    ]),
    groupsOf: new Map(),
    appRoles: [],
    bornAt: new Map(),
    vaults: new Map(),
    lags: { role: 0, directory: 0, search: 0, secret: 0, registration: 0 },
    troubles: {
      lockedScope: undefined,
      policy: undefined,
      quota: undefined,
      takenNames: new Set(),
      forbidden: [],
      deploymentError: undefined,
    },
    retryAfter: 0,
    hasSentinel: true,
  };
}

export function lower(text: string): string {
  return text.toLowerCase();
}

/** What the parts of Azure share. */
export interface AzureSetting {
  readonly world: World;
  readonly state: AzureState;
}

/** Resource group and name in an ARM id. */
export function partsOf(id: string): { subscriptionId: string; resourceGroup: string; name: string } {
  const [, , subscriptionId = '', , resourceGroup = ''] = id.split('/');
  return { subscriptionId, resourceGroup, name: id.split('/').at(-1) ?? '' };
}

/** The tenant of the subscription that something lies in. */
export function tenantOf({ subscriptions, callerTenant }: AzureState, id: string): string {
  return subscriptions.get(lower(partsOf(id).subscriptionId)) ?? callerTenant;
}

/** Object id of one of Microsoft's applications in a tenant. */
export function principalIn({ state, world }: AzureSetting, tenantId: string, appId: string): string | undefined {
  const own = state.servicePrincipals.get(appId);
  if (own === undefined || tenantId === world.workspace.tenantId) return own;
  return uuid5(appId, tenantId);
}

/** Whether callers act there for another tenant. */
export function isForeign(state: AzureState, id: string): boolean {
  return tenantOf(state, id) !== state.callerTenant;
}

export function groupIdOf(id: string): string {
  return id.split('/').slice(0, 5).join('/');
}

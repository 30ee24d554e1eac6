import { isJsonObject, type JsonObject, memberAt, textOf } from '../../domain/json.ts';
import { readJson } from '../http.ts';
import { ArmError } from '../sentinel/arm-error.ts';
import { readAutomationRule } from '../sentinel/automation-rule.ts';
import { connectionView, putConnection, putCustomConnector } from './connections.ts';
import { putAssignment, putRole } from './roles.ts';
import { type ArmApp, GROUP } from './routes.ts';
import { openSite, putSettings } from './sites.ts';
import { type AzureSetting, lower, partsOf, type StoredResource, tenantOf } from './state.ts';
import type { EvaluatedResource } from './template.ts';
import { putWorkflow, type WorkflowBody, workflowView } from './workflows.ts';

/** Any resource: made by its provider, read, tagged and deleted by its id. */

type Put = (setting: AzureSetting, resource: EvaluatedResource) => void;

const scopeOf = (id: string) => id.slice(0, id.lastIndexOf('/providers/'));
const propertiesOf = ({ body }: EvaluatedResource): JsonObject =>
  isJsonObject(body['properties']) ? body['properties'] : {};

/** What each type of resource needs to be made; others are kept as they are sent. */
const makers: Readonly<Record<string, Put>> = {
  'microsoft.logic/workflows': (setting, { id, body }) =>
    void putWorkflow(setting, id, body as unknown as WorkflowBody),
  'microsoft.web/connections': (setting, { id, body }) => void putConnection(setting, id, body),
  'microsoft.web/customapis': (setting, { id, body }) => void putCustomConnector(setting, id, body),
  'microsoft.authorization/roleassignments': (setting, resource) =>
    void putAssignment(setting, scopeOf(resource.id), resource.name, propertiesOf(resource)),
  'microsoft.authorization/roledefinitions': (setting, resource) =>
    void putRole(setting, scopeOf(resource.id), resource.name, propertiesOf(resource)),
  'microsoft.securityinsights/automationrules': putRule,
  'microsoft.keyvault/vaults': putVault,
  'microsoft.keyvault/vaults/secrets': putVaultSecret,
  'microsoft.web/sites': putSite,
  'microsoft.web/sites/config': (setting, resource) =>
    putSettings(setting, resource.id.split('/').slice(0, 9).join('/'), propertiesOf(resource)),
};

export function putResource(setting: AzureSetting, resource: EvaluatedResource): void {
  refuseForTrouble(setting, resource);
  (makers[lower(resource.type)] ?? putOther)(setting, resource);
}

/** What the subscription refuses whatever the resource provider would say. */
export function refuseForTrouble({ state }: AzureSetting, { id, name, type, body }: EvaluatedResource): void {
  const { lockedScope, policy, quota, takenNames } = state.troubles;
  const provider = type.split('/')[0] ?? '';
  if (lockedScope !== undefined && lower(id).startsWith(lower(lockedScope))) throw lockedError(id, lockedScope);
  // A function app joins a network through the provider of Container Apps.
  const joins = memberAt(body, 'properties', 'virtualNetworkSubnetId');
  for (const namespace of [provider, ...(typeof joins === 'string' ? ['Microsoft.App'] : [])]) {
    const registration = state.providers.get(lower(namespace));
    if (registration === 'NotRegistered' || (registration === undefined && mustRegister.has(lower(namespace))))
      throw new ArmError(
        409,
        'MissingSubscriptionRegistration',
        `The subscription is not registered to use namespace '${namespace}'. See https://aka.ms/rps-not-found for how to register subscriptions.`,
      );
  }
  if (policy !== undefined && isTaggable.test(type) && memberAt(body, 'tags', 'costCenter') === undefined)
    throw new ArmError(
      403,
      'RequestDisallowedByPolicy',
      `Resource '${name}' was disallowed by policy. Policy identifiers: '[{"policyAssignment":{"name":"${policy}"}}]'.`,
    ).with({
      target: name,
      additionalInfo: [
        { type: 'PolicyViolation', info: { policyAssignmentDisplayName: policy, policyDefinitionEffect: 'deny' } },
      ],
    });
  if (quota?.test(type))
    throw new ArmError(
      400,
      'SubscriptionIsOverQuotaForSku',
      `This region has quota of 0 instances for your subscription. Try selecting different region or SKU.`,
    ).with({ target: name });
  if (takenNames.has(lower(name))) {
    const [, code, message] = taken.find(([pattern]) => pattern.test(type)) ?? taken[0];
    throw new ArmError(409, code, message.replace('{name}', name)).with({ target: name });
  }
}

/** What a resource provider says of a name that somebody else in the world has. */
const taken = [
  [/vaults$/i, 'VaultAlreadyExists', "The vault name '{name}' is already in use."],
  [/storage/i, 'StorageAccountAlreadyTaken', "The storage account named '{name}' is already taken."],
  [/sites$/i, 'Conflict', 'Website with given name {name} already exists.'],
] as const;

function lockedError(id: string, lockedScope: string): ArmError {
  return new ArmError(
    409,
    'ScopeLocked',
    `The scope '${id}' cannot perform write operation because following scope(s) are locked: '${lockedScope}'. Please remove the lock and try again.`,
  );
}

const mustRegister: ReadonlySet<string> = new Set(
  ['logic', 'web', 'securityinsights', 'storage', 'keyvault', 'insights', 'network', 'app'].map(
    (name) => `microsoft.${name}`,
  ),
);
const isTaggable =
  /^microsoft\.(logic\/workflows|web\/(connections|sites|serverfarms|customapis)|storage|keyvault\/vaults)$/i;

/** @throws ArmError 400 while Sentinel may not run the playbook of the rule */
function putRule({ world }: AzureSetting, { name, body }: EvaluatedResource): void {
  const { automation } = world.sentinel;
  const properties = readAutomationRule(withoutNulls(body));
  automation.checkRule(properties);
  automation.rules.set(lower(name), { name, etag: world.ids.guid('automation rule etag'), properties });
}

function withoutNulls(body: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(body, (_, value: unknown) => (value === null ? undefined : value))) as JsonObject;
}

/** Deleted vaults keep their names until they are purged. */
function putVault(setting: AzureSetting, resource: EvaluatedResource): void {
  const { state } = setting;
  const name = lower(resource.name);
  if (memberAt(resource.body, 'properties', 'enablePurgeProtection') === false)
    throw new ArmError(400, 'BadRequest', 'The property "enablePurgeProtection" cannot be set to false.');
  const isDeleted = state.resources.has(`deleted:${name}`);
  const recovers = memberAt(resource.body, 'properties', 'createMode') === 'recover';
  if (isDeleted && !recovers)
    throw new ArmError(
      409,
      'ConflictError',
      `A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault. Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft delete.`,
    );
  if (!isDeleted && recovers)
    throw new ArmError(404, 'SoftDeletedVaultDoesNotExist', `A soft deleted vault with the given name does not exist.`);
  state.resources.delete(`deleted:${name}`);
  if (!state.vaults.has(name)) state.vaults.set(name, new Map());
  putOther(setting, resource);
}

function putVaultSecret({ state }: AzureSetting, { name, body }: EvaluatedResource): void {
  const [vault = '', secret = ''] = name.split('/');
  const secrets = state.vaults.get(lower(vault));
  if (!secrets)
    throw new ArmError(
      404,
      'ParentResourceNotFound',
      `Can not perform requested operation on nested resource. Parent resource '${vault}' not found.`,
    );
  secrets.set(lower(secret), { value: textOf(memberAt(body, 'properties', 'value')) ?? '' });
}

/** One app for each plan, which must be there. */
function putSite(setting: AzureSetting, resource: EvaluatedResource): void {
  const plan = lower(textOf(memberAt(resource.body, 'properties', 'serverFarmId')) ?? '');
  const { state } = setting;
  if (!state.resources.has(plan))
    throw new ArmError(404, 'NotFound', `Cannot find serverFarm with name ${plan.split('/').at(-1)}.`);
  const other = [...state.resources.values()].find(
    ({ id, properties }) =>
      lower(id) !== lower(resource.id) && lower(textOf(properties['serverFarmId']) ?? '') === plan,
  );
  if (other)
    throw new ArmError(409, 'Conflict', `A Flex Consumption plan hosts one app; ${other.name} is on this one already.`);
  putOther(setting, resource);
  openSite(setting, resource.id);
}

function putOther({ state, world }: AzureSetting, { id, type, name, body }: EvaluatedResource): void {
  const before = state.resources.get(lower(id));
  const hasIdentity = /SystemAssigned/i.test(textOf(memberAt(body, 'identity', 'type')) ?? '');
  const identity = before?.identity ?? {
    ...{ type: 'SystemAssigned', principalId: world.ids.guid('identity of a resource') },
    tenantId: world.workspace.tenantId,
  };
  if (hasIdentity && !before?.identity) {
    const objectId = identity.principalId;
    const appId = world.ids.guid('application of a resource');
    world.entra.directory.add({ objectId, appId, kind: 'ManagedIdentity', displayName: name });
    state.bornAt.set(objectId, world.clock.now());
  }
  state.resources.set(lower(id), {
    ...{ id, name, type },
    location: textOf(body['location']) ?? 'westeurope',
    ...(body['kind'] !== undefined && { kind: textOf(body['kind']) ?? '' }),
    tags: (body['tags'] ?? {}) as Record<string, string>,
    ...(hasIdentity && { identity }),
    properties: { ...serverMembers(type, name), ...(isJsonObject(body['properties']) ? body['properties'] : {}) },
  });
}

/** What templates refer to. */
function serverMembers(type: string, name: string): JsonObject {
  switch (lower(type)) {
    case 'microsoft.web/sites':
      return {
        defaultHostName: `${lower(name)}.azurewebsites.net`,
        hostNameSslStates: [
          { name: `${lower(name)}.azurewebsites.net`, hostType: 'Standard' },
          { name: `${lower(name)}-a1b2.scm.westeurope-01.azurewebsites.net`, hostType: 'Repository' },
        ],
      };
    case 'microsoft.storage/storageaccounts':
      return {
        primaryEndpoints: Object.fromEntries(
          ['blob', 'queue', 'table'].map((service) => [service, `https://${name}.${service}.core.windows.net/`]),
        ),
      };
    case 'microsoft.insights/components':
      return { ConnectionString: 'InstrumentationKey=00000000-0000-0000-0000-000000000000' };
    default:
      return {};
  }
}

/** A resource as a GET shows it; undefined where there is none. */
export function viewOf({ state }: AzureSetting, id: string): JsonObject | undefined {
  const key = lower(id);
  const workflow = state.workflows.get(key);
  if (workflow) return workflowView(workflow, tenantOf(state, id));
  const connection = state.connections.get(key);
  if (connection) return connectionView(connection);
  return (state.customConnectors.get(key) ?? state.resources.get(key)) as unknown as JsonObject | undefined;
}

/** Locks are seen, and keep what lies below them from being deleted. */
export function addLockRoutes(app: ArmApp, { state }: AzureSetting): void {
  app.use('/*', async ({ req }, next) => {
    const { lockedScope } = state.troubles;
    if (req.method === 'DELETE' && lockedScope !== undefined && req.path.startsWith(lower(lockedScope)))
      throw lockedError(req.path, lockedScope);
    await next();
  });
  app.get(`${GROUP}/providers/microsoft.authorization/locks`, ({ req }) => {
    const { lockedScope } = state.troubles;
    const isLocked = lockedScope !== undefined && req.path.startsWith(lower(lockedScope));
    return Response.json({ value: isLocked ? [{ name: 'keep', properties: { level: 'ReadOnly' } }] : [] });
  });
}

/** `Microsoft.Resources/tags/default`, the list of a group, and reads and deletions of single resources by id. */
export function addResourceRoutes(app: ArmApp, setting: AzureSetting): void {
  const { state } = setting;
  app.get(`${GROUP}/resources`, ({ req }) => {
    const group = req.path.replace(/\/resources$/, '/');
    const all = [
      ...state.workflows.values(),
      ...state.connections.values(),
      ...state.customConnectors.values(),
      ...state.resources.values(),
    ];
    const value = all.filter(({ id }) => lower(id).startsWith(group)).map(({ id }) => viewOf(setting, id));
    return Response.json({ value });
  });
  const tagged = (path: string) => {
    const id = path.replace(/\/providers\/microsoft\.resources\/tags\/default$/, '');
    const found = state.workflows.get(id) ?? state.customConnectors.get(id) ?? state.resources.get(id);
    if (!found) throw new ArmError(404, 'ResourceNotFound', `The resource '${partsOf(id).name}' was not found.`);
    return found;
  };
  app.all('/*', async ({ req }, next) => {
    if (!req.path.endsWith('/providers/microsoft.resources/tags/default')) return next();
    const resource = tagged(req.path);
    if (req.method !== 'GET') resource.tags = changedTags(resource.tags, req.method, await readJson(req.raw));
    return Response.json({ name: 'default', type: 'Microsoft.Resources/tags', properties: { tags: resource.tags } });
  });
  app.get(`${GROUP}/providers/microsoft.keyvault/vaults/:vault/secrets`, ({ req }) => {
    const { vault } = req.param();
    if (!state.resources.has(req.path.replace(/\/secrets$/, '')))
      throw new ArmError(404, 'VaultNotFound', `The Vault '${vault}' was not found.`);
    const names = [...(state.vaults.get(vault ?? '')?.keys() ?? [])];
    return Response.json({ value: names.map((name) => ({ name, type: 'Microsoft.KeyVault/vaults/secrets' })) });
  });
  app.get(`${GROUP}/providers/*`, async ({ req }, next) => {
    const found = viewOf(setting, req.path);
    return found ? Response.json(found) : next();
  });
  app.delete(`${GROUP}/providers/*`, ({ req }) => {
    const resource = state.resources.get(req.path);
    if (resource) forget(setting, resource);
    return new Response(null, { status: resource ? 200 : 204 });
  });
}

/** What goes with a resource: its identity, and roles on it. Roles of its identity elsewhere stay, and are nobody's. */
function forget({ state, world }: AzureSetting, resource: StoredResource): void {
  const key = lower(resource.id);
  const isPlan = lower(resource.type) === 'microsoft.web/serverfarms';
  const isUsed = (each: StoredResource) => lower(textOf(each.properties['serverFarmId']) ?? '') === key;
  if (isPlan && [...state.resources.values()].some(isUsed))
    throw new ArmError(409, 'Conflict', 'Server farm cannot be deleted because it has web app(s) assigned to it.');
  state.resources.delete(key);
  state.sites.delete(key);
  if (resource.identity) world.entra.directory.principals.delete(lower(resource.identity.principalId));
  const gone = state.roleAssignments.filter(({ scope }) => lower(scope) === key);
  for (const each of gone) state.roleAssignments.splice(state.roleAssignments.indexOf(each), 1);
  if (lower(resource.type) === 'microsoft.keyvault/vaults')
    state.resources.set(`deleted:${lower(resource.name)}`, resource);
}

/** PUT replaces; PATCH merges, replaces or deletes. Names are told apart without case; values end at 256 characters. */
function changedTags(before: Readonly<Record<string, string>>, method: string, body: unknown): Record<string, string> {
  const given = Object.entries(Object(memberAt(body, 'properties', 'tags')) as Record<string, string>);
  checkTags(Object.fromEntries(given));
  const operation = method === 'PUT' ? 'Replace' : (textOf(memberAt(body, 'operation')) ?? 'Merge');
  const names = new Set(given.map(([name]) => lower(name)));
  const others = Object.entries(before).filter(([name]) => !names.has(lower(name)));
  if (operation === 'Delete') return Object.fromEntries(others);
  return Object.fromEntries(operation === 'Merge' ? [...others, ...given] : given);
}

export function checkTags(tags: unknown): void {
  for (const [name, value] of Object.entries(Object(tags) as Record<string, unknown>)) {
    if (typeof value !== 'string')
      throw new ArmError(400, 'InvalidTagsPropertyValue', `The value of the tag '${name}' must be a string.`);
    if (value.length > 256)
      throw new ArmError(
        400,
        'InvalidTagValueLength',
        `Tag value too large. Following tag value '${value}' exceeded the maximum length. Maximum allowed length for tag value - '256' characters.`,
      );
  }
}

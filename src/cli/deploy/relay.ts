import { randomBytes } from 'node:crypto';
import { ownSettings } from '../../arm/relay/resources.ts';
import { isNeeded, type RelaySecret, relaySecrets, secretId, vaultSecret } from '../../arm/relay/secrets.ts';
import { relayTemplate } from '../../arm/relay/template.ts';
import type { VaultSecretId } from '../../azure/deployments.ts';
import { createFunctionAppClient, type FunctionApp } from '../../azure/function-app.ts';
import { createResourceClient, type GroupResource } from '../../azure/resources.ts';
import { armLiteral } from '../../domain/arm-literal.ts';
import { UserError } from '../../domain/errors.ts';
import { isJsonObject, type Json, type JsonObject, listOf } from '../../domain/json.ts';
import { createSignl4Client } from '../../signl4/client.ts';
import { missingValues, type PlannedDeployment } from '../deployments.ts';
import type { Io } from '../io.ts';
import type { Live } from '../live.ts';
import { findRelayResources, type RelayResources, type RelayType } from '../relay-in-azure.ts';
import { expectedWebhook, isExpected } from '../signl4-webhook.ts';

/*
 * Plans the deployment of the relay. Secrets that the user did not choose are generated here and stored only in its key vault:
 * later deployments leave them there, and the playbooks read the key from it.
 */

export interface RelayPlan {
  readonly planned: PlannedDeployment;
  /** Key that the playbooks send to the relay. */
  readonly key: string | VaultSecretId;
  /** Secret that SIGNL4 sends to the relay; undefined if only the key vault knows it. */
  readonly webhookSecret: string | undefined;
}

/** The relay that the configuration asks for; undefined where it asks for none. */
export async function planRelay(live: Live, io: Io): Promise<RelayPlan | undefined> {
  if (live.config.relay.azure.app === '') return undefined;
  const resources = await findRelayResources(live);
  const apps = createFunctionAppClient(live.arm, live.group);
  const before = await apps.find(live.config.relay.azure.app);
  const vault = resources.byType['microsoft.keyvault/vaults'];
  const inVault = new Set(vault ? await createResourceClient(live.arm, live.group).secretNames(vault.id) : []);
  if (inVault.has(WEBHOOK_SECRET) && (await isWebhookGone(live))) inVault.delete(WEBHOOK_SECRET);
  const secrets = new Map(relaySecrets.map((each) => [each.name, secretFor(each, inVault, io.env)]));
  const kept = relaySecrets.filter(({ name }) => secrets.get(name) === undefined && inVault.has(name));
  const given = relaySecrets.flatMap(({ name, parameter }): readonly (readonly [string, Json])[] => {
    const value = secrets.get(name) ?? (inVault.has(name) ? KEPT : undefined);
    return value === undefined ? [] : [[parameter, value]];
  });
  const missing = relaySecrets.filter(
    (each) => isNeeded(each, live.config) && !given.some(([name]) => name === each.parameter),
  );
  if (missing.length > 0)
    throw missingValues(
      missing.map(({ parameter }) => parameter),
      'the relay',
    );
  const settings = before ? await apps.settings(before.name) : {};
  const template = relayTemplate(live.config) as unknown as JsonObject;
  const { workspace } = live;
  return {
    planned: {
      name: 'signl4-relay',
      title: 'the relay',
      into: 'playbooks',
      template: withTags(withoutKept(template, kept), resources),
      parameters: {
        ...Object.fromEntries(given),
        ...(vault && { VaultName: vault.name }),
        ...(before && asItIs(before)),
        ...{ WorkspaceName: workspace.name, WorkspaceResourceGroup: workspace.resourceGroup },
        ...{ WorkspaceSubscriptionId: workspace.subscriptionId, AssignRoles: false },
        MoreSettings: othersOf(settings),
      },
    },
    key: secrets.get(KEY) ?? { vaultId: vault?.id ?? '', secretName: KEY },
    webhookSecret: secrets.get(WEBHOOK_SECRET),
  };
}

const KEY = 'relay-key' satisfies RelaySecret['name'];
const WEBHOOK_SECRET = 'webhook-secret' satisfies RelaySecret['name'];
/** Placeholder for a value that stays in the vault; nothing reads it. */
const KEPT = 'stays-as-it-is-in-the-key-vault';

/** Reference to the key in the key vault, for deployments that leave the relay alone; undefined if there is no key. */
export async function relayKeyInVault(live: Live): Promise<VaultSecretId | undefined> {
  if (live.config.relay.azure.app === '') return undefined;
  const vault = (await findRelayResources(live)).byType['microsoft.keyvault/vaults'];
  return vault && { vaultId: vault.id, secretName: KEY };
}

const SHORTEST = 16;

/**
 * The secret from the environment, or a new random one if it is required and not in the vault yet. Undefined: it stays in the
 * vault, or is optional and not given.
 */
function secretFor(
  { name, setting, isOptional }: RelaySecret,
  inVault: ReadonlySet<string>,
  env: Io['env'],
): string | undefined {
  const given = env[setting] || undefined;
  if (given !== undefined && !isOptional && given.length < SHORTEST)
    throw new UserError('deploy.weak-secret', `${setting} must have at least ${SHORTEST} characters`, {
      remedy: `Make one: openssl rand -hex 32. Or leave ${setting} out: deploy makes one up and keeps it in the key vault.`,
    });
  return given ?? (isOptional || inVault.has(name) ? undefined : randomBytes(32).toString('hex'));
}

/** Whether the relay needs a new webhook secret: SIGNL4 does not call the relay, and nobody here knows the secret. */
async function isWebhookGone(live: Live): Promise<boolean> {
  if (live.relaySecret || !live.signl4.apiKey) return false;
  const expected = await expectedWebhook(live, undefined);
  if (!expected) return false;
  return !(await createSignl4Client(live.signl4).webhooks()).some(({ url }) => isExpected(url, expected));
}

/** Keeps settings of the app that people changed outside the configuration. */
function asItIs({ nodeVersion, memoryMB }: FunctionApp): JsonObject {
  return { ...(nodeVersion && { NodeVersion: nodeVersion }), ...(memoryMB && { MemoryMB: memoryMB }) };
}

/** App settings that people added. The template sets its own and those of the Functions host. */
function othersOf(settings: Readonly<Record<string, string>>): JsonObject {
  const isOurs = (name: string) =>
    Object.hasOwn(ownSettings, name) || /^(AzureWebJobsStorage|APPLICATIONINSIGHTS_)/.test(name);
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !isOurs(name)));
}

/** Leaves out secrets that stay: writing the same value as a new version would restart the relay for nothing. */
function withoutKept(template: JsonObject, kept: readonly RelaySecret[]): JsonObject {
  const names = new Set<unknown>(kept.map((each) => vaultSecret(each)['name']));
  const ids = new Set<unknown>(kept.map(secretId));
  const resources = listOf(template['resources'])
    .filter(isJsonObject)
    .filter(({ name }) => !names.has(name))
    .map((resource) => {
      const dependsOn = resource['dependsOn'];
      return Array.isArray(dependsOn)
        ? { ...resource, dependsOn: dependsOn.filter((each) => !ids.has(each)) }
        : resource;
    });
  return { ...template, resources: resources as readonly JsonObject[] };
}

/** A PUT replaces all tags, so tags that people added are passed along. */
function withTags(template: JsonObject, { byType }: RelayResources): JsonObject {
  const resources = listOf(template['resources']).filter(isJsonObject);
  return {
    ...template,
    resources: resources.map((resource) => {
      const own = resource['tags'];
      const before = byType[String(resource['type']).toLowerCase() as RelayType];
      return isJsonObject(own) && before ? { ...resource, tags: { ...literal(before), ...own } } : resource;
    }) as readonly JsonObject[],
  };
}

function literal({ tags }: GroupResource): JsonObject {
  return Object.fromEntries(Object.entries(tags).map(([name, value]) => [armLiteral(name), armLiteral(value)]));
}

import type { TokenCredential } from '@azure/core-auth';
import type { Command } from 'commander';
import type { ArmOptions } from '../azure/arm-client.ts';
import { type Cloud, type CloudName, clouds } from '../azure/cloud.ts';
import { localCredential, signedInCredential } from '../azure/credential.ts';
import type { KeyVaultOptions } from '../azure/key-vault.ts';
import type { Config, Workspace } from '../config/config.ts';
import { GROUP_PATTERN } from '../config/schema/patterns.ts';
import { checkedEndpoint, isLoopback } from '../domain/endpoint.ts';
import { UserError } from '../domain/errors.ts';
import { nearest } from '../domain/text.ts';
import type { Signl4Options } from '../signl4/http.ts';
import { readConfigFile } from './config-file.ts';
import { errorInForce, ioInForce, type PlaceOptions } from './in-force.ts';
import type { Io } from './io.ts';
import { liveError } from './live-error.ts';

/** What the live commands (setup, deploy, diff, pull, doctor) have in common. */
export type LiveOptions = PlaceOptions;

/** A workspace, where its playbooks are, and who is signed in. */
export interface Live {
  readonly config: Config;
  readonly workspace: Workspace;
  /** The resource group of the playbooks: the workspace's own, unless the configuration or the command names another. */
  readonly group: { readonly tenantId: string; readonly subscriptionId: string; readonly resourceGroup: string };
  readonly cloud: Cloud;
  /** The tenant that the user is signed in to. */
  readonly signedInTo: string;
  /** Whether each is in another tenant than that one (Azure Lighthouse), whose directory and role assignments cannot be read. */
  readonly foreign: { readonly workspace: boolean; readonly playbooks: boolean };
  readonly arm: ArmOptions;
  readonly logs: { readonly endpoint: string; readonly audience: string; readonly credential: TokenCredential };
  readonly graph: { readonly endpoint: string; readonly scope: string; readonly credential: TokenCredential };
  /** Options for a key vault. @throws UserError for an invalid name */
  readonly keyVault: (name: string) => KeyVaultOptions;
  /** Address of a function app or its deployment (SCM) site, by host name. */
  readonly site: (host: string) => string;
  readonly signl4: Signl4Options;
  /** The secret that SIGNL4 sends to the relay; undefined if it is not set. */
  readonly relaySecret: string | undefined;
}

export function addLiveOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', 'configuration; without it signl4.yaml here')
    .option('-t, --target <name>', 'one of the targets of the configuration')
    .option(
      '-g, --resource-group <name>',
      "resource group of the playbooks, instead of the configuration's; a name or an ARM id",
    )
    .option('--cloud <name>', Object.keys(clouds).join(', '), 'AzureCloud')
    .option('--sign-in-tenant <id>', "tenant to sign in to, where it is not the playbooks' (Azure Lighthouse)");
}

/**
 * Reads the configuration and works out where everything is, without any call. `credential` is for tests; the default is the
 * signed-in user.
 * @throws UserError if the configuration names no workspace, or several and none was chosen
 */
async function openLive(io: Io, options: LiveOptions, credential: TokenCredential | undefined): Promise<Live> {
  const { config: whole, fileName } = await readConfigFile(io, options.config);
  const config = chosenTarget(whole, options.target);
  const { workspace } = config;
  if (!workspace) throw noWorkspace(fileName);
  const usual = clouds[cloudNamed(options.cloud ?? 'AzureCloud')];
  const cloud = addressesFor(usual, io.env);
  const group = placeOfPlaybooks(config, workspace, options);
  assertOwnGroup(whole, { workspace, group });
  const tenantId = options.signInTenant ?? group.tenantId;
  const isForeign = (place: { readonly tenantId: string }) => !isSameId(place.tenantId, tenantId);
  if (isForeign(group) && !isSameId(group.tenantId, workspace.tenantId)) throw thirdTenant(group.tenantId);
  const identity = credential ?? credentialFor(cloud, tenantId, io.env);
  return {
    config,
    workspace,
    group,
    cloud,
    signedInTo: tenantId,
    foreign: { workspace: isForeign(workspace), playbooks: isForeign(group) },
    arm: { endpoint: cloud.resourceManager, scope: `${usual.resourceManager}/.default`, credential: identity },
    logs: { endpoint: cloud.logs, audience: usual.logsAudience, credential: identity },
    graph: { endpoint: cloud.graph, scope: `${usual.graph}/.default`, credential: identity },
    keyVault: (name) => ({
      endpoint: vaultAddress(cloud.keyVault, name),
      scope: `${usual.keyVaultAudience}/.default`,
      credential: identity,
    }),
    site: (host) => checkedEndpoint(cloud.site.replace('{host}', host)),
    signl4: {
      ...(io.env['SIGNL4_URL'] ? { endpoint: io.env['SIGNL4_URL'] } : {}),
      apiKey: io.env['SIGNL4_API_KEY'],
      teamSecret: io.env['SIGNL4_TEAM_SECRET'],
    },
    relaySecret: io.env['RELAY_SIGNL4_SECRET'],
  };
}

/** `resourceGroup` is a name, or the ARM id of a group elsewhere. @throws UserError for anything else */
function placeOfPlaybooks({ deployment }: Config, workspace: Workspace, { resourceGroup }: LiveOptions): Live['group'] {
  const usual = {
    tenantId: (deployment.tenantId || workspace.tenantId).toLowerCase(),
    subscriptionId: deployment.subscriptionId || workspace.subscriptionId,
    resourceGroup: deployment.resourceGroup || workspace.resourceGroup,
  };
  if (resourceGroup === undefined) return usual;
  const [, subscriptionId = usual.subscriptionId, name = resourceGroup] = groupId.exec(resourceGroup) ?? [];
  if (!new RegExp(GROUP_PATTERN, 'u').test(name))
    throw new UserError('usage.resource-group', `"${resourceGroup}" is not a resource group`, {
      remedy: 'Write its name, or its id: /subscriptions/<id>/resourceGroups/<name>.',
    });
  const isHome = isSameId(subscriptionId, workspace.subscriptionId);
  return { tenantId: isHome ? workspace.tenantId.toLowerCase() : usual.tenantId, subscriptionId, resourceGroup: name };
}

const groupId = /^\/subscriptions\/([0-9a-f-]{36})\/resourceGroups\/([^/]+)\/?$/i;

/**
 * Playbooks have the same names for every target: in a shared group, those of the second target would overwrite those of the
 * first.
 */
function assertOwnGroup({ targets }: Config, { workspace, group }: Pick<Live, 'workspace' | 'group'>): void {
  const other = targets.find(({ config }) => {
    if (!config.workspace || isSameId(config.workspace.workspaceId, workspace.workspaceId)) return false;
    const { subscriptionId, resourceGroup } = placeOfPlaybooks(config, config.workspace, {});
    return isSameId(subscriptionId, group.subscriptionId) && isSameId(resourceGroup, group.resourceGroup);
  });
  if (!other) return;
  throw new UserError(
    'usage.shared-group',
    `the playbooks of ${workspace.name} and of the target "${other.name}" have the same resource group, ${group.resourceGroup}`,
    { remedy: 'Give each target a group of its own: deployment.resourceGroup in signl4.yaml.' },
  );
}

const isSameId = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

/** A delegation connects two tenants: the workspace's, and the one of the playbooks, which must be the one signed in to. */
function thirdTenant(tenantId: string): UserError {
  return new UserError('usage.sign-in-tenant', 'the playbooks are in a tenant that is not the one signed in to', {
    remedy: `Leave --sign-in-tenant out, or write --sign-in-tenant ${tenantId}: the tenant of deployment.tenantId.`,
  });
}

/**
 * Runs `work` with an opened configuration. Errors of Azure or SIGNL4 become errors with a remedy. The `io` passed to `work` adds
 * the options in force to every proposed command.
 */
export async function withLive(
  io: Io,
  options: LiveOptions,
  credential: TokenCredential | undefined,
  work: (live: Live, io: Io) => Promise<void>,
): Promise<void> {
  const live = await openLive(io, options, credential);
  try {
    await work(live, ioInForce(io, options));
  } catch (error) {
    throw errorInForce(liveError(error, live.signedInTo), options);
  }
}

/** Azure access as the signed-in user, before there is a configuration. */
export function openSession(io: Io, credential?: TokenCredential): ArmOptions {
  const usual = clouds.AzureCloud;
  const cloud = addressesFor(usual, io.env);
  const tenantId = io.env['AZURE_TENANT_ID'] ?? '';
  return {
    endpoint: cloud.resourceManager,
    scope: `${usual.resourceManager}/.default`,
    credential: credential ?? credentialFor(cloud, tenantId, io.env),
  };
}

function chosenTarget(config: Config, name: string | undefined): Config {
  const names = config.targets.map((target) => target.name);
  if (name === undefined) {
    if (names.length === 0) return config;
    throw new UserError('usage.target', 'the configuration has several targets', {
      remedy: `Choose one with --target: ${names.join(', ')}.`,
    });
  }
  const target = config.targets.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
  if (target) return target.config;
  throw noSuchTarget(name, names);
}

export function noSuchTarget(name: string, names: readonly string[]): UserError {
  const guess = nearest(name, names);
  return new UserError('usage.target', `there is no target "${name}"`, {
    remedy: guess ? `Did you mean "${guess}"?` : `There are: ${names.join(', ') || 'none'}.`,
  });
}

function noWorkspace(fileName: string | undefined): UserError {
  const remedy = 'Add "workspace" with tenantId, subscriptionId, resourceGroup, name and workspaceId.';
  const where = fileName === undefined ? {} : { where: { file: fileName, path: 'workspace' } };
  const message = fileName === undefined ? 'there is no signl4.yaml here' : 'the configuration names no workspace';
  return new UserError('live.no-workspace', message, { ...where, remedy });
}

function cloudNamed(typed: string): CloudName {
  const names = Object.keys(clouds) as CloudName[];
  const name = names.find((candidate) => candidate.toLowerCase() === typed.toLowerCase());
  if (name) return name;
  throw new UserError('usage.cloud', `there is no cloud "${typed}"`, { remedy: `Write one of ${names.join(', ')}.` });
}

/** Environment variables override the cloud's addresses: for proxies, and for the sandbox. */
function addressesFor(usual: Cloud, env: Io['env']): Cloud {
  const address = (name: string, standard: string) => checkedEndpoint(env[name] || standard);
  return {
    ...usual,
    authority: address('SIGNL4_AUTHORITY_URL', usual.authority),
    resourceManager: address('SIGNL4_RESOURCE_MANAGER_URL', usual.resourceManager),
    logs: address('SIGNL4_LOGS_URL', usual.logs),
    graph: address('SIGNL4_GRAPH_URL', usual.graph),
    keyVault: env['SIGNL4_KEY_VAULT_URL'] || usual.keyVault,
    site: env['SIGNL4_SITE_URL'] || usual.site,
  };
}

function vaultAddress(pattern: string, name: string): string {
  if (!/^[a-z][a-z0-9-]{2,23}$/i.test(name))
    throw new UserError('usage.key-vault', `"${name}" is not a name of a key vault`, {
      remedy: 'Write its name alone: 3 to 24 letters, digits and dashes, a letter first.',
    });
  return checkedEndpoint(pattern.replace('{vault}', name));
}

function credentialFor({ authority }: Cloud, tenantId: string, env: Io['env']): TokenCredential {
  const { AZURE_CLIENT_ID: clientId = '', AZURE_CLIENT_SECRET: secret = '' } = env;
  return isLoopback(new URL(authority).hostname)
    ? localCredential(authority, { tenantId, clientId, secret })
    : signedInCredential(authority, tenantId || undefined);
}

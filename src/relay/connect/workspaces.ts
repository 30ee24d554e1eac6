import type { HttpClient } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { type Cloud, clouds } from '../../azure/cloud.ts';
import type { Config, Workspace } from '../../config/config.ts';
import { environmentName } from '../../config/targets.ts';
import { UserError } from '../../domain/errors.ts';
import type { DirectoryPort, GraphSecurityPort, LogsPort, ResponsesPort, SentinelPort, Signl4Port } from '../ports.ts';
import { makeServedWorkspace, type ServedWorkspace } from '../served-workspace.ts';
import type { RelaySettings } from '../settings.ts';
import { lazyClient } from './lazy-client.ts';

/** How the relay reaches others. */
export interface Connections {
  readonly settings: RelaySettings;
  readonly credential: TokenCredential;
  readonly httpClient: HttpClient;
  readonly fetch: typeof fetch;
  /** Milliseconds since 1970; left out: the computer's clock. */
  readonly now?: () => number;
}

/** The cloud's addresses, or those of the environment. */
export function addressesOf({ cloud, endpoints }: Pick<RelaySettings, 'cloud' | 'endpoints'>): Cloud {
  const usual = clouds[cloud];
  return {
    ...usual,
    authority: endpoints.authority ?? usual.authority,
    resourceManager: endpoints.resourceManager ?? usual.resourceManager,
    logs: endpoints.logs ?? usual.logs,
    graph: endpoints.graph ?? usual.graph,
  };
}

/**
 * The workspaces that the config names: its targets', or its own. Nothing is called yet.
 * @throws UserError where there is none, or where two targets have the same.
 */
export function connectWorkspaces(config: Config, connections: Connections): readonly ServedWorkspace[] {
  const targets = config.targets.length > 0 ? config.targets : [{ name: '', config }];
  const workspaces = targets.map((target): ServedWorkspace => {
    const { workspace } = target.config;
    if (!workspace) throw noWorkspace(target.name);
    return makeServedWorkspace(target.name || workspace.name, target.config, workspace, {
      sentinel: sentinelPort(workspace, connections),
      responses: responsesPort(workspace, connections),
      logs: logsPort(workspace, connections),
      signl4: signl4Port(target.name, connections),
      directory: connections.settings.readUsers ? directoryPort(connections) : undefined,
      graph: target.config.graph.enabled ? graphPort(connections) : undefined,
      hunting: target.config.graph.hunting ? huntingPort(connections) : undefined,
    });
  });
  const ids = workspaces.map(({ workspace }) => workspace.workspaceId.toLowerCase());
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice === undefined) return workspaces;
  const remedy = 'Give each target its own workspace, or leave one out.';
  throw new UserError('relay.same-workspace', `two targets have the workspace ${twice}`, {
    where: { path: 'targets' },
    remedy,
  });
}

function noWorkspace(target: string): UserError {
  const remedy = 'Write tenantId, subscriptionId, resourceGroup, name and workspaceId into signl4.yaml.';
  const where = { path: target ? `targets "${target}".workspace` : 'workspace' };
  return new UserError('relay.no-workspace', 'the relay needs to know its workspace', { where, remedy });
}

/** The relay has a budget of its own and repeats in its own time: clients try again once. */
const MAX_RETRIES = 1;

function sentinelPort(workspace: Workspace, connections: Connections): SentinelPort {
  const make = async () => {
    const { createSentinelClient } = await import('../../azure/sentinel.ts');
    const repeating = { maxRetries: MAX_RETRIES, retryDelayMs: 250 };
    return createSentinelClient({ workspace, ...resourceManager(connections), ...repeating });
  };
  return lazyClient('Sentinel', make, ['incidents']);
}

function responsesPort(workspace: Workspace, connections: Connections): ResponsesPort {
  const make = async () => {
    const { createResponsesClient } = await import('../../azure/responses.ts');
    return createResponsesClient({ workspace, ...resourceManager(connections) });
  };
  return lazyClient('Sentinel', make);
}

function resourceManager({ settings, credential, httpClient }: Connections) {
  return {
    endpoint: addressesOf(settings).resourceManager,
    scope: `${clouds[settings.cloud].resourceManager}/.default`,
    ...{ credential, httpClient },
  };
}

function logsPort({ workspaceId }: Workspace, { settings, credential, httpClient }: Connections): LogsPort {
  const make = async () => {
    const { createLogsClient } = await import('../../azure/logs.ts');
    return createLogsClient({
      workspaceId,
      endpoint: addressesOf(settings).logs,
      audience: clouds[settings.cloud].logsAudience,
      credential,
      httpClient,
      maxRetries: MAX_RETRIES,
    });
  };
  return lazyClient('Log Analytics', make);
}

function graphOptions({ settings, credential, httpClient }: Connections) {
  const scope = `${clouds[settings.cloud].graph}/.default`;
  return { endpoint: addressesOf(settings).graph, scope, credential, httpClient, maxRetries: MAX_RETRIES };
}

function directoryPort(connections: Connections): DirectoryPort {
  const make = async () => {
    const { createDirectoryClient } = await import('../../azure/directory.ts');
    return createDirectoryClient(graphOptions(connections));
  };
  return lazyClient('Microsoft Graph', make);
}

function graphPort(connections: Connections): GraphSecurityPort {
  const make = async () => {
    const { createGraphSecurity } = await import('./graph-security.ts');
    return createGraphSecurity(graphOptions(connections));
  };
  return lazyClient('Microsoft Graph', make, ['incidents']);
}

function huntingPort(connections: Connections): LogsPort {
  const make = async () => {
    const { createHuntingClient } = await import('../../azure/hunting.ts');
    const { now } = connections;
    return createHuntingClient({ ...graphOptions(connections), ...(now && { now }) });
  };
  return lazyClient('Advanced hunting', make);
}

/** SIGNL4 is asked as often as the budget allows: a page that does not go out is the one thing that must not happen. */
const SIGNL4_RETRIES = 20;
/** One that hangs must leave time for others. */
const tryMs = (budgetMs: number) => Math.max(1_000, budgetMs / 5);

function signl4Port(target: string, { settings, fetch, now }: Connections): Signl4Port {
  const make = async () => {
    const { createSignl4Client } = await import('../../signl4/client.ts');
    return createSignl4Client({
      endpoint: settings.signl4Url,
      apiKey: settings.signl4ApiKey || undefined,
      teamSecret: settings.teamSecrets[environmentName(target)] ?? settings.teamSecrets[''],
      fetch,
      ...(now && { now }),
      maxRetries: SIGNL4_RETRIES,
      timeoutMs: tryMs(settings.budgetMs),
    });
  };
  return lazyClient('SIGNL4', make);
}

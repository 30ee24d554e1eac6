import type { Workspace } from '../config/config.ts';
import { type Accounts, createAccounts, type Names } from './accounts.ts';
import { type Clock, VirtualClock } from './clock.ts';
import { createEntraApp, type ManagedIdentitySettings } from './entra/app.ts';
import { Directory, type Principal } from './entra/directory.ts';
import { Tokens } from './entra/tokens.ts';
import { Faults } from './faults.ts';
import { createGraphApp } from './graph/app.ts';
import { GraphStore } from './graph/store.ts';
import type { Handler } from './http.ts';
import { createIds, type Ids } from './ids.ts';
import type { Answer } from './logs/answers.ts';
import { createLogsApp } from './logs/app.ts';
import { securityIncidentTable } from './logs/incident-table.ts';
import { RequestLog } from './request-log.ts';
import { Access } from './sentinel/access.ts';
import type { AlertRule } from './sentinel/alert-rule.ts';
import { createArmApp } from './sentinel/app.ts';
import { Automation } from './sentinel/automation.ts';
import { createConnector } from './sentinel/connector.ts';
import type { UpdateSource } from './sentinel/resources.ts';
import type { SentinelSetting } from './sentinel/setting.ts';
import { SentinelStore } from './sentinel/store.ts';
import { inWorld } from './service.ts';
import { createSignl4App } from './signl4/app.ts';
import { Outbound } from './signl4/outbound.ts';
import { Signl4Store } from './signl4/store.ts';

export interface WorldOptions {
  /** Left out: a virtual clock that starts on a Saturday morning. */
  readonly clock?: Clock;
  /** The same seed gives the same ids. */
  readonly seed?: string | number;
  readonly workspace?: Workspace;
  /** What `X-S4-Api-Key` must hold. */
  readonly signl4ApiKey?: string;
  /** How Sentinel names the origin of a change; left out: by the kind of the caller. */
  readonly sourceOf?: (caller: Principal) => UpdateSource;
  readonly names?: Names;
}

/** Azure and SIGNL4, as far as this project uses them. State can be accessed in the stores; HTTP goes through `fetch`. */
export interface World {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly workspace: Workspace;
  readonly accounts: Accounts;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly sentinel: {
    readonly store: SentinelStore;
    readonly automation: Automation;
    readonly access: Access;
    readonly alertRules: Map<string, AlertRule>;
    readonly fetch: Handler;
    /** The managed connector as a connection that signs in as `caller`; paths as in ApiConnection actions. */
    connector(caller: Principal, latencyMs?: number): Handler;
  };
  readonly logs: { readonly answers: Answer[]; readonly fetch: Handler };
  readonly graph: { readonly store: GraphStore; readonly fetch: Handler };
  readonly entra: {
    readonly directory: Directory;
    readonly tokens: Tokens;
    readonly managedIdentity: ManagedIdentitySettings;
    readonly fetch: Handler;
    /** A valid token: `token(world.accounts.relay, 'https://management.azure.com')`. */
    token(principal: Principal, resource: string): Promise<string>;
  };
  readonly signl4: {
    readonly store: Signl4Store;
    readonly outbound: Outbound;
    readonly apiKey: string;
    readonly fetch: Handler;
  };
  /** Reaches everything in the world by host name. Servers on this computer are reached for real; other hosts do not resolve. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** Adds a host of your own, e.g. the relay or a workflow's callback address. */
  route(host: string, handle: Handler): void;
  /** Adds all hosts whose names end so: `.azurewebsites.net`. */
  routeEnding(ending: string, handle: Handler): void;
}

export const defaultWorkspace: Workspace = {
  tenantId: '7b1f0a52-6c1e-4d0b-9a55-3c1f8f2f9d10',
  subscriptionId: 'd0cfe6b2-9ac0-4464-9919-dccaee2e48c0',
  resourceGroup: 'soc-rg',
  name: 'soc-workspace',
  workspaceId: 'c8c99641-985d-4e4e-8e91-fb3466cd0e5b',
};

/** Builds a world. Two worlds with the same options behave alike, down to every id. */
export function createWorld(options: WorldOptions = {}): World {
  const clock = options.clock ?? new VirtualClock();
  const ids = createIds(options.seed ?? 1);
  const workspace = options.workspace ?? defaultWorkspace;
  const surroundings = { clock, faults: new Faults(), log: new RequestLog() };
  const hosts = new Map<string, Handler>();
  const endings: (readonly [ending: string, handle: Handler])[] = [];
  const fetch: World['fetch'] = async (input, init) => {
    const request = new Request(input, init);
    const { hostname } = new URL(request.url);
    const handle = hosts.get(hostname.toLowerCase()) ?? endings.find(([ending]) => hostname.endsWith(ending))?.[1];
    if (handle) return handle(request);
    if (loopback.has(hostname)) return globalThis.fetch(request);
    throw new TypeError('fetch failed', {
      cause: Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND' }),
    });
  };

  const directory = new Directory();
  const tokens = new Tokens(workspace.tenantId, clock, directory);
  const access = new Access();
  const signl4 = new Signl4Store(clock, ids);
  const accounts = createAccounts({ directory, access, signl4, ids, clock, names: options.names ?? {} });
  const managedIdentity: ManagedIdentitySettings = {
    principalId: accounts.relay.objectId,
    identityHeader: 'identity-header',
  };
  const entraFetch = inWorld('entra', createEntraApp({ directory, tokens, clock, managedIdentity }), surroundings);

  const sentinel = new SentinelStore(workspace, clock, ids);
  const setting: SentinelSetting = {
    store: sentinel,
    automation: new Automation(sentinel, clock, ids, directory),
    alertRules: new Map(),
    ...{ access, directory, tokens, clock, ids },
    sourceOf: options.sourceOf ?? usualSource,
  };
  const armFetch = inWorld('sentinel', createArmApp(setting), surroundings);

  const answers: Answer[] = [];
  const tables = [securityIncidentTable(sentinel, clock, directory)];
  const logsFetch = inWorld('logs', createLogsApp({ clock, tokens, access, workspace, answers, tables }), surroundings);
  const graph = new GraphStore(workspace.tenantId, clock, ids);
  const graphFetch = inWorld(
    'graph',
    createGraphApp({ store: graph, directory, tokens, clock, ids, answers }),
    surroundings,
  );
  const outbound = new Outbound(signl4, clock, ids, fetch);
  const apiKey = options.signl4ApiKey ?? 'signl4-api-key';
  const signl4Fetch = inWorld('signl4', createSignl4App({ store: signl4, clock, ids, apiKey }), surroundings);

  for (const [host, handle] of [
    ['management.azure.com', armFetch],
    ['api.loganalytics.azure.com', logsFetch],
    ['api.loganalytics.io', logsFetch],
    ['graph.microsoft.com', graphFetch],
    ['login.microsoftonline.com', entraFetch],
    ['169.254.169.254', entraFetch],
    ['connect.signl4.com', signl4Fetch],
  ] as const)
    hosts.set(host, handle);

  return {
    ...{ clock, ids, workspace, accounts, fetch },
    ...{ faults: surroundings.faults, log: surroundings.log },
    sentinel: {
      store: sentinel,
      ...{ access, automation: setting.automation, alertRules: setting.alertRules, fetch: armFetch },
      connector: (caller, latencyMs) => inWorld('connector', createConnector(setting, caller, latencyMs), surroundings),
    },
    logs: { answers, fetch: logsFetch },
    graph: { store: graph, fetch: graphFetch },
    entra: {
      ...{ directory, tokens, managedIdentity, fetch: entraFetch },
      async token(principal, uri) {
        const resource = directory.findResource(uri);
        if (!resource) throw new RangeError(`the tenant knows no resource ${uri}`);
        return tokens.issue({ principal, resource });
      },
    },
    signl4: { store: signl4, outbound, apiKey, fetch: signl4Fetch },
    route: (host, handle) => void hosts.set(host.toLowerCase(), inWorld('outside', handle, surroundings)),
    routeEnding: (ending, handle) => void endings.push([ending, inWorld('outside', handle, surroundings)]),
  };
}

const loopback: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** The portal tells apart users, applications and playbooks. */
function usualSource({ kind, isPlaybook }: Principal): UpdateSource {
  if (kind === 'User') return 'User';
  return isPlaybook ? 'Playbook' : 'Application';
}

import { type CloudName, clouds } from '../azure/cloud.ts';
import { nearest } from '../domain/text.ts';
import { isGuid } from '../domain/uuid.ts';
import { type Environment, type EnvironmentReader, readEnvironment } from './environment.ts';

/** Settings from the environment: secrets, addresses, sizes. What is forwarded, and how, is in the config. */
export interface RelaySettings {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly keys: readonly string[];
  readonly entra:
    | {
        readonly audiences: readonly string[];
        readonly role: string;
        /** Undefined: the tenant of the first workspace. */
        readonly tenantId: string | undefined;
      }
    | undefined;
  readonly signl4Secrets: readonly string[];
  /** Team secret by target name (see `environmentName` of the configuration); '' for all others. */
  readonly teamSecrets: Readonly<Record<string, string>>;
  /** For annotations; empty: Sentinel's comments are not sent to SIGNL4. */
  readonly signl4ApiKey: string;
  readonly signl4Url: string;
  readonly store: StoreSettings;
  /** Trigger address of the playbook SIGNL4-Callback; empty: the relay applies notifications itself. */
  readonly callbackUrl: string;
  readonly identity: IdentitySettings;
  readonly cloud: CloudName;
  readonly endpoints: Endpoints;
  readonly budgetMs: number;
  readonly requestsPerMinute: number;
  readonly logLevel: string;
  /** Whether the relay forwards and syncs on its own, without playbooks. */
  readonly timers: { readonly sweep: boolean; readonly sync: boolean };
  /** Whether it may look users up in Entra. */
  readonly readUsers: boolean;
}

export type StoreSettings =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'azure'; readonly connectionString: string }
  | { readonly kind: 'azure'; readonly tableEndpoint: string; readonly queueEndpoint: string };

export type IdentitySettings =
  | { readonly kind: 'managed'; readonly clientId: string | undefined }
  | { readonly kind: 'app'; readonly tenantId: string; readonly clientId: string; readonly secret: string };

/** Addresses used in place of the cloud's, for proxies and tests; tokens are still requested for the cloud's services. */
export interface Endpoints {
  readonly resourceManager: string | undefined;
  readonly logs: string | undefined;
  readonly graph: string | undefined;
  readonly authority: string | undefined;
}

/**
 * Reads the environment. Every secret `NAME` may instead be in a file that `NAME_FILE` names.
 * @throws ConfigError with all errors
 */
export function readSettings(env: Environment, readFile: (path: string) => string): RelaySettings {
  const reader = readEnvironment(env, readFile);
  const settings: RelaySettings = {
    ...readAccess(reader),
    host: reader.text('RELAY_HOST') || '0.0.0.0',
    port: reader.wholeNumber('RELAY_PORT', 8080, 0, 65_535),
    keys: reader.strongSecrets('RELAY_KEY'),
    entra: readEntra(reader),
    signl4Secrets: reader.strongSecrets('RELAY_SIGNL4_SECRET'),
    teamSecrets: readTeamSecrets(env, reader),
    signl4ApiKey: reader.secret('SIGNL4_API_KEY'),
    signl4Url: reader.address('SIGNL4_URL') ?? 'https://connect.signl4.com',
    callbackUrl: reader.secretAddress('RELAY_CALLBACK_URL'),
    budgetMs: reader.wholeNumber('RELAY_BUDGET_SECONDS', 20, 1, 100) * 1000,
    requestsPerMinute: reader.wholeNumber('RELAY_REQUESTS_PER_MINUTE', 600, 1, 10_000_000),
    logLevel: reader.oneOf('RELAY_LOG_LEVEL', 'info', ['debug', 'info', 'warn', 'error', 'silent']),
    timers: { sweep: reader.isOn('RELAY_SWEEP'), sync: reader.isOn('RELAY_SYNC') },
    readUsers: reader.isOn('RELAY_READ_USERS'),
  };
  checkTogether(settings, reader);
  checkNames(env, reader);
  reader.finish();
  return settings;
}

/** Location of the store and the relay's identity: all that operator commands need. */
export type AccessSettings = Pick<RelaySettings, 'store' | 'identity' | 'cloud' | 'endpoints'>;

/** @throws ConfigError with all errors */
export function readAccessSettings(env: Environment, readFile: (path: string) => string): AccessSettings {
  const reader = readEnvironment(env, readFile);
  const settings = readAccess(reader);
  reader.finish();
  return settings;
}

function readAccess(reader: EnvironmentReader): AccessSettings {
  return {
    store: readStore(reader),
    identity: readIdentity(reader),
    cloud: readCloud(reader),
    endpoints: {
      resourceManager: reader.address('RELAY_RESOURCE_MANAGER_URL'),
      logs: reader.address('RELAY_LOGS_URL'),
      graph: reader.address('RELAY_GRAPH_URL'),
      authority: reader.address('RELAY_AUTHORITY_URL'),
    },
  };
}

function readCloud(reader: EnvironmentReader): CloudName {
  const names = Object.keys(clouds) as CloudName[];
  const typed = reader.text('RELAY_CLOUD').toLowerCase() || 'azurecloud';
  const name = names.find((each) => each.toLowerCase() === typed);
  if (!name) reader.complain('RELAY_CLOUD', `there is no cloud "${typed}"`, `Write one of ${names.join(', ')}.`);
  return name ?? 'AzureCloud';
}

/** `RELAY_ENTRA_AUDIENCE`: the expected `aud`. v1 tokens have the app's id URI, v2 tokens its id. */
function readEntra(reader: EnvironmentReader): RelaySettings['entra'] {
  const audiences = reader
    .text('RELAY_ENTRA_AUDIENCE')
    .split(/[\s,]+/)
    .filter((each) => each !== '');
  const wrong = audiences.find((each) => !isGuid(each) && !each.startsWith('api://'));
  if (wrong !== undefined) {
    const remedy = 'Write the id of the app registration, its api://… address, or both with a comma between.';
    reader.complain('RELAY_ENTRA_AUDIENCE', `"${wrong}" is not an application`, remedy);
  }
  if (audiences.length === 0) return undefined;
  const tenantId = reader.text('RELAY_ENTRA_TENANT') || undefined;
  if (tenantId !== undefined && !isGuid(tenantId)) {
    reader.complain('RELAY_ENTRA_TENANT', `"${tenantId}" is not a tenant id`, 'Write the GUID of the tenant.');
  }
  return { audiences, role: reader.text('RELAY_ENTRA_ROLE') || 'Relay.Use', tenantId };
}

function readStore(reader: EnvironmentReader): StoreSettings {
  const connectionString = reader.secret('RELAY_STORAGE_CONNECTION');
  if (connectionString !== '') {
    if (!isConnectionString(connectionString)) {
      const remedy = 'Copy it from the portal: storage account, Access keys, Connection string.';
      reader.complain('RELAY_STORAGE_CONNECTION', 'this is not a connection string of a storage account', remedy);
    }
    return { kind: 'azure', connectionString };
  }
  const account = reader.text('RELAY_STORAGE_ACCOUNT');
  if (account === '') return { kind: 'sqlite', file: reader.text('RELAY_STORE') || 'relay.db' };
  if (!/^[a-z0-9]{3,24}$/.test(account)) {
    const message = `"${account}" is not a name of a storage account`;
    reader.complain('RELAY_STORAGE_ACCOUNT', message, 'Write its name only, without the address.');
  }
  const suffix = reader.text('RELAY_STORAGE_SUFFIX') || 'core.windows.net';
  const at = (service: string) => `https://${account}.${service}.${suffix}`;
  return { kind: 'azure', tableEndpoint: at('table'), queueEndpoint: at('queue') };
}

/**
 * `Name=value` pairs with an account and a key or signature, or the development storage; endpoints in it must be valid addresses.
 */
function isConnectionString(text: string): boolean {
  const pairs = text.split(';').filter((pair) => pair.trim() !== '');
  const parts = new Map(
    pairs.map((pair) => [pair.split('=', 1)[0]?.trim().toLowerCase() ?? '', pair.replace(/^[^=]*=/, '')]),
  );
  if (parts.get('usedevelopmentstorage')?.toLowerCase() === 'true') return true;
  const endpoints = [...parts].filter(([name]) => name.endsWith('endpoint')).map(([, address]) => address);
  if (!pairs.every((pair) => pair.includes('=')) || !endpoints.every((address) => URL.canParse(address))) return false;
  const hasKey = parts.has('accountname') && /^[A-Za-z0-9+/]+=*$/.test(parts.get('accountkey') ?? '');
  return hasKey || (parts.has('sharedaccesssignature') && parts.has('tableendpoint') && parts.has('queueendpoint'));
}

function readIdentity(reader: EnvironmentReader): IdentitySettings {
  const clientId = reader.text('AZURE_CLIENT_ID');
  const secret = reader.secret('AZURE_CLIENT_SECRET');
  const endpoint = reader.text('IDENTITY_ENDPOINT');
  if (endpoint !== '' && !URL.canParse(endpoint)) {
    const remedy = 'Remove it: App Service and Functions set it themselves, and elsewhere there is none.';
    reader.complain('IDENTITY_ENDPOINT', `"${endpoint}" is not an address`, remedy);
  }
  if (secret === '') return { kind: 'managed', clientId: clientId || undefined };
  const tenantId = reader.text('AZURE_TENANT_ID');
  if (clientId === '' || tenantId === '') {
    const remedy = 'Set AZURE_CLIENT_ID and AZURE_TENANT_ID too, or remove the secret for a managed identity.';
    reader.complain('AZURE_CLIENT_SECRET', 'a client secret alone is not an identity', remedy);
  }
  return { kind: 'app', tenantId, clientId, secret };
}

/** `SIGNL4_TEAM_SECRET`, and `SIGNL4_TEAM_SECRET_<TARGET>` for the targets of a service provider. */
function readTeamSecrets(env: Environment, reader: EnvironmentReader): Readonly<Record<string, string>> {
  const base = 'SIGNL4_TEAM_SECRET';
  const names = Object.keys(env).filter((name) => name === base || name.startsWith(`${base}_`));
  const secrets = [...new Set(names.map((name) => name.replace(/_FILE$/, '')))];
  const found = secrets.map((name) => [name.slice(base.length + 1), reader.secret(name)] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== ''));
}

/**
 * All variables that begin with RELAY_. Secrets also exist as `…_FILE`; the secrets that callers present (`door`) also as
 * `…_PREVIOUS`.
 */
const relayVariables: Readonly<Record<string, 'plain' | 'secret' | 'door'>> = {
  ...{ RELAY_KEY: 'door', RELAY_SIGNL4_SECRET: 'door' },
  ...{ RELAY_CALLBACK_URL: 'secret', RELAY_STORAGE_CONNECTION: 'secret' },
  ...{ RELAY_ENTRA_AUDIENCE: 'plain', RELAY_ENTRA_ROLE: 'plain', RELAY_ENTRA_TENANT: 'plain' },
  ...{ RELAY_HOST: 'plain', RELAY_PORT: 'plain', RELAY_CONFIG: 'plain', RELAY_STORE: 'plain' },
  ...{ RELAY_STORAGE_ACCOUNT: 'plain', RELAY_STORAGE_SUFFIX: 'plain' },
  ...{ RELAY_SWEEP: 'plain', RELAY_SYNC: 'plain', RELAY_READ_USERS: 'plain' },
  ...{
    RELAY_BUDGET_SECONDS: 'plain',
    RELAY_REQUESTS_PER_MINUTE: 'plain',
    RELAY_LOG_LEVEL: 'plain',
    RELAY_CLOUD: 'plain',
  },
  ...{
    RELAY_RESOURCE_MANAGER_URL: 'plain',
    RELAY_LOGS_URL: 'plain',
    RELAY_GRAPH_URL: 'plain',
    RELAY_AUTHORITY_URL: 'plain',
  },
};
const knownNames = Object.entries(relayVariables).flatMap(([name, kind]) => {
  const names = kind === 'door' ? [name, `${name}_PREVIOUS`] : [name];
  return kind === 'plain' ? names : names.flatMap((each) => [each, `${each}_FILE`]);
});
/** Kubernetes sets these for a service named `relay`. */
const kubernetes = /^RELAY_(SERVICE_|PORT_\d)/;

/** An unknown name is probably a typo, and the feature it should enable stays off. */
function checkNames(env: Environment, reader: EnvironmentReader): void {
  for (const name of Object.keys(env)) {
    if (!/^RELAY_/i.test(name) || knownNames.includes(name) || kubernetes.test(name)) continue;
    const guess = nearest(name, knownNames);
    const remedy = guess ? `Did you mean ${guess}?` : 'Remove it, or see "Settings" in the guide for all names.';
    reader.complain(name, 'the relay knows no such variable', remedy);
  }
}

function checkTogether(settings: RelaySettings, reader: EnvironmentReader): void {
  if (settings.keys.length === 0 && !settings.entra) {
    const remedy = 'Set RELAY_KEY (make one: openssl rand -hex 32), or RELAY_ENTRA_AUDIENCE.';
    reader.complain('RELAY_KEY', 'nobody could use the relay: there is neither a key nor an audience', remedy);
  }
  if (settings.signl4Secrets.length === 0) {
    const remedy =
      'Set RELAY_SIGNL4_SECRET (make one: openssl rand -hex 32) and register https://<relay>/api/signl4/events?secret=… in SIGNL4.';
    reader.complain('RELAY_SIGNL4_SECRET', "SIGNL4's webhook has no secret", remedy);
  }
  if (settings.timers.sweep && Object.keys(settings.teamSecrets).length === 0) {
    reader.complain('SIGNL4_TEAM_SECRET', 'the sweep has no team to page', 'Set SIGNL4_TEAM_SECRET.');
  }
}

import { RestError, TableClient, type TableServiceClientOptions } from '@azure/data-tables';
import type { TokenCredential } from '@azure/identity';
import { type QueueClient, QueueServiceClient } from '@azure/storage-queue';
import { nodeHttpClient } from '../outgoing/node-http-client.ts';

/** Where the tables and the queue are: with a managed identity, or a connection string (Azurite, or keys where they must be). */
export type StorageAccount =
  | { readonly connectionString: string }
  | {
      /** `https://<account>.table.core.windows.net` */
      readonly tableEndpoint: string;
      /** `https://<account>.queue.core.windows.net` */
      readonly queueEndpoint: string;
      readonly credential: TokenCredential;
    };

export interface AzureStoreClients {
  /** Sessions, ids and pending notifications; the partition is the session, so that each step is one transaction. */
  readonly inbox: TableClient;
  readonly dead: TableClient;
  /** Forward marks, cursors, the schema version. */
  readonly state: TableClient;
  /** Sessions that are ready; a message says when to look, the inbox says what is true. */
  readonly wake: QueueClient;
}

const PREFIX = 'Signl4Relay';
const queueName = (prefix: string) => `${prefix.toLowerCase()}-wake`;
/** The queue whose messages say which incident has work. */
export const WAKE_QUEUE = queueName(PREFIX);

/** For the tables; the library of the queue takes no transport but its own, which hears the errors of its few small answers. */
const transport = { httpClient: nodeHttpClient() };

/** @param prefix Letters only: two relays for two workspaces may share an account. */
export function azureStoreClients(account: StorageAccount, prefix = PREFIX): AzureStoreClients {
  const table = (name: string): TableClient => {
    const tableName = `${prefix}${name}`;
    if (!('connectionString' in account)) {
      return new TableClient(account.tableEndpoint, tableName, account.credential, transport);
    }
    const options: TableServiceClientOptions = {
      ...transport,
      allowInsecureConnection: isLocal(account.connectionString),
    };
    return TableClient.fromConnectionString(account.connectionString, tableName, options);
  };
  const queues =
    'connectionString' in account
      ? QueueServiceClient.fromConnectionString(account.connectionString)
      : new QueueServiceClient(account.queueEndpoint, account.credential);
  return {
    inbox: table('Inbox'),
    dead: table('Dead'),
    state: table('State'),
    wake: queues.getQueueClient(queueName(prefix)),
  };
}

/** Azurite speaks plain HTTP on this machine. */
function isLocal(connectionString: string): boolean {
  return /UseDevelopmentStorage=true|http:\/\/(127\.0\.0\.1|localhost|azurite)[:/]/i.test(connectionString);
}

/** Keys of tables take no slash, backslash, `#`, `?`, `%` or control character; this is reversible and stays readable. */
export function tableKey(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll("'", '%27').replaceAll('%', '=');
}

/** Somebody else changed, made or removed the entity first. */
export function isConflict(error: unknown): boolean {
  return error instanceof RestError && (error.statusCode === 409 || error.statusCode === 412);
}

export function isMissing(error: unknown): boolean {
  return error instanceof RestError && error.statusCode === 404;
}

/** The entity, or undefined where there is none. */
export async function findEntity<T extends object>(
  table: TableClient,
  partitionKey: string,
  rowKey: string,
): Promise<(T & { readonly etag: string }) | undefined> {
  try {
    return await table.getEntity<T>(partitionKey, rowKey);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Times sort as texts; numbers beyond 32 bits are not a native type of the tables' JSON. */
export function timeText(ms: number): string {
  return String(Math.max(0, Math.floor(ms))).padStart(15, '0');
}

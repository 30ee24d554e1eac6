import { RestError, TableClient, type TableServiceClientOptions } from '@azure/data-tables';
import type { TokenCredential } from '@azure/identity';
import { type QueueClient, QueueServiceClient } from '@azure/storage-queue';
import { nodeHttpClient } from '../outgoing/node-http-client.ts';

/** The storage account: with a managed identity, or a connection string (Azurite, or where keys are required). */
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
  /** Sessions, ids and pending notifications. The session is the partition key, so each step is one transaction. */
  readonly inbox: TableClient;
  readonly dead: TableClient;
  /** Forward marks, cursors, the schema version. */
  readonly state: TableClient;
  /** Sessions with work. A message says when to look; the inbox has the actual state. */
  readonly wake: QueueClient;
}

const PREFIX = 'Signl4Relay';
const queueName = (prefix: string) => `${prefix.toLowerCase()}-wake`;
/** Queue whose messages name sessions with work. */
export const WAKE_QUEUE = queueName(PREFIX);

/** For the tables only: the queue library accepts no other transport, but handles the errors of its few small responses. */
const transport = { httpClient: nodeHttpClient() };

/** @param prefix Letters only, so that relays of two workspaces may share an account. */
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

/**
 * Encodes a string as a table key, which may not contain slash, backslash, `#`, `?`, `%` or control characters. Reversible and
 * readable.
 */
export function tableKey(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll("'", '%27').replaceAll('%', '=');
}

/** The entity was changed, created or deleted concurrently. */
export function isConflict(error: unknown): boolean {
  return error instanceof RestError && (error.statusCode === 409 || error.statusCode === 412);
}

export function isMissing(error: unknown): boolean {
  return error instanceof RestError && error.statusCode === 404;
}

/** The entity, or undefined if it does not exist. */
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

/** Fixed-width so that it sorts as a string; numbers beyond 32 bits are not a native type of the tables' JSON. */
export function timeText(ms: number): string {
  return String(Math.max(0, Math.floor(ms))).padStart(15, '0');
}

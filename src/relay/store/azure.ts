import { odata } from '@azure/data-tables';
import { UserError } from '../../domain/errors.ts';
import { type AzureStoreClients, findEntity, tableKey, timeText } from './azure-clients.ts';
import { azureDeadLetters } from './azure-dead-letters.ts';
import { azureForwards } from './azure-forwards.ts';
import { azureInbox } from './azure-inbox.ts';
import type { RelayStore, StoreOptions } from './store.ts';

/** Version of the layout in `azure-inbox.ts`; raised by changes that older relays cannot read. */
export const AZURE_SCHEMA_VERSION = 1;

/**
 * The relay's store in Azure Storage, which any number of relays may share. Creates missing tables and the queue. Throws a
 * UserError if a newer relay wrote it.
 */
export async function openAzureStore(clients: AzureStoreClients, options: StoreOptions): Promise<RelayStore> {
  const { inbox, dead, state, wake } = clients;
  await Promise.all([inbox.createTable(), dead.createTable(), state.createTable(), wake.createIfNotExists()]);
  await checkVersion(clients);
  const writeCursor = async (name: string, value: string) => {
    await state.upsertEntity({ partitionKey: 'cursor', rowKey: tableKey(name), value }, 'Replace');
  };
  return {
    inbox: azureInbox(clients, options),
    deadLetters: azureDeadLetters(clients, options),
    forwards: azureForwards(state, options),
    async readCursor(name) {
      return (await findEntity<{ value: string }>(state, 'cursor', tableKey(name)))?.value;
    },
    writeCursor,
    async prune({ appliedBefore, forwardedBefore }) {
      const ids = inbox.listEntities({
        queryOptions: { filter: odata`settledAt gt '' and settledAt lt ${timeText(appliedBefore)}`, select: keys },
      });
      for await (const { partitionKey, rowKey } of ids) await remove(inbox, partitionKey, rowKey);
      const lanes = inbox.listEntities({
        queryOptions: {
          filter: odata`RowKey eq 'lane' and pending eq 0 and usedAt lt ${timeText(appliedBefore)}`,
          select: [...keys, 'etag'],
        },
      });
      // With the etag, so that a session used since it was listed is kept.
      for await (const { partitionKey, rowKey, etag } of lanes) {
        // Its mark shows whether a dead letter is late when it is replayed.
        if (!(await hasDead(inbox, partitionKey))) await remove(inbox, partitionKey, rowKey, etag);
      }
      const marks = state.listEntities({
        queryOptions: {
          filter: odata`PartitionKey eq 'forward' and at lt ${timeText(forwardedBefore)}`,
          select: keys,
        },
      });
      for await (const { partitionKey, rowKey } of marks) await remove(state, partitionKey, rowKey);
    },
    async check() {
      await Promise.all([writeCursor('checked', String(options.now())), wake.getProperties()]);
    },
    async close() {
      // Every call is independent; there is nothing to close.
    },
  };
}

const keys = ['PartitionKey', 'RowKey'];

async function hasDead(inbox: AzureStoreClients['inbox'], lane: string | undefined): Promise<boolean> {
  const filter = odata`PartitionKey eq ${lane} and state eq 'dead'`;
  for await (const _ of inbox.listEntities({ queryOptions: { filter, select: keys } })) return true;
  return false;
}

async function remove(
  table: AzureStoreClients['inbox'],
  partitionKey: string | undefined,
  rowKey: string | undefined,
  etag = '*',
): Promise<void> {
  if (partitionKey === undefined || rowKey === undefined) return;
  try {
    await table.deleteEntity(partitionKey, rowKey, { etag });
  } catch {
    // Another relay was faster, or the session is in use again; the next pruning tries again.
  }
}

async function checkVersion({ state }: AzureStoreClients): Promise<void> {
  const found = await findEntity<{ version: number }>(state, 'meta', 'schema');
  if (found === undefined) {
    await state.upsertEntity({ partitionKey: 'meta', rowKey: 'schema', version: AZURE_SCHEMA_VERSION }, 'Replace');
  } else if (found.version > AZURE_SCHEMA_VERSION) {
    throw new UserError(
      'relay.store-too-new',
      `The relay's tables have schema version ${found.version}, this relay knows ${AZURE_SCHEMA_VERSION}.`,
      { remedy: 'Start the newer relay that wrote them, or give this one another storage account.' },
    );
  }
}

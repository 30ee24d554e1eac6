import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AZURE_SCHEMA_VERSION, openAzureStore } from '../../../src/relay/store/azure.ts';
import { azureStoreClients } from '../../../src/relay/store/azure-clients.ts';
import { type Azurite, startAzurite } from '../support/azurite.ts';
import { describeStore, LEASE_MS, manualClock } from './contract.ts';

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
}, 60_000);
afterAll(() => azurite.stop());

let worlds = 0;
const newClients = () =>
  azureStoreClients(
    { connectionString: azurite.connectionString },
    `Test${String.fromCharCode(97 + (worlds % 26))}${worlds++}`,
  );

describeStore('Azure Storage store', async (clock) => {
  const clients = newClients();
  return {
    open: (owner) => openAzureStore(clients, { now: clock.now, owner, leaseMs: LEASE_MS }),
    async dispose() {
      const { inbox, dead, state, wake } = clients;
      await Promise.all([inbox.deleteTable(), dead.deleteTable(), state.deleteTable(), wake.deleteIfExists()]);
    },
  };
});

describe('Azure Storage store, beyond the contract', () => {
  const options = (owner: string) => ({ now: manualClock().now, owner, leaseMs: LEASE_MS });
  const notification = (id: string, session = 'session') => ({ id, session, body: '{}' });

  it('finds what was accepted by a relay that died before it told anybody', async () => {
    const clients = newClients();
    const store = await openAzureStore(clients, options('first'));
    await store.inbox.accept(notification('a'));
    await clients.wake.clearMessages();
    expect(await store.inbox.take({ limit: 10 })).toEqual([]);
    await store.inbox.recover();
    expect((await store.inbox.take({ limit: 10 })).map((lease) => lease.notification.id)).toEqual(['a']);
  });

  it('looks again when a retry is due, by the clock of the queue', async () => {
    const store = await openAzureStore(newClients(), { now: Date.now, owner: 'first', leaseMs: LEASE_MS });
    await store.inbox.accept(notification('a'));
    const [lease] = await store.inbox.take({ limit: 1 });
    if (lease) await store.inbox.retry(lease, Date.now() + 100, 'busy');
    await vi.waitFor(async () => expect(await store.inbox.take({ limit: 1 })).toHaveLength(1), 10_000);
  });

  it('throws away messages that name no session with work', async () => {
    const clients = newClients();
    const store = await openAzureStore(clients, options('first'));
    await clients.wake.sendMessage('nobody knows this session');
    expect(await store.inbox.take({ limit: 10 })).toEqual([]);
    expect((await clients.wake.getProperties()).approximateMessagesCount).toBe(0);
  });

  it('keeps keys apart that tables would not take as they are', async () => {
    const store = await openAzureStore(newClients(), options('first'));
    const sessions = ["it's/a\\lane#1?", "it's/a\\lane#1?=", '100 %', 'ü 🚨'];
    for (const session of sessions)
      expect(await store.inbox.accept(notification(`${session}-id`, session))).toBe('accepted');
    const leases = await store.inbox.take({ limit: 10 });
    expect(leases.map((lease) => lease.notification.session).sort()).toEqual([...sessions].sort());
  });

  it('finishes a burial that was interrupted instead of applying twice', async () => {
    const clients = newClients();
    const store = await openAzureStore(clients, options('first'));
    await store.inbox.accept(notification('a'));
    const [lease] = await store.inbox.take({ limit: 1 });
    if (lease) await store.inbox.deadLetter(lease, 'gone');
    const [letter] = await store.deadLetters.list(1);
    expect(await store.deadLetters.replay('a')).toBe(true);
    // As if the relay had died before it removed the letter.
    await clients.dead.createEntity({
      partitionKey: 'dead',
      rowKey: '0:a',
      ...letter,
      lane: letter?.session ?? '',
      body0: '{}',
      receivedAt: '0',
    });
    expect(await store.deadLetters.replay('a')).toBe(false);
    expect(await store.inbox.counts()).toEqual({ pending: 1, dead: 0 });
  });

  it('refuses tables of a newer relay', async () => {
    const clients = newClients();
    await openAzureStore(clients, options('first'));
    const version = AZURE_SCHEMA_VERSION + 1;
    await clients.state.upsertEntity({ partitionKey: 'meta', rowKey: 'schema', version }, 'Replace');
    await expect(openAzureStore(clients, options('second'))).rejects.toMatchObject({ code: 'relay.store-too-new' });
  });
});

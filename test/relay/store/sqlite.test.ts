import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/domain/errors.ts';
import { createGroupCommit } from '../../../src/relay/store/group-commit.ts';
import { openSqliteStore } from '../../../src/relay/store/sqlite.ts';
import { migrate, migrations } from '../../../src/relay/store/sqlite-schema.ts';
import { describeStore, LEASE_MS, manualClock } from './contract.ts';

describeStore('SQLite store', async (clock) => {
  const folder = mkdtempSync(join(tmpdir(), 'relay-store-'));
  return {
    open: async (owner) => openSqliteStore(join(folder, 'relay.db'), { now: clock.now, owner, leaseMs: LEASE_MS }),
    dispose: async () => rmSync(folder, { recursive: true }),
  };
});

describe('SQLite file', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'relay-store-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const options = { now: manualClock().now, owner: 'test', leaseMs: LEASE_MS };

  it('flushes every commit to the disk and reads beside the writer', () => {
    const file = join(folder, 'relay.db');
    void openSqliteStore(file, options).close();
    const database = new DatabaseSync(file);
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    database.close();
  });

  it.each(migrations.map((_, index) => index))(
    'of version %i is lifted to the newest with its content',
    async (version) => {
      const file = join(folder, 'relay.db');
      const database = new DatabaseSync(file);
      migrate(database, file, migrations.slice(0, version));
      if (version > 0) {
        database.exec(`INSERT INTO lane (nr, lane, ready_at, used_at) VALUES (7, 'lane', 1, 1);
        INSERT INTO notification (id, lane_nr, body, received_at) VALUES ('a', 7, '{}', 1)`);
      }
      database.close();
      const store = openSqliteStore(file, options);
      expect((await store.inbox.take({ limit: 1 })).map((lease) => lease.notification.id)).toEqual(
        version > 0 ? ['a'] : [],
      );
      await store.writeCursor('sync', 'x');
      await store.close();
    },
  );

  it('of a newer relay is refused and left alone', () => {
    const file = join(folder, 'relay.db');
    const database = new DatabaseSync(file);
    migrate(database, file, [...migrations, 'CREATE TABLE tomorrow (x)']);
    database.close();
    expect(() => openSqliteStore(file, options)).toThrow(
      expect.objectContaining({ code: 'relay.store-too-new', where: { file } }),
    );
  });

  it('gives out alone what a relay died of, and only where nothing else is under way', async () => {
    const clock = manualClock();
    const store = openSqliteStore(join(folder, 'relay.db'), { now: clock.now, owner: 'test', leaseMs: LEASE_MS });
    const ids = (leases: readonly { notification: { id: string } }[]) => leases.map(({ notification: { id } }) => id);
    for (const id of ['a', 'b']) await store.inbox.accept({ id, session: id, body: '{}' });
    expect(ids(await store.inbox.take({ limit: 8 }))).toEqual(['a', 'b']);
    clock.advance(LEASE_MS);
    await store.inbox.accept({ id: 'c', session: 'c', body: '{}' });
    expect(await store.inbox.take({ limit: 8, busy: true })).toEqual([]);
    expect(ids(await store.inbox.take({ limit: 8 }))).toEqual(['a']);
    expect(ids(await store.inbox.take({ limit: 8 }))).toEqual(['b']);
    expect(ids(await store.inbox.take({ limit: 8 }))).toEqual(['c']);
    await store.close();
  });

  it('without its tables is a clear error', () => {
    const file = join(folder, 'relay.db');
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 2');
    database.close();
    expect(() => openSqliteStore(file, options)).toThrow(
      expect.objectContaining({ code: 'relay.store-unusable', remedy: expect.stringContaining('RELAY_STORE') }),
    );
  });

  it('that is none, or lies nowhere, is a clear error', () => {
    const text = join(folder, 'notes.txt');
    writeFileSync(text, 'this is not a database, but it is long enough to be looked at '.repeat(40));
    for (const file of [text, join(folder, 'missing', 'relay.db')]) {
      expect(() => openSqliteStore(file, options)).toThrow(UserError);
      expect(() => openSqliteStore(file, options)).toThrow(
        expect.objectContaining({ code: 'relay.store-unusable', where: { file } }),
      );
    }
  });
});

describe('group commit', () => {
  function newTable(): DatabaseSync {
    const database = new DatabaseSync(':memory:');
    database.exec('CREATE TABLE line (text TEXT UNIQUE)');
    return database;
  }
  const lines = (database: DatabaseSync) => database.prepare('SELECT text FROM line ORDER BY rowid').all();

  it('gives each caller its own result', async () => {
    const database = newTable();
    const commit = createGroupCommit(database);
    expect(await Promise.all([1, 2, 3].map((n) => commit.write(() => n * 10)))).toEqual([10, 20, 30]);
  });

  it('shares one transaction among all that arrive together', async () => {
    const database = newTable();
    const commit = createGroupCommit(database);
    const seen = await Promise.all([1, 2, 3].map(() => commit.write(() => database.isTransaction)));
    expect(seen).toEqual([true, true, true]);
    expect(database.isTransaction).toBe(false);
  });

  it('undoes a failing operation and keeps its neighbours', async () => {
    const database = newTable();
    const insert = database.prepare('INSERT INTO line VALUES (?)');
    const commit = createGroupCommit(database);
    const results = await Promise.allSettled([
      commit.write(() => insert.run('one')),
      commit.write(() => {
        insert.run('half');
        throw new Error('bad');
      }),
      commit.write(() => insert.run('two')),
    ]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(lines(database)).toEqual([{ text: 'one' }, { text: 'two' }]);
  });

  it('drains what waits before it is closed', async () => {
    const database = newTable();
    const insert = database.prepare('INSERT INTO line VALUES (?)');
    const commit = createGroupCommit(database);
    const written = commit.write(() => insert.run('one'));
    await commit.drain();
    expect(lines(database)).toEqual([{ text: 'one' }]);
    await written;
  });
});

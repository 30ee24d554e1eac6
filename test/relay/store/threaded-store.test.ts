import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/domain/errors.ts';
import { steadyForwards } from '../../../src/relay/forward/steady-forwards.ts';
import { type Lease, LeaseLostError, type RelayStore } from '../../../src/relay/store/store.ts';
import { isStoreTrouble, StoreError } from '../../../src/relay/store/store-error.ts';
import { openThreadedStore } from '../../../src/relay/store/threaded-store.ts';
import { holdLock } from '../support/lock.ts';

let folder = '';
let file = '';
let store: RelayStore | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relay-store-'));
  file = join(folder, 'relay.db');
});
afterEach(async () => {
  await store?.close();
  store = undefined;
  rmSync(folder, { recursive: true });
});

async function open(): Promise<RelayStore> {
  store = await openThreadedStore(file, { owner: 'test', leaseMs: 60_000 });
  return store;
}
const notification = (id: string) => ({ id, session: 'session', body: '{"note":"ü 🚨"}' });

const takeAway: Readonly<Record<string, () => void>> = {
  deleted: () => rmSync(file),
  'deleted with its log': () => {
    for (const ending of ['', '-wal', '-shm']) rmSync(`${file}${ending}`);
  },
  'moved away': () => renameSync(file, `${file}.old`),
  'replaced by a backup': () => {
    new DatabaseSync(file).exec(`VACUUM INTO '${file}.backup'`);
    for (const ending of ['', '-wal', '-shm']) rmSync(`${file}${ending}`);
    renameSync(`${file}.backup`, file);
  },
};

describe('a file that is taken away under the store', () => {
  it.each(Object.keys(takeAway))('takes nothing in that nobody would find again: %s', async (how) => {
    const { inbox } = await open();
    await inbox.accept(notification('before'));
    takeAway[how]?.();
    const refused = await inbox.accept(notification('lost')).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StoreError);
    expect(refused).toMatchObject({ code: 'STORE_MOVED', message: expect.stringContaining(file) });
    // SIGNL4 sends again; the next thread has the file that is there now.
    await expect
      .poll(() => inbox.accept(notification('lost')).catch(() => 'not yet'), { timeout: 10_000 })
      .toBe('accepted');
    await store?.close();
    expect(await (await open()).inbox.accept(notification('lost'))).toBe('duplicate');
  });
});

describe('a log that is deleted under the store', () => {
  it('takes nothing more in before the file is opened anew', async () => {
    const { inbox } = await open();
    await inbox.accept(notification('before'));
    for (const ending of ['-wal', '-shm']) rmSync(`${file}${ending}`);
    const refused = await inbox.accept(notification('again')).catch((error: unknown) => error);
    expect(refused).toMatchObject({ constructor: StoreError, code: 'STORE_MOVED' });
    // Closing the old file may have saved what was refused: then it is a duplicate.
    const retaken = () => inbox.accept(notification('again')).catch(() => 'not yet');
    await expect.poll(retaken, { timeout: 10_000 }).not.toBe('not yet');
    await store?.close();
    expect(await (await open()).inbox.accept(notification('again'))).toBe('duplicate');
  });
});

describe('a file that cannot be looked at', () => {
  it('is trouble of the store', async () => {
    const { inbox } = await open();
    rmSync(file);
    symlinkSync(file, file);
    const refused = await inbox.accept(notification('lost')).catch((error: unknown) => error);
    expect(refused).toMatchObject({ constructor: StoreError, code: 'SQLITE_CANTOPEN' });
    expect((refused as Error).message).toContain(file);
  });
});

describe('SQLite in a thread of its own', () => {
  it('does what the store does', async () => {
    const { inbox, deadLetters, forwards, ...relay } = await open();
    expect(await Promise.all([1, 2, 1].map((n) => inbox.accept(notification(`n${n}`))))).toEqual([
      'accepted',
      'accepted',
      'duplicate',
    ]);
    const [lease] = await inbox.take({ limit: 5 });
    expect(lease?.notification).toMatchObject(notification('n1'));
    await inbox.deadLetter(lease as Lease, 'gone');
    await expect(inbox.complete(lease as Lease)).rejects.toBeInstanceOf(LeaseLostError);
    expect((await deadLetters.list(5)).map(({ id }) => id)).toEqual(['n1']);
    expect(await deadLetters.replay('n1')).toBe(true);
    expect(await inbox.counts()).toEqual({ pending: 2, dead: 0 });
    expect(await forwards.claim('key', 1_000)).toEqual({ state: 'claimed' });
    await forwards.mark('key', 'event-1');
    await forwards.see('key', '{}');
    expect(await forwards.get('key')).toMatchObject({ eventId: 'event-1', seen: '{}' });
    await relay.writeCursor('sync', 'x');
    expect(await relay.readCursor('sync')).toBe('x');
    await relay.check();
    await relay.prune({ appliedBefore: 0, forwardedBefore: 0 });
  });

  it('says why it cannot open the file', async () => {
    file = join(folder, 'missing', 'relay.db');
    await expect(openThreadedStore(file, { owner: 'test', leaseMs: 1 })).rejects.toMatchObject({
      constructor: UserError,
      code: 'relay.store-unusable',
      where: { file },
    });
  });

  it('keeps nobody waiting while the file is locked, and goes on behind the lock', async () => {
    const { inbox, forwards } = await open();
    const release = await holdLock(file);
    const refused = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => inbox.accept(notification(`n${n}`))));
    for (const one of refused) {
      expect(one).toMatchObject({ status: 'rejected', reason: { name: 'StoreError', code: 'SQLITE_BUSY' } });
    }
    // Reading goes on beside the lock.
    expect(await inbox.counts()).toEqual({ pending: 0, dead: 0 });
    expect(await forwards.get('key')).toBeUndefined();
    const waiting = inbox.accept(notification('patient'));
    await release();
    expect(await waiting).toBe('accepted');
    expect(await inbox.counts()).toEqual({ pending: 1, dead: 0 });
  });

  it('opens while the file is locked', async () => {
    await (await open()).close();
    const release = await holdLock(file);
    expect(await (await open()).inbox.counts()).toEqual({ pending: 0, dead: 0 });
    await release();
  });

  it('is in trouble, and nothing else, while it cannot open the file anew after its thread died', async () => {
    const { inbox } = await open();
    await inbox.accept(notification('n1'));
    await expect(inbox.accept(undefined as never)).rejects.toMatchObject({ code: 'STORE_ENDED' });
    renameSync(file, `${file}.away`);
    mkdirSync(file);
    for (let round = 0; round < 2; round++) {
      const refused: unknown = await inbox.accept(notification('n2')).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(StoreError);
      expect(isStoreTrouble(refused)).toBe(true);
    }
    rmdirSync(file);
    renameSync(`${file}.away`, file);
    expect(await inbox.accept(notification('n1'))).toBe('duplicate');
  });

  it('says that the file is damaged', async () => {
    const { inbox, check } = await open();
    for (let n = 0; n < 200; n++) await inbox.accept({ ...notification(`n${n}`), body: 'x'.repeat(2_000) });
    await check();
    // Somebody else's commit makes every connection read the file anew.
    const database = new DatabaseSync(file);
    database.exec("INSERT INTO cursor VALUES ('other', ''); PRAGMA wal_checkpoint(TRUNCATE)");
    database.close();
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0x5a, 8_192));
    await expect(inbox.accept(notification('more'))).rejects.toMatchObject({ code: 'SQLITE_CORRUPT' });
    await expect(check()).rejects.toMatchObject({ code: 'SQLITE_CORRUPT' });
  });
});

describe('forwarding beside a store that fails', () => {
  const start = async () => {
    const { forwards } = await open();
    const failures: unknown[] = [];
    const options = { waitMs: 30_000, now: () => performance.now(), failed: (error: unknown) => failures.push(error) };
    return { forwards, steady: steadyForwards(forwards, options), failures };
  };

  it('remembers in memory what it claims and sends, and writes it later', async () => {
    const { forwards, steady, failures } = await start();
    const release = await holdLock(file);
    const claims = await Promise.all([1, 2, 3].map(() => steady.claim('key', 60_000)));
    expect(claims.map(({ state }) => state).toSorted()).toEqual(['busy', 'busy', 'claimed']);
    await steady.mark('key', 'event-1');
    await steady.see('key', '{"status":"New"}');
    expect(await steady.claim('key', 60_000)).toMatchObject({ state: 'forwarded', mark: { eventId: 'event-1' } });
    expect(failures.length).toBeGreaterThan(0);
    await release();
    expect(await forwards.get('key')).toBeUndefined();
    await steady.catchUp();
    expect(await forwards.get('key')).toMatchObject({ eventId: 'event-1', seen: '{"status":"New"}' });
  });

  it('gives a claim back that only memory held', async () => {
    const { steady } = await start();
    const release = await holdLock(file);
    await steady.claim('key', 60_000);
    await steady.release('key');
    await release();
    expect(await steady.claim('key', 60_000)).toEqual({ state: 'claimed' });
  });
});

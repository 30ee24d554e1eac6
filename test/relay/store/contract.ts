import { afterEach, describe, expect, it } from 'vitest';
import { type Lease, LeaseLostError, type NewNotification, type RelayStore } from '../../../src/relay/store/store.ts';

/** One memory that several relays, or one relay after a restart, look into. */
export interface StoreWorld {
  /** Opens the same memory once more, as another process would. */
  open(owner: string): Promise<RelayStore>;
  dispose(): Promise<void>;
}

export interface ManualClock {
  now(): number;
  advance(ms: number): void;
}

export function manualClock(start = Date.UTC(2026, 0, 10, 8, 41)): ManualClock {
  let time = start;
  return {
    now: () => time,
    advance: (ms) => {
      time += ms;
    },
  };
}

export const LEASE_MS = 60_000;

const incident = (n: number) =>
  `sentinel:c8c99641-985d-4e4e-8e91-fb3466cd0e5b:73e01a99-5cd7-4139-a149-${String(n).padStart(12, '0')}`;
const notification = (id: string, session = incident(1), body = `{"id":"${id}"}`): NewNotification => ({
  id,
  session,
  body,
});

/** What every store promises. `newWorld` gives an empty memory. */
export function describeStore(name: string, newWorld: (clock: ManualClock) => Promise<StoreWorld>): void {
  describe(name, () => {
    const worlds: StoreWorld[] = [];
    afterEach(async () => {
      for (const world of worlds.splice(0)) await world.dispose();
    });

    async function start(): Promise<{ store: RelayStore; clock: ManualClock; world: StoreWorld }> {
      const clock = manualClock();
      const world = await newWorld(clock);
      worlds.push(world);
      return { store: await world.open('first'), clock, world };
    }

    describe('inbox', () => {
      it('hands out what it accepted, unchanged', async () => {
        const { store, clock } = await start();
        const body = JSON.stringify({ note: 'ü 日本語 🚨 "quotes" \u0000 \ud800', long: 'é'.repeat(40_000) });
        expect(await store.inbox.accept(notification('a', incident(1), body))).toBe('accepted');
        const lease = await takeOne(store);
        expect(lease.notification).toEqual({
          id: 'a',
          session: incident(1),
          body,
          receivedAt: clock.now(),
          arrival: expect.any(Number),
          attempts: 0,
        });
      });

      it('takes an id once, also after it was applied', async () => {
        const { store } = await start();
        await store.inbox.accept(notification('a'));
        expect(await store.inbox.accept(notification('a'))).toBe('duplicate');
        await store.inbox.complete(await takeOne(store));
        expect(await store.inbox.accept(notification('a'))).toBe('duplicate');
        expect(await store.inbox.take({ limit: 10 })).toEqual([]);
      });

      it('takes an id once however many relays get it at the same moment', async () => {
        const { store, world } = await start();
        const other = await world.open('second');
        const answers = await Promise.all(
          Array.from({ length: 12 }, (_, n) => (n % 2 ? store : other).inbox.accept(notification('a'))),
        );
        expect(answers.filter((answer) => answer === 'accepted')).toHaveLength(1);
        expect(await store.inbox.counts()).toEqual({ pending: 1, dead: 0 });
      });

      it('keeps the order of one incident, one at a time', async () => {
        const { store } = await start();
        for (const id of ['c', 'a', 'b']) await store.inbox.accept(notification(id));
        const order: string[] = [];
        for (let n = 0; n < 3; n++) {
          const lease = await takeOne(store);
          expect(await store.inbox.take({ limit: 10 })).toEqual([]);
          order.push(lease.notification.id);
          await store.inbox.complete(lease);
        }
        expect(order).toEqual(['c', 'a', 'b']);
      });

      it('hands out several incidents side by side, up to the limit', async () => {
        const { store } = await start();
        for (let n = 1; n <= 5; n++) await store.inbox.accept(notification(`n${n}`, incident(n)));
        const first = await store.inbox.take({ limit: 3 });
        const rest = await store.inbox.take({ limit: 10 });
        expect(first).toHaveLength(3);
        expect([...first, ...rest].map((lease) => lease.notification.id).sort()).toEqual([
          'n1',
          'n2',
          'n3',
          'n4',
          'n5',
        ]);
      });

      it('takes one incident by name', async () => {
        const { store } = await start();
        await store.inbox.accept(notification('a', incident(1)));
        await store.inbox.accept(notification('b', incident(2)));
        const leases = await store.inbox.take({ limit: 10, session: incident(2) });
        expect(leases.map((lease) => lease.notification.id)).toEqual(['b']);
        expect(await store.inbox.take({ limit: 10, session: incident(3) })).toEqual([]);
      });

      it('gives a notification to one relay only', async () => {
        const { store, world } = await start();
        const other = await world.open('second');
        for (let n = 1; n <= 6; n++) await store.inbox.accept(notification(`n${n}`, incident(n)));
        const taken = await Promise.all([store, other, store, other].map((relay) => relay.inbox.take({ limit: 6 })));
        const ids = taken.flat().map((lease) => lease.notification.id);
        expect(ids).toHaveLength(new Set(ids).size);
      });

      it('holds a session back until its retry is due and counts the attempts', async () => {
        const { store, clock } = await start();
        await store.inbox.accept(notification('a'));
        await store.inbox.accept(notification('b'));
        await store.inbox.retry(await takeOne(store), clock.now() + 30_000, 'Sentinel answered 503');
        expect(await store.inbox.take({ limit: 10 })).toEqual([]);
        clock.advance(30_000);
        await store.inbox.recover();
        const again = await takeOne(store);
        expect(again.notification).toMatchObject({ id: 'a', attempts: 1 });
      });

      it('does not let a new notification overtake one that waits for its retry', async () => {
        const { store, clock } = await start();
        await store.inbox.accept(notification('a'));
        await store.inbox.retry(await takeOne(store), clock.now() + 30_000, 'busy');
        await store.inbox.accept(notification('b'));
        expect(await store.inbox.take({ limit: 10 })).toEqual([]);
      });

      it('hands a notification out again when its lease ran out, and refuses the late comer', async () => {
        const { store, clock, world } = await start();
        const other = await world.open('second');
        await store.inbox.accept(notification('a'));
        const late = await takeOne(store);
        expect(await other.inbox.take({ limit: 10 })).toEqual([]);
        clock.advance(LEASE_MS);
        await other.inbox.recover();
        const lease = await takeOne(other);
        expect(lease.notification.id).toBe('a');
        await expect(store.inbox.complete(late)).rejects.toThrow(LeaseLostError);
        await expect(store.inbox.retry(late, clock.now(), 'late')).rejects.toThrow(LeaseLostError);
        await expect(store.inbox.deadLetter(late, 'late')).rejects.toThrow(LeaseLostError);
        await other.inbox.complete(lease);
        expect(await store.inbox.counts()).toEqual({ pending: 0, dead: 0 });
      });

      it('counts an attempt before it begins, so that what kills relays is counted too', async () => {
        const { store, clock, world } = await start();
        await store.inbox.accept(notification('a'));
        for (let deaths = 0; deaths < 3; deaths++) {
          const relay = await world.open(`relay ${deaths}`);
          const lease = await takeOne(relay);
          expect([lease.unfinished, lease.notification.attempts]).toEqual([deaths, deaths]);
          clock.advance(LEASE_MS);
          await store.inbox.recover();
        }
        await store.inbox.retry(await takeOne(store), clock.now(), 'busy');
        const after = await takeOne(store);
        expect([after.unfinished, after.notification.attempts]).toEqual([0, 4]);
        await store.inbox.deadLetter(after, 'gone');
        expect((await store.deadLetters.list(1)).map(({ attempts }) => attempts)).toEqual([5]);
      });

      it('does not wait for a time that only a clock set back makes distant', async () => {
        const { store, clock } = await start();
        await store.inbox.accept(notification('a'));
        await store.inbox.retry(await takeOne(store), clock.now() + 30_000, 'busy');
        clock.advance(-86_400_000);
        await store.inbox.recover();
        const [lease] = await store.inbox.take({ limit: 1, session: incident(1) });
        expect(lease?.notification.id).toBe('a');
      });

      it('knows how long the oldest has been waiting', async () => {
        const { store, clock } = await start();
        expect(await store.inbox.oldestPending()).toBeUndefined();
        const arrived = clock.now();
        await store.inbox.accept(notification('a', incident(1)));
        clock.advance(5_000);
        await store.inbox.accept(notification('b', incident(2)));
        expect(await store.inbox.oldestPending()).toBe(arrived);
      });

      it('keeps a lease while more arrives for the same incident', async () => {
        const { store } = await start();
        await store.inbox.accept(notification('a'));
        const lease = await takeOne(store);
        await store.inbox.accept(notification('b'));
        expect(await store.inbox.take({ limit: 10 })).toEqual([]);
        await store.inbox.complete(lease);
        expect((await takeOne(store)).notification.id).toBe('b');
      });

      it('remembers the mark of an incident, also of what failed after it', async () => {
        const { store, clock } = await start();
        for (const id of ['a', 'b', 'c']) await store.inbox.accept(notification(id));
        const marks: (string | undefined)[] = [];
        const next = async () => {
          const lease = await takeOne(store);
          marks.push(lease.appliedUntil);
          return lease;
        };
        await store.inbox.complete(await next(), 'one');
        await store.inbox.complete(await next());
        await store.inbox.retry(await next(), clock.now(), 'busy');
        await store.inbox.retry(await next(), clock.now(), 'busy', 'two');
        await store.inbox.deadLetter(await next(), 'gone', 'three');
        await store.inbox.accept(notification('d'));
        await store.inbox.deadLetter(await next(), 'gone');
        await store.inbox.accept(notification('e'));
        await next();
        expect(marks).toEqual([undefined, 'one', 'one', 'one', 'two', 'three', 'three']);
      });

      it('numbers arrivals, and a replay keeps the number', async () => {
        const { store } = await start();
        for (const id of ['a', 'b', 'c']) await store.inbox.accept(notification(id));
        const arrivals = new Map<string, number>();
        const deadLetter = async () => {
          const lease = await takeOne(store);
          arrivals.set(lease.notification.id, lease.notification.arrival);
          await store.inbox.deadLetter(lease, 'gone');
        };
        for (let n = 0; n < 3; n++) await deadLetter();
        const [a = 0, b = 0, c = 0] = [...arrivals.values()];
        expect(a < b && b < c).toBe(true);
        for (const id of ['b', 'a', 'b']) {
          await store.deadLetters.replay(id);
          await deadLetter();
        }
        expect(Object.fromEntries(arrivals)).toEqual({ a, b, c });
      });

      it('still knows everything after a restart', async () => {
        const { store, world, clock } = await start();
        await store.inbox.accept(notification('a'));
        await store.inbox.accept(notification('b'));
        await store.inbox.complete(await takeOne(store));
        await takeOne(store);
        await store.close();
        const restarted = await world.open('restarted');
        expect(await restarted.inbox.accept(notification('a'))).toBe('duplicate');
        clock.advance(LEASE_MS);
        await restarted.inbox.recover();
        expect((await takeOne(restarted)).notification.id).toBe('b');
      });
    });

    describe('dead letters', () => {
      it('leave the session free and keep body, attempts and reason', async () => {
        const { store, clock } = await start();
        await store.inbox.accept(notification('a'));
        await store.inbox.accept(notification('b'));
        const received = clock.now();
        await store.inbox.retry(await takeOne(store), clock.now(), 'busy');
        clock.advance(5_000);
        await store.inbox.deadLetter(await takeOne(store), 'the incident does not exist');
        expect((await takeOne(store)).notification.id).toBe('b');
        expect(await store.deadLetters.list(10)).toEqual([
          {
            ...notification('a'),
            receivedAt: received,
            arrival: expect.any(Number),
            attempts: 2,
            error: 'the incident does not exist',
            deadLetteredAt: clock.now(),
          },
        ]);
        expect(await store.inbox.counts()).toEqual({ pending: 1, dead: 1 });
      });

      it('go to the end of their session when they are replayed, with their attempts forgotten', async () => {
        const { store } = await start();
        await store.inbox.accept(notification('a'));
        await store.inbox.deadLetter(await takeOne(store), 'gone');
        await store.inbox.accept(notification('b'));
        expect(await store.deadLetters.replay('a')).toBe(true);
        const first = await takeOne(store);
        await store.inbox.complete(first);
        const second = await takeOne(store);
        expect([first.notification.id, second.notification.id]).toEqual(['b', 'a']);
        expect(second.notification.attempts).toBe(0);
        expect(await store.deadLetters.list(10)).toEqual([]);
      });

      it('have another day from their replay on, but keep the time of their arrival', async () => {
        const { store, clock } = await start();
        const arrived = clock.now();
        await store.inbox.accept(notification('a'));
        const first = await takeOne(store);
        expect(first.since).toBe(arrived);
        await store.inbox.deadLetter(first, 'busy');
        clock.advance(30 * 3_600_000);
        await store.deadLetters.replay('a');
        const again = await takeOne(store);
        expect(again.since).toBe(arrived + 30 * 3_600_000);
        expect(again.notification.receivedAt).toBe(arrived);
      });

      it('are forgotten when they are dropped, but their id is still known', async () => {
        const { store } = await start();
        await store.inbox.accept(notification('a'));
        await store.inbox.deadLetter(await takeOne(store), 'gone');
        expect(await store.deadLetters.drop('a')).toBe(true);
        expect(await store.deadLetters.list(10)).toEqual([]);
        expect(await store.inbox.accept(notification('a'))).toBe('duplicate');
        expect(await store.inbox.take({ limit: 10 })).toEqual([]);
      });

      it('are found by id only, and pending ones are none', async () => {
        const { store } = await start();
        await store.inbox.accept(notification('a'));
        expect(await store.deadLetters.replay('a')).toBe(false);
        expect(await store.deadLetters.drop('a')).toBe(false);
        expect(await store.deadLetters.replay("no ' such/id")).toBe(false);
      });

      it('are listed oldest first, up to the limit', async () => {
        const { store, clock } = await start();
        for (let n = 1; n <= 3; n++) {
          await store.inbox.accept(notification(`n${n}`, incident(n)));
          await store.inbox.deadLetter(await takeOne(store), 'gone');
          clock.advance(1000);
        }
        const listed = await store.deadLetters.list(2);
        expect(listed.map((letter) => letter.id)).toEqual(['n1', 'n2']);
      });

      it('are listed page after page, also while letters before the place are raised', async () => {
        const { store, clock } = await start();
        for (let n = 1; n <= 7; n++) {
          await store.inbox.accept(notification(`n${n}`, incident(n)));
          await store.inbox.deadLetter(await takeOne(store), 'gone');
          // Some at the same moment: the id decides then.
          if (n % 3 === 0) clock.advance(1000);
        }
        const seen: string[] = [];
        for (let page = await store.deadLetters.list(2); page.length > 0; ) {
          seen.push(...page.map(({ id }) => id));
          const last = page.at(-1);
          if (last) await store.deadLetters.replay(last.id);
          page = await store.deadLetters.list(2, last);
        }
        expect(seen).toEqual(['n1', 'n2', 'n3', 'n4', 'n5', 'n6', 'n7']);
      });
    });

    describe('forwards', () => {
      it('lets one relay send an incident', async () => {
        const { store, world } = await start();
        const other = await world.open('second');
        const claims = await Promise.all(
          [store, other, store, other].map((relay) => relay.forwards.claim(incident(1), 30_000)),
        );
        expect(claims.filter((claim) => claim.state === 'claimed')).toHaveLength(1);
        expect(claims.filter((claim) => claim.state === 'busy')).toHaveLength(3);
      });

      it('knows what was sent', async () => {
        const { store, clock } = await start();
        await store.forwards.claim(incident(1), 30_000);
        await store.forwards.mark(incident(1), 'event-1');
        const mark = { key: incident(1), eventId: 'event-1', at: clock.now(), seen: '' };
        expect(await store.forwards.claim(incident(1), 30_000)).toEqual({ state: 'forwarded', mark });
        expect(await store.forwards.get(incident(1))).toEqual(mark);
        expect(await store.forwards.get(incident(2))).toBeUndefined();
      });

      it('lets the next one try when the first failed or fell silent', async () => {
        const { store, clock } = await start();
        await store.forwards.claim(incident(1), 30_000);
        await store.forwards.release(incident(1));
        expect((await store.forwards.claim(incident(1), 30_000)).state).toBe('claimed');
        clock.advance(30_000);
        expect((await store.forwards.claim(incident(1), 30_000)).state).toBe('claimed');
        expect(await store.forwards.get(incident(1))).toBeUndefined();
      });

      it('does not keep a claim that only a clock set back makes long', async () => {
        const { store, clock } = await start();
        await store.forwards.claim(incident(1), 30_000);
        clock.advance(-86_400_000);
        expect((await store.forwards.claim(incident(1), 30_000)).state).toBe('claimed');
      });

      it('keeps the mark when a later claim is released', async () => {
        const { store } = await start();
        await store.forwards.mark(incident(1), 'event-1');
        await store.forwards.release(incident(1));
        expect((await store.forwards.get(incident(1)))?.eventId).toBe('event-1');
      });

      it('remembers what the sync timer saw, of sent incidents only', async () => {
        const { store } = await start();
        await store.forwards.mark(incident(1), 'event-1');
        await store.forwards.see(incident(1), '{"status":"Active"}');
        await store.forwards.see(incident(2), '{"status":"Active"}');
        expect((await store.forwards.get(incident(1)))?.seen).toBe('{"status":"Active"}');
        expect(await store.forwards.get(incident(2))).toBeUndefined();
      });
    });

    it('keeps cursors', async () => {
      const { store, world } = await start();
      expect(await store.readCursor('sync')).toBeUndefined();
      await store.writeCursor('sync', '2026-01-10T08:00:00Z');
      await store.writeCursor('sync', '2026-01-10T09:00:00Z');
      const other = await world.open('second');
      expect(await other.readCursor('sync')).toBe('2026-01-10T09:00:00Z');
    });

    it('forgets what was settled long ago and nothing else', async () => {
      const { store, clock } = await start();
      await store.inbox.accept(notification('old', incident(1)));
      await store.inbox.complete(await takeOne(store));
      await store.inbox.accept(notification('dead', incident(2)));
      await store.inbox.deadLetter(await takeOne(store), 'gone');
      await store.inbox.accept(notification('waits', incident(3)));
      await store.forwards.mark(incident(1), 'event-1');
      clock.advance(1_000);
      const limit = clock.now();
      await store.inbox.accept(notification('new', incident(4)));
      const [lease] = await store.inbox.take({ limit: 1, session: incident(4) });
      if (lease) await store.inbox.complete(lease);
      await store.forwards.mark(incident(4), 'event-4');
      await store.prune({ appliedBefore: limit, forwardedBefore: limit });
      expect(await store.inbox.accept(notification('new', incident(4)))).toBe('duplicate');
      expect(await store.inbox.accept(notification('dead', incident(2)))).toBe('duplicate');
      expect(await store.inbox.accept(notification('waits', incident(3)))).toBe('duplicate');
      expect(await store.inbox.accept(notification('old', incident(1)))).toBe('accepted');
      expect(await store.forwards.get(incident(1))).toBeUndefined();
      expect((await store.forwards.get(incident(4)))?.eventId).toBe('event-4');
    });

    it('keeps the mark of a session that a dead letter may come back to', async () => {
      const { store, clock } = await start();
      await store.inbox.accept(notification('dead-lettered', incident(1)));
      await store.inbox.deadLetter(await takeOne(store), 'gone');
      await store.inbox.accept(notification('applied', incident(1)));
      await store.inbox.complete(await takeOne(store), '2026-01-10T08:44:00Z 2');
      clock.advance(40 * 86_400_000);
      await store.prune({ appliedBefore: clock.now() - 1_000, forwardedBefore: 0 });
      await store.deadLetters.replay('dead-lettered');
      const replayed = await takeOne(store);
      expect(replayed.appliedUntil).toBe('2026-01-10T08:44:00Z 2');
      await store.inbox.complete(replayed);
      clock.advance(40 * 86_400_000);
      await store.prune({ appliedBefore: clock.now() - 1_000, forwardedBefore: 0 });
      await store.inbox.accept(notification('next', incident(1)));
      expect((await takeOne(store)).appliedUntil).toBeUndefined();
    });

    it('says that it can be written', async () => {
      const { store } = await start();
      await expect(store.check()).resolves.toBeUndefined();
    });
  });
}

async function takeOne(store: RelayStore): Promise<Lease> {
  const [lease, ...more] = await store.inbox.take({ limit: 1 });
  if (lease === undefined || more.length > 0) throw new Error(`expected one lease, got ${lease ? more.length + 1 : 0}`);
  return lease;
}

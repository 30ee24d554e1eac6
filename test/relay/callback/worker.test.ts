import { afterEach, describe, expect, it } from 'vitest';
import { afterFailure, GIVE_UP_MS } from '../../../src/relay/callback/backoff.ts';
import { type Apply, startWorker, type Worker, type WorkReport } from '../../../src/relay/callback/worker.ts';
import { openSqliteStore } from '../../../src/relay/store/sqlite.ts';
import { LeaseLostError, type RelayStore } from '../../../src/relay/store/store.ts';
import { UpstreamError } from '../../../src/relay/upstream.ts';
import { manualClock } from '../store/contract.ts';

let worker: Worker | undefined;
let store: RelayStore | undefined;
/** Starts the worker once more, as after a crash. */
let restart = () => {};
afterEach(async () => {
  await worker?.stop();
  await store?.close();
  worker = undefined;
  store = undefined;
});

/** A worker on a store in memory; `reported` resolves after that many reports. */
function start(apply: Apply, concurrency = 4) {
  const clock = manualClock();
  const inbox = openSqliteStore(':memory:', { now: clock.now, owner: 'test', leaseMs: 30_000 });
  store = inbox;
  const reports: WorkReport[] = [];
  let wanted = { count: 0, resolve: () => {} };
  restart = () => {
    worker = startWorker({
      inbox: inbox.inbox,
      apply,
      now: clock.now,
      random: () => 0.5,
      concurrency,
      idleMs: 60_000,
      report(report) {
        reports.push(report);
        if (reports.length >= wanted.count) wanted.resolve();
      },
    });
  };
  restart();
  const reported = (count: number) =>
    new Promise<void>((resolve) => {
      wanted = { count, resolve };
      if (reports.length >= count) resolve();
    });
  const add = async (id: string, session: string) => {
    await inbox.inbox.accept({ id, session, body: '{}' });
    worker?.wake();
  };
  return { inbox: inbox.inbox, letters: inbox.deadLetters, reports, reported, add, clock };
}

describe('worker', () => {
  it('applies what it is woken for, one of a session at a time and sessions side by side', async () => {
    const running = new Set<string>();
    let most = 0;
    const order: string[] = [];
    const { reported, add } = start(async ({ notification: { id, session } }) => {
      expect(running.has(session)).toBe(false);
      running.add(session);
      most = Math.max(most, running.size);
      await new Promise((resolve) => setImmediate(resolve));
      running.delete(session);
      order.push(id);
      return undefined;
    });
    for (const id of ['a1', 'b1', 'a2', 'b2', 'a3']) await add(id, id.slice(0, 1));
    await reported(5);
    expect(order.filter((id) => id.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
    expect(order.filter((id) => id.startsWith('b'))).toEqual(['b1', 'b2']);
    expect(most).toBe(2);
  });

  it('runs no more at once than it may', async () => {
    let running = 0;
    let most = 0;
    const { reported, add } = start(async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return undefined;
    }, 2);
    for (let n = 0; n < 8; n++) await add(`n${n}`, `session${n}`);
    await reported(8);
    expect(most).toBe(2);
  });

  it('puts off what fails for now and buries what fails for good', async () => {
    const { reported, add, letters, inbox, reports, clock } = start(async ({ notification: { id } }) => {
      throw new UpstreamError('Sentinel', id === 'later' ? 'throttled' : 'refused', {
        status: 400,
        retryAfterMs: 90_000,
      });
    });
    await add('later', 'one');
    await add('never', 'two');
    await reported(2);
    expect(reports.map(({ outcome }) => outcome).toSorted()).toEqual(['dead', 'retry']);
    expect((await letters.list(10)).map(({ id, error }) => [id, error])).toEqual([
      ['never', 'Sentinel refused the request (HTTP 400)'],
    ]);
    clock.advance(89_000);
    expect(await inbox.take({ limit: 1 })).toEqual([]);
    clock.advance(1_000);
    expect(await inbox.take({ limit: 1 })).toHaveLength(1);
  });

  it('gives up what a relay died of five times, without trying it again', async () => {
    const applied: string[] = [];
    const { add, inbox, reported, letters, clock } = start(async ({ notification: { id } }) => {
      applied.push(id);
      return undefined;
    });
    await worker?.stop();
    await add('deadly', 'one');
    for (let deaths = 0; deaths < 5; deaths++) {
      expect(await inbox.take({ limit: 1 })).toHaveLength(1);
      clock.advance(30_000);
    }
    await add('harmless', 'two');
    restart();
    await reported(2);
    expect(applied).toEqual(['harmless']);
    expect((await letters.list(10)).map(({ id, error }) => [id, error])).toEqual([
      ['deadly', 'the relay ended 5 times in a row while it applied this notification'],
    ]);
  });

  it('applies what a relay died of alone', async () => {
    const finish: (() => void)[] = [];
    const { add, inbox, reported, clock } = start(
      () => new Promise((resolve) => finish.push(() => resolve(undefined))),
    );
    await worker?.stop();
    for (const id of ['a', 'b']) await add(id, id);
    expect(await inbox.take({ limit: 2 })).toHaveLength(2);
    clock.advance(30_000);
    await add('c', 'c');
    restart();
    for (let done = 1; done <= 3; done++) {
      await expect.poll(() => finish.length).toBe(done);
      finish.at(-1)?.();
      await reported(done);
    }
  });

  it('leaves alone what it holds no more', async () => {
    const { reported, add, inbox, reports } = start(async ({ notification: { session } }) => {
      throw new LeaseLostError(session);
    });
    await add('a', 'one');
    await reported(1);
    expect(reports.map(({ outcome }) => outcome)).toEqual(['lost']);
    expect(await inbox.counts()).toEqual({ pending: 1, dead: 0 });
  });

  it('ends what is under way before it stops', async () => {
    let finish = () => {};
    const { add, inbox, reports } = start(
      () =>
        new Promise((resolve) => {
          finish = () => resolve(undefined);
        }),
    );
    await add('a', 'one');
    await expect.poll(() => inbox.take({ limit: 1 })).toEqual([]);
    const stopped = worker?.stop();
    finish();
    await stopped;
    expect(reports.map(({ outcome }) => outcome)).toEqual(['applied']);
  });
});

describe('pause after a failure', () => {
  const at = (attempts: number, random: number, error: unknown = new UpstreamError('Sentinel', 'unavailable')) =>
    afterFailure(error, { attempts, since: 0 }, { now: 1_000, random: () => random });

  it('doubles from two seconds to a quarter of an hour, half of it by chance', () => {
    expect([0, 1, 2, 3].map((attempts) => at(attempts, 1))).toEqual(
      [3_000, 5_000, 9_000, 17_000].map((retryAt) => ({ retryAt })),
    );
    expect(at(0, 0)).toEqual({ retryAt: 2_000 });
    expect(at(60, 1)).toEqual({ retryAt: 1_000 + 15 * 60_000 });
  });

  it('is at least as long as the service asks', () => {
    expect(at(0, 1, new UpstreamError('Sentinel', 'throttled', { retryAfterMs: 45_000 }))).toEqual({ retryAt: 46_000 });
    expect(at(5, 1, new UpstreamError('Sentinel', 'throttled', { retryAfterMs: 1 }))).toEqual({ retryAt: 65_000 });
  });

  it.each(['missing', 'refused'] as const)('is none where repeating is vain: %s', (kind) => {
    expect(at(0, 1, new UpstreamError('Sentinel', kind))).toHaveProperty('giveUp');
  });

  it('ends after a day', () => {
    const verdict = afterFailure(new Error('x'), { attempts: 99, since: 0 }, { now: GIVE_UP_MS, random: () => 0 });
    expect(verdict).toEqual({ giveUp: 'x; given up after a day and 100 attempts' });
  });
});

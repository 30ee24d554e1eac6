import { describe, expect, it } from 'vitest';
import type { CallResult } from '../../src/engine/calls.ts';
import { type Clock, virtualClock } from '../../src/engine/clock.ts';
import { fork, inParallel, type Process, runProcess, sleepUntil, stop, within } from '../../src/engine/scheduler.ts';
import { http, run, span } from './support/workflow.ts';

/** A clock on which sleeps and calls pass side by side, moved by hand. */
function sharedClock() {
  let now = 0;
  const sleepers: { at: number; wake: () => void }[] = [];
  const clock: Clock = {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        sleepers.push({ at: now + ms, wake: resolve });
        signal?.addEventListener('abort', () => reject(signal.reason));
      }),
  };
  return {
    clock,
    /** Moves on to the next sleeper, once everybody has settled. */
    async tick() {
      await new Promise((resolve) => setImmediate(resolve));
      sleepers.sort((a, b) => a.at - b.at);
      const next = sleepers.shift();
      now = Math.max(now, next?.at ?? now);
      next?.wake();
    },
  };
}

describe('the scheduler', () => {
  it('wakes sleepers by time, and in order where the time is the same', async () => {
    const clock = virtualClock(0);
    const woken: string[] = [];
    function* sleeper(name: string, at: number): Process<void> {
      yield* sleepUntil(at);
      woken.push(`${name}@${clock.now()}`);
    }
    function* main(): Process<void> {
      for (const [name, at] of [
        ['c', 30],
        ['a', 10],
        ['b1', 20],
        ['b2', 20],
      ] as const)
        yield* fork(sleeper(name, at));
      yield* sleepUntil(40);
    }
    await runProcess(main(), clock, () => ({ status: 200 }));
    expect(woken).toEqual(['a@10', 'b1@20', 'b2@20', 'c@30']);
  });

  it('cuts a process off at its deadline, with all it started', async () => {
    const clock = virtualClock(0);
    const ended: string[] = [];
    function* child(): Process<void> {
      try {
        yield* sleepUntil(100);
        ended.push('child ran to its end');
      } finally {
        ended.push(`child closed@${clock.now()}`);
      }
    }
    function* parent(): Process<string> {
      yield* fork(child());
      yield* sleepUntil(200);
      return 'done';
    }
    let result: unknown = 'unset';
    await runProcess(
      (function* () {
        result = yield* within(parent(), 50);
        yield* sleepUntil(300);
      })(),
      clock,
      () => ({ status: 200 }),
    );
    expect(result).toBeUndefined();
    expect(ended).toEqual(['child closed@50']);
  });

  it('runs no more than so many side by side', async () => {
    let running = 0;
    let most = 0;
    const clock = virtualClock(0);
    await runProcess(
      inParallel(10, 3, function* (index) {
        running++;
        most = Math.max(most, running);
        yield* sleepUntil(clock.now() + 10 + index);
        running--;
      }),
      clock,
      () => ({ status: 200 }),
    );
    expect(most).toBe(3);
  });

  it('ends everything at a stop', async () => {
    let isClosed = false;
    function* main(): Process<void> {
      yield* fork(
        (function* (): Process<void> {
          try {
            yield* sleepUntil(1_000);
          } finally {
            isClosed = true;
          }
        })(),
      );
      yield* sleepUntil(10);
      yield* stop();
    }
    expect(await runProcess(main(), virtualClock(0), () => ({ status: 200 }))).toBe(false);
    expect(isClosed).toBe(true);
  });
});

describe('a run on a clock that it shares with what it calls', () => {
  const get = http({}, { limit: { timeout: 'PT10S' } });

  it('sees calls take their time', async () => {
    const { clock, tick } = sharedClock();
    const calls = async (): Promise<CallResult> => {
      await clock.sleep(4_000);
      return { status: 200 };
    };
    const running = run({ Get: get }, { clock, calls });
    for (let turn = 0; turn < 3; turn++) await tick();
    const result = await running;
    expect([result.actions['Get']?.status, span(result, 'Get')[1]]).toEqual(['Succeeded', 4_000]);
  });

  it('does not wait longer than its timeout for a call', async () => {
    const { clock, tick } = sharedClock();
    const calls = async (): Promise<CallResult> => {
      await clock.sleep(60_000);
      return { status: 200 };
    };
    const running = run({ Get: get }, { clock, calls });
    for (let turn = 0; turn < 3; turn++) await tick();
    const result = await running;
    expect([result.actions['Get']?.status, span(result, 'Get')[1]]).toEqual(['TimedOut', 10_000]);
  });
});

import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../src/simulator/clock.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the virtual clock', () => {
  it('does not advance until it is moved, then runs what is due in order', async () => {
    const clock = new VirtualClock('2026-01-10T08:00:00Z');
    const log: string[] = [];
    const note = (text: string) => () => void log.push(`${text} ${new Date(clock.now()).toISOString().slice(14, 19)}`);
    clock.after(60_000, note('later'));
    clock.after(1_000, note('first'));
    clock.after(1_000, note('second'));
    await clock.runDue();
    expect(log).toEqual([]);
    await clock.advance(90_000);
    expect(log).toEqual(['first 00:01', 'second 00:01', 'later 01:00']);
    expect(new Date(clock.now()).toISOString()).toBe('2026-01-10T08:01:30.000Z');
  });

  it('waits for a task that works, and jumps over the time in which it sleeps', async () => {
    const clock = new VirtualClock(0);
    const log: string[] = [];
    clock.after(10, async () => {
      for (let step = 0; step < 20; step++) await turn();
      log.push(`worked until ${clock.now()}`);
      await clock.sleep(500);
      log.push(`slept until ${clock.now()}`);
    });
    clock.after(100, () => void log.push(`other at ${clock.now()}`));
    await clock.advance(1_000);
    expect(log).toEqual(['worked until 10', 'other at 100', 'slept until 510']);
  });

  it('runs side by side what sleeps side by side', async () => {
    const clock = new VirtualClock(0);
    let ended = 0;
    clock.after(0, async () => {
      await Promise.all([clock.sleep(100), clock.sleep(100), clock.sleep(100)]);
      ended = clock.now();
    });
    await clock.advance(1_000);
    expect(ended).toBe(100);
  });

  it('does not jump while one branch sleeps and another works', async () => {
    const clock = new VirtualClock(0);
    let answeredAt = -1;
    clock.after(0, async () => {
      const deadline = clock.sleep(25_000);
      await clock.track(async () => {
        for (let step = 0; step < 50; step++) await turn();
      });
      answeredAt = clock.now();
      await deadline;
    });
    await clock.advance(60_000);
    expect(answeredAt).toBe(0);
  });

  it('gives up sleeping when told so', async () => {
    const clock = new VirtualClock(0);
    const stop = new AbortController();
    const outcome = clock.sleep(1_000, stop.signal).catch((reason: unknown) => reason);
    clock.after(10, () => stop.abort('enough'));
    await clock.advance(20);
    expect(await outcome).toBe('enough');
  });

  it('runs until something is reached, or to the limit', async () => {
    const clock = new VirtualClock(0);
    let ticks = 0;
    const tick = () => {
      ticks++;
      clock.after(100, tick);
    };
    clock.after(100, tick);
    expect(await clock.runUntil(() => ticks === 3, 10_000)).toBe(true);
    expect(clock.now()).toBe(300);
    expect(await clock.runUntil(() => ticks === 100, 500)).toBe(false);
    expect(clock.now()).toBe(800);
  });

  it('hands on what a task throws', async () => {
    const clock = new VirtualClock(0);
    clock.after(5, () => Promise.reject(new Error('playbook broke')));
    await expect(clock.advance(10)).rejects.toThrow('playbook broke');
  });

  it('stops a story that never ends', async () => {
    const clock = new VirtualClock(0);
    const again = () => void clock.after(0, again);
    again();
    await expect(clock.runDue()).rejects.toThrow('no end in sight');
  });

  it('forgets what is cancelled', async () => {
    const clock = new VirtualClock(0);
    let ran = false;
    const cancel = clock.after(5, () => {
      ran = true;
    });
    cancel();
    await clock.advance(10);
    expect(ran).toBe(false);
  });
});

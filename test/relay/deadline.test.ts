import { describe, expect, it } from 'vitest';
import { startBudget } from '../../src/relay/deadline.ts';

const never = () => new Promise<never>(() => {});

describe('budget', () => {
  it('gives what a step gives', async () => {
    expect(await startBudget(5_000).by(0.5, 'Sentinel', async () => 42)).toBe(42);
  });

  it('ends a step that takes more than its share, even one that ignores its signal', async () => {
    const budget = startBudget(10_000);
    await expect(budget.by(0.001, 'Sentinel', never)).rejects.toMatchObject({
      service: 'Sentinel',
      kind: 'late',
      message: 'Sentinel did not answer in time',
    });
    expect(budget.signal.aborted).toBe(false);
  });

  it('tells the step by its signal', async () => {
    let aborted = false;
    const step = (signal: AbortSignal) =>
      new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => {
          aborted = true;
          reject(signal.reason);
        });
      });
    await expect(startBudget(10_000).by(0.001, 'SIGNL4', step)).rejects.toMatchObject({ kind: 'late' });
    expect(aborted).toBe(true);
  });

  it('starts nothing once it is spent, or the caller has gone', async () => {
    let started = false;
    const step = async () => {
      started = true;
    };
    await expect(startBudget(0).by(1, 'Sentinel', step)).rejects.toMatchObject({ kind: 'late' });
    await expect(startBudget(5_000, AbortSignal.abort()).by(1, 'Sentinel', step)).rejects.toMatchObject({
      kind: 'late',
    });
    expect(started).toBe(false);
  });

  it('passes failures on as they are', async () => {
    await expect(startBudget(5_000).by(1, 'Sentinel', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it('has parts that end with it', async () => {
    const whole = startBudget(50);
    const part = whole.upTo(0.5);
    expect(part.remainingMs()).toBeLessThanOrEqual(25);
    await expect(part.by(1, 'Sentinel', never)).rejects.toMatchObject({ kind: 'late' });
  });
});

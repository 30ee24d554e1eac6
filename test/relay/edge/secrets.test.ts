import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rateLimit } from '../../../src/relay/edge/rate-limit.ts';
import { secretCheck } from '../../../src/relay/edge/secrets.ts';
import { propertySeed } from '../../support/seed.ts';

describe('secret', () => {
  it('is recognised, and so is the one before', () => {
    const isSecret = secretCheck(['new-secret-0123456789', 'old-secret-0123456789']);
    expect(isSecret('new-secret-0123456789')).toBe(true);
    expect(isSecret('old-secret-0123456789')).toBe(true);
  });

  it('is nothing else: no part of it, nothing longer, nothing like it', () => {
    const secret = 'sécret-0123456789';
    const isSecret = secretCheck([secret]);
    for (const wrong of [
      '',
      secret.slice(0, -1),
      `${secret} `,
      `${secret}\0`,
      secret.toUpperCase(),
      'se\u0301cret-0123456789',
    ]) {
      expect(isSecret(wrong)).toBe(false);
    }
    expect(secretCheck([])('')).toBe(false);
    expect(secretCheck(['x'.repeat(600)])('x'.repeat(601))).toBe(false);
    expect(secretCheck([`${'x'.repeat(600)}a`])(`${'x'.repeat(600)}b`)).toBe(false);
  });

  it('is only what equals it, for any two texts', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.string({ unit: 'binary', maxLength: 40 }),
        (a, b) => {
          expect(secretCheck([a])(b)).toBe(Buffer.from(a).equals(Buffer.from(b)));
          expect(secretCheck([a])(a)).toBe(true);
        },
      ),
      { seed: propertySeed('relay secrets', 1) },
    );
  });
});

describe('rate limit', () => {
  it('lets a burst pass, then as many as time allows, for each key on its own', () => {
    let time = 0;
    const limit = rateLimit(600, () => time);
    const taken = (key: string, times: number) => Array.from({ length: times }, () => limit.take(key));
    expect(taken('a', 60).every((wait) => wait === 0)).toBe(true);
    expect(limit.take('a')).toBe(1);
    expect(limit.take('b')).toBe(0);
    time += 100;
    expect(taken('a', 2)).toEqual([0, 1]);
    time += 3_600_000;
    expect(taken('a', 61).filter((wait) => wait > 0)).toHaveLength(1);
  });

  it('is of twenty at least, and of a tenth where that is more', () => {
    const burst = (perMinute: number) => {
      const limit = rateLimit(perMinute, () => 0);
      let passed = 0;
      while (limit.take('a') === 0) passed++;
      return passed;
    };
    expect([1, 200, 201, 600].map(burst)).toEqual([20, 20, 20, 60]);
  });

  it('forgets the key that was longest unused, from ten thousand on', () => {
    const limit = rateLimit(6, () => 0);
    const take = (key: string, times = 1) => Array.from({ length: times }, () => limit.take(key)).at(-1);
    expect(take('a', 21)).toBe(10);
    for (let n = 0; n < 9_999; n++) limit.take(`other ${n}`);
    expect(take('a')).toBe(10);
    for (let n = 0; n < 9_999; n++) limit.take(`another ${n}`);
    expect(take('a')).toBe(10);
    for (let n = 0; n < 10_000; n++) limit.take(`one more ${n}`);
    expect(take('a')).toBe(0);
  });

  it('does not go wrong when the clock does', () => {
    let time = 1_000_000;
    const limit = rateLimit(600, () => time);
    limit.take('a');
    time -= 500_000;
    expect(limit.take('a')).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import { assertHeld } from '../../../src/relay/callback/apply.ts';
import { type Lease, LeaseLostError } from '../../../src/relay/store/store.ts';

const notification = { id: 'n', session: 'sentinel:w:1', body: '{}', attempts: 0, since: 0 };
const lease = { notification, until: 30_000 } as unknown as Lease;

describe('a lease', () => {
  it('is held until five seconds before its end: a write that begins later may end after it', () => {
    expect(() => assertHeld(lease, 24_999)).not.toThrow();
    expect(() => assertHeld(lease, 25_000)).toThrow(LeaseLostError);
    expect(() => assertHeld(lease, 30_000)).toThrow(LeaseLostError);
  });
});

import { describe, expect, it } from 'vitest';
import { defaultSync } from '../../src/rules/choices.ts';
import {
  converge,
  isPerson,
  isTakenNow,
  NOTIFICATION_GRACE_MS,
  noChange,
  type PagedAlert,
  type Situation,
} from '../../src/rules/converge.ts';

const MINUTE = 60_000;
const open: PagedAlert = {
  status: 'open',
  createdAt: 0,
  acknowledgedAt: undefined,
  closedAt: undefined,
  isByPerson: false,
};
const closedAt = (at: number, isByPerson = true): PagedAlert => ({
  ...open,
  status: 'closed',
  closedAt: at,
  isByPerson,
});
const acknowledgedAt = (at: number): PagedAlert => ({
  ...open,
  status: 'acknowledged',
  acknowledgedAt: at,
  isByPerson: true,
});

/** What is due of an open incident that was changed at minute 1 and is looked at an hour later. */
function due(situation: Partial<Situation>, change: Partial<Situation['change']> = {}) {
  const incident = { status: 'New', owner: undefined, severity: 'High' } as const;
  const whole: Situation = {
    ...{ incident, changedAt: MINUTE, alerts: [open], course: [], now: 60 * MINUTE },
    ...situation,
    change: { ...noChange, ...change },
  };
  return converge(whole, defaultSync, false);
}

describe('what the notification of SIGNL4 is waited for', () => {
  it('is ten minutes, and not one millisecond less', () => {
    const at = 2 * MINUTE;
    expect(due({ alerts: [closedAt(at)], now: at + NOTIFICATION_GRACE_MS }).missed).toBeUndefined();
    expect(due({ alerts: [closedAt(at)], now: at + NOTIFICATION_GRACE_MS + 1 }).missed).toBe('closed');
  });

  it('is missed where nobody touched the incident since, or its course shows that it began before', () => {
    expect(due({ alerts: [closedAt(MINUTE)] }).missed).toBeUndefined();
    expect(due({ alerts: [closedAt(MINUTE + 1)] }).missed).toBe('closed');
    const course = [{ at: 5, status: 'New' }];
    expect(due({ alerts: [closedAt(5)], course }).missed).toBe('closed');
    expect(due({ alerts: [closedAt(4)], course }).missed).toBeUndefined();
  });

  it('is not missed where the incident was in the state at that moment or later', () => {
    const course = (until: number) => [
      { at: 0, status: 'New' },
      { at: 1, status: 'Active' },
      { at: until, status: 'New' },
    ];
    expect(due({ alerts: [acknowledgedAt(7)], course: course(8) }).missed).toBeUndefined();
    expect(due({ alerts: [acknowledgedAt(8)], course: course(8) }).missed).toBe('acknowledged');
  });
});

describe('a closing on the phone', () => {
  it('is only one by a person, and of the alert that was raised last', () => {
    expect(due({ alerts: [closedAt(2 * MINUTE, false)] }).missed).toBeUndefined();
    const [at, later] = [2 * MINUTE, { ...closedAt(3 * MINUTE, false), createdAt: 2 * MINUTE }];
    expect(due({ alerts: [closedAt(at), later] }).missed).toBe('closed');
    expect(due({ alerts: [closedAt(at), { ...later, createdAt: 2 * MINUTE + 1 }] }).missed).toBeUndefined();
    expect(due({ alerts: [closedAt(at), { ...open, createdAt: at + 1 }] }).missed).toBeUndefined();
    expect(due({ alerts: [closedAt(at), open] }).missed).toBe('closed');
  });

  it('of several counts by the last', () => {
    const between = { ...closedAt(3 * MINUTE, false), createdAt: 4 * MINUTE };
    expect(due({ alerts: [closedAt(2 * MINUTE), closedAt(5 * MINUTE), between] }).missed).toBe('closed');
  });

  it('does not page again what was closed in Sentinel before the last alert closed', () => {
    const course = [
      { at: 0, status: 'Closed' },
      { at: 3 * MINUTE, status: 'New' },
    ];
    expect(due({ alerts: [closedAt(1), closedAt(3 * MINUTE)], course }).page).toBeUndefined();
    expect(due({ alerts: [closedAt(1), closedAt(3 * MINUTE - 1)], course }).page).toBe('reopened');
  });
});

describe('a raised severity', () => {
  const raised = { isRaised: true };

  it('pages where nobody is on it, and nobody was told since', () => {
    expect(due({ alerts: [{ ...open, createdAt: MINUTE - 1 }] }, raised).page).toBe('raised');
    expect(due({ alerts: [{ ...open, createdAt: MINUTE }] }, raised).page).toBeUndefined();
    expect(due({ alerts: [open, { ...open, createdAt: MINUTE }] }, raised).page).toBeUndefined();
    expect(due({ alerts: [acknowledgedAt(1)] }, raised).page).toBeUndefined();
  });
});

describe('a person who takes the incident', () => {
  it('acknowledges what is open or was not answered, also beside what is not', () => {
    const taken = { isTaken: true };
    expect(due({ alerts: [open] }, taken).acknowledge).toBe(true);
    expect(due({ alerts: [{ ...open, status: 'noResponse' }] }, taken).acknowledge).toBe(true);
    expect(due({ alerts: [acknowledgedAt(1), open] }, taken).acknowledge).toBe(true);
    expect(due({ alerts: [acknowledgedAt(1)] }, taken).acknowledge).toBe(false);
  });
});

describe('an alert that is open of a closed incident', () => {
  const incident = { status: 'Closed', owner: undefined, severity: 'High' } as const;

  it('was reopened where both were closed and it is not newer than the closing', () => {
    const settled = { wasSettled: true };
    const of = (createdAt: number) => due({ incident, alerts: [closedAt(1), { ...open, createdAt }] }, settled);
    expect(of(MINUTE).missed).toBe('reopened');
    expect([of(MINUTE + 1).missed, of(MINUTE + 1).resolve]).toEqual([undefined, true]);
  });
});

describe('what is new', () => {
  const said = (standing: string, news: readonly string[], comments = true) =>
    converge(
      {
        incident: { status: 'New', owner: undefined, severity: 'High' },
        ...{ changedAt: 0, alerts: [open], course: [], now: 0 },
        change: { ...noChange, standing, news },
      },
      { ...defaultSync, comments },
      false,
    ).annotation;

  it('is told line by line and marked, without what is blank', () => {
    expect(said('', ['a', ' ', 'b'])).toBe('[Sentinel] a\nb');
    expect(said('waits', ['a'])).toBe('[Sentinel] waits\na');
    expect(said('', ['', '  '])).toBe('');
  });

  it('is its standing alone where comments are not told', () => {
    expect(said('waits', ['a'], false)).toBe('[Sentinel] waits');
  });
});

describe('an owner', () => {
  const owner = { objectId: 'a', email: 'a@contoso.com', userPrincipalName: undefined, name: 'Aoi' };

  it('is a person by its type, or by its user principal name where it has none', () => {
    expect(isPerson({ ...owner, type: 'User' })).toBe(true);
    expect(isPerson({ ...owner, type: 'Group', userPrincipalName: 'soc@contoso.com' })).toBe(false);
    expect(isPerson({ ...owner, type: undefined, userPrincipalName: 'a@contoso.com' })).toBe(true);
    expect(isPerson({ ...owner, type: undefined })).toBe(false);
    expect(isPerson(undefined)).toBe(false);
  });

  it('has taken it; without one the person who set it Active has', () => {
    const of = (status: 'New' | 'Active', own?: Parameters<typeof isPerson>[0]) =>
      isTakenNow({ status, owner: own } as Parameters<typeof isTakenNow>[0]);
    expect([of('Active'), of('New')]).toEqual([true, false]);
    expect([of('New', { ...owner, type: 'User' }), of('Active', { ...owner, type: 'Group' })]).toEqual([true, false]);
  });
});

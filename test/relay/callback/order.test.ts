import { describe, expect, it } from 'vitest';
import { readIncident } from '../../../src/domain/incident.ts';
import { readNotification } from '../../../src/domain/notification.ts';
import { hasComment, referenced } from '../../../src/relay/callback/apply-graph.ts';
import { withoutLateState } from '../../../src/relay/callback/applying.ts';
import { isLate, markOf } from '../../../src/relay/callback/order.ts';
import { withOwnerNamed } from '../../../src/relay/callback/owner.ts';
import type { IncidentChange } from '../../../src/rules/callback.ts';

const NOON = Date.UTC(2026, 0, 10, 12);
const MINUTE = 60_000;
const at = (ms: number) => new Date(ms).toISOString();
const place = (ms: number, arrival = 5) => ({ raisedAt: at(ms), arrival });

describe('the place of a notification', () => {
  it('is late where something newer was applied', () => {
    expect(isLate(place(NOON - 1), markOf(place(NOON)), NOON)).toBe(true);
    expect(isLate(place(NOON + 1), markOf(place(NOON)), NOON)).toBe(false);
  });

  it('of the same moment is late where the other arrived later', () => {
    expect(isLate(place(NOON, 4), markOf(place(NOON, 5)), NOON)).toBe(true);
    expect(isLate(place(NOON, 5), markOf(place(NOON, 5)), NOON)).toBe(false);
    expect(isLate(place(NOON, 6), markOf(place(NOON, 5)), NOON)).toBe(false);
  });

  it('is not late where nothing was applied, or nobody can read what', () => {
    for (const mark of [undefined, '', 'yesterday 7']) expect(isLate(place(0), mark, NOON)).toBe(false);
  });

  it('counts the mark of an older relay, which is a time alone', () => {
    expect(isLate(place(NOON - 1), at(NOON), NOON)).toBe(true);
    expect(isLate(place(NOON, 1), at(NOON), NOON)).toBe(false);
  });

  it('does not believe a mark more than ten minutes ahead: that clock was wrong', () => {
    const mark = markOf(place(NOON));
    expect(isLate(place(NOON - 1), mark, NOON - 10 * MINUTE)).toBe(true);
    expect(isLate(place(NOON - 1), mark, NOON - 10 * MINUTE - 1)).toBe(false);
  });
});

describe('a change that comes late', () => {
  const change: IncidentChange = {
    status: 'Active',
    owner: 'm',
    severity: 'High',
    releaseOwner: true,
    close: { classification: 'Undetermined', comment: '' },
    tag: 'SIGNL4-Seen',
    comment: { id: 'c', message: 'SIGNL4: x' },
    noRoomFor: 'note',
  };

  it('says what it says, and leaves the state alone', () => {
    const { tag, comment, noRoomFor } = change;
    expect(withoutLateState(change, { isLate: true })).toEqual({ tag, comment, noRoomFor });
    expect(withoutLateState({ status: 'Active' }, { isLate: true })).toEqual({});
    expect(withoutLateState(change, { isLate: false })).toEqual(change);
  });
});

describe('an owner whom Sentinel does not know', () => {
  const notification = readNotification({ id: 'dd209a2d-e037-41ee-b37d-f605cc0a39fb', eventType: 201 });
  const incident = (commentsCount: number) =>
    readIncident({ id: '/x/incidents/1', properties: { title: 'x', additionalData: { commentsCount } } });
  const named = (change: IncidentChange, name: string | undefined, comments = 0) => {
    const read = incident(comments);
    if (!notification || !read) throw new Error('neither notification nor incident');
    return withOwnerNamed(change, name, notification, read);
  };

  it('is named in a comment of its own, the same however often it is written', () => {
    const change = named({ status: 'Active', owner: 'm@contoso.com' }, 'mlopez');
    expect(change).toEqual({
      status: 'Active',
      comment: { id: expect.stringMatching(/^[0-9a-f-]{36}$/), message: 'SIGNL4: Owner: mlopez' },
    });
    expect(named({ owner: 'm@contoso.com' }, 'mlopez').comment).toEqual(change.comment);
  });

  it('is not named where another comment tells who it is, nor where there is nobody', () => {
    const comment = { id: 'c', message: 'SIGNL4: Acknowledged by mlopez.' };
    expect(named({ owner: 'm', comment }, 'mlopez')).toEqual({ comment });
    expect(named({ owner: 'm' }, undefined)).toEqual({});
  });

  it('is not named from ninety comments on: the last places are for people', () => {
    expect(named({ owner: 'm' }, 'mlopez', 89)).toHaveProperty('comment');
    expect(named({ owner: 'm' }, 'mlopez', 90)).toEqual({});
  });
});

describe('a comment in Defender', () => {
  const text = referenced({ id: 'dd209a2d-e037-41ee-b37d-f605cc0a39fb', message: 'SIGNL4: a &lt;b&gt;<br>c' });

  it('is plain text that ends with what it is known by', () => {
    expect(text).toBe('SIGNL4: a <b>\nc [dd209a2d]');
  });

  it('is there where one of the comments is the same, to the letter', () => {
    expect(hasComment({ comments: [{ comment: 'x' }, { comment: text }] }, text)).toBe(true);
    expect(hasComment({ comments: [{ comment: `${text} ` }] }, text)).toBe(false);
    expect(hasComment({ comments: [] }, text)).toBe(false);
    expect(hasComment({}, text)).toBe(false);
  });
});

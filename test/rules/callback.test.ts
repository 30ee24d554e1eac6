import { describe, expect, it } from 'vitest';
import { readIncident } from '../../src/domain/incident.ts';
import { readNotification } from '../../src/domain/notification.ts';
import { applyNotification, type CallbackRules } from '../../src/rules/callback.ts';
import { defaultCallback, defaultClose } from '../../src/rules/choices.ts';

const rules: CallbackRules = { mapping: defaultCallback, close: defaultClose, owners: {} };
const maria = { username: 'mlopez', mailaddress: 'm.lopez@contoso.com', id: 'f0bd5063-9588-51cf-b3d9-94e5647dedc5' };
const id = 'dd209a2d-e037-41ee-b37d-f605cc0a39fb';

function notification(event: object) {
  const read = readNotification({ id, team: { teamname: 'SOC' }, user: maria, ...event });
  if (!read) throw new Error('not a notification');
  return read;
}
const status = (statusCode: number, note?: string, more: object = {}) =>
  notification({ eventType: 201, alert: { statusCode }, annotation: note ? { message: note } : null, ...more });

function incident(properties: object) {
  const read = readIncident({ id: '/x/incidents/1', properties: { title: 'x', severity: 'Low', ...properties } });
  if (!read) throw new Error('not an incident');
  return read;
}
const apply = (event: ReturnType<typeof notification>, properties: object, own: Partial<CallbackRules> = {}) =>
  applyNotification(event, incident(properties), { ...rules, ...own });

describe('a notification of SIGNL4', () => {
  it('acknowledged: makes the incident active and its owner the person who acted', () => {
    expect(apply(status(2, 'On it'), { status: 'New' })).toEqual({
      status: 'Active',
      owner: 'm.lopez@contoso.com',
      comment: { id, message: 'SIGNL4: Acknowledged by mlopez. On it' },
    });
  });

  it('takes the owner from the table, whatever the casing of the address', () => {
    const owners = { 'M.Lopez@Contoso.com': 'mlopez@fabrikam.com' };
    expect(apply(status(2), { status: 'New' }, { owners })?.owner).toBe('mlopez@fabrikam.com');
  });

  it('changes only what differs', () => {
    const owner = { userPrincipalName: 'M.Lopez@contoso.com' };
    expect(apply(status(2), { status: 'Active', owner })).toEqual({
      comment: { id, message: 'SIGNL4: Acknowledged by mlopez.' },
    });
  });

  it('closed: closes with the default classification', () => {
    expect(apply(status(4), { status: 'Active' })).toEqual({
      status: 'Closed',
      close: { classification: 'Undetermined', comment: 'Closed in SIGNL4 by mlopez.' },
      comment: { id, message: 'SIGNL4: Closed by mlopez.' },
    });
  });

  it('closed with a hashtag: closes with its classification, and the rest of the note is the comment', () => {
    expect(apply(status(4, '#fp Scanner of the branch'), { status: 'Active' })).toMatchObject({
      close: {
        classification: 'FalsePositive - IncorrectAlertLogic',
        comment: 'Closed in SIGNL4 by mlopez. Scanner of the branch',
      },
      comment: { message: 'SIGNL4: Closed by mlopez. Scanner of the branch' },
    });
  });

  it('closed: cuts the comment of the classification at a thousand characters, and not that of the incident', () => {
    const close = { ...defaultClose, comment: '{{note}}' };
    const closing = (length: number) => apply(status(4, 'x'.repeat(length)), { status: 'Active' }, { close });
    expect(closing(1_000)?.close?.comment).toBe('x'.repeat(1_000));
    expect(closing(1_001)?.close?.comment).toBe(`${'x'.repeat(999)}…`);
    expect(closing(1_001)?.comment?.message).toContain('x'.repeat(1_001));
  });

  it('keeps a hashtag where nothing is closed', () => {
    expect(apply(status(2, '#fp?'), { status: 'New' })?.comment?.message).toBe('SIGNL4: Acknowledged by mlopez. #fp?');
  });

  it('leaves a closed incident closed when somebody acknowledges late', () => {
    expect(apply(status(2), { status: 'Closed' })).toEqual({
      comment: { id, message: 'SIGNL4: Acknowledged by mlopez.' },
    });
  });

  it('reopened: brings a closed incident back', () => {
    expect(apply(status(1), { status: 'Closed' })).toMatchObject({ status: 'New' });
  });

  it('reopened: gives back what the person owns, nobody owns or was closed, and nothing of somebody else', () => {
    const mine = { email: 'M.Lopez@contoso.com' };
    const theirs = { email: 'k.sato@contoso.com' };
    expect(apply(status(1), { status: 'Active', owner: mine })).toMatchObject({ status: 'New', releaseOwner: true });
    expect(apply(status(1), { status: 'Closed', owner: theirs })).toMatchObject({ status: 'New', releaseOwner: true });
    const nobodys = apply(status(1), { status: 'Active' });
    expect(nobodys).toMatchObject({ status: 'New' });
    expect(nobodys).not.toHaveProperty('releaseOwner');
    const kept = apply(status(1), { status: 'Active', owner: theirs });
    expect(kept).not.toHaveProperty('releaseOwner');
    expect(kept).not.toHaveProperty('status');
  });

  it('reopened: keeps its owner where the mapping says so, and nothing else gives back', () => {
    const reopened = { ...defaultCallback.reopened, releaseOwner: false };
    const owner = { email: 'm.lopez@contoso.com' };
    const own = { mapping: { ...defaultCallback, reopened } };
    expect(apply(status(1), { status: 'Closed', owner }, own)).not.toHaveProperty('releaseOwner');
    expect(apply(status(1), { status: 'Closed', owner }, own)).toMatchObject({ status: 'Active' });
    const closed = { ...defaultCallback.closed, releaseOwner: true };
    const mapping = { ...defaultCallback, closed };
    expect(apply(status(4), { status: 'Active', owner }, { mapping })).toMatchObject({ status: 'Closed' });
  });

  it('that finds no room for a note says so with a tag, and where the note is; one of the system says nothing', () => {
    const full = { status: 'Active', additionalData: { commentsCount: 100 } };
    const note = { eventType: 203, annotation: { message: 'reimaged' } };
    expect(apply(notification(note), full)).toEqual({
      tag: 'SIGNL4-Comments-Full',
      noRoomFor: 'mlopez: reimaged',
    });
    const nearly = { ...full, additionalData: { commentsCount: 99 } };
    expect(apply(notification(note), nearly)).toEqual({ comment: { id, message: 'SIGNL4: mlopez: reimaged' } });
    expect(apply(notification({ ...note, user: null }), nearly)).toBeUndefined();
    const system = { ...full, additionalData: { commentsCount: 89 } };
    expect(apply(notification({ ...note, user: null }), system)).toHaveProperty('comment');
  });

  it('annotated: comments, with what looks like mark-up escaped', () => {
    const event = notification({ eventType: 203, annotation: { message: 'a <b> & c\nd' } });
    expect(apply(event, { status: 'New' })).toEqual({
      comment: { id, message: 'SIGNL4: mlopez: a &lt;b&gt; &amp; c<br>d' },
    });
  });

  it('escalated and unanswered: tag and comment once', () => {
    const escalated = notification({ eventType: 202, user: null });
    expect(apply(escalated, { status: 'New' })).toMatchObject({ tag: 'SIGNL4-Escalated' });
    const labels = [{ labelName: 'signl4-escalated' }];
    expect(apply(escalated, { status: 'New', labels })?.tag).toBeUndefined();
    expect(apply(status(8, undefined, { user: null }), { status: 'New' })?.comment?.message).toBe(
      'SIGNL4: No response from the team SOC.',
    );
  });

  it('says nothing of a change that Sentinel itself told SIGNL4', () => {
    expect(apply(status(4, undefined, { user: null }), { status: 'Closed' })).toBeUndefined();
    expect(apply(status(2, undefined, { user: null }), { status: 'Active' })).toBeUndefined();
  });

  it('says nothing of an annotation that was a comment in Sentinel', () => {
    const event = notification({ eventType: 203, annotation: { message: '[Sentinel] Look at srv-0042' } });
    expect(apply(event, { status: 'New' })).toBeUndefined();
  });

  it('sets a severity where the mapping says so', () => {
    const mapping = { ...defaultCallback, noResponse: { ...defaultCallback.noResponse, severity: 'High' as const } };
    expect(apply(status(8), { status: 'New' }, { mapping })?.severity).toBe('High');
    expect(apply(status(8), { status: 'New', severity: 'High' }, { mapping })?.severity).toBeUndefined();
  });

  it('stops commenting short of what an incident takes', () => {
    const additionalData = { commentsCount: 90 };
    expect(apply(status(2), { status: 'New', additionalData })?.comment).toBeUndefined();
  });

  it.each([
    ['created', notification({ eventType: 200 })],
    ['a test', notification({ eventType: 1 })],
    ['a change of duty', notification({ eventType: 300 })],
    ['an unknown state', status(16)],
  ])('means nothing: %s', (_, event) => {
    expect(apply(event, { status: 'New' })).toBeUndefined();
  });

  it('changes nothing more when it comes again', () => {
    const event = status(4, '#tp');
    const first = apply(event, { status: 'Active' });
    const again = apply(event, { status: 'Closed' });
    expect(again).toEqual({ comment: first?.comment });
  });
});

import { describe, expect, it } from 'vitest';
import { callback } from '../../playbooks/SIGNL4-Callback/playbook.ts';
import type { CallAnswer } from '../../src/engine/calls.ts';
import type { Json } from '../../src/wdl/types.ts';
import { ok, playbookUnderTest, sample, slow, withValue } from './support/playbook.ts';

const armId =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/soc-rg/providers/Microsoft.OperationalInsights/workspaces/soc-workspace/providers/Microsoft.SecurityInsights/Incidents/4f0d2a86-9b1c-4d57-8e34-a6c1f2b3d4e5';

function incident(properties: Readonly<Record<string, Json>> = {}): CallAnswer {
  const body = {
    id: armId,
    name: '4f0d2a86-9b1c-4d57-8e34-a6c1f2b3d4e5',
    properties: {
      title: 'Password spray',
      status: 'New',
      severity: 'High',
      labels: [],
      owner: {},
      additionalData: { commentsCount: 0 },
      ...properties,
    },
  };
  return { status: 200, body };
}

const { run, uncovered } = playbookUnderTest(callback, {
  Read_the_incident: incident(),
  Update_the_incident: ok,
  Update_the_incident_but_for_the_owner: ok,
  Comment_on_the_incident: { status: 201 },
});

const acknowledged = sample(callback, 'acknowledged');
const closed = sample(callback, 'closed');
const annotated = sample(callback, 'annotated');

describe('what a person does in SIGNL4', () => {
  it('acknowledged: the incident becomes Active and theirs, with a comment', async () => {
    const { result, sent, calls } = await run(acknowledged);
    expect(result.status).toBe('Succeeded');
    expect(result.response).toMatchObject({ status: 200, afterMs: 0 });
    expect(sent('Read_the_incident')).toEqual({ incidentArmId: armId });
    expect(sent('Update_the_incident')).toMatchObject({
      incidentArmId: armId,
      status: 'Active',
      owner: 'm.lopez@contoso.com',
    });
    const [comment] = calls('Comment_on_the_incident');
    expect(comment?.path).toBe(`${armId}/comments/dd209a2d-e037-41ee-b37d-f605cc0a39f1`);
    expect(JSON.stringify(comment?.body)).toContain('Acknowledged by mlopez. On it');
  });

  it('closed: the incident is closed with the classification of the hashtag', async () => {
    const { sent } = await run(closed);
    expect(sent('Update_the_incident')).toMatchObject({
      status: 'Closed',
      classification: {
        ClassificationAndReason: 'FalsePositive - IncorrectAlertLogic',
        ClassificationReasonText: 'Closed in SIGNL4 by mlopez. known scanner, ticket 88',
      },
    });
  });

  it('closed without a hashtag: with the configured classification', async () => {
    const { sent } = await run(
      withValue(closed, ['annotation', 'message'], 'done'),
      {},
      { Classification: 'BenignPositive - SuspiciousButExpected' },
    );
    expect(sent('Update_the_incident')).toMatchObject({
      classification: { ClassificationAndReason: 'BenignPositive - SuspiciousButExpected' },
    });
  });

  it('annotated: a comment, nothing else', async () => {
    const { sent, calls } = await run(annotated);
    expect(calls('Update_the_incident')).toEqual([]);
    expect(JSON.stringify(sent('Comment_on_the_incident'))).toContain(
      'Isolated &lt;fin-ws-017&gt; &amp; called the user',
    );
  });

  it.each([
    ['escalated', 'SIGNL4-Escalated'],
    ['no-response', 'SIGNL4-NoResponse'],
  ])('%s: a tag and a comment', async (name, tag) => {
    const { sent, calls } = await run(sample(callback, name));
    expect(JSON.stringify(sent('Update_the_incident'))).toContain(tag);
    expect(sent('Update_the_incident')).not.toHaveProperty('status');
    expect(calls('Comment_on_the_incident')).toHaveLength(1);
  });

  it('reopened: a closed incident becomes Active again', async () => {
    const { sent } = await run(sample(callback, 'reopened'), { Read_the_incident: incident({ status: 'Closed' }) });
    expect(sent('Update_the_incident')).toMatchObject({ status: 'Active' });
  });
});

describe('what must not happen', () => {
  it('nothing is written where the incident is already as it should be', async () => {
    const owner = {
      userPrincipalName: 'M.Lopez@contoso.com',
      email: 'm.lopez@contoso.com',
      assignedTo: 'Maria',
      objectId: 'o',
    };
    const { result, calls } = await run(acknowledged, { Read_the_incident: incident({ status: 'Active', owner }) });
    expect(calls('Update_the_incident')).toEqual([]);
    expect(result.status).toBe('Succeeded');
  });

  it('an incident that was closed meanwhile is not opened by an acknowledgement', async () => {
    const { calls } = await run(acknowledged, { Read_the_incident: incident({ status: 'Closed' }) });
    expect(calls('Update_the_incident')).toEqual([]);
  });

  it('a note that came from Sentinel does not go back there', async () => {
    const { calls } = await run(withValue(annotated, ['annotation', 'message'], '[Sentinel] seen'));
    expect(calls('Comment_on_the_incident')).toEqual([]);
    expect(calls('Update_the_incident')).toEqual([]);
  });

  it('no comment is written where an incident is almost full of them', async () => {
    const { calls } = await run(annotated, { Read_the_incident: incident({ additionalData: { commentsCount: 95 } }) });
    expect(calls('Comment_on_the_incident')).toEqual([]);
  });

  it.each([
    ['another system', sample(callback, 'other-system')],
    ['SIGNL4’s test', sample(callback, 'test')],
    [
      'another workspace',
      withValue(
        acknowledged,
        ['alert', 'externalEventId'],
        'sentinel:00000000-0000-4000-8000-000000000000:4f0d2a86-9b1c-4d57-8e34-a6c1f2b3d4e5',
      ),
    ],
    [
      'a path in place of an incident',
      withValue(acknowledged, ['alert', 'externalEventId'], 'sentinel:8a1b6c2d-3e4f-4a5b-9c6d-7e8f90a1b2c3:../../x'),
    ],
    ['an empty body', undefined],
    ['a body without an alert', { alert: null, eventType: 'x' }],
  ])('a call about %s touches nothing, and is answered 200', async (_, body) => {
    const { result } = await run(body);
    expect(result.calls).toEqual([]);
    expect(result.response?.status).toBe(200);
    expect(result.actions['Not_about_an_incident_here']?.status).toBe('Succeeded');
  });

  it('a body of the wrong shape is answered and fails the run, but touches nothing', async () => {
    const { result } = await run({ eventType: 201, alert: ['x'] });
    expect(result).toMatchObject({ status: 'Failed', calls: [], response: { status: 200 } });
  });

  it('an event that SIGNL4 did not document changes nothing', async () => {
    const { calls } = await run(withValue(acknowledged, ['alert', 'statusCode'], 77));
    expect(calls('Update_the_incident')).toEqual([]);
    expect(calls('Comment_on_the_incident')).toEqual([]);
  });
});

describe('Sentinel', () => {
  it.each([409, 412])('is read and written anew after a conflict (%i)', async (status) => {
    const { result, calls } = await run(acknowledged, {
      Update_the_incident: [{ status }, ok],
      Read_the_incident: [incident(), incident({ labels: [{ labelName: 'new' }] })],
    });
    expect(calls('Read_the_incident')).toHaveLength(2);
    expect(calls('Update_the_incident')).toHaveLength(2);
    expect(result.status).toBe('Succeeded');
  });

  it.each([400, 404])('that does not know the person (%i) gets the change without the owner', async (status) => {
    const { result, sent } = await run(acknowledged, { Update_the_incident: { status } });
    expect(sent('Update_the_incident_but_for_the_owner')).toMatchObject({ status: 'Active' });
    expect(sent('Update_the_incident_but_for_the_owner')).not.toHaveProperty('owner');
    expect(result.status).toBe('Succeeded');
  });

  it.each([
    ['403', { status: 403 }],
    ['500', { status: 500 }],
    ['no answer', slow],
  ])('that does not take the change (%s) fails the run, but the note is not lost', async (_, answer) => {
    const { result, calls } = await run(acknowledged, { Update_the_incident: answer });
    expect(calls('Comment_on_the_incident')).toHaveLength(1);
    expect(result).toMatchObject({
      status: 'Failed',
      error: { code: 'IncidentNotUpdated' },
      response: { status: 200 },
    });
  });

  it.each([
    ['404', { status: 404 }],
    ['500', { status: 500 }],
    ['no answer', slow],
  ])('that does not give the incident (%s) is asked five times, and the run fails', async (_, answer) => {
    const { result, calls } = await run(acknowledged, { Read_the_incident: answer });
    expect(calls('Update_the_incident')).toEqual([]);
    expect(result).toMatchObject({ status: 'Failed', error: { code: 'IncidentNotUpdated' } });
  });

  it('may answer 429 with Retry-After', async () => {
    const { result, calls } = await run(acknowledged, {
      Read_the_incident: [{ status: 429, headers: { 'Retry-After': '5' } }, incident()],
    });
    expect(calls('Read_the_incident').map(({ retry }) => retry)).toEqual([0, 1]);
    expect(result.status).toBe('Succeeded');
  });

  it('that refuses the comment does not undo the change', async () => {
    const { status } = await run(acknowledged, { Comment_on_the_incident: { status: 403 } });
    expect(status('Update_the_incident')).toBe('Succeeded');
    expect(status('Did_it_update_the_incident')).toBe('Succeeded');
  });
});

describe('these tests together', () => {
  it('execute every action, and skip every one that can be skipped', () => {
    expect(uncovered()).toEqual({
      neverExecuted: [],
      neverSkipped: ['Answer_SIGNL4', 'Event_in_SIGNL4'],
    });
  });
});

import { describe, expect, it } from 'vitest';
import { callback } from '../../playbooks/SIGNL4-Callback/playbook.ts';
import { defaultConfig } from '../../src/config/config.ts';
import type { JsonObject } from '../../src/wdl/types.ts';
import { answersToCallback, armId, asItIsNow, dana, externalId, incidentName } from './support/incidents.ts';
import { ok, playbookUnderTest, sample, slow, withValue } from './support/playbook.ts';

/* SIGNL4-Callback where others write at the same time, where Microsoft Sentinel refuses, and with bodies of every kind. */

const { run } = playbookUnderTest(callback, answersToCallback);

const acknowledged = sample(callback, 'acknowledged');
const closed = sample(callback, 'closed');
const annotated = sample(callback, 'annotated');
const external = (id: unknown) => withValue(acknowledged, ['alert', 'externalEventId'], id as never);
const gone = { status: 404, body: { error: { code: 'NotFound' } } };

describe('where somebody else changes the incident at the same time', () => {
  it.each([409, 412])('(%i) it is read and written anew, with the owner', async (status) => {
    const { result, calls } = await run(acknowledged, { Set_active_and_assign: [{ status }, ok] });
    expect(calls('Get_incident')).toHaveLength(2);
    expect(calls('Set_active_and_assign')).toHaveLength(2);
    expect(calls('Comment_on_the_incident')).toHaveLength(1);
    expect(result.status).toBe('Succeeded');
  });

  it.each([409, 412])('(%i) to both writes, it is read and written anew', async (status) => {
    const { result, calls } = await run(acknowledged, {
      Set_active_and_assign: [{ status }, ok],
      Set_active: { status },
    });
    expect(calls('Set_active_and_assign')).toHaveLength(2);
    expect(result.status).toBe('Succeeded');
  });

  it('the second look decides: what somebody else closed meanwhile stays closed', async () => {
    const { result, calls } = await run(closed, {
      Get_incident: [asItIsNow(), asItIsNow({ status: 'Closed' })],
      Close_the_incident: { status: 409 },
    });
    expect(calls('Close_the_incident')).toHaveLength(1);
    expect(result.status).toBe('Succeeded');
  });

  it('the second look decides: who took it meanwhile keeps it', async () => {
    const { calls } = await run(acknowledged, {
      Get_incident: [asItIsNow(), asItIsNow({ status: 'Active', owner: dana })],
      Set_active_and_assign: { status: 412 },
      Set_active: { status: 412 },
    });
    expect(calls('Set_active_and_assign')).toHaveLength(1);
  });

  it('again and again, five tries are made, and the run fails with the note in it', async () => {
    const { result, calls } = await run(closed, { Close_the_incident: { status: 412 } });
    expect(calls('Close_the_incident')).toHaveLength(5);
    expect(calls('Comment_on_the_incident')).toHaveLength(1);
    expect(result).toMatchObject({ status: 'Failed', error: { code: 'IncidentNotChanged' } });
    expect(result.error?.message).toContain('#fp known scanner, ticket 88');
  });
});

describe('where Microsoft Sentinel', () => {
  it('does not have the incident any more, it is asked once, and the run says why', async () => {
    const { result, calls } = await run(closed, { Get_incident: gone, Comment_on_the_incident: gone });
    expect(calls('Get_incident')).toHaveLength(1);
    expect(result).toMatchObject({ status: 'Failed', error: { code: 'IncidentNotChanged' } });
    expect(result.error?.message).toMatch(/^Reading the incident gave 404\..*#fp known scanner, ticket 88/s);
  });

  it('does not have the incident any more, a note that changes nothing is not lost either', async () => {
    const { result, calls } = await run(annotated, { Get_incident: gone, Comment_on_the_incident: gone });
    expect(calls('Get_incident')).toHaveLength(1);
    expect(result.status).toBe('Failed');
  });

  it('forbids it, the run fails and names the role', async () => {
    const { result } = await run(closed, { Get_incident: { status: 403 }, Comment_on_the_incident: { status: 403 } });
    expect(result).toMatchObject({ status: 'Failed', error: { code: 'IncidentNotChanged' } });
    expect(result.error?.message).toContain('gave 403');
    expect(result.error?.message).toContain('Microsoft Sentinel Responder');
  });

  it.each([
    ['403', { status: 403 }],
    ['500', { status: 500 }],
    ['no answer', slow],
  ])('does not take the change (%s), the run fails, but the comment is written', async (_, answer) => {
    const { result, calls } = await run(acknowledged, { Set_active_and_assign: answer, Set_active: answer });
    expect(calls('Comment_on_the_incident')).toHaveLength(1);
    expect(result).toMatchObject({ status: 'Failed', error: { code: 'IncidentNotChanged' } });
  });

  it('is busy, it is asked again a little later', async () => {
    const busy = { status: 429, headers: { 'Retry-After': '5' } };
    const { result, calls } = await run(acknowledged, { Get_incident: [busy, asItIsNow()] });
    expect(calls('Get_incident').map(({ retry }) => retry)).toEqual([0, 1]);
    expect(result.status).toBe('Succeeded');
  });

  it.each([
    ['400, as where an incident has a hundred', { status: 400 }],
    ['403', { status: 403 }],
    ['500', { status: 500 }],
  ])('does not take the comment (%s), the change is made and the run fails', async (_, answer) => {
    const { result, calls } = await run(acknowledged, { Comment_on_the_incident: answer });
    expect(calls('Set_active_and_assign')).toHaveLength(1);
    expect(result.status).toBe('Failed');
  });
});

describe('a run that somebody resubmits', () => {
  it('does its work although nobody waits for the answer, which the service skips then', () => {
    const { actions } = callback.build(defaultConfig).definition;
    expect(actions['What_happened_in_SIGNL4']?.runAfter).toEqual({ Answer_SIGNL4: ['Succeeded', 'Skipped'] });
  });
});

describe('nothing is touched by', () => {
  it.each<[string, JsonObject | undefined]>([
    ['an alert of another system', sample(callback, 'other-system')],
    ['SIGNL4’s test', sample(callback, 'test')],
    [
      'another workspace',
      external('sentinel:00000000-0000-4000-8000-000000000000:4f0d2a86-9b1c-4d57-8e34-a6c1f2b3d4e5'),
    ],
    ['an incident of Graph', external('graph:tenant:42')],
    ['a bare GUID', external('4f0d2a86-9b1c-4d57-8e34-a6c1f2b3d4e5')],
    ['an external id of null', external(null)],
    ['no external id', external(undefined)],
    ['an empty body', undefined],
    ['an empty object', {}],
    ['an alert of null', withValue(acknowledged, ['alert'], null)],
    ['an event that SIGNL4 did not document', withValue(acknowledged, ['alert', 'statusCode'], 77)],
    ['an event type that nobody knows', withValue(acknowledged, ['eventType'], 999)],
    ['a status of null', withValue(acknowledged, ['alert', 'statusCode'], null)],
    [
      'a note of ours that came from Microsoft Sentinel',
      withValue(annotated, ['annotation', 'message'], '[Sentinel] seen'),
    ],
  ])('%s: the call is answered and the run ends', async (_, body) => {
    const { result, status } = await run(body);
    expect(result).toMatchObject({ status: 'Cancelled', calls: [], response: { status: 202 } });
    expect(status('Not_about_an_incident_here')).toBe('Succeeded');
  });

  it('what has the id of our alerts: a page about an alert is not about an incident', async () => {
    const id = 'sentinel-alert:8a1b6c2d-3e4f-4a5b-9c6d-7e8f90a1b2c3:4f0d2a86-9b1c-4d57-8e34-a6c1f2b3d4e5';
    expect((await run(external(id))).calls('Set_active_and_assign')).toEqual([]);
  });

  it.each([
    [`${externalId}/../../x`, `${incidentName}%2F..%2F..%2Fx`],
    ['sentinel:8a1b6c2d-3e4f-4a5b-9c6d-7e8f90a1b2c3:../../../x', '..%2F..%2F..%2Fx'],
    ['sentinel:8a1b6c2d-3e4f-4a5b-9c6d-7e8f90a1b2c3:4f0d2a86?x=1#', '4f0d2a86%3Fx%3D1%23'],
  ])('a path in place of an incident (%s), which Microsoft Sentinel does not have', async (id, segment) => {
    const { result, calls } = await run(external(id), { Get_incident: gone, Comment_on_the_incident: gone });
    expect(result.calls.map(({ action }) => action).sort()).toEqual(['Comment_on_the_incident', 'Get_incident']);
    expect(calls('Comment_on_the_incident')[0]?.uri).toContain(
      `/providers/Microsoft.SecurityInsights/Incidents/${segment}/comments/`,
    );
  });

  it('a body of the wrong shape, which is answered all the same', async () => {
    for (const body of [{ eventType: 201, alert: ['x'] }, ['x'], 'text'] as const) {
      expect((await run(body as never)).result).toMatchObject({ calls: [], response: { status: 202 } });
    }
  });
});

describe('a notification is understood', () => {
  const pathOf = async (body: JsonObject) => (await run(body)).calls('Comment_on_the_incident')[0]?.path ?? '';
  const guid = /\/comments\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

  it.each([
    ['as texts', withValue(withValue(acknowledged, ['eventType'], '201'), ['alert', 'statusCode'], '2')],
    ['in capitals', capitals(acknowledged) as JsonObject],
  ])('with its codes %s', async (_, body) => {
    const { calls, sent } = await run(body);
    expect(calls('Set_active_and_assign')).toMatchObject([{ body: { owner: 'm.lopez@contoso.com' } }]);
    expect(sent('Comment_on_the_incident')).toEqual({
      properties: { message: 'SIGNL4: Acknowledged by mlopez. On it' },
    });
  });

  it('with its workspace in capitals, as somebody typed it into the deployment', async () => {
    const { calls } = await run(acknowledged, {}, { WorkspaceId: '8A1B6C2D-3E4F-4A5B-9C6D-7E8F90A1B2C3' });
    expect(calls('Set_active_and_assign')).toHaveLength(1);
  });

  it('with its note as a bare text', async () => {
    const { sent } = await run(withValue(closed, ['annotation'], '#tp confirmed'));
    expect(sent('Close_the_incident')).toMatchObject({
      classification: { ClassificationAndReason: 'TruePositive - SuspiciousActivity' },
    });
    expect(sent('Comment_on_the_incident')).toEqual({
      properties: { message: 'SIGNL4: Closed by mlopez. #tp confirmed' },
    });
  });

  it.each([
    ['without a note', withValue(closed, ['annotation'], null)],
    ['with a note of null', withValue(closed, ['annotation', 'message'], null)],
    ['without the member', withValue(closed, ['annotation'], undefined)],
  ])('%s', async (_, body) => {
    const { result, sent } = await run(body);
    expect(sent('Comment_on_the_incident')).toEqual({ properties: { message: 'SIGNL4: Closed by mlopez. ' } });
    expect(result.status).toBe('Succeeded');
  });

  it('with an id that ends in a GUID, as SIGNL4 makes them', async () => {
    const id = '2518783235949759942_fbc7b4a4-badd-47b8-9e1d-702fb6a1a0b2';
    expect(await pathOf(withValue(acknowledged, ['id'], id))).toBe(
      `${armId}/comments/fbc7b4a4-badd-47b8-9e1d-702fb6a1a0b2`,
    );
  });

  it.each([
    ['no id', undefined],
    ['an id of null', null],
    ['a number as id', 33_520_459],
    ['an empty id', ''],
  ])('with %s: its comment has an id that follows from the time it was raised, the same each time', async (_, id) => {
    const body = withValue(acknowledged, ['id'], id);
    expect(await pathOf(body)).toMatch(guid);
    expect(await pathOf(body)).toBe(await pathOf(body));
    const later = withValue(body, ['eventRaisedUtc'], '2026-11-02T03:17:05.8821858Z');
    expect(await pathOf(later)).not.toBe(await pathOf(body));
    expect((await run(body)).calls('Set_active_and_assign')).toHaveLength(1);
  });

  it('without id and time: the comment is written under an id of now', async () => {
    const body = withValue(withValue(acknowledged, ['id'], undefined), ['eventRaisedUtc'], undefined);
    expect(await pathOf(body)).toMatch(guid);
  });
});

describe('a note', () => {
  it.each([
    '{{user.mail}} @{triggerBody()} @concat(1)',
    '"\\ \u202e </script> e\u0301',
    '#__proto__ #constructor',
    '🚨 日本語',
    '[concat(1)]',
  ])('is a string, whatever is in it: %j', async (note) => {
    const { result, sent } = await run(withValue(closed, ['annotation', 'message'], note));
    expect(result.status).toBe('Succeeded');
    expect(sent('Close_the_incident')).toMatchObject({
      classification: {
        ClassificationAndReason: 'Undetermined',
        ClassificationReasonText: expect.stringContaining(note),
      },
    });
    expect(JSON.stringify(sent('Comment_on_the_incident'))).not.toContain('</script>');
  });

  it('of any length leads to a comment that Microsoft Sentinel takes', async () => {
    const { result, sent } = await run(withValue(annotated, ['annotation', 'message'], '<'.repeat(40_000)));
    const { message } = sent('Comment_on_the_incident')['properties'] as { message: string };
    expect(message.length).toBeLessThanOrEqual(30_000);
    expect(result.status).toBe('Succeeded');
  });
});

/** The same body with every name of a member in capitals. */
function capitals(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(capitals);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name.toUpperCase(), capitals(member)]));
}

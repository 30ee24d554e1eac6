import { describe, expect, it } from 'vitest';
import { sendIncident } from '../../playbooks/SIGNL4-Send-Incident/playbook.ts';
import { ok, playbookUnderTest, sample, slow, withValue } from './support/playbook.ts';

const incident = sample(sendIncident, 'incident-created');
const armId =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/soc-rg/providers/Microsoft.OperationalInsights/workspaces/soc-workspace/providers/Microsoft.SecurityInsights/Incidents/4f0d2a86-9b1c-4d57-8e34-a6c1f2b3d4e5';
const externalId = 'sentinel:8a1b6c2d-3e4f-4a5b-9c6d-7e8f90a1b2c3:4f0d2a86-9b1c-4d57-8e34-a6c1f2b3d4e5';

const { run, uncovered } = playbookUnderTest(sendIncident, {
  Send_to_SIGNL4: { status: 202, body: { eventId: '2518783235949759942_fbc7b4a4' } },
  Send_a_bare_event: { status: 404 },
  Tag_the_incident: ok,
  Comment_on_the_incident: { status: 201 },
  Say_that_nobody_was_paged: { status: 201 },
  Ask_the_relay: { status: 200, body: { event: { Title: 'from the relay', 'X-S4-ExternalID': externalId } } },
});

const relay = { RelayUrl: 'https://relay.contoso.com', RelayKey: 'key' };
const property = (name: string, value: unknown) => withValue(incident, ['object', 'properties', name], value as never);

describe('an incident', () => {
  it('pages the team, is tagged, and gets a comment with the event of SIGNL4', async () => {
    const { result, sent, calls } = await run(incident);
    expect(result.status).toBe('Succeeded');
    expect(sent('Send_to_SIGNL4')).toMatchObject({
      Title: 'High: Password spray against finance accounts',
      'X-S4-ExternalID': externalId,
      'X-S4-Status': 'new',
      Severity: 'High',
      'IP addresses': '203.0.113.77',
      Products: 'Microsoft Sentinel, Microsoft Defender for Endpoint',
    });
    expect(calls('Send_to_SIGNL4')[0]).toMatchObject({
      method: 'POST',
      path: '/v2/events/team%20secret%2F1',
      connection: { key: 'signl4' },
    });
    expect(sent('Tag_the_incident')).toEqual({ incidentArmId: armId, tagsToAdd: { TagsToAdd: [{ Tag: 'SIGNL4' }] } });
    const [comment] = calls('Comment_on_the_incident');
    expect(comment?.uri).toBe(
      `https://management.azure.com${armId}/comments/4f0d2a86-9b1c-4d57-8e34-a6c1f2b3d4e5?api-version=2025-09-01`,
    );
    expect(comment?.authentication).toMatchObject({ type: 'ManagedServiceIdentity' });
    expect(comment?.body).toEqual({ properties: { message: expect.stringContaining('2518783235949759942_fbc7b4a4') } });
  });

  it('from Defender, without description and with members missing, pages the team too', async () => {
    const { result, sent } = await run(sample(sendIncident, 'defender-incident'));
    expect(result.status).toBe('Succeeded');
    expect(sent('Send_to_SIGNL4')['Title']).not.toBe('');
  });

  it('does not show the team secret in the run history', async () => {
    const { result } = await run(incident);
    expect(JSON.stringify(result.actions)).not.toContain('team secret');
    expect(JSON.stringify(result.actions)).not.toContain('team%20secret');
  });
});

describe('the filter', () => {
  it.each([
    ['its status', property('status', 'Closed'), {}, 'Status'],
    ['its severity', incident, { Severities: ['Low'] }, 'Severity'],
    ['its title', incident, { TitleContains: ['ransomware'] }, 'Title'],
    ['an excluded title', incident, { TitleExcludes: ['SPRAY'] }, 'Excluded title'],
    ['a missing tag', incident, { RequiredTags: ['page-me'] }, 'Required tag'],
    ['the tag of an earlier page', property('labels', [{ labelName: 'signl4' }]), {}, undefined],
  ])('keeps an incident back for %s', async (_, body, parameters, reason) => {
    const { result, status } = await run(body, {}, parameters);
    expect(result.calls).toEqual([]);
    expect(result.status).toBe('Succeeded');
    expect(status('Why_nobody_is_paged')).toBe('Succeeded');
    if (reason) expect(result.actions['Why_nobody_is_paged']?.outputs).toMatchObject({ [reason]: false });
  });

  it('lets an incident through whatever the casing of what it is compared with', async () => {
    const { status } = await run(
      property('severity', 'high'),
      {},
      { Severities: ['HIGH'], TitleContains: ['PASSWORD'], RequiredTags: ['Finance'] },
    );
    expect(status('Send_to_SIGNL4')).toBe('Succeeded');
  });
});

describe('odd input', () => {
  it.each([
    ['an empty body, as when a person presses Run', undefined],
    ['the designer’s run', sample(sendIncident, 'designer-run')],
    ['an incident without an id', withValue(incident, ['object', 'id'], undefined)],
  ])('ends the run without a call: %s', async (_, body) => {
    const { result } = await run(body);
    expect(result.status).toBe('Cancelled');
    expect(result.calls).toEqual([]);
  });

  it.each([
    ['alerts null', property('alerts', null)],
    ['alerts missing', property('alerts', undefined)],
    ['entities null', property('relatedEntities', null)],
    ['labels missing', property('labels', undefined)],
    ['no additional data', property('additionalData', undefined)],
    ['a description of null', property('description', null)],
    ['a title with quotes, emoji and braces', property('title', '"Spray" {{x}} 🚨 \\ </b>')],
    ['an alert without properties', property('alerts', [{ kind: 'SecurityAlert' }])],
    [
      'an entity of a kind nobody knows',
      property('relatedEntities', [{ kind: 'Submarine', properties: { friendlyName: 'u1' } }]),
    ],
  ])('pages the team all the same: %s', async (_, body) => {
    const { result, sent, status } = await run(body);
    expect(result.status).toBe('Succeeded');
    expect(status('Build_the_event')).toBe('Succeeded');
    expect(sent('Send_to_SIGNL4')['X-S4-ExternalID']).toBe(externalId);
  });

  it('sends a plain event where the full one cannot be built', async () => {
    const { result, sent, status } = await run(property('alerts', 'not a list'));
    expect(status('Build_the_event')).toBe('Failed');
    expect(result.status).toBe('Succeeded');
    expect(sent('Send_to_SIGNL4')).toMatchObject({
      Title: 'Password spray against finance accounts',
      'X-S4-ExternalID': externalId,
    });
  });
});

describe('the relay', () => {
  it('is asked once and its event is sent', async () => {
    const { sent, calls } = await run(incident, {}, relay);
    expect(calls('Ask_the_relay')).toMatchObject([
      { uri: 'https://relay.contoso.com/api/incidents/enrich', headers: { 'X-Api-Key': 'key' }, body: incident },
    ]);
    expect(sent('Send_to_SIGNL4')['Title']).toBe('from the relay');
  });

  it.each([
    ['is down', { status: 503 }],
    ['answers what makes no sense', { status: 200, body: { event: {} } }],
    ['answers text', { status: 200, body: 'hello' }],
    ['is too slow', slow],
    ['cannot be found', { failure: { code: 'UnresolvableHostName', message: 'no such host' } }],
  ])('does not keep anybody from being paged when it %s', async (_, answer) => {
    const { result, sent, calls } = await run(incident, { Ask_the_relay: answer }, relay);
    expect(result.status).toBe('Succeeded');
    expect(calls('Ask_the_relay')).toHaveLength(1);
    expect(sent('Send_to_SIGNL4')['Title']).toBe('High: Password spray against finance accounts');
    expect(Date.parse(result.endTime) - Date.parse(result.startTime)).toBeLessThanOrEqual(25_000);
  });
});

describe('SIGNL4', () => {
  it.each([
    ['429 with Retry-After', { status: 429, headers: { 'Retry-After': '3' } }],
    ['500', { status: 500 }],
    ['no answer', slow],
  ])('is tried again after %s', async (_, answer) => {
    const { result, calls } = await run(incident, {
      Send_to_SIGNL4: [answer, { status: 202, body: { eventId: 'e' } }],
    });
    expect(calls('Send_to_SIGNL4')).toHaveLength(2);
    expect(result.status).toBe('Succeeded');
  });

  it.each([
    ['404 (the connector’s key is wrong)', { status: 404 }, 1],
    ['401', { status: 401 }, 1],
    ['500 for good', { status: 500 }, 5],
    ['no answer for good', slow, 5],
  ])('leaves a comment and a failed run when it answers %s', async (_, answer, tries) => {
    const { result, calls, sent } = await run(incident, { Send_to_SIGNL4: answer });
    expect(calls('Send_to_SIGNL4')).toHaveLength(tries);
    expect(result).toMatchObject({ status: 'Failed', error: { code: 'Signl4NotReached' } });
    expect(sent('Say_that_nobody_was_paged')).toMatchObject({
      properties: { message: expect.stringContaining('Nobody was paged') },
    });
    expect(calls('Tag_the_incident')).toEqual([]);
  });

  it('fails the run also where the comment cannot be written', async () => {
    const { result } = await run(incident, {
      Send_to_SIGNL4: { status: 404 },
      Say_that_nobody_was_paged: { status: 403 },
    });
    expect(result.error?.code).toBe('Signl4NotReached');
  });
});

describe('Sentinel', () => {
  it.each([409, 412])('is asked again for the tag after a conflict (%i)', async (status) => {
    const { result, calls } = await run(incident, { Tag_the_incident: [{ status }, { status }, ok] });
    expect(result.status).toBe('Succeeded');
    expect(calls('Tag_the_incident')).toHaveLength(3);
    expect(calls('Send_to_SIGNL4')).toHaveLength(1);
  });

  it('that refuses the tag for good fails the run after the comment was written', async () => {
    const { result, calls } = await run(incident, { Tag_the_incident: { status: 403 } });
    expect(calls('Tag_the_incident')).toHaveLength(5);
    expect(calls('Comment_on_the_incident')).toHaveLength(1);
    expect(result).toMatchObject({ status: 'Failed', error: { code: 'IncidentNotUpdated' } });
  });

  it.each([
    ['403', { status: 403 }],
    ['500', { status: 500 }],
    ['no answer', slow],
  ])('that does not take the comment (%s) is no reason to page again', async (_, answer) => {
    const { calls, status } = await run(incident, { Comment_on_the_incident: answer });
    expect(status('Comment_on_the_incident')).toBe('Failed');
    expect(calls('Send_to_SIGNL4')).toHaveLength(1);
    expect(status('Did_it_tag_the_incident')).toBe('Succeeded');
  });
});

describe('these tests together', () => {
  it('execute every action, and skip every one that can be skipped', () => {
    expect(uncovered()).toEqual({ neverExecuted: [], neverSkipped: ['Is_there_an_incident'] });
  });
});

import { describe, expect, it } from 'vitest';
import { sendIncident } from '../../playbooks/SIGNL4-Send-Incident/playbook.ts';
import { sweep } from '../../playbooks/SIGNL4-Sweep/playbook.ts';
import type { CallAnswer } from '../../src/engine/calls.ts';
import type { Json, JsonObject } from '../../src/wdl/types.ts';
import { ok, playbookUnderTest, sample, slow } from './support/playbook.ts';

const workspace =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/soc-rg/providers/Microsoft.OperationalInsights/workspaces/soc-workspace';
const published = sample(sendIncident, 'incident-created')['object'] as JsonObject;
const properties = published['properties'] as JsonObject;
const { alerts, relatedEntities, ...listed } = properties;

/** An incident as the list gives it: without alerts and entities. */
function incident(number: number, own: Readonly<Record<string, Json>> = {}): JsonObject {
  const name = `4f0d2a86-9b1c-4d57-8e34-a6c1f2b3d4e${number}`;
  return {
    id: `${workspace}/providers/Microsoft.SecurityInsights/Incidents/${name}`,
    name,
    properties: { ...listed, ...own },
  };
}

function page(...value: readonly JsonObject[]): CallAnswer {
  return { status: 200, body: { value } };
}

const externalId = (number: number) =>
  `sentinel:8a1b6c2d-3e4f-4a5b-9c6d-7e8f90a1b2c3:4f0d2a86-9b1c-4d57-8e34-a6c1f2b3d4e${number}`;
const known = { status: 200, body: { results: [{ id: 'alert-1' }] } };
const relay = { RelayUrl: 'https://relay.contoso.com', RelayKey: 'key' };

const { run, uncovered } = playbookUnderTest(sweep, {
  List_incidents: page(incident(1)),
  Find_it_in_SIGNL4: { status: 200, body: { results: [] } },
  List_alerts: { status: 200, body: { value: alerts ?? [] } },
  List_entities: { status: 200, body: { entities: relatedEntities ?? [] } },
  Ask_the_relay: { status: 200, body: { event: { Title: 'from the relay', 'X-S4-ExternalID': externalId(1) } } },
  Send_to_SIGNL4: { status: 202, body: { eventId: 'e' } },
  Send_a_bare_event: { status: 404 },
  Comment_on_the_incident: { status: 201 },
  Tag_the_incident: ok,
});

describe('a sweep', () => {
  it('asks for the incidents of the configured states that changed lately', async () => {
    const { calls } = await run(undefined, { List_incidents: page() });
    const [list] = calls('List_incidents');
    expect(list?.path).toBe(`${workspace}/providers/Microsoft.SecurityInsights/incidents`);
    const filter = new URL(list?.uri ?? '').searchParams.get('$filter');
    expect(filter).toContain("properties/status eq 'New'");
    expect(filter).toMatch(/^properties\/lastModifiedTimeUtc ge 2026-01-0\dT08:00:00Z and /);
  });

  it('pages the team about an incident that was not sent, with its alerts and entities, and marks it', async () => {
    const { result, sent, calls } = await run(undefined);
    expect(result.status).toBe('Succeeded');
    expect(sent('Find_it_in_SIGNL4')).toEqual({ externalId: externalId(1) });
    expect(sent('Send_to_SIGNL4')).toMatchObject({
      'X-S4-ExternalID': externalId(1),
      Title: 'High: Password spray against finance accounts',
      'IP addresses': '203.0.113.77',
    });
    expect(sent('Tag_the_incident')).toMatchObject({
      incidentArmId: incident(1)['id'],
      tagsToAdd: { TagsToAdd: [{ Tag: 'SIGNL4' }] },
    });
    expect(calls('Comment_on_the_incident')[0]?.path).toBe(`${incident(1)['id']}/comments/${incident(1)['name']}`);
  });

  it('only marks an incident that SIGNL4 knows already', async () => {
    const { calls, result } = await run(undefined, { Find_it_in_SIGNL4: known });
    expect(calls('Send_to_SIGNL4')).toEqual([]);
    expect(calls('Tag_the_incident')).toHaveLength(1);
    expect(result.status).toBe('Succeeded');
  });

  it.each([
    ['a state that is not configured', { status: 'Closed' }, {}],
    ['a severity that is not configured', {}, { Severities: ['Low'] }],
    ['the tag of an earlier page', { labels: [{ labelName: 'signl4' }] }, {}],
    ['an excluded title', {}, { TitleExcludes: ['spray'] }],
  ])('passes over %s', async (_, own, parameters) => {
    const { result } = await run(undefined, { List_incidents: page(incident(1, own)) }, parameters);
    expect(result.calls.map(({ action }) => action)).toEqual(['List_incidents']);
    expect(result.status).toBe('Succeeded');
  });

  it('goes through all pages', async () => {
    const next = 'https://management.azure.com/next?$skipToken=a%20b';
    const first = { status: 200, body: { value: [incident(1)], nextLink: next } };
    const { calls } = await run(undefined, { List_incidents: [first, page(incident(2), incident(3))] });
    expect(calls('List_incidents').map(({ uri }) => uri)).toEqual([expect.stringContaining('$filter'), next]);
    expect(calls('Send_to_SIGNL4').map(({ body }) => (body as JsonObject)['X-S4-ExternalID'])).toEqual(
      [1, 2, 3].map(externalId),
    );
  });

  it('stops after twenty pages, whatever Sentinel says', async () => {
    const endless = { status: 200, body: { value: [], nextLink: 'https://management.azure.com/again' } };
    const { calls } = await run(undefined, { List_incidents: endless });
    expect(calls('List_incidents')).toHaveLength(20);
  });

  it.each([
    ['no list', { status: 200, body: {} }],
    ['a list of null', { status: 200, body: { value: null } }],
    ['an empty list', page()],
  ])('ends where there is %s', async (_, answer) => {
    const { result } = await run(undefined, { List_incidents: answer });
    expect(result.status).toBe('Succeeded');
    expect(result.calls).toHaveLength(1);
  });
});

describe('the relay', () => {
  it('gives the event where there is one', async () => {
    const { sent } = await run(undefined, {}, relay);
    expect(sent('Ask_the_relay')).toEqual({ incidentArmId: incident(1)['id'] });
    expect(sent('Send_to_SIGNL4')['Title']).toBe('from the relay');
  });

  it.each([
    ['is down', { status: 503 }],
    ['answers nonsense', { status: 200, body: {} }],
    ['is too slow', slow],
  ])('does not keep anybody from being paged when it %s', async (_, answer) => {
    const { sent } = await run(undefined, { Ask_the_relay: answer }, relay);
    expect(sent('Send_to_SIGNL4')['Title']).toBe('High: Password spray against finance accounts');
  });
});

describe('upstream', () => {
  it.each([
    ['404', { status: 404 }, 1],
    ['500', { status: 500 }, 5],
    ['no answer', slow, 5],
  ])('Sentinel does not list incidents (%s): the run fails and nobody is paged', async (_, answer, tries) => {
    const { calls, status, result } = await run(undefined, { List_incidents: answer });
    expect(calls('List_incidents')).toHaveLength(tries);
    expect(status('List_incidents')).toBe('Failed');
    expect(result).toMatchObject({ status: 'Failed', error: { code: 'SweepIncomplete' } });
    expect(result.calls).toHaveLength(tries);
  });

  it.each([
    ['List_alerts', { status: 404 }],
    ['List_alerts', slow],
    ['List_entities', { status: 500 }],
    ['List_entities', { status: 200, body: { entities: null } }],
  ])('the page goes out without what %s does not give (%#)', async (action, answer) => {
    const { sent } = await run(undefined, { [action]: answer });
    expect(sent('Send_to_SIGNL4')).toMatchObject({ 'X-S4-ExternalID': externalId(1) });
  });

  it('a plain event is sent where the full one cannot be built', async () => {
    const { sent, status } = await run(undefined, { List_alerts: { status: 200, body: { value: 'not a list' } } });
    expect(status('Build_the_event')).toBe('Failed');
    expect(sent('Send_to_SIGNL4')).toMatchObject({ Title: 'Password spray against finance accounts' });
  });

  it.each([
    ['Find_it_in_SIGNL4', { status: 500 }],
    ['Send_to_SIGNL4', { status: 404 }],
    ['Send_to_SIGNL4', slow],
  ])(
    'an incident that %s fails for is not marked, so that the next sweep finds it, and the others go on (%#)',
    async (action, answer) => {
      const fine = action === 'Find_it_in_SIGNL4' ? { status: 200, body: { results: [] } } : { status: 202, body: {} };
      const failures = Array.from({ length: 'status' in answer && answer.status === 404 ? 1 : 5 }, () => answer);
      const { calls, result } = await run(undefined, {
        List_incidents: page(incident(1), incident(2)),
        [action]: [...failures, fine],
      });
      expect(calls('Tag_the_incident').map(({ body }) => (body as JsonObject)['incidentArmId'])).toEqual([
        incident(2)['id'],
      ]);
      expect(result.error).toMatchObject({ code: 'SweepIncomplete' });
    },
  );

  it.each([409, 412])('a conflict (%i) is tried again', async (status) => {
    const { result, calls } = await run(undefined, { Tag_the_incident: [{ status }, ok] });
    expect(calls('Tag_the_incident')).toHaveLength(2);
    expect(result.status).toBe('Succeeded');
  });

  it('429 with Retry-After is waited for', async () => {
    const { result } = await run(undefined, {
      List_incidents: [{ status: 429, headers: { 'Retry-After': '9' } }, page()],
    });
    expect(Date.parse(result.endTime) - Date.parse(result.startTime)).toBe(9_000);
  });

  it.each([403, 404, 409])('an incident that cannot be tagged (%i) is sent, and the run fails', async (status) => {
    const { calls, result } = await run(undefined, {
      List_incidents: page(incident(1), incident(2)),
      Tag_the_incident: [...Array.from({ length: 5 }, () => ({ status })), ok],
    });
    expect(calls('Send_to_SIGNL4')).toHaveLength(2);
    expect(result).toMatchObject({ status: 'Failed', error: { code: 'SweepIncomplete' } });
  });

  it('an incident whose comment is refused is marked by the next sweep, and nobody is paged twice', async () => {
    const first = await run(undefined, { Comment_on_the_incident: { status: 403 } });
    expect(first.calls('Send_to_SIGNL4')).toHaveLength(1);
    const second = await run(undefined, { Find_it_in_SIGNL4: known });
    expect(second.calls('Send_to_SIGNL4')).toEqual([]);
    expect(second.calls('Tag_the_incident')).toHaveLength(1);
  });
});

describe('these tests together', () => {
  it('execute every action, and skip every one that can be skipped', () => {
    expect(uncovered()).toEqual({
      neverExecuted: [],
      neverSkipped: [
        'Begin_with_the_first_page',
        'No_trouble_yet',
        'Until_the_last_page',
        'List_incidents',
        'Go_to_the_next_page',
        'Was_there_trouble',
      ],
    });
  });
});

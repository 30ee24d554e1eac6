import { describe, expect, it } from 'vitest';
import { sendIncident } from '../../playbooks/SIGNL4-Send-Incident/playbook.ts';
import type { CallResult } from '../../src/engine/calls.ts';
import { alertsOf, answersToPage, broken, externalId, incident, none, taken, webPage } from './support/incidents.ts';
import { ok, playbookUnderTest, slow } from './support/playbook.ts';

/* What SIGNL4-Send-Incident makes of SIGNL4's answers: only an event id, or an alert that SIGNL4 has, says that somebody was paged. */

const { run } = playbookUnderTest(sendIncident, { ...answersToPage, Send_a_bare_event: taken });

/** Answers that confirm nothing, whatever they claim. */
const unconfirmed: readonly (readonly [string, CallResult])[] = [
  ['400', { status: 400, body: { message: 'no such category' } }],
  ['401', { status: 401 }],
  ['404', { status: 404 }],
  ['413', { status: 413 }],
  ['429', { status: 429, headers: { 'Retry-After': '1' } }],
  ['500', { status: 500 }],
  ['504', { status: 504 }],
  ['nothing within the time', slow],
  ['a broken connection', broken],
  ['200 {}', { status: 200, body: {} }],
  ["200 ''", { status: 200, body: '' }],
  ['200 without a body', { status: 200 }],
  ['204', { status: 204 }],
  ['201 with an empty event id', { status: 201, body: { eventId: '' } }],
  ['201 with an event id of null', { status: 201, body: { eventId: null } }],
  ['201 with a number as event id', { status: 201, body: { eventId: 5 } }],
  ['201 []', { status: 201, body: [] }],
  ['201 null', { status: 201, body: null }],
  ['201 without a body', { status: 201 }],
  ['202 queued', { status: 202, body: { queued: true } }],
  ['a web page', webPage],
  ['201 and a web page', { status: 201, body: '<html>"eventId" is here</html>' }],
];

describe.each(unconfirmed)('where SIGNL4 answers %s', (_, answer) => {
  it('to the event, SIGNL4 is asked, and a bare event goes out', async () => {
    const { result, sent, calls } = await run(incident, { Send_to_SIGNL4: answer });
    expect(calls('Send_to_SIGNL4')).toHaveLength(1);
    expect(sent('Ask_SIGNL4_again')).toEqual({ externalId });
    expect(sent('Send_a_bare_event')).toEqual({
      Title: 'Microsoft Sentinel incident 4711',
      Message: expect.stringMatching(/^SIGNL4 did not take the whole alert\. https:\/\/portal\.azure\.com\//),
      'X-S4-ExternalID': externalId,
      'X-S4-Status': 'new',
      'X-S4-SourceSystem': 'MicrosoftSentinel',
    });
    expect(calls('Tag_the_incident')).toHaveLength(1);
    expect(JSON.stringify(sent('Comment_on_the_incident'))).toContain('2518783235949759942_fbc7b4a4');
    expect(result.status).toBe('Succeeded');
  });

  it('to the event and the bare one, the run fails, and nothing is claimed on the incident', async () => {
    const { result, calls } = await run(incident, { Send_to_SIGNL4: answer, Send_a_bare_event: answer });
    expect(calls('Send_a_bare_event').length).toBeGreaterThan(0);
    expect(calls('Tag_the_incident')).toEqual([]);
    expect(calls('Comment_on_the_incident')).toEqual([]);
    expect(result.status).toBe('Failed');
  });

  it('to the event, but has it, it is not sent again: only its answer was lost', async () => {
    const { result, calls } = await run(incident, { Send_to_SIGNL4: answer, Ask_SIGNL4_again: alertsOf(1) });
    expect(calls('Send_to_SIGNL4')).toHaveLength(1);
    expect(calls('Send_a_bare_event')).toEqual([]);
    expect(calls('Tag_the_incident')).toHaveLength(1);
    expect(calls('Comment_on_the_incident')).toHaveLength(1);
    expect(result.status).toBe('Succeeded');
  });
});

describe('an event that SIGNL4 took', () => {
  it.each([
    ['none', none],
    ['a web page', webPage],
    ['nothing', slow],
    ['503', { status: 503 }],
  ])('is not followed by a bare one, whatever its list says a moment later: %s', async (_, answer) => {
    const { result, calls } = await run(incident, { Ask_SIGNL4_again: answer });
    expect(calls('Send_to_SIGNL4')).toHaveLength(1);
    expect(calls('Send_a_bare_event')).toEqual([]);
    expect(result.status).toBe('Succeeded');
  });

  it('is recognised by its id, whatever else the answer says', async () => {
    const body = { timestamp: null, eventId: 'e-1', alert: { eventId: '' } };
    const { calls, sent } = await run(incident, { Send_to_SIGNL4: { status: 201, body } });
    expect(calls('Send_a_bare_event')).toEqual([]);
    expect(JSON.stringify(sent('Comment_on_the_incident'))).toContain('Event e-1');
  });
});

describe('a bare event', () => {
  it('is tried again: nothing that people chose can be wrong with it', async () => {
    const busy = { status: 503 };
    const answers = { Send_to_SIGNL4: busy, Send_a_bare_event: [busy, { status: 429 }, taken] };
    const { result, calls } = await run(incident, answers);
    expect(calls('Send_a_bare_event')).toHaveLength(3);
    expect(calls('Tag_the_incident')).toHaveLength(1);
    expect(result.status).toBe('Succeeded');
  });

  it.each([
    ['503', { status: 503 }],
    ['204', { status: 204 }],
    ['a web page', webPage],
    ['nothing', slow],
    ['null', { status: 200, body: null }],
    ['results of null', { status: 200, body: { results: null } }],
  ])('goes out where SIGNL4’s list does not say that the first one arrived: %s', async (_, answer) => {
    const { calls } = await run(incident, { Send_to_SIGNL4: { status: 503 }, Ask_SIGNL4_again: answer });
    expect(calls('Send_a_bare_event')).toHaveLength(1);
  });
});

describe('the tag', () => {
  it.each([409, 412])('is written again after a conflict (%i), and the team is paged once', async (status) => {
    const { result, calls } = await run(incident, { Tag_the_incident: [{ status }, { status }, ok] });
    expect(calls('Tag_the_incident')).toHaveLength(3);
    expect(calls('Send_to_SIGNL4')).toHaveLength(1);
    expect(result.status).toBe('Succeeded');
  });

  it.each([409, 403, 400])(
    'that Microsoft Sentinel refuses for good (%i) fails the run after five tries',
    async (status) => {
      const { result, calls } = await run(incident, { Tag_the_incident: { status } });
      expect(calls('Tag_the_incident')).toHaveLength(5);
      expect(calls('Send_to_SIGNL4')).toHaveLength(1);
      expect(result.status).toBe('Failed');
    },
  );

  it('that failed does not lead to a second page: the next run finds the alert in SIGNL4', async () => {
    const { result, calls } = await run(incident, { Find_it_in_SIGNL4: alertsOf(1) });
    expect(calls('Send_to_SIGNL4')).toEqual([]);
    expect(result.status).toBe('Cancelled');
  });
});

describe('the comment', () => {
  it.each([
    ['400, as where an incident has a hundred', { status: 400 }],
    ['403', { status: 403 }],
    ['nothing', slow],
  ])('that Microsoft Sentinel does not take (%s) fails the run; the page and the tag are made', async (_, answer) => {
    const { result, calls } = await run(incident, { Comment_on_the_incident: answer });
    expect(calls('Send_to_SIGNL4')).toHaveLength(1);
    expect(calls('Tag_the_incident')).toHaveLength(1);
    expect(result.status).toBe('Failed');
  });
});

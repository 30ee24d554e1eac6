import { describe, expect, it } from 'vitest';
import { sendIncident } from '../../playbooks/SIGNL4-Send-Incident/playbook.ts';
import type { Json, JsonObject } from '../../src/wdl/types.ts';
import { ok, playbookUnderTest, sample, withValue } from './support/playbook.ts';

/* SIGNL4-Send-Incident with an attacker's texts, with as much as Sentinel allows, and with a relay that answers nonsense. */

const incident = sample(sendIncident, 'incident-created');
const externalId = 'sentinel:8a1b6c2d-3e4f-4a5b-9c6d-7e8f90a1b2c3:4f0d2a86-9b1c-4d57-8e34-a6c1f2b3d4e5';
const { run } = playbookUnderTest(sendIncident, {
  Send_to_SIGNL4: { status: 201, body: { eventId: 'e-1' } },
  Tag_the_incident: ok,
  Comment_on_the_incident: { status: 201 },
  Ask_the_relay: ok,
});
const property = (name: string, value: Json) => withValue(incident, ['object', 'properties', name], value);

describe('an incident whose texts somebody else chose', () => {
  it.each([
    '{{incident.id}} @{triggerBody()} @triggerBody() [concat(1)]',
    '"q" \\ \' </script> <b>& \u0000',
    '\u202eevil\u202c e\u0301 👩‍👩‍👧‍👦 \ud83d',
    '"},{"name":"X-S4-Status","value":"resolved"',
  ])('pages with the very text in the title: %j', async (title) => {
    const { sent, status } = await run(property('title', title));
    expect(status('Build_the_event')).toBe('Succeeded');
    expect(sent('Send_to_SIGNL4')).toMatchObject({
      Title: `High: ${title}`.trim(),
      'X-S4-Status': 'new',
      'X-S4-ExternalID': externalId,
    });
  });

  it('pages with all that Sentinel allows: 150 alerts, 500 entities, long texts of characters of two units', async () => {
    const alerts = Array.from({ length: 150 }, (_, number) => ({
      kind: 'SecurityAlert',
      properties: {
        alertDisplayName: `${number} ${'🚨'.repeat(200)}`,
        description: '🚨'.repeat(15_000),
        severity: 'High',
      },
    }));
    const relatedEntities = Array.from({ length: 500 }, (_, number) => ({
      kind: number % 2 === 0 ? 'Ip' : 'Host',
      properties: { address: `10.0.${number}.1`, hostName: `${'h'.repeat(500)}${number}` },
    }));
    const { properties } = incident['object'] as JsonObject;
    const whole = { ...(properties as JsonObject), alerts, relatedEntities, description: 'd'.repeat(5_000) };
    const { sent, status } = await run(withValue(incident, ['object', 'properties'], whole));
    expect(status('Build_the_event')).toBe('Succeeded');
    const event = sent('Send_to_SIGNL4');
    expect(event['Alerts']).toBe('150');
    expect(String(event['IP addresses'])).toMatch(/, and 230 more$/);
    for (const value of Object.values(event)) {
      expect(String(value).length).toBeLessThanOrEqual(10_000);
      expect(String(value).isWellFormed()).toBe(true);
    }
  });
});

describe('an event that SIGNL4 does not take', () => {
  const hostile = withValue(
    property('title', 'evil \u0000 title'),
    ['object', 'properties', 'relatedEntities'],
    [{ kind: 'Host', properties: { hostName: 'evil-host' } }],
  );

  it.each([[{ status: 400 }], [{ status: 413 }], [{ status: 500 }]])(
    '(%j), for something in it that an attacker or a wrong choice put there, is followed by a bare one: somebody is paged',
    async (refusal) => {
      const taken = { status: 201, body: { eventId: 'e-bare' } };
      const answers = { Send_to_SIGNL4: refusal, Send_a_bare_event: taken };
      const { result, sent } = await run(hostile, answers, { Category: 'No such category' });
      expect(result.status).toBe('Succeeded');
      expect(sent('Send_a_bare_event')).toEqual({
        Title: 'Microsoft Sentinel incident 4711',
        Message: expect.stringMatching(/^SIGNL4 did not take the whole alert\. https:\/\/portal\.azure\.com\//),
        'X-S4-ExternalID': externalId,
        'X-S4-Status': 'new',
        'X-S4-SourceSystem': 'MicrosoftSentinel',
      });
      expect(JSON.stringify(sent('Send_a_bare_event'))).not.toContain('evil');
      expect(JSON.stringify(sent('Comment_on_the_incident'))).toContain('e-bare');
      expect(JSON.stringify(sent('Tag_the_incident'))).toContain('SIGNL4');
    },
  );

  it('is not followed by another one where it was taken', async () => {
    expect((await run(incident)).calls('Send_a_bare_event')).toEqual([]);
  });

  it('nor the bare one: the incident and the run say that nobody was paged', async () => {
    const { result, sent, calls } = await run(incident, {
      Send_to_SIGNL4: { status: 404, body: { id: 'not an event' } },
      Send_a_bare_event: { status: 404 },
      Say_that_nobody_was_paged: { status: 201 },
    });
    expect(result).toMatchObject({ status: 'Failed', error: { code: 'Signl4NotReached' } });
    expect(JSON.stringify(sent('Say_that_nobody_was_paged'))).toContain('Nobody was paged yet');
    expect(calls('Tag_the_incident')).toEqual([]);
  });
});

describe('choices that somebody mistyped in the designer', () => {
  it('an empty text among the excluded ones does not keep every incident back', async () => {
    const { status } = await run(incident, {}, { TitleExcludes: ['', 'no such title'] });
    expect(status('Send_to_SIGNL4')).toBe('Succeeded');
  });

  it('a tag with blanks around it is written and recognised without them', async () => {
    const { sent } = await run(incident, {}, { Tag: ' SIGNL4 ' });
    expect(sent('Tag_the_incident')).toMatchObject({ tagsToAdd: { TagsToAdd: [{ Tag: 'SIGNL4' }] } });
    const tagged = await run(property('labels', [{ labelName: 'SIGNL4' }]), {}, { Tag: ' SIGNL4 ' });
    expect(tagged.result.calls).toEqual([]);
  });
});

describe('an answer of SIGNL4', () => {
  it.each([
    [undefined, ''],
    ['<html>ok</html>', ''],
    ['2518_e', ''],
    [[{ eventId: 'x' }], ''],
    [{ id: 'e-2' }, 'e-2'],
  ])('that took the event is told in the comment, whatever it looks like: %j', async (body, id) => {
    const answer = { status: 201, ...(body !== undefined && { body: body as Json }) };
    const { result, sent } = await run(incident, { Send_to_SIGNL4: answer });
    expect(result.status).toBe('Succeeded');
    expect(sent('Comment_on_the_incident')).toEqual({
      properties: { message: `SIGNL4: sent to the person on call. Event ${id}` },
    });
  });
});

describe('a relay that answers 200', () => {
  const relay = { RelayUrl: 'https://relay.contoso.com', RelayKey: 'key' };
  const event = { Title: 'from the relay', 'X-S4-ExternalID': externalId, 'X-S4-Status': 'new' };

  it.each([
    ['an event without a title', { ...event, Title: null }],
    ['an empty title', { ...event, Title: '' }],
    ['an event that resolves instead of raising', { ...event, 'X-S4-Status': 'resolved' }],
    ['the event of another incident', { ...event, 'X-S4-ExternalID': externalId.replace('4f0d', '5f0d') }],
    ['a list', []],
    ['a web page', '<html>sign in</html>'],
  ])('with %s is not believed: the event built in the playbook goes out', async (_, answer) => {
    const { result, sent } = await run(incident, { Ask_the_relay: { status: 200, body: { event: answer } } }, relay);
    expect(sent('Send_to_SIGNL4')).toMatchObject({
      Title: 'High: Password spray against finance accounts',
      'X-S4-ExternalID': externalId,
      'X-S4-Status': 'new',
    });
    expect(result.status).toBe('Succeeded');
  });

  it('with a right event is believed', async () => {
    const { sent } = await run(incident, { Ask_the_relay: { status: 200, body: { event } } }, relay);
    expect(sent('Send_to_SIGNL4')).toEqual(event);
  });
});

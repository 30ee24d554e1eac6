import { describe, expect, it } from 'vitest';
import { sendIncident } from '../../playbooks/SIGNL4-Send-Incident/playbook.ts';
import { defaultConfig } from '../../src/config/config.ts';
import type { CallResult } from '../../src/engine/calls.ts';
import { alertsOf, answersToPage, broken, externalId, incident, taken, webPage } from './support/incidents.ts';
import { playbookUnderTest, slow } from './support/playbook.ts';

/* SIGNL4-Send-Incident of a configuration that has a relay. */

const event = { Title: 'from the relay', 'X-S4-ExternalID': externalId, 'X-S4-Status': 'new' };
const config = {
  ...defaultConfig,
  relay: { ...defaultConfig.relay, url: 'https://relay.contoso.com', timeoutSeconds: 20 },
};
const { run, uncovered } = playbookUnderTest(
  sendIncident,
  {
    ...answersToPage,
    Ask_the_relay: { status: 200, body: { event } },
    Send_what_the_relay_wrote: taken,
    Send_a_bare_event: taken,
  },
  config,
);
const relay = { RelayUrl: 'https://relay.contoso.com', RelayKey: 'key' };

describe('the relay', () => {
  it('is asked once, and its event is sent as it is', async () => {
    const { result, sent, calls } = await run(incident, {}, relay);
    expect(calls('Ask_the_relay')).toMatchObject([
      {
        method: 'POST',
        uri: 'https://relay.contoso.com/api/incidents/enrich',
        headers: { 'X-Api-Key': 'key', 'Content-Type': 'application/json' },
        body: incident,
      },
    ]);
    expect(sent('Send_what_the_relay_wrote')).toEqual(event);
    expect(calls('Send_to_SIGNL4')).toEqual([]);
    expect(calls('Tag_the_incident')).toHaveLength(1);
    expect(JSON.stringify(sent('Comment_on_the_incident'))).toContain('2518783235949759942_fbc7b4a4');
    expect(result.status).toBe('Succeeded');
  });

  it.each<[string, CallResult]>([
    ['is down', { status: 503 }],
    ['knows another key', { status: 401 }],
    ['does not understand the incident', { status: 400 }],
    ['is busy', { status: 429 }],
    ['is too slow', slow],
    ['cannot be found', { failure: { code: 'UnresolvableHostName', message: 'no such host' } }],
    ['breaks the connection', broken],
  ])('that %s does not keep anybody from being paged: the playbook’s own event goes out', async (_, answer) => {
    const { result, sent, calls } = await run(incident, { Ask_the_relay: answer }, relay);
    expect(calls('Ask_the_relay')).toHaveLength(1);
    expect(calls('Send_what_the_relay_wrote')).toEqual([]);
    expect(sent('Send_to_SIGNL4')).toMatchObject({
      Title: 'High: Password spray against finance accounts',
      'X-S4-ExternalID': externalId,
    });
    expect(calls('Send_a_bare_event')).toEqual([]);
    expect(result.status).toBe('Succeeded');
  });

  it('is waited for no longer than the configuration says', async () => {
    const { result } = await run(incident, { Ask_the_relay: slow }, relay);
    const { startTime = '', endTime = '' } = result.actions['Ask_the_relay'] ?? {};
    expect(Date.parse(endTime) - Date.parse(startTime)).toBe(20_000);
  });

  it.each<[string, CallResult]>([
    ['a web page', webPage],
    ['nothing', { status: 200 }],
    ['no event', { status: 200, body: {} }],
    ['an event of null', { status: 200, body: { event: null } }],
    ['a string', { status: 200, body: { event: 'hello' } }],
    ['a list', { status: 200, body: [] }],
  ])('that answers with %s pages nobody by itself: somebody is paged all the same', async (_, answer) => {
    const refused = { status: 400 };
    const { result, calls } = await run(incident, { Ask_the_relay: answer, Send_what_the_relay_wrote: refused }, relay);
    const pages = [...calls('Send_to_SIGNL4'), ...calls('Send_a_bare_event')];
    expect(pages).toMatchObject([{ body: { 'X-S4-ExternalID': externalId, 'X-S4-Status': 'new' } }]);
    expect(calls('Tag_the_incident')).toHaveLength(1);
    expect(calls('Comment_on_the_incident')).toHaveLength(1);
    expect(result.status).toBe('Succeeded');
  });
});

describe('an event of the relay', () => {
  it('that SIGNL4 refuses is followed by a bare one, not by the playbook’s own', async () => {
    const { result, sent, calls } = await run(incident, { Send_what_the_relay_wrote: { status: 400 } }, relay);
    expect(calls('Send_to_SIGNL4')).toEqual([]);
    expect(sent('Send_a_bare_event')).toMatchObject({ 'X-S4-ExternalID': externalId });
    expect(result.status).toBe('Succeeded');
  });

  it.each<[string, CallResult]>([
    ['no answer', slow],
    ['504', { status: 504 }],
    ['200 {}', { status: 200, body: {} }],
    ['a web page', webPage],
  ])('that SIGNL4 took although its answer was lost (%s) is not sent again', async (_, answer) => {
    const { result, calls } = await run(
      incident,
      { Send_what_the_relay_wrote: answer, Ask_SIGNL4_again: alertsOf(1) },
      relay,
    );
    expect(calls('Send_what_the_relay_wrote')).toHaveLength(1);
    expect([...calls('Send_to_SIGNL4'), ...calls('Send_a_bare_event')]).toEqual([]);
    expect(calls('Tag_the_incident')).toHaveLength(1);
    expect(result.status).toBe('Succeeded');
  });

  it('and everything after it that SIGNL4 refuses fails the run, and nothing is claimed on the incident', async () => {
    const refused = { status: 404 };
    const { result, calls } = await run(
      incident,
      { Send_what_the_relay_wrote: refused, Send_to_SIGNL4: refused, Send_a_bare_event: refused },
      relay,
    );
    expect([...calls('Tag_the_incident'), ...calls('Comment_on_the_incident')]).toEqual([]);
    expect(result.status).toBe('Failed');
  });
});

describe('these tests together', () => {
  it('execute every action, and skip every one that can be skipped', async () => {
    await run(incident, { Find_it_in_SIGNL4: alertsOf(1) }, relay);
    expect(uncovered()).toEqual({
      neverExecuted: [],
      neverSkipped: ['Find_it_in_SIGNL4', 'Get_incident', 'Tags', 'Should_somebody_be_paged'],
    });
  });
});

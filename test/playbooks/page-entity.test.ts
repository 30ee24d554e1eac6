import { describe, expect, it } from 'vitest';
import { pageEntity } from '../../playbooks/SIGNL4-Page-Entity/playbook.ts';
import { defaultConfig } from '../../src/config/config.ts';
import type { CallResult } from '../../src/engine/calls.ts';
import type { Json, JsonObject } from '../../src/wdl/types.ts';
import { armId, taken, webPage } from './support/incidents.ts';
import { playbookUnderTest, sample, slow, withValue } from './support/playbook.ts';

const usual = { Send_to_SIGNL4: taken, Comment_on_the_incident: { status: 201 } };
const { run, uncovered } = playbookUnderTest(pageEntity, usual);
const ip = sample(pageEntity, 'ip');
const withEntity = (properties: Json) => withValue(ip, ['Entity', 'properties'], properties);
const trimmed = (value: unknown) => String(value).trim();
const messageOf = (body: JsonObject) => (body['properties'] as { message: string }).message;

describe('an entity', () => {
  it('pages the team and leaves a comment on its incident', async () => {
    const { result, sent, calls } = await run(ip);
    expect(result.status).toBe('Succeeded');
    expect(calls('Send_to_SIGNL4')).toMatchObject([{ method: 'POST', path: '/v2/events/team%20secret%2F1' }]);
    expect(sent('Send_to_SIGNL4')).toEqual({
      Title: expect.stringMatching(/^IP: 203\.0\.113\.77 *$/),
      Message: 'An analyst asks you to look at this entity in Microsoft Sentinel.',
      'X-S4-ExternalID': 'sentinel-entity:08584000000000000000000000001CU01',
      'X-S4-Status': 'new',
      'X-S4-SourceSystem': 'MicrosoftSentinel',
      Link: `https://portal.azure.com/#asset/Microsoft_Azure_Security_Insights/Incident${armId}`,
    });
    const [comment] = calls('Comment_on_the_incident');
    expect(comment?.path.replace(armId, '')).toMatch(/^\/comments\/[0-9a-f-]{36}$/);
    expect(messageOf(sent('Comment_on_the_incident'))).toMatch(
      /^SIGNL4: the team on call was paged about 203\.0\.113\.77 *\.$/,
    );
  });

  it.each([[undefined], [null], ['']])('without an incident (%j) pages the team and writes nothing', async (id) => {
    const { result, sent, calls } = await run(withValue(ip, ['IncidentArmID'], id));
    expect(sent('Send_to_SIGNL4')['Link']).toBe('');
    expect(calls('Comment_on_the_incident')).toEqual([]);
    expect(result.status).toBe('Succeeded');
  });

  it.each([
    ['Account', { accountName: 'm.lopez', upnSuffix: 'contoso.com' }, 'm.lopez@contoso.com'],
    ['Account', { friendlyName: 'm.lopez@contoso.com', upnSuffix: 'contoso.com' }, 'm.lopez@contoso.com'],
    ['Account', { accountName: 'admin', ntDomain: 'CONTOSO' }, 'admin CONTOSO'],
    ['Account', { sid: 'S-1-5-21-1' }, 'S-1-5-21-1'],
    ['Account', { aadUserId: '7d2f4c1a' }, '7d2f4c1a'],
    ['Host', { hostName: 'fin-ws-017', dnsDomain: 'contoso.com' }, 'fin-ws-017 contoso.com'],
    ['Host', { friendlyName: 'fin-ws-017', hostName: 'fin-ws-017' }, 'fin-ws-017'],
    ['IP', { friendlyName: '203.0.113.77' }, '203.0.113.77'],
    ['URL', { friendlyName: 'https://login.example.net/a' }, 'https://login.example.net/a'],
  ])('(%s %j) is named as people know it', async (EntityType, properties, name) => {
    const { sent } = await run(withEntity(properties), {}, { EntityType });
    expect(trimmed(sent('Send_to_SIGNL4')['Title'])?.replaceAll(/ +/g, ' ')).toBe(`${EntityType}: ${name}`);
  });

  it.each([
    ['IP', { address: '192.0.2.1' }, '192.0.2.1'],
    ['URL', { url: 'https://login.example.net/a' }, 'https://login.example.net/a'],
    ['FileHash', { hashValue: 'abc123', algorithm: 'SHA256' }, 'abc123'],
    ['FileHash', { HashValue: 'abc123' }, 'abc123'],
    ['IP', { somethingNew: 'x-1' }, 'x-1'],
  ])('(%s %j) without a friendly name shows what identifies it', async (EntityType, properties, shown) => {
    const { result, sent } = await run(withEntity(properties), {}, { EntityType });
    expect(sent('Send_to_SIGNL4')['Title']).toContain(shown);
    expect(result.status).toBe('Succeeded');
  });

  it.each<[string, Json | undefined]>([
    ['no properties', undefined],
    ['properties of null', null],
    ['empty properties', {}],
    ['a number as name', { friendlyName: 42 }],
  ])('with %s pages the team all the same: an analyst asked for it', async (_, properties) => {
    const { result, calls } = await run(withValue(ip, ['Entity', 'properties'], properties));
    expect(calls('Send_to_SIGNL4')).toHaveLength(1);
    expect(result.status).toBe('Succeeded');
  });

  it('may have the text that was chosen in the designer, and the name that the configuration gives', async () => {
    const friendlyNames = { ...defaultConfig.friendlyNames, entities: { '203.0.113.77': 'VPN gateway' } };
    const { run: runNamed } = playbookUnderTest(pageEntity, usual, { ...defaultConfig, friendlyNames });
    const { sent } = await runNamed(ip, {}, { Request: "Look at it, it's urgent" });
    expect(sent('Send_to_SIGNL4')['Message']).toBe("Look at it, it's urgent");
    expect(sent('Send_to_SIGNL4')['Title']).toMatch(/^IP: 203\.0\.113\.77 +VPN gateway$/);
  });

  it('whose name somebody else chose is not markup in the comment', async () => {
    const { sent } = await run(withEntity({ friendlyName: '<img src=x onerror=alert(1)>@{x}' }));
    expect(messageOf(sent('Comment_on_the_incident'))).toContain('&lt;img src=x onerror=alert(1)>@{x}');
    expect(messageOf(sent('Comment_on_the_incident'))).not.toContain('<');
    expect(trimmed(sent('Send_to_SIGNL4')['Title'])?.replaceAll(/ +/g, ' ')).toBe(
      'IP: <img src=x onerror=alert(1)>@{x}',
    );
  });
});

describe('the designer’s run', () => {
  it.each([
    ['an empty body', undefined],
    ['no entity', {}],
    ['an entity of null', { Entity: null }],
  ])('with %s ends without a call', async (_, body) => {
    expect((await run(body)).result).toMatchObject({ status: 'Cancelled', calls: [] });
  });
});

describe('SIGNL4', () => {
  it.each<[string, CallResult, number]>([
    ['404', { status: 404 }, 1],
    ['409', { status: 409 }, 1],
    ['500', { status: 500 }, 5],
    ['no answer', slow, 5],
    ['200 {}', { status: 200, body: {} }, 1],
    ['204', { status: 204 }, 1],
    ['an empty id', { status: 201, body: { eventId: '' } }, 1],
    ['a web page', webPage, 1],
  ])('that answers %s: the run fails and nothing is claimed on the incident', async (_, answer, tries) => {
    const { result, calls } = await run(ip, { Send_to_SIGNL4: answer });
    expect(result.status).toBe('Failed');
    expect(calls('Send_to_SIGNL4')).toHaveLength(tries);
    expect(calls('Comment_on_the_incident')).toEqual([]);
  });

  it('that is busy is told a little later', async () => {
    const busy = { status: 429, headers: { 'Retry-After': '7' } };
    const { result, calls } = await run(ip, { Send_to_SIGNL4: [busy, taken] });
    expect(calls('Send_to_SIGNL4')).toHaveLength(2);
    expect(result.status).toBe('Succeeded');
  });
});

describe('Microsoft Sentinel', () => {
  it('that refuses the comment fails the run; the page was sent once', async () => {
    const { result, calls } = await run(ip, { Comment_on_the_incident: { status: 403 } });
    expect(result.status).toBe('Failed');
    expect(calls('Send_to_SIGNL4')).toHaveLength(1);
  });
});

describe('these tests together', () => {
  it('execute every action, and skip every one that can be skipped', () => {
    expect(uncovered()).toEqual({ neverExecuted: [], neverSkipped: ['Is_there_an_entity'] });
  });
});

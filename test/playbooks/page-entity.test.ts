import { describe, expect, it } from 'vitest';
import { pageEntity } from '../../playbooks/SIGNL4-Page-Entity/playbook.ts';
import { playbookUnderTest, sample, slow, withValue } from './support/playbook.ts';

const { run, uncovered } = playbookUnderTest(pageEntity, {
  Send_to_SIGNL4: { status: 202, body: { eventId: 'e' } },
  Comment_on_the_incident: { status: 201 },
});

const ip = sample(pageEntity, 'ip');

describe('an entity', () => {
  it('pages the team and leaves a comment on its incident', async () => {
    const { result, sent, calls } = await run(ip);
    expect(result.status).toBe('Succeeded');
    expect(sent('Send_to_SIGNL4')).toMatchObject({
      Title: 'IP: 203.0.113.77',
      Entity: '203.0.113.77',
      'X-S4-Status': 'new',
    });
    expect(calls('Comment_on_the_incident')[0]?.path).toMatch(
      /\/Incidents\/4f0d2a86-9b1c-4d57-8e34-a6c1f2b3d4e5\/comments\/[0-9a-f-]{36}$/,
    );
    expect(JSON.stringify(sent('Comment_on_the_incident'))).toContain('203.0.113.77');
  });

  it('without an incident pages the team', async () => {
    const { result, sent, calls } = await run(
      sample(pageEntity, 'account-without-incident'),
      {},
      { EntityType: 'Account' },
    );
    expect(result.status).toBe('Succeeded');
    expect(sent('Send_to_SIGNL4')['Title']).toMatch(/^Account: m\.lopez/);
    expect(calls('Comment_on_the_incident')).toEqual([]);
  });

  it.each([
    ['host', { hostName: 'fin-ws-017' }, 'fin-ws-017'],
    ['URL', { url: 'https://login.example.net/a' }, 'https://login.example.net/a'],
    ['file hash', { hashValue: 'abc123', algorithm: 'SHA256' }, 'abc123'],
  ])('may be a %s', async (_, properties, name) => {
    const { sent } = await run(withValue(ip, ['Entity', 'properties'], properties));
    expect(sent('Send_to_SIGNL4')['Entity']).toBe(name);
  });

  it('gives every page an id of its own, so that two requests are two pages', async () => {
    const { sent } = await run(ip);
    expect(sent('Send_to_SIGNL4')['X-S4-ExternalID']).toBe('sentinel-entity:08584000000000000000000000001CU01');
  });
});

describe('odd input', () => {
  it.each([
    ['an empty body', undefined],
    ['no entity', {}],
    ['an entity without properties', { Entity: { kind: 'Ip' } }],
    ['an entity of null', { Entity: null }],
  ])('ends the run without a call: %s', async (_, body) => {
    const { result } = await run(body);
    expect(result.status).toBe('Cancelled');
    expect(result.calls).toEqual([]);
  });
});

describe('upstream', () => {
  it.each([
    ['404', { status: 404 }, 1],
    ['409', { status: 409 }, 1],
    ['500', { status: 500 }, 5],
    ['no answer', slow, 5],
  ])('SIGNL4 answers %s: the run fails and nothing is claimed on the incident', async (_, answer, tries) => {
    const { result, calls } = await run(ip, { Send_to_SIGNL4: answer });
    expect(result.status).toBe('Failed');
    expect(calls('Send_to_SIGNL4')).toHaveLength(tries);
    expect(calls('Comment_on_the_incident')).toEqual([]);
  });

  it('SIGNL4 answers 429 with Retry-After: the page is sent a little later', async () => {
    const { result } = await run(ip, {
      Send_to_SIGNL4: [{ status: 429, headers: { 'Retry-After': '7' } }, { status: 202 }],
    });
    expect(result.status).toBe('Succeeded');
    expect(Date.parse(result.endTime) - Date.parse(result.startTime)).toBe(7_000);
  });

  it('Sentinel refuses the comment: the run fails, the page was sent once', async () => {
    const { result, calls } = await run(ip, { Comment_on_the_incident: { status: 403 } });
    expect(result.status).toBe('Failed');
    expect(calls('Send_to_SIGNL4')).toHaveLength(1);
  });
});

describe('these tests together', () => {
  it('execute every action, and skip every one that can be skipped', () => {
    expect(uncovered()).toEqual({ neverExecuted: [], neverSkipped: ['Entity', 'Is_there_an_entity'] });
  });
});

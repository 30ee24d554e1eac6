import { describe, expect, it } from 'vitest';
import { sendAlert } from '../../playbooks/SIGNL4-Send-Alert/playbook.ts';
import { type Config, defaultConfig } from '../../src/config/config.ts';
import type { CallResult } from '../../src/engine/calls.ts';
import type { Json } from '../../src/wdl/types.ts';
import { alertsOf, none, taken, webPage } from './support/incidents.ts';
import { playbookUnderTest, sample, slow, withValue } from './support/playbook.ts';

/* An alert of an analytics rule that creates no incident. */

const externalId = 'sentinel-alert:8a1b6c2d-3e4f-4a5b-9c6d-7e8f90a1b2c3:a3000000-0000-4000-8000-000000000001';
const usual = {
  Find_it_in_SIGNL4: none,
  Send_to_SIGNL4: taken,
  Ask_SIGNL4_again: none,
  Send_a_bare_event: taken,
};
const { run, uncovered } = playbookUnderTest(sendAlert, usual);
const alert = sample(sendAlert, 'alert');
const withEntities = (...entities: readonly Json[]) => withValue(alert, ['Entities'], JSON.stringify(entities));

/** Whether the alert pages under a filter. */
async function pages(filter: Partial<Config['filter']>, body = alert) {
  const config = { ...defaultConfig, filter: { ...defaultConfig.filter, ...filter } };
  const { result, calls } = await playbookUnderTest(sendAlert, usual, config).run(body);
  const count = calls('Send_to_SIGNL4').length;
  expect(result.status).toBe(count === 0 ? 'Cancelled' : 'Succeeded');
  return count > 0;
}

describe('an alert without an incident', () => {
  it('pages the team with what the alert says', async () => {
    const { result, sent, calls } = await run(alert);
    expect(result.status).toBe('Succeeded');
    expect(sent('Find_it_in_SIGNL4')).toEqual({ externalId });
    expect(calls('Send_to_SIGNL4')).toMatchObject([{ method: 'POST', path: '/v2/events/team%20secret%2F1' }]);
    expect(sent('Send_to_SIGNL4')).toMatchObject({
      Title: 'Medium: Sign-in from an unfamiliar location',
      'X-S4-ExternalID': externalId,
      'X-S4-Status': 'new',
      'X-S4-SourceSystem': 'MicrosoftSentinel',
      Severity: 'Medium',
    });
    expect(String(sent('Send_to_SIGNL4')['Message']).replaceAll(/ +\n/g, '\n')).toBe(
      [
        'A user signed in from a country seen for the first time.',
        'Alerts:\nMicrosoft Sentinel',
        'Entities:\naccount: m.lopez@contoso.com\nip: 198.51.100.23',
        'https://portal.azure.com/#blade/Microsoft_Azure_Security_Insights/AlertsBlade',
      ].join('\n\n'),
    );
  });

  it.each([
    ['is known in SIGNL4', alert, alertsOf(1)],
    ['is the designer’s run', sample(sendAlert, 'designer-run'), none],
    ['has no id', withValue(alert, ['SystemAlertId'], undefined), none],
    ['is empty', undefined, none],
  ])('that %s pages nobody', async (_, body, list) => {
    const { result, calls } = await run(body, { Find_it_in_SIGNL4: list });
    expect(result.status).toBe('Cancelled');
    expect(calls('Send_to_SIGNL4')).toEqual([]);
  });

  it.each<[string, CallResult]>([
    ['503', { status: 503 }],
    ['nothing', slow],
    ['204', { status: 204 }],
    ['a web page', webPage],
  ])('pages although SIGNL4’s list answers %s', async (_, answer) => {
    const { result, calls } = await run(alert, { Find_it_in_SIGNL4: answer });
    expect(calls('Send_to_SIGNL4')).toHaveLength(1);
    expect(result.status).toBe('Succeeded');
  });

  it.each<[string, string, Json | undefined]>([
    ['no entities', 'Entities', undefined],
    ['entities of null', 'Entities', null],
    ['empty entities', 'Entities', ''],
    ['entities cut off', 'Entities', '[{"Type": "ip", "Addr'],
    ['entities that are not a list', 'Entities', '{"Type": "ip"}'],
    ['entities as a list', 'Entities', [{ Type: 'ip', Address: '192.0.2.1' }]],
    ['an entity of null', 'Entities', '[null]'],
    ['details that are not JSON', 'ExtendedProperties', 'cut off {"Query": "'],
    ['no details', 'ExtendedProperties', undefined],
    ['no description', 'Description', null],
    ['no product', 'ProductName', undefined],
    ['no link', 'AlertUri', null],
    ['no title', 'AlertDisplayName', null],
  ])('pages with %s', async (_, name, value) => {
    const { result, sent } = await run(withValue(alert, [name], value));
    expect(sent('Send_to_SIGNL4')).toMatchObject({ 'X-S4-ExternalID': externalId, 'X-S4-Status': 'new' });
    expect(result.status).toBe('Succeeded');
  });

  it.each(["O'Brien", '@{triggerBody()} [concat(1)]', '"\\ 🚨'])('has the very title: %j', async (title) => {
    const { sent } = await run(withValue(alert, ['AlertDisplayName'], title));
    expect(sent('Send_to_SIGNL4')['Title']).toBe(`Medium: ${title}`);
  });
});

describe('an entity of an alert', () => {
  it.each([
    [{ Type: 'account', Name: 'admin', NTDomain: 'CONTOSO' }, 'account: admin CONTOSO'],
    [{ Type: 'account', Sid: 'S-1-5-21-1' }, 'account: S-1-5-21-1'],
    [{ Type: 'account', Name: 'm@contoso.com', UPNSuffix: 'contoso.com' }, 'account: m@contoso.com'],
    [{ Type: 'host', HostName: 'srv-1', DnsDomain: 'contoso.com' }, 'host: srv-1 contoso.com'],
    [{ Type: 'url', Url: 'https://x.example' }, 'url: https://x.example'],
    [{ Type: 'filehash', Algorithm: 'SHA256', Value: 'abc' }, 'filehash: abc'],
    [{ Type: 'mailbox', MailboxPrimaryAddress: 'm@contoso.com' }, 'mailbox: m@contoso.com'],
    [{ Type: 'dns', DomainName: 'x.example' }, 'dns: x.example'],
  ])('(%j) is named as people know it', async (entity, line) => {
    const { sent } = await run(withEntities(entity));
    const [, lines = ''] = /Entities:\n([\s\S]*?)\n\n/.exec(String(sent('Send_to_SIGNL4')['Message'])) ?? [];
    expect(lines.trim()).toBe(line);
  });

  it.each([
    [{ Type: 'iotdevice', DeviceId: 'plc-7' }, 'plc-7'],
    [{ Type: 'submarine', Hull: 'u-96' }, 'u-96'],
    [{ Type: 'mail-cluster', Query: 'subject:x' }, 'subject:x'],
  ])('of another kind (%j) shows what identifies it', async (entity, shown) => {
    expect(String((await run(withEntities(entity))).sent('Send_to_SIGNL4')['Message'])).toContain(shown);
  });
});

describe('the filter', () => {
  const tactics = (value: Json) => withValue(alert, ['Tactics'], value);

  it.each<[string, Partial<Config['filter']>, typeof alert, boolean]>([
    ['severity', { severities: ['High'] }, alert, false],
    ['severity', { severities: ['Medium'] }, alert, true],
    ['title', { titleContains: ['ransomware'] }, alert, false],
    ['title', { titleContains: ['UNFAMILIAR'] }, alert, true],
    ['excluded title', { titleExcludes: ['Unfamiliar'] }, alert, false],
    ['product', { products: ['Microsoft Defender for Endpoint'] }, alert, false],
    ['product by its friendly name', { products: ['microsoft sentinel'] }, alert, true],
    ['tactic', { tactics: ['Persistence'] }, tactics('InitialAccess, Persistence'), true],
    ['tactic in a list', { tactics: ['Persistence'] }, tactics(['Persistence']), true],
    ['tactic', { tactics: ['Impact'] }, tactics('InitialAccess, Persistence'), false],
    ['no tactic', { tactics: ['Impact'] }, alert, false],
    ['analytics rule', { analyticsRules: ['C0FFEE00-1234-4abc-8def-0123456789ab'] }, alert, true],
    ['another analytics rule', { analyticsRules: ['00000000-0000-4000-8000-000000000000'] }, alert, false],
    [
      'no analytics rule',
      { analyticsRules: ['c0ffee00-1234-4abc-8def-0123456789ab'] },
      withValue(alert, ['ExtendedProperties'], null),
      false,
    ],
    ['state, which an alert has none of', { statuses: ['Closed'] }, alert, true],
  ])('by %s %j', async (_, filter, body, isPaged) => {
    expect(await pages(filter, body)).toBe(isPaged);
  });

  it.each([[''], [null], [[]], [{}]])('does not stumble over tactics of any shape: %j', async (value) => {
    expect(await pages({}, tactics(value))).toBe(true);
    expect(await pages({ tactics: ['Impact'] }, tactics(value))).toBe(false);
  });
});

describe('SIGNL4', () => {
  it.each<[string, CallResult]>([
    ['400', { status: 400 }],
    ['404', { status: 404 }],
    ['503', { status: 503 }],
    ['no answer', slow],
    ['200 {}', { status: 200, body: {} }],
    ['204', { status: 204 }],
    ['an empty id', { status: 201, body: { eventId: '' } }],
    ['a web page', webPage],
  ])('that answers %s gets a bare event; where it does not take that either, the run fails', async (_, answer) => {
    const bare = await run(alert, { Send_to_SIGNL4: answer });
    expect(bare.sent('Send_a_bare_event')).toEqual({
      Title: 'Microsoft Sentinel alert',
      Message: expect.stringMatching(/^SIGNL4 did not take the whole alert\. https:/),
      'X-S4-ExternalID': externalId,
      'X-S4-Status': 'new',
      'X-S4-SourceSystem': 'MicrosoftSentinel',
    });
    expect(bare.result.status).toBe('Succeeded');
    expect((await run(alert, { Send_to_SIGNL4: answer, Send_a_bare_event: answer })).result.status).toBe('Failed');
  });

  it('that took the event although its answer was lost is not told again', async () => {
    const { result, calls } = await run(alert, { Send_to_SIGNL4: slow, Ask_SIGNL4_again: alertsOf(1) });
    expect(calls('Send_a_bare_event')).toEqual([]);
    expect(result.status).toBe('Succeeded');
  });
});

describe('these tests together', () => {
  it('execute every action, and skip every one that can be skipped', () => {
    expect(uncovered()).toEqual({ neverExecuted: [], neverSkipped: ['Find_it_in_SIGNL4', 'Should_somebody_be_paged'] });
  });
});

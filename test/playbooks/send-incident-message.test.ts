import { describe, expect, it } from 'vitest';
import { sendIncident } from '../../playbooks/SIGNL4-Send-Incident/playbook.ts';
import { type Config, defaultConfig } from '../../src/config/config.ts';
import type { Json, JsonObject } from '../../src/wdl/types.ts';
import { answersToPage, externalId, incident, withProperty } from './support/incidents.ts';
import { playbookUnderTest, withValue } from './support/playbook.ts';

/* What the person on call reads: title, text, entities, and what the configuration adds. */

const { run } = playbookUnderTest(sendIncident, answersToPage);
const eventOf = async (body: JsonObject) => (await run(body)).sent('Send_to_SIGNL4');

/** The event under a configuration with another message. */
async function eventWith(config: Partial<Config>, body = incident, parameters = {}) {
  const { sent } = await playbookUnderTest(sendIncident, answersToPage, { ...defaultConfig, ...config }).run(
    body,
    {},
    parameters,
  );
  return sent('Send_to_SIGNL4');
}
const message = (own: Partial<Config['message']>) => ({ message: { ...defaultConfig.message, ...own } });

/** Lines of the message below "Entities:". */
async function entityLines(...relatedEntities: readonly JsonObject[]) {
  const { Message } = await eventOf(withProperty('relatedEntities', relatedEntities));
  const [, lines = ''] = /Entities:\n([\s\S]*?)\n\n/.exec(String(Message)) ?? [];
  return lines.split('\n').map((line) => line.trim());
}
const entity = (kind: string, properties: Readonly<Record<string, Json>>): JsonObject => ({ kind, properties });

describe('the message', () => {
  it('says what happened, which alerts, which entities, and where to look', async () => {
    const { Message } = await eventOf(incident);
    expect(String(Message).replaceAll(/ +\n/g, '\n')).toBe(
      [
        'Many failed sign-ins for several accounts from one address within five minutes.',
        'Alerts:\nPassword spray (High, Microsoft Sentinel)\nSuspicious logon session (Medium, Microsoft Defender for Endpoint)',
        'Entities:\nAccount: m.lopez@contoso.com\nHost: fin-ws-017\nIp: 203.0.113.77\nUrl: https://login.example.net/a',
        (incident as { object: { properties: { incidentUrl: string } } }).object.properties.incidentUrl,
      ].join('\n\n'),
    );
  });

  it.each([
    "O'Brien said 'no'",
    '"quoted" \\ and {braces}',
    '[concat(1)] @{triggerBody()} @triggerBody() @@{x}',
    '{{incident.id}}',
    '</script> <b>& \u202eevil\u202c 👩‍👩‍👧‍👦',
    '"},{"name":"X-S4-Status","value":"resolved"',
  ])('has the very title, whatever is in it: %j', async (title) => {
    expect(await eventOf(withProperty('title', title))).toMatchObject({
      Title: `High: ${title}`,
      'X-S4-Status': 'new',
      'X-S4-ExternalID': externalId,
    });
  });

  it('lists as many alerts as the configuration says', async () => {
    const alerts = Array.from({ length: 150 }, (_, number) => ({
      properties: { alertDisplayName: `alert ${number}.`, severity: 'Low', productName: 'MDATP' },
    }));
    const { Message } = await eventOf(withProperty('alerts', alerts));
    expect(String(Message).match(/alert \d+\./g)).toHaveLength(defaultConfig.message.maxAlerts);
  });

  it('lists as many entities as the configuration says', async () => {
    const many = Array.from({ length: 500 }, (_, number) => entity('Ip', { address: `10.0.${number}.1` }));
    expect(await entityLines(...many)).toHaveLength(defaultConfig.message.maxEntities);
  });

  it('calls a product as people do, and one that nobody named as Microsoft Sentinel does', async () => {
    const alerts = ['IPC', 'Fabrikam Mail Guard', 'MDI'].map((productName) => ({
      properties: { alertDisplayName: 'a', severity: 'Low', productName },
    }));
    const { Message } = await eventWith(
      { friendlyNames: { ...defaultConfig.friendlyNames, products: { 'Fabrikam Mail Guard': 'Mail gateway' } } },
      withProperty('alerts', alerts),
    );
    expect(Message).toContain('a (Low, Microsoft Entra ID Protection)');
    expect(Message).toContain('a (Low, Mail gateway)');
    expect(Message).toContain('a (Low, Microsoft Defender for Identity)');
    expect(String((await eventOf(withProperty('alerts', alerts)))['Message'])).toContain(
      'a (Low, Fabrikam Mail Guard)',
    );
  });
});

describe('an entity', () => {
  it.each([
    ['Account', { accountName: 'm.lopez', upnSuffix: 'contoso.com' }, 'Account: m.lopez@contoso.com'],
    [
      'Account',
      { friendlyName: 'm.lopez', accountName: 'm.lopez', upnSuffix: 'contoso.com' },
      'Account: m.lopez@contoso.com',
    ],
    ['Account', { friendlyName: 'm.lopez@contoso.com', upnSuffix: 'contoso.com' }, 'Account: m.lopez@contoso.com'],
    ['Account', { accountName: 'm.lopez@contoso.com', upnSuffix: 'contoso.com' }, 'Account: m.lopez@contoso.com'],
    ['Account', { sid: 'S-1-5-21-1' }, 'Account: S-1-5-21-1'],
    ['Account', { aadUserId: '7d2f4c1a' }, 'Account: 7d2f4c1a'],
    ['Account', { accountName: 'admin', ntDomain: 'CONTOSO' }, 'Account: admin CONTOSO'],
    ['Host', { hostName: 'srv-1', dnsDomain: 'contoso.com' }, 'Host: srv-1 contoso.com'],
    ['Ip', { address: '192.0.2.1' }, 'Ip: 192.0.2.1'],
    ['Url', { url: 'https://x.example/a?b=1' }, 'Url: https://x.example/a?b=1'],
    ['File', { fileName: 'a.exe', directory: 'C:\\' }, 'File: a.exe'],
    ['Mailbox', { friendlyName: 'm.lopez@contoso.com' }, 'Mailbox: m.lopez@contoso.com'],
    ['Malware', { friendlyName: 'Emotet' }, 'Malware: Emotet'],
  ])('(%s %j) is named as people know it', async (kind, properties, line) => {
    const lines = await entityLines(entity(kind, properties));
    expect(lines.map((shown) => shown.replaceAll(/ +/g, ' '))).toEqual([line]);
  });

  it.each([
    ['IoTDevice', { deviceId: 'plc-7', deviceName: 'Press 7' }, ['plc-7', 'Press 7']],
    ['Mailbox', { mailboxPrimaryAddress: 'm.lopez@contoso.com' }, ['m.lopez@contoso.com']],
    ['FileHash', { hashValue: 'abc123', algorithm: 'SHA256' }, ['abc123']],
    ['DnsResolution', { domainName: 'x.example' }, ['x.example']],
    ['MailCluster', { query: 'subject:x' }, ['subject:x']],
    ['Submarine', { hull: 'u-96' }, ['u-96']],
    ['Process', { commandLine: 'cmd.exe /c whoami', processId: '4' }, ['cmd.exe /c whoami']],
    ['AzureResource', { resourceId: '/subscriptions/x/vm' }, ['/subscriptions/x/vm']],
  ])('of a kind without a name (%s %j) shows its kind and what identifies it', async (kind, properties, shown) => {
    const lines = await entityLines(entity(kind, properties));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(new RegExp(`^${kind}: `));
    for (const part of shown) expect(lines[0]).toContain(part);
  });

  it('is told apart from another of the same short name', async () => {
    const lines = await entityLines(
      entity('Account', { friendlyName: 'admin', accountName: 'admin', upnSuffix: 'contoso.com' }),
      entity('Account', { friendlyName: 'admin', accountName: 'admin', ntDomain: 'FABRIKAM' }),
      entity('Account', { friendlyName: 'admin', accountName: 'admin', upnSuffix: 'fabrikam.com' }),
    );
    expect(lines).toEqual(['Account: admin@contoso.com', 'Account: admin FABRIKAM', 'Account: admin@fabrikam.com']);
  });

  it('also shows what the configuration calls it', async () => {
    const friendlyNames = { ...defaultConfig.friendlyNames, entities: { 'fin-ws-017': 'Payroll desk' } };
    expect(String((await eventWith({ friendlyNames }))['Message'])).toMatch(/Host: fin-ws-017 +Payroll desk/);
  });
});

describe('what the configuration adds', () => {
  it('category and scenario by severity; neither where none is chosen', async () => {
    expect(await eventOf(incident)).not.toHaveProperty('X-S4-Service');
    expect(await eventOf(incident)).not.toHaveProperty('X-S4-AlertingScenario');
    const chosen = message({ category: 'Security', scenarios: { High: 'emergency' } });
    expect(await eventWith(chosen)).toMatchObject({ 'X-S4-Service': 'Security', 'X-S4-AlertingScenario': 'emergency' });
    const low = await eventWith(chosen, withProperty('severity', 'Low'));
    expect(low['X-S4-Service']).toBe('Security');
    expect(low['X-S4-AlertingScenario'] ?? null).toBeNull();
  });

  it('the company: its name, or by workspace', async () => {
    expect((await eventWith({ company: "O'Brien & Söhne" }))['Company']).toBe("O'Brien & Söhne");
    const CompanyNames = { '8a1b6c2d-3e4f-4a5b-9c6d-7e8f90a1b2c3': 'Contoso' };
    expect((await eventWith({}, incident, { CompanyNames }))['Company']).toBe('Contoso');
    expect((await eventOf(incident))['Company']).toBe('');
  });

  it.each([
    ['Title', { title: '{{ company }}' }],
    ['X-S4-Service', { category: '{{company}}' }],
  ])('the company wherever a template has it: %s', async (field, template) => {
    const companies = { '8a1b6c2d-3e4f-4a5b-9c6d-7e8f90a1b2c3': 'Contoso' };
    const friendlyNames = { ...defaultConfig.friendlyNames, companies };
    const event = await eventWith({ friendlyNames, ...message({ parameters: {}, ...template }) });
    expect(event[field]).toBe('Contoso');
  });

  it('parameters, title and text of its own, in the fields where people change them', async () => {
    const event = await eventWith(
      message({
        title: '[{{incident.severity | upper}}] {{incident.title | truncate 8}}',
        text: 'Look: @{not a token} {{incident.url}}',
        parameters: {
          'Tactics & co': '{{incident.tactics | first 1}}',
          Fixed: "it's [fixed]",
          Number: '#{{incident.number}}',
        },
      }),
    );
    expect(event).toMatchObject({
      Title: '[HIGH] Password',
      Message: expect.stringMatching(/^Look: @\{not a token\} https:\/\/portal\.azure\.com\//),
      'Tactics & co': 'CredentialAccess',
      Fixed: "it's [fixed]",
      Number: '#4711',
    });
    expect(event).not.toHaveProperty('Severity');
  });

  it('nothing of what only the relay can fill', async () => {
    const event = await eventWith(
      message({ text: 'A\n\n{{queries.list}}\n\nB', parameters: { Hosts: '{{entities.hosts | join ", "}}' } }),
    );
    expect(event['Message']).toBe('A\n\nB');
    expect(event).not.toHaveProperty('Hosts');
  });
});

describe('an incident with all that Microsoft Sentinel allows', () => {
  it('pages somebody', async () => {
    const alerts = Array.from({ length: 150 }, (_, number) => ({
      kind: 'SecurityAlert',
      properties: {
        alertDisplayName: `${number} ${'🚨'.repeat(100)}`,
        description: '🚨'.repeat(10_000),
        severity: 'High',
      },
    }));
    const relatedEntities = Array.from({ length: 500 }, (_, number) =>
      entity(number % 2 === 0 ? 'Ip' : 'Host', { address: `10.0.${number}.1`, hostName: `${'h'.repeat(60)}${number}` }),
    );
    const properties = (incident['object'] as JsonObject)['properties'] as JsonObject;
    const body = withValue(incident, ['object', 'properties'], {
      ...properties,
      alerts,
      relatedEntities,
      description: 'd'.repeat(5_000),
    });
    const { result, calls } = await run(body);
    expect(calls('Send_to_SIGNL4')).toHaveLength(1);
    expect(result.status).toBe('Succeeded');
  });
});

import { describe, expect, it } from 'vitest';
import { readIncident } from '../../src/domain/incident.ts';
import { defaultFriendlyNames, defaultMessage, type MessageChoice } from '../../src/rules/choices.ts';
import { renderEvent } from '../../src/rules/event.ts';
import { nameTables } from '../../src/rules/product-names.ts';

const workspaceId = 'c8c99641-985d-4e4e-8e91-fb3466cd0e5b';
const id = '73e01a99-5cd7-4139-a149-9f2736ff2ab5';
const resource = {
  id: `/subscriptions/x/incidents/${id}`,
  name: id,
  properties: {
    title: 'Sign-in from unfamiliar location',
    severity: 'High',
    status: 'New',
    incidentNumber: 3177,
    labels: [{ labelName: 'vip' }],
    incidentUrl: 'https://portal.azure.com/#asset/incident',
    additionalData: {
      alertsCount: 2,
      alertProductNames: ['Azure Sentinel', 'MDATP'],
      tactics: ['InitialAccess', 'Impact'],
      providerIncidentUrl: 'https://security.microsoft.com/incidents/7',
    },
    alerts: [
      {
        kind: 'SecurityAlert',
        properties: {
          alertDisplayName: 'Sign-in from unfamiliar location',
          description: 'A sign-in from a country never seen before.',
          severity: 'High',
          productName: 'Azure Sentinel',
        },
      },
      {
        kind: 'SecurityAlert',
        properties: {
          alertDisplayName: 'Suspicious PowerShell',
          description: 'An encoded command ran.',
          severity: 'Medium',
          productName: 'MDATP',
        },
      },
    ],
    relatedEntities: [
      { kind: 'Account', properties: { friendlyName: 'administrator', accountName: 'administrator' } },
      { kind: 'Host', properties: { hostName: 'srv-0042' } },
      { kind: 'Host', properties: { hostName: 'srv-0043' } },
      { kind: 'Ip', properties: { address: '192.0.2.38' } },
      { kind: 'Mailbox', properties: { friendlyName: 'sales@contoso.com' } },
    ],
  },
};

function render(choice: Partial<MessageChoice> = {}, company = 'Contoso', queries = '') {
  const incident = readIncident(resource);
  if (!incident) throw new Error('not an incident');
  return renderEvent(
    { incident, alerts: incident.alerts, entities: incident.entities, queries },
    { ...defaultMessage, ...choice },
    nameTables({ ...defaultFriendlyNames, entities: { 'srv-0042': 'Payroll server' } }),
    { workspaceId, workspaceName: 'law-soc', tenantId: '', company },
  );
}

describe('the event for SIGNL4', () => {
  it('finds the friendly name of an entity also under its short name', () => {
    const host = { kind: 'Host', properties: { hostName: 'srv-0042', dnsDomain: 'contoso.com' } };
    const incident = readIncident({ ...resource, properties: { ...resource.properties, relatedEntities: [host] } });
    if (!incident) throw new Error('not an incident');
    const event = renderEvent(
      { incident, alerts: [], entities: incident.entities, queries: '' },
      defaultMessage,
      nameTables({ ...defaultFriendlyNames, entities: { 'SRV-0042': 'Payroll server' } }),
      { workspaceId, workspaceName: 'law-soc', tenantId: '', company: '' },
    );
    expect(event).toMatchObject({ Hosts: 'Payroll server' });
  });

  it('says what a person needs to judge the incident', () => {
    expect(render()).toEqual({
      Title: 'High: Sign-in from unfamiliar location',
      Message: [
        'A sign-in from a country never seen before.',
        '',
        'Alerts:',
        '• Sign-in from unfamiliar location (High, Microsoft Sentinel)',
        '• Suspicious PowerShell (Medium, Microsoft Defender for Endpoint)',
        '  An encoded command ran.',
        '',
        'Entities:',
        'Accounts: administrator',
        'Hosts: Payroll server, srv-0043',
        'IP addresses: 192.0.2.38',
        'Others: sales@contoso.com',
        '',
        'https://security.microsoft.com/incidents/7',
      ].join('\n'),
      Incident: '3177',
      Severity: 'High',
      Products: 'Microsoft Sentinel, Microsoft Defender for Endpoint',
      Tactics: 'InitialAccess, Impact',
      Alerts: '2',
      Accounts: 'administrator',
      Hosts: 'Payroll server, srv-0043',
      'IP addresses': '192.0.2.38',
      Tags: 'vip',
      Company: 'Contoso',
      'X-S4-ExternalID': `sentinel:${workspaceId}:${id}`,
      'X-S4-Status': 'new',
      'X-S4-SourceSystem': 'MicrosoftSentinel',
    });
  });

  it('leaves out what is empty', () => {
    expect(Object.keys(render({}, ''))).not.toContain('Company');
  });

  it('shows the rows of the queries below the rest', () => {
    expect(render({}, '', '3 rows').Message).toContain('\n\n3 rows\n\nhttps://');
  });

  it('counts what goes beyond a limit', () => {
    const { Message, Hosts } = render({ maxAlerts: 1, maxEntities: 1 });
    expect(Message).toContain('(High, Microsoft Sentinel)\nand 1 more\n');
    expect(Hosts).toBe('Payroll server, and 1 more');
  });

  it('chooses the alerting scenario by severity, and the category', () => {
    expect(render({ scenarios: { High: 'emergency' }, category: 'Security' })).toMatchObject({
      'X-S4-AlertingScenario': 'emergency',
      'X-S4-Service': 'Security',
    });
    expect(render({ scenarios: { Low: 'emergency' } })['X-S4-AlertingScenario']).toBeUndefined();
  });

  it('keeps the order of the parameters', () => {
    const { parameters } = { parameters: { Zebra: 'z', Ant: 'a' } };
    expect(Object.keys(render({ parameters })).slice(0, 4)).toEqual(['Title', 'Message', 'Zebra', 'Ant']);
  });
});

import { describe, expect, it } from 'vitest';
import { readEntities, readEntity } from '../../src/domain/entity.ts';

const subscription = '/subscriptions/3f0c0000-0000-4000-8000-000000000002';
const server = `${subscription}/resourceGroups/shop/providers/Microsoft.Compute/virtualMachines/web-1`;

type Row = readonly [name: string, properties: Readonly<Record<string, unknown>>];

/** As incidents have it: the kind of the REST reference, and `properties`. */
const ofIncidents: Readonly<Record<string, readonly Row[]>> = {
  Account: [
    [
      'k.sato@fabrikam.example',
      { userPrincipalName: 'k.sato@fabrikam.example', accountName: 'k.sato', sid: 'S-1-5-1' },
    ],
    ['k.sato@fabrikam.example', { accountName: 'k.sato', upnSuffix: 'fabrikam.example', friendlyName: 'k.sato' }],
    ['k.sato@fabrikam.example', { accountName: 'k.sato@fabrikam.example', upnSuffix: 'fabrikam.example' }],
    ['k.sato@fabrikam.example', { accountName: 'k.sato', upnSuffix: '@fabrikam.example' }],
    ['FABRIKAM\\root', { accountName: 'root', ntDomain: 'FABRIKAM', friendlyName: 'root' }],
    ['FABRIKAM\\root', { accountName: 'FABRIKAM\\root', ntDomain: 'FABRIKAM' }],
    ['corp.fabrikam.example\\root', { accountName: 'root', dnsDomain: 'corp.fabrikam.example' }],
    ['root (S-1-5-21-7-500)', { accountName: 'root', sid: 'S-1-5-21-7-500' }],
    ['root (9b1d)', { friendlyName: 'root', aadUserId: '9b1d' }],
    ['root', { accountName: 'root', friendlyName: 'root' }],
    ['S-1-5-21-7-1104', { sid: 'S-1-5-21-7-1104' }],
    ['9b1d', { aadUserId: '9b1d', isDomainJoined: false }],
    ['7c2e', { objectGuid: '7c2e' }],
    ['10032001', { puid: '10032001' }],
  ],
  Host: [
    ['db-7.fabrikam.example', { hostName: 'db-7', dnsDomain: 'fabrikam.example', netBiosName: 'DB-7' }],
    ['db-7.fabrikam.example', { hostName: 'db-7.fabrikam.example', dnsDomain: 'fabrikam.example' }],
    ['FABRIKAM\\db-7', { netBiosName: 'db-7', ntDomain: 'FABRIKAM' }],
    ['db-7 (b5e1)', { hostName: 'db-7', ntDomain: 'WORKGROUP', omsAgentID: 'b5e1' }],
    ['web-1 (shop, 3f0c0000)', { azureID: server }],
    ['web-1 (shop, 3f0c0000)', { hostName: 'web-1', azureID: server }],
    ['b5e1', { omsAgentID: 'b5e1' }],
    ['db-7', { friendlyName: 'db-7', osFamily: 'Linux' }],
  ],
  Ip: [['198.51.100.9', { address: '198.51.100.9', friendlyName: 'nine' }]],
  Url: [['https://a.example/?b=1', { url: 'https://a.example/?b=1' }]],
  File: [
    ['C:\\Temp\\a.exe', { fileName: 'a.exe', directory: 'C:\\Temp', friendlyName: 'a.exe' }],
    ['/tmp/a.sh', { fileName: 'a.sh', directory: '/tmp/' }],
    ['a.exe', { fileName: 'a.exe' }],
  ],
  FileHash: [['d41d8cd9', { hashValue: 'd41d8cd9', algorithm: 'MD5', friendlyName: 'd41d8cd9(MD5)' }]],
  Process: [
    ['curl -k https://a.example', { processId: '19', commandLine: 'curl -k https://a.example', friendlyName: 'curl' }],
    ['curl (process 19)', { processId: 19, friendlyName: 'curl' }],
    ['process 19', { processId: '19' }],
  ],
  DnsResolution: [['c2.example', { domainName: 'c2.example' }]],
  Mailbox: [
    ['board@fabrikam.example', { mailboxPrimaryAddress: 'board@fabrikam.example', displayName: 'Board' }],
    ['board@fabrikam.example', { upn: 'board@fabrikam.example' }],
    ['Board (5d0a)', { displayName: 'Board', externalDirectoryObjectId: '5d0a' }],
  ],
  MailMessage: [
    [
      'Your parcel (from x@a.example to k.sato@fabrikam.example)',
      { subject: 'Your parcel', p2Sender: 'x@a.example', recipient: 'k.sato@fabrikam.example', networkMessageId: 'n1' },
    ],
    ['n1', { networkMessageId: 'n1' }],
  ],
  SubmissionMail: [
    ['Your parcel (from x@a.example)', { subject: 'Your parcel', sender: 'x@a.example', submitter: 'k.sato' }],
    ['s1', { submissionId: 's1' }],
  ],
  MailCluster: [
    ["17 mails: Subject:'parcel'", { mailCount: 17, query: "Subject:'parcel'" }],
    ['17 mails', { mailCount: 17 }],
  ],
  CloudApplication: [
    ['Box, fabrikam (10489)', { appName: 'Box', instanceName: 'fabrikam', appId: 10489 }],
    ['10489', { appId: 10489 }],
  ],
  AzureResource: [
    ['web-1 (shop, 3f0c0000)', { resourceId: server, friendlyName: 'web-1' }],
    [subscription, { resourceId: subscription }],
  ],
  IoTDevice: [
    ['press-2 (d77)', { deviceName: 'press-2', deviceId: 'd77' }],
    ['press-2', { deviceName: 'press-2' }],
    ['00:1b:44', { macAddress: '00:1b:44' }],
  ],
  Malware: [['Worm:Win32/A', { malwareName: 'Worm:Win32/A', category: 'Worm' }]],
  RegistryKey: [['HKEY_LOCAL_MACHINE\\Software\\Run', { hive: 'HKEY_LOCAL_MACHINE', key: 'Software\\Run' }]],
  RegistryValue: [['Updater = a.exe', { valueName: 'Updater', valueData: 'a.exe', valueType: 'String' }]],
  SecurityGroup: [
    ['CN=Admins,DC=fabrikam', { distinguishedName: 'CN=Admins,DC=fabrikam', friendlyName: 'Admins' }],
    ['Admins (S-1-5-32-544)', { friendlyName: 'Admins', sid: 'S-1-5-32-544' }],
    ['7c2e', { objectGuid: '7c2e' }],
  ],
  Nic: [['00:1b:44', { macAddress: '00:1b:44' }]],
  SecurityAlert: [['Odd sign-in', { alertDisplayName: 'Odd sign-in' }]],
  Bookmark: [['Look here', { displayName: 'Look here' }]],
};

/** As the alert trigger's `Entities` have it. */
const ofAlerts: readonly (readonly [kind: string, name: string, members: Readonly<Record<string, unknown>>])[] = [
  ['Account', 'k.sato@fabrikam.example', { Type: 'account', Name: 'k.sato', UPNSuffix: 'fabrikam.example' }],
  [
    'Account',
    'k.sato@fabrikam.example',
    { Type: 'account', Name: 'K.Sato@fabrikam.example'.toLowerCase(), UPNSuffix: 'x' },
  ],
  ['Account', 'FABRIKAM\\root', { Type: 'account', Name: 'root', NTDomain: 'FABRIKAM' }],
  ['Account', 'root on db-7', { Type: 'account', Name: 'root', NTDomain: 'WORKGROUP', Host: { HostName: 'db-7' } }],
  ['Account', 'NT AUTHORITY\\SYSTEM', { Type: 'account', Name: 'SYSTEM', NTDomain: 'NT AUTHORITY' }],
  ['Host', 'db-7.fabrikam.example', { Type: 'host', HostName: 'db-7', DnsDomain: 'fabrikam.example' }],
  ['Ip', '198.51.100.9', { Type: 'ip', Address: '198.51.100.9' }],
  ['File', 'C:\\Temp\\a.exe', { Type: 'file', Name: 'a.exe', Directory: 'C:\\Temp\\' }],
  ['FileHash', 'd41d8cd9', { Type: 'filehash', Algorithm: 'MD5', Value: 'd41d8cd9' }],
  ['Process', 'a.exe (process 5)', { Type: 'process', ProcessId: '5', ImageFile: { Name: 'a.exe' } }],
  ['DnsResolution', 'c2.example', { Type: 'dns', DomainName: 'c2.example' }],
  ['Mailbox', 'board@fabrikam.example', { Type: 'mailbox', MailboxPrimaryAddress: 'board@fabrikam.example' }],
  ['MailMessage', 'Hi (from x@a.example)', { Type: 'mail-message', Subject: 'Hi', Sender: 'x@a.example' }],
  ['AzureResource', 'web-1 (shop, 3f0c0000)', { Type: 'azure-resource', ResourceId: server }],
  ['CloudApplication', 'Box (10489)', { Type: 'cloud-application', Name: 'Box', AppId: 10489 }],
  ['SecurityGroup', 'CN=Admins', { Type: 'security-group', DistinguishedName: 'CN=Admins' }],
  ['RegistryKey', 'HKLM\\Run', { Type: 'registry-key', Hive: 'HKLM', Key: 'Run' }],
  [
    'RegistryValue',
    'HKLM\\Run\\A = b',
    { Type: 'registry-value', Name: 'A', Value: 'b', Key: { Hive: 'HKLM', Key: 'Run' } },
  ],
  ['IoTDevice', 'press-2 (d77)', { Type: 'iotdevice', DeviceId: 'd77', DeviceName: 'press-2' }],
  ['Malware', 'Worm:Win32/A', { Type: 'malware', Name: 'Worm:Win32/A' }],
  [
    'NetworkConnection',
    '192.0.2.4:50122 to 198.51.100.9:443',
    {
      Type: 'network-connection',
      SourceAddress: { Type: 'ip', Address: '192.0.2.4' },
      SourcePort: 50122,
      DestinationAddress: { Type: 'ip', Address: '198.51.100.9' },
      DestinationPort: 443,
    },
  ],
];

describe('readEntity', () => {
  for (const [kind, rows] of Object.entries(ofIncidents)) {
    it.each(rows)(`names the ${kind} of an incident %s`, (name, properties) => {
      expect(readEntity({ kind, properties })).toMatchObject({ kind, name });
    });
    it(`lets no ${kind} vanish that has a friendlyName only, or nothing`, () => {
      expect(readEntity({ kind, properties: { friendlyName: 'shown so' } })?.name).toBe('shown so');
      expect(readEntity({ kind, properties: {} })?.name).toBe(`${kind} without a name`);
      expect(readEntity({ kind, id: '/entities/e1d3', properties: { friendlyName: null } })?.name).toBe(`${kind} e1d3`);
    });
  }

  it.each(ofAlerts)('names the %s of a raw alert %s', (kind, name, members) => {
    expect(readEntity({ $id: '1', ...members })).toMatchObject({ kind, name });
  });

  it('shows the kind and what identifies it where the kind is none of the reference', () => {
    expect(readEntity({ kind: 'Drone', properties: { colour: 'red', serialNumber: '77' } })?.name).toBe('Drone 77');
    expect(readEntity({ Type: 'quantum-key', Colour: 'red' })?.name).toBe('quantum-key red');
    expect(readEntity({ properties: { address: '192.0.2.1' } })).toMatchObject({
      kind: 'Entity',
      name: 'Entity 192.0.2.1',
    });
  });

  it('keeps what people may have listed it under', () => {
    const account = { accountName: 'k.sato', upnSuffix: 'fabrikam.example', friendlyName: 'Kei Sato' };
    expect(readEntity({ kind: 'Account', properties: account })?.aliases).toEqual(['Kei Sato', 'k.sato']);
  });

  it('cuts a command line of thousands of characters', () => {
    const commandLine = `powershell -enc ${'A'.repeat(8_000)}`;
    expect(readEntity({ kind: 'Process', properties: { commandLine } })?.name).toHaveLength(300);
  });
});

describe('readEntities', () => {
  it('keeps two people of the same short name apart', () => {
    const admin = (more: object) => ({ kind: 'Account', properties: { accountName: 'admin', ...more } });
    const names = readEntities([
      admin({ upnSuffix: 'fabrikam.example' }),
      admin({ upnSuffix: 'contoso.example' }),
      admin({ ntDomain: 'FABRIKAM' }),
      admin({ sid: 'S-1-5-21-1' }),
      admin({ sid: 'S-1-5-21-2' }),
    ]).map(({ name }) => name);
    expect(new Set(names).size).toBe(5);
  });

  it('follows the references of a raw alert', () => {
    const names = readEntities([
      { $id: '1', Type: 'account', Name: 'root', Host: { $id: '2', Type: 'host', HostName: 'db-7' } },
      { $ref: '2' },
      { $id: '3', Type: 'registry-value', Name: 'A', Key: { $ref: '4' } },
      { $id: '4', Type: 'registry-key', Hive: 'HKLM', Key: 'Run' },
    ]).map(({ name }) => name);
    expect(names).toEqual(['root on db-7', 'db-7', 'HKLM\\Run\\A', 'HKLM\\Run']);
  });

  it('follows the resource ids of an incident', () => {
    const id = (guid: string) => `/subscriptions/x/providers/Microsoft.SecurityInsights/Entities/${guid}`;
    const names = readEntities([
      { id: id('p1'), kind: 'Process', properties: { processId: '5', imageFileEntityId: id('F1') } },
      { id: id('f1'), kind: 'File', properties: { fileName: 'a.exe', directory: '/opt' } },
    ]).map(({ name }) => name);
    expect(names).toEqual(['/opt/a.exe (process 5)', '/opt/a.exe']);
  });

  it('leaves out what is not an object, and nothing else', () => {
    expect(readEntities([null, 'x', 7, {}]).map(({ name }) => name)).toEqual(['Entity without a name']);
  });
});

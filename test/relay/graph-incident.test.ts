import { describe, expect, it } from 'vitest';
import { readGraphIncident } from '../../src/relay/graph-incident.ts';

const entitiesOf = (type: string, members: object) =>
  readGraphIncident({
    id: '7',
    alerts: [{ id: 'a', evidence: [{ '@odata.type': `#microsoft.graph.security.${type}`, ...members }] }],
  })?.entities.map(({ kind, name }) => `${kind} ${name}`);

describe('evidence of the Graph security API', () => {
  it.each<[string, object, string]>([
    ['userEvidence', { userAccount: { accountName: 'root', domainName: 'FABRIKAM' } }, 'Account FABRIKAM\\root'],
    [
      'userEvidence',
      { userAccount: { userPrincipalName: 'k@fabrikam.example', accountName: 'k' } },
      'Account k@fabrikam.example',
    ],
    ['deviceEvidence', { hostName: 'db-7', deviceDnsName: 'db-7.fabrikam.example' }, 'Host db-7.fabrikam.example'],
    ['deviceEvidence', { hostName: 'db-7', mdeDeviceId: 'd77' }, 'Host db-7 (d77)'],
    [
      'mailboxEvidence',
      { primaryAddress: 'board@fabrikam.example', displayName: 'Board' },
      'Mailbox board@fabrikam.example',
    ],
    ['ipEvidence', { ipAddress: '198.51.100.9' }, 'Ip 198.51.100.9'],
    ['fileEvidence', { fileDetails: { fileName: 'a.exe', filePath: 'C:\\Temp' } }, 'File C:\\Temp\\a.exe'],
    [
      'processEvidence',
      { processId: 5, imageFile: { fileName: 'a.exe', filePath: 'C:\\Temp' } },
      'Process C:\\Temp\\a.exe (process 5)',
    ],
    ['processEvidence', { processCommandLine: 'curl -k' }, 'Process curl -k'],
    [
      'analyzedMessageEvidence',
      { subject: 'Hi', p2Sender: { emailAddress: 'x@a.example' }, recipientEmailAddress: 'k@fabrikam.example' },
      'MailMessage Hi (from x@a.example to k@fabrikam.example)',
    ],
    ['securityGroupEvidence', { displayName: 'Admins', securityGroupId: '7c2e' }, 'SecurityGroup Admins (7c2e)'],
    ['registryKeyEvidence', { registryHive: 'HKLM', registryKey: 'Run' }, 'RegistryKey HKLM\\Run'],
    ['oauthApplicationEvidence', { displayName: 'Mail reader' }, 'oauthApplication Mail reader'],
    ['blobEvidence', { verdict: 'malicious' }, 'blob blob without a name'],
  ])('names %s %j', (type, members, expected) => {
    expect(entitiesOf(type, members)).toEqual([expected]);
  });
});

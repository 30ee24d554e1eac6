import { describe, expect, it } from 'vitest';
import { entitiesOf } from '../../../src/relay/graph/entities.ts';
import { readEvidence } from '../../../src/relay/graph/evidence.ts';
import { evidenceTypes } from '../../../src/relay/graph/evidence-types.ts';
import { evidenceExamples } from './evidence-examples.ts';

const evidence = (type: string, members: object) => ({
  '@odata.type': `#microsoft.graph.security.${type}`,
  createdDateTime: '2026-11-20T08:00:00.1Z',
  verdict: 'unknown',
  remediationStatus: 'none',
  remediationStatusDetails: null,
  roles: [],
  detailedRoles: [],
  tags: [],
  ...members,
});
const entities = (...values: readonly object[]) => entitiesOf(values.flatMap((value) => readEvidence(value) ?? []));
const names = (...values: readonly object[]) => entities(...values).map(({ name }) => name);
const rows = Object.entries(evidenceExamples).map(([type, example]) => ({ type, ...example }));

describe('evidence of the Microsoft Graph security API', () => {
  it('is known in all 48 types of the v1.0 schema', () => {
    expect(rows).toHaveLength(48);
    expect(Object.keys(evidenceTypes).toSorted()).toEqual(Object.keys(evidenceExamples).toSorted());
  });

  it.each(rows)('$type reads $name', ({ type, members, kind, name, identity }) => {
    const found = readEvidence(evidence(type, members));
    expect(found?.entity).toMatchObject({ kind, name });
    expect(found?.ids[0]?.value).toBe(identity);
  });

  it.each(rows)('$type is one entity when it comes twice, and stays apart from another', ({ type, members, other }) => {
    const one = evidence(type, members);
    const another = evidence(type, { ...members, ...other });
    const shown = names(one, another, one, another);
    expect(shown).toHaveLength(2);
    expect(new Set(shown.map((name) => name.toLowerCase())).size).toBe(2);
  });

  it.each(rows)('$type without any of its members still shows its kind', ({ type, kind }) => {
    expect(names(evidence(type, {}))).toEqual([`${kind} without a name`]);
  });

  it.each(rows)('$type takes null for every member', ({ type, kind, members }) => {
    const empty = Object.fromEntries(Object.keys(members).map((name) => [name, null]));
    expect(names(evidence(type, empty))).toEqual([`${kind} without a name`]);
  });

  it.each([
    ['#microsoft.graph.security.IOTDeviceEvidence', 'IoTDevice press-2'],
    ['microsoft.graph.security.ioTDeviceEvidence', 'IoTDevice press-2'],
  ])('knows the type in the spelling %s', (type, shown) => {
    const [entity] = entities({ '@odata.type': type, deviceName: 'press-2' });
    expect(`${entity?.kind} ${entity?.name}`).toBe(shown);
  });

  it.each<[string, object, string]>([
    ['somethingNewEvidence', { colour: 'red', displayName: 'Drone 7' }, 'Something New evidence: Drone 7'],
    ['somethingNewEvidence', { resourceName: 'r1', somethingId: '77' }, 'Something New evidence: r1'],
    ['somethingNewEvidence', { somethingId: '77', droneName: 'd1' }, 'Something New evidence: d1'],
    ['somethingNewEvidence', { somethingId: '77', instructions: 'You are' }, 'Something New evidence: 77'],
    ['somethingNewEvidence', { instructions: 'You are', systemPrompt: 'x' }, 'Something New evidence without a name'],
    ['somethingNewEvidence', {}, 'Something New evidence without a name'],
  ])('does not drop a newer type: %s %j', (type, members, name) => {
    expect(names(evidence(type, members))).toEqual([name]);
  });

  it('does not drop evidence that does not say its type, and reads no scalar', () => {
    expect(names({ displayName: 'x' })).toEqual(['Evidence: x']);
    expect([null, 'x', 7, undefined].map(readEvidence)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('reads evidence inside evidence to a fixed depth', () => {
    let pod: object = { ...evidence('kubernetesPodEvidence', { name: 'innermost' }) };
    for (let depth = 0; depth < 5_000; depth++) {
      const cluster = { name: `c${depth}`, cloudResource: pod };
      pod = evidence('kubernetesPodEvidence', { name: `p${depth}`, namespace: { name: 'n', cluster } });
    }
    expect(names(pod)).toEqual(['n/p4999 in c4999']);
  });
});

describe('names of evidence', () => {
  it.each<[string, object, string]>([
    ['userEvidence', { userAccount: { accountName: 'root', domainName: 'FABRIKAM' } }, 'FABRIKAM\\root'],
    ['userEvidence', { userAccount: { displayName: 'Kei Sato', userSid: 'S-1-5-1' } }, 'Kei Sato (S-1-5-1)'],
    ['deviceEvidence', { hostName: 'db-7', mdeDeviceId: 'd77' }, 'db-7 (d77)'],
    ['deviceEvidence', { hostName: 'db-7', dnsDomain: 'fabrikam.example' }, 'db-7.fabrikam.example'],
    ['deviceEvidence', { lastIpAddress: '192.0.2.4' }, 'Host 192.0.2.4'],
    ['fileEvidence', { fileDetails: { fileName: 'a.exe', filePath: 'C:\\Temp\\a.exe' } }, 'C:\\Temp\\a.exe'],
    ['fileEvidence', { fileDetails: { sha256: 'ab12' } }, 'ab12'],
    ['processEvidence', { processCommandLine: '-k', imageFile: { fileName: 'svchost.exe' } }, 'svchost.exe -k'],
    ['processEvidence', { processId: '5', imageFile: { fileName: 'a', filePath: '/tmp' } }, '/tmp/a (process 5)'],
    ['securityGroupEvidence', { distinguishedName: 'CN=Admins' }, 'CN=Admins'],
    ['mailClusterEvidence', { emailCount: '3', query: 'Subject:parcel' }, '3 mails: Subject:parcel'],
    [
      'azureResourceEvidence',
      { resourceName: 'contosodata', resourceType: 'Storage account' },
      'contosodata (Storage account)',
    ],
    ['amazonResourceEvidence', { amazonResourceId: 'arn:aws:s3:::web' }, 'arn:aws:s3:::web'],
    ['googleCloudResourceEvidence', { fullResourceName: '//x/web-1' }, '//x/web-1'],
    ['blobEvidence', { url: 'https://a.blob.core.windows.net/c/b?sp=r' }, 'https://a.blob.core.windows.net/c/b'],
    ['blobContainerEvidence', { name: 'logs' }, 'logs'],
    ['sasTokenEvidence', { signatureHash: 'ef01' }, 'ef01'],
    ['kubernetesPodEvidence', { name: 'pay' }, 'pay'],
    ['gitHubRepoEvidence', { login: 'contoso/pay', owner: 'contoso' }, 'contoso/pay'],
    ['ioTDeviceEvidence', { manufacturer: 'Siemens', model: 'S7', serialNumber: '9' }, 'Siemens S7 (9)'],
    ['teamsMessageEvidence', { messageId: '17' }, '17'],
  ])('%s %j', (type, members, name) => {
    expect(names(evidence(type, members))).toEqual([name]);
  });

  it.each<[string, object]>([
    ['urlEvidence', { url: 'https://a.blob.core.windows.net/c/b?sv=1&sig=SECRET' }],
    ['blobEvidence', { url: 'https://a.blob.core.windows.net/c/b?sig=SECRET&sv=1' }],
    ['blobContainerEvidence', { url: 'https://a.blob.core.windows.net/c?restype=container&comp=list&sig=SECRET' }],
    ['processEvidence', { processCommandLine: 'azcopy cp "https://a.blob.core.windows.net/c?sv=1&sig=SECRET" .' }],
    ['somethingNewEvidence', { downloadUrl: 'https://a.blob.core.windows.net/c/b?sv=1&sig=SECRET' }],
    ['aiAgentEvidence', { instructions: 'SECRET' }],
    ['aiAgentEvidence', { agentName: 'x', agentId: 'y', instructions: 'SECRET' }],
    ['containerEvidence', { args: ['SECRET'], command: ['SECRET'] }],
  ])('give nobody access: %s %j', (type, members) => {
    expect(JSON.stringify(entities(evidence(type, members)))).not.toContain('SECRET');
  });

  it('tell two apart that are called alike, even where the name is longer than a phone shows', () => {
    const process = (mdeDeviceId: string) =>
      evidence('processEvidence', {
        processId: 5,
        processCreationDateTime: '2026-11-20T08:00:00Z',
        processCommandLine: 'x'.repeat(8_000),
        mdeDeviceId,
      });
    const [first = '', second = ''] = names(process('d1'), process('d2'));
    expect([first.length, second.length]).toEqual([300, 300]);
    expect(first.endsWith('(d1 5 2026-11-20T08:00:00Z)')).toBe(true);
    expect(second.endsWith('(d2 5 2026-11-20T08:00:00Z)')).toBe(true);
  });
});

describe('one thing in several pieces of evidence', () => {
  const id = '/subscriptions/3f0c/resourceGroups/shop/providers/Microsoft.Compute/virtualMachines/web-1';
  const device = evidence('deviceEvidence', {
    hostName: 'web-1',
    mdeDeviceId: 'd77',
    vmMetadata: { resourceId: id.toUpperCase(), cloudProvider: 'azure' },
  });
  const resource = evidence('azureResourceEvidence', { resourceId: id, resourceName: 'web-1' });

  it.each([
    ['device first', [device, resource]],
    ['resource first', [resource, device]],
  ])('a virtual machine is one host: %s', (_, both) => {
    expect(entities(...both)).toMatchObject([{ kind: 'Host' }]);
  });

  it('a cluster is one with the resource that it runs in', () => {
    const { members } = evidenceExamples.kubernetesClusterEvidence ?? { members: {} };
    const cloudResource = Reflect.get(members, 'cloudResource');
    expect(entities(cloudResource, evidence('kubernetesClusterEvidence', members))).toMatchObject([
      { kind: 'KubernetesCluster', name: 'prod-1 (AKS)' },
    ]);
  });

  it('is called by what says most, and keeps its other names', () => {
    const [account, ...more] = entities(
      evidence('userEvidence', { userAccount: { azureAdUserId: '9b1d' } }),
      evidence('userEvidence', { userAccount: { azureAdUserId: '9B1D', userPrincipalName: 'k@fabrikam.example' } }),
    );
    expect(more).toEqual([]);
    expect(account).toMatchObject({ name: 'k@fabrikam.example', aliases: ['9b1d'] });
  });

  it('two machines of one name are two, though a third piece of evidence has only the name', () => {
    const host = (members: object) =>
      evidence('deviceEvidence', { deviceDnsName: 'db-7.fabrikam.example', ...members });
    expect(names(host({ mdeDeviceId: 'd1' }), host({}), host({ mdeDeviceId: 'd2' }))).toEqual([
      'db-7.fabrikam.example (d1)',
      'db-7.fabrikam.example (d2)',
    ]);
  });
});

describe('the order of evidence on a phone', () => {
  const ip = (ipAddress: string, roles: readonly string[], verdict = 'unknown') =>
    evidence('ipEvidence', { ipAddress, roles, verdict });

  it('is: attacked, attacker, no role, context; within each the malicious first, and as it came', () => {
    const shown = names(
      ip('context, malicious', ['contextual'], 'malicious'),
      ip('no role', []),
      ip('no role, harmless', [], 'noThreatsFound'),
      ip('no role, suspicious', ['destination'], 'suspicious'),
      ip('no role, malicious', [], 'malicious'),
      ip('attacker', ['contextual', 'attacker']),
      ip('source, suspicious', ['source'], 'suspicious'),
      ip('attacked', ['attacked']),
      ip('compromised, malicious', ['compromised'], 'malicious'),
      ip('also no role', ['unknownFutureValue']),
    );
    expect(shown).toEqual([
      ...['compromised, malicious', 'attacked', 'source, suspicious', 'attacker'],
      ...['no role, malicious', 'no role, suspicious', 'no role', 'also no role', 'no role, harmless'],
      'context, malicious',
    ]);
  });

  it('goes by the most important piece of evidence about the same thing', () => {
    expect(names(ip('192.0.2.1', ['source']), ip('192.0.2.2', ['contextual']), ip('192.0.2.2', ['attacked']))).toEqual([
      '192.0.2.2',
      '192.0.2.1',
    ]);
  });
});

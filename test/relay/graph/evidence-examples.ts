/*
 * An example of each type of evidence in the shape of the Graph reference (v1.0), what a person shall read, what identifies it,
 * and what another of the same type differs in that is still not the same thing.
 */

export interface EvidenceExample {
  readonly members: Readonly<Record<string, unknown>>;
  readonly kind: string;
  readonly name: string;
  /** The strongest identifier; empty where the name is all there is. */
  readonly identity: string;
  /** Members of another one, in place of these. */
  readonly other: Readonly<Record<string, unknown>>;
}

const guid = (n: number) => `5f0c1d2e-0000-4000-8000-${String(n).padStart(12, '0')}`;
const hash = (letter: string) => letter.repeat(64);
const resource = (path: string) =>
  `/subscriptions/3f0c0000-0000-4000-8000-000000000002/resourceGroups/Shop/providers/${path}`;
const of = (type: string) => ({ '@odata.type': `#microsoft.graph.security.${type}` });

const storage = {
  resourceId: resource('Microsoft.Storage/storageAccounts/contosodata'),
  resourceName: 'contosodata',
  resourceType: 'Storage account',
};
const aks = {
  ...of('azureResourceEvidence'),
  resourceId: resource('Microsoft.ContainerService/managedClusters/prod-1'),
  resourceName: 'prod-1',
  resourceType: 'Kubernetes service',
};
const cluster = { name: 'prod-1', platform: 'aks', version: '1.33', cloudResource: aks };
const namespace = { name: 'payments', labels: {}, cluster };
const otherNamespace = {
  name: 'payments',
  cluster: { ...cluster, cloudResource: { ...aks, resourceId: resource('x/managedClusters/prod-1b') } },
};
const aksId = aks.resourceId;
const user = {
  accountName: 'k.sato',
  domainName: 'FABRIKAM',
  userSid: 'S-1-5-21-7-1104',
  azureAdUserId: guid(1),
  userPrincipalName: 'k.sato@fabrikam.example',
  displayName: 'Kei Sato',
};
const device = { mdeDeviceId: 'd77', hostName: 'db-7', deviceDnsName: 'db-7.fabrikam.example', osPlatform: 'Linux' };
const file = { fileName: 'a.exe', filePath: 'C:\\Temp', sha1: 'b'.repeat(40), sha256: hash('a') };

export const evidenceExamples: Readonly<Record<string, EvidenceExample>> = {
  userEvidence: {
    members: { userAccount: user },
    kind: 'Account',
    name: 'k.sato@fabrikam.example',
    identity: guid(1),
    other: { userAccount: { ...user, azureAdUserId: guid(2) } },
  },
  deviceEvidence: {
    members: { ...device, azureAdDeviceId: null, healthStatus: 'active', vmMetadata: null },
    kind: 'Host',
    name: 'db-7.fabrikam.example',
    identity: 'd77',
    other: { mdeDeviceId: 'd78' },
  },
  ipEvidence: {
    members: { ipAddress: '203.0.113.7', countryLetterCode: 'NL', location: { city: 'Amsterdam' } },
    kind: 'Ip',
    name: '203.0.113.7',
    identity: '203.0.113.7',
    other: { ipAddress: '203.0.113.70' },
  },
  urlEvidence: {
    members: { url: 'https://login.evil.example/a.b?c=d.e' },
    kind: 'Url',
    name: 'hxxps://login[.]evil[.]example/a.b?c=d.e',
    identity: 'https://login.evil.example/a.b?c=d.e',
    other: { url: 'http://login.evil.example/a.b?c=d.e' },
  },
  dnsEvidence: {
    members: { domainName: 'c2.evil.example', ipAddresses: [{ ipAddress: '203.0.113.7' }] },
    kind: 'DnsResolution',
    name: 'c2.evil.example',
    identity: 'c2.evil.example',
    other: { domainName: 'c3.evil.example' },
  },
  fileEvidence: {
    members: { fileDetails: file, mdeDeviceId: 'd77', detectionStatus: 'prevented' },
    kind: 'File',
    name: 'C:\\Temp\\a.exe',
    identity: hash('a'),
    other: { fileDetails: { ...file, sha256: hash('c') } },
  },
  fileHashEvidence: {
    members: { algorithm: 'sha256', value: hash('a') },
    kind: 'FileHash',
    name: hash('a'),
    identity: hash('a'),
    other: { value: hash('b') },
  },
  processEvidence: {
    members: {
      processId: 4711,
      processCommandLine: 'a.exe -x',
      processCreationDateTime: '2026-11-20T08:00:00Z',
      imageFile: file,
      mdeDeviceId: 'd77',
    },
    kind: 'Process',
    name: 'a.exe -x',
    identity: 'd77 4711 2026-11-20T08:00:00Z',
    other: { mdeDeviceId: 'd78' },
  },
  malwareEvidence: {
    members: { name: 'Trojan:Linux/Miner', category: 'Trojan', files: [{ fileDetails: file }], processes: [] },
    kind: 'Malware',
    name: 'Trojan:Linux/Miner',
    identity: `Trojan:Linux/Miner ${hash('a')}`,
    other: { files: [{ fileDetails: { sha256: hash('b') } }] },
  },
  registryKeyEvidence: {
    members: { registryHive: 'HKEY_LOCAL_MACHINE', registryKey: 'Software\\Run' },
    kind: 'RegistryKey',
    name: 'HKEY_LOCAL_MACHINE\\Software\\Run',
    identity: 'HKEY_LOCAL_MACHINE Software\\Run',
    other: { registryHive: 'HKEY_CURRENT_USER' },
  },
  registryValueEvidence: {
    members: {
      registryHive: 'HKEY_LOCAL_MACHINE',
      registryKey: 'Software\\Run',
      registryValueName: 'Updater',
      registryValue: 'a.exe',
      mdeDeviceId: 'd77',
    },
    kind: 'RegistryValue',
    name: 'HKEY_LOCAL_MACHINE\\Software\\Run\\Updater = a.exe',
    identity: 'd77 HKEY_LOCAL_MACHINE Software\\Run Updater',
    other: { mdeDeviceId: 'd78' },
  },
  hostLogonSessionEvidence: {
    members: { account: { userAccount: user }, host: device, sessionId: '0x3e7' },
    kind: 'HostLogonSession',
    name: 'k.sato@fabrikam.example on db-7.fabrikam.example (session 0x3e7)',
    identity: '0x3e7 d77',
    other: { host: { ...device, mdeDeviceId: 'd78' } },
  },
  cloudLogonSessionEvidence: {
    members: { account: { userAccount: user }, browser: 'Edge', operatingSystem: 'Windows 11', sessionId: guid(3) },
    kind: 'CloudLogonSession',
    name: `k.sato@fabrikam.example (Edge, Windows 11, session ${guid(3)})`,
    identity: guid(3),
    other: { sessionId: guid(4) },
  },
  cloudLogonRequestEvidence: {
    members: { requestId: guid(5) },
    kind: 'CloudLogonRequest',
    name: guid(5),
    identity: guid(5),
    other: { requestId: guid(6) },
  },
  networkConnectionEvidence: {
    members: {
      sourceAddress: { ipAddress: '192.0.2.4' },
      sourcePort: 50122,
      destinationAddress: { ipAddress: '203.0.113.7' },
      destinationPort: 443,
      protocol: 'tcp',
    },
    kind: 'NetworkConnection',
    name: '192.0.2.4:50122 to 203.0.113.7:443 (TCP)',
    identity: '192.0.2.4 50122 203.0.113.7 443 tcp',
    other: { protocol: 'udp' },
  },
  nicEvidence: {
    members: { macAddress: '00:1B:44:11:3A:B7', ipAddress: { ipAddress: '192.0.2.4' }, vlans: ['7'] },
    kind: 'Nic',
    name: '00:1B:44:11:3A:B7',
    identity: '00:1B:44:11:3A:B7',
    other: { macAddress: '00:1B:44:11:3A:B8' },
  },
  activeDirectoryDomainEvidence: {
    members: { activeDirectoryDomainName: 'corp.fabrikam.example', trustedDomains: [] },
    kind: 'ActiveDirectoryDomain',
    name: 'corp.fabrikam.example',
    identity: 'corp.fabrikam.example',
    other: { activeDirectoryDomainName: 'lab.fabrikam.example' },
  },
  securityGroupEvidence: {
    members: {
      displayName: 'Domain Admins',
      securityGroupId: guid(7),
      sid: 'S-1-5-21-7-512',
      distinguishedName: 'CN=Domain Admins,DC=fabrikam',
    },
    kind: 'SecurityGroup',
    name: 'Domain Admins (S-1-5-21-7-512)',
    identity: guid(7),
    other: { securityGroupId: guid(8), sid: 'S-1-5-21-8-512' },
  },
  mailboxEvidence: {
    members: {
      primaryAddress: 'board@fabrikam.example',
      displayName: 'Board',
      upn: 'board@fabrikam.example',
      userAccount: { azureAdUserId: guid(9) },
    },
    kind: 'Mailbox',
    name: 'board@fabrikam.example',
    identity: guid(9),
    other: { primaryAddress: 'bord@fabrikam.example', userAccount: { azureAdUserId: guid(10) } },
  },
  mailboxConfigurationEvidence: {
    members: {
      configurationType: 'mailForwardingRule',
      mailboxPrimaryAddress: 'board@fabrikam.example',
      displayName: 'to home',
      externalDirectoryObjectId: guid(9),
      configurationId: 'rule-1',
    },
    kind: 'MailboxConfiguration',
    name: 'Mail Forwarding Rule of board@fabrikam.example (to home)',
    identity: `${guid(9)} rule-1`,
    other: { configurationId: 'rule-2' },
  },
  analyzedMessageEvidence: {
    members: {
      subject: 'Your parcel',
      p1Sender: { emailAddress: 'bounce@a.example' },
      p2Sender: { emailAddress: 'x@a.example', displayName: 'Parcels' },
      recipientEmailAddress: 'k.sato@fabrikam.example',
      networkMessageId: guid(11),
      deliveryAction: 'Delivered',
    },
    kind: 'MailMessage',
    name: 'Your parcel (from x@a.example to k.sato@fabrikam.example)',
    identity: `${guid(11)} k.sato@fabrikam.example`,
    other: { networkMessageId: guid(12) },
  },
  mailClusterEvidence: {
    members: {
      emailCount: 17,
      clusterBy: 'Subject;P2SenderDomain',
      clusterByValue: 'parcel;a.example',
      urn: 'urn:c:1',
    },
    kind: 'MailCluster',
    name: '17 mails: Subject;P2SenderDomain parcel;a.example',
    identity: 'urn:c:1',
    other: { urn: 'urn:c:2' },
  },
  submissionMailEvidence: {
    members: {
      subject: 'Your parcel',
      sender: 'x@a.example',
      recipient: 'k.sato@fabrikam.example',
      submitter: 'k.sato@fabrikam.example',
      submissionId: guid(13),
      reportType: 'Phish',
    },
    kind: 'SubmissionMail',
    name: 'Your parcel (from x@a.example to k.sato@fabrikam.example)',
    identity: guid(13),
    other: { submissionId: guid(14) },
  },
  teamsMessageEvidence: {
    members: { subject: 'Pay rise', senderFromAddress: 'x@a.example', messageId: '1732000', threadId: '19:abc' },
    kind: 'TeamsMessage',
    name: 'Pay rise (from x@a.example)',
    identity: '19:abc 1732000',
    other: { threadId: '19:abd' },
  },
  cloudApplicationEvidence: {
    members: { displayName: 'Box', instanceName: 'fabrikam', appId: 10489, instanceId: 0, saasAppId: 10489 },
    kind: 'CloudApplication',
    name: 'Box, fabrikam (10489)',
    identity: '10489 0',
    other: { instanceId: 1 },
  },
  oauthApplicationEvidence: {
    members: { displayName: 'Mail reader', publisher: 'Contoso', appId: guid(15), objectId: guid(16) },
    kind: 'OAuthApplication',
    name: `Mail reader (Contoso, ${guid(15)})`,
    identity: guid(16),
    other: { objectId: guid(17) },
  },
  servicePrincipalEvidence: {
    members: {
      servicePrincipalName: 'deploy',
      servicePrincipalType: 'managedIdentity',
      servicePrincipalObjectId: guid(18),
      appId: guid(19),
    },
    kind: 'ServicePrincipal',
    name: `deploy (Managed Identity, ${guid(18)})`,
    identity: guid(18),
    other: { servicePrincipalObjectId: guid(20) },
  },
  aiAgentEvidence: {
    members: {
      agentName: 'Travel desk',
      agentId: guid(21),
      hostingPlatformType: 'copilotStudio',
      instructions: 'You are the travel desk. The code is 4711.',
    },
    kind: 'AiAgent',
    name: `Travel desk (Copilot Studio, ${guid(21)})`,
    identity: guid(21),
    other: { agentId: guid(22) },
  },
  azureResourceEvidence: {
    members: storage,
    kind: 'AzureResource',
    name: 'contosodata (Storage account, Shop, 3f0c0000)',
    identity: storage.resourceId,
    other: { resourceId: storage.resourceId.replace('storageAccounts', 'queueAccounts') },
  },
  amazonResourceEvidence: {
    members: {
      amazonResourceId: 'arn:aws:s3:::web-files',
      resourceName: 'web-files',
      resourceType: 'S3 Bucket',
      amazonAccountId: '123456789012',
    },
    kind: 'AmazonResource',
    name: 'web-files (S3 Bucket, 123456789012)',
    identity: 'arn:aws:s3:::web-files',
    other: { amazonResourceId: 'arn:aws-cn:s3:::web-files' },
  },
  googleCloudResourceEvidence: {
    members: {
      fullResourceName: '//compute.googleapis.com/projects/shop/zones/europe-west1-b/instances/web-1',
      resourceName: 'web-1',
      resourceType: 'VM instance',
      projectId: 'shop',
      projectNumber: 42,
      location: 'europe-west1-b',
    },
    kind: 'GoogleCloudResource',
    name: 'web-1 (VM instance) in shop',
    identity: '//compute.googleapis.com/projects/shop/zones/europe-west1-b/instances/web-1',
    other: { fullResourceName: '//compute.googleapis.com/projects/shop/zones/europe-west1-c/instances/web-1' },
  },
  blobContainerEvidence: {
    members: { name: 'logs', storageResource: storage, url: 'https://contosodata.blob.core.windows.net/logs' },
    kind: 'BlobContainer',
    name: 'logs in contosodata',
    identity: 'https://contosodata.blob.core.windows.net/logs',
    other: { url: 'https://contosodata.blob.core.usgovcloudapi.net/logs' },
  },
  blobEvidence: {
    members: {
      name: 'report.pdf',
      url: 'https://contosodata.blob.core.windows.net/logs/report.pdf?sv=2024-11-04&sig=SECRET%3D',
      blobContainer: { name: 'logs', storageResource: storage },
      etag: '0x8D',
      fileHashes: [{ algorithm: 'md5', value: 'd41d' }],
    },
    kind: 'Blob',
    name: 'report.pdf in contosodata/logs',
    identity: 'https://contosodata.blob.core.windows.net/logs/report.pdf',
    other: { url: 'https://contosodata.blob.core.windows.net/logs/2026/report.pdf' },
  },
  sasTokenEvidence: {
    members: {
      storageResource: storage,
      permissions: ['read', 'list'],
      expiryDateTime: '2026-12-24T00:00:00Z',
      signatureHash: hash('e'),
    },
    kind: 'SasToken',
    name: 'SAS token for contosodata (read, list, until 2026-12-24)',
    identity: hash('e'),
    other: { signatureHash: hash('f') },
  },
  containerRegistryEvidence: {
    members: { registry: 'contoso.azurecr.io' },
    kind: 'ContainerRegistry',
    name: 'contoso.azurecr.io',
    identity: 'contoso.azurecr.io',
    other: { registry: 'fabrikam.azurecr.io' },
  },
  containerImageEvidence: {
    members: {
      imageId: 'contoso.azurecr.io/pay:1.2',
      registry: { registry: 'contoso.azurecr.io' },
      digestImage: { imageId: `contoso.azurecr.io/pay@sha256:${hash('a')}` },
    },
    kind: 'ContainerImage',
    name: 'contoso.azurecr.io/pay:1.2',
    identity: `contoso.azurecr.io/pay@sha256:${hash('a')}`,
    other: { digestImage: { imageId: `contoso.azurecr.io/pay@sha256:${hash('b')}` } },
  },
  containerEvidence: {
    members: {
      name: 'pay',
      containerId: '4c01db0b339c8f7a',
      image: { imageId: 'contoso.azurecr.io/pay:1.2' },
      pod: { name: 'pay-7d9', namespace },
      args: ['--password=4711'],
      isPrivileged: true,
    },
    kind: 'Container',
    name: 'pay (contoso.azurecr.io/pay:1.2, 4c01db0b339c)',
    identity: '4c01db0b339c8f7a',
    other: { containerId: '4c01db0b339c8f7b' },
  },
  kubernetesClusterEvidence: {
    members: cluster,
    kind: 'KubernetesCluster',
    name: 'prod-1 (AKS)',
    identity: aksId,
    other: { cloudResource: { ...aks, resourceId: resource('x/managedClusters/prod-1b') } },
  },
  kubernetesNamespaceEvidence: {
    members: namespace,
    kind: 'KubernetesNamespace',
    name: 'payments in prod-1',
    identity: `${aksId} payments`,
    other: otherNamespace,
  },
  kubernetesPodEvidence: {
    members: { name: 'pay-7d9', namespace, containers: [{ name: 'pay', pod: { name: 'pay-7d9' } }] },
    kind: 'KubernetesPod',
    name: 'payments/pay-7d9 in prod-1',
    identity: `${aksId} payments pay-7d9`,
    other: { namespace: otherNamespace },
  },
  kubernetesControllerEvidence: {
    members: { name: 'pay', namespace, type: 'Deployment', labels: {} },
    kind: 'KubernetesController',
    name: 'Deployment payments/pay in prod-1',
    identity: `${aksId} payments Deployment pay`,
    other: { type: 'StatefulSet' },
  },
  kubernetesServiceEvidence: {
    members: { name: 'pay', namespace, serviceType: 'loadBalancer', clusterIP: { ipAddress: '10.0.0.7' } },
    kind: 'KubernetesService',
    name: 'payments/pay in prod-1 (Load Balancer)',
    identity: `${aksId} payments pay`,
    other: { namespace: otherNamespace },
  },
  kubernetesSecretEvidence: {
    members: { name: 'db-login', namespace, secretType: 'Opaque' },
    kind: 'KubernetesSecret',
    name: 'payments/db-login in prod-1 (Opaque)',
    identity: `${aksId} payments db-login`,
    other: { namespace: otherNamespace },
  },
  kubernetesServiceAccountEvidence: {
    members: { name: 'runner', namespace },
    kind: 'KubernetesServiceAccount',
    name: 'payments/runner in prod-1',
    identity: `${aksId} payments runner`,
    other: { namespace: otherNamespace },
  },
  ioTDeviceEvidence: {
    members: {
      deviceName: 'press-2',
      deviceId: 'd77',
      manufacturer: 'Siemens',
      model: 'S7-1500',
      ioTHub: { ...of('azureResourceEvidence'), resourceId: resource('Microsoft.Devices/IotHubs/plant') },
      ipAddress: { ipAddress: '192.0.2.77' },
    },
    kind: 'IoTDevice',
    name: 'press-2 (d77)',
    identity: `d77 ${resource('Microsoft.Devices/IotHubs/plant')}`,
    other: { ioTHub: { resourceId: resource('Microsoft.Devices/IotHubs/lab') } },
  },
  gitHubOrganizationEvidence: {
    members: { login: 'contoso', displayName: 'Contoso Ltd', orgId: '77' },
    kind: 'GitHubOrganization',
    name: 'contoso',
    identity: '77',
    other: { orgId: '78' },
  },
  gitHubRepoEvidence: {
    members: { login: 'pay', owner: 'contoso', ownerType: 'Organization', repoId: '771' },
    kind: 'GitHubRepo',
    name: 'contoso/pay',
    identity: '771',
    other: { repoId: '772' },
  },
  gitHubUserEvidence: {
    members: { login: 'ksato', name: 'Kei Sato', userId: '7', email: 'k.sato@fabrikam.example' },
    kind: 'GitHubUser',
    name: 'ksato (Kei Sato)',
    identity: '7',
    other: { userId: '8' },
  },
};

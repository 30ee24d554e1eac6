import type { EvidenceText } from './evidence-text.ts';

/*
 * The 48 types of evidence of the Microsoft Graph security API, v1.0 (schema of August 2026), a row each: the kind of entity,
 * the members that name it, and what identifies it. Members that no row names are not read: prompts and the like stay where
 * they are.
 */

/** Where a value comes from: a path, the first of several paths that has one, or a function. */
export type TextSource = string | readonly string[] | ((text: EvidenceText) => string);

/** A string, or a nested entity whose members are in this evidence. */
export type MemberSource = TextSource | { readonly [member: string]: TextSource };

export interface EvidenceType {
  /** Kind as `readEntity` knows it. */
  readonly kind: string;
  /** The entity's members, under the names that `readEntity` knows. */
  readonly members: Readonly<Record<string, MemberSource>>;
  /** Nested evidence: the member and its declared type; a nested `@odata.type` takes precedence. */
  readonly inside?: Readonly<Record<string, string>>;
  /**
   * Identifiers, the strongest first: a name and its parts, all of which must have a value. Names are unique to the kind, except
   * `resource`, which every cloud resource uses.
   */
  readonly ids: readonly (readonly [name: string, ...parts: readonly IdPart[]])[];
}

/** A string, or the identifier of nested evidence. */
export type IdPart = TextSource | { readonly inside: string };

/** Members that are called alike on both sides. */
const same = (...names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, name]));

/** An object of Kubernetes is identified by its namespace, and that by its cluster. */
const inNamespace = (kind: string, members: readonly string[] = [], ids: readonly string[] = []): EvidenceType => ({
  kind,
  members: same('name', ...members),
  inside: { namespace: 'kubernetesNamespaceEvidence' },
  ids: [
    ['whole', { inside: 'namespace' }, ...ids, 'name'],
    ['name', ...ids, 'name'],
  ],
});

const account = {
  accountName: 'userAccount.accountName',
  ntDomain: 'userAccount.domainName',
  displayName: 'userAccount.displayName',
  userPrincipalName: 'userAccount.userPrincipalName',
  sid: 'userAccount.userSid',
  aadUserId: 'userAccount.azureAdUserId',
  objectGuid: 'userAccount.activeDirectoryObjectGuid',
} as const;

export const evidenceTypes: Readonly<Record<string, EvidenceType>> = {
  userEvidence: {
    kind: 'Account',
    members: account,
    ids: [
      ['entra', 'userAccount.azureAdUserId'],
      ['sid', 'userAccount.userSid'],
      ['upn', 'userAccount.userPrincipalName'],
      ['account', 'userAccount.domainName', 'userAccount.accountName'],
    ],
  },
  deviceEvidence: {
    kind: 'Host',
    members: {
      ...same('hostName', 'dnsDomain', 'ntDomain'),
      fqdn: 'deviceDnsName',
      mdatpDeviceId: 'mdeDeviceId',
      aadDeviceId: 'azureAdDeviceId',
      azureID: 'vmMetadata.resourceId',
      address: ['lastIpAddress', 'lastExternalIpAddress'],
    },
    ids: [
      ['defender', 'mdeDeviceId'],
      ['entra', 'azureAdDeviceId'],
      ['resource', 'vmMetadata.resourceId'],
      ['dns', 'deviceDnsName'],
      ['host', 'hostName'],
    ],
  },
  ipEvidence: { kind: 'Ip', members: { address: 'ipAddress' }, ids: [['address', 'ipAddress']] },
  urlEvidence: {
    kind: 'Url',
    // Defanged so that nobody opens it by tapping; the config may list the original.
    members: { url: (text) => defanged(text('url')), friendlyName: 'url' },
    ids: [['url', 'url']],
  },
  dnsEvidence: { kind: 'DnsResolution', members: same('domainName'), ids: [['domain', 'domainName']] },
  fileEvidence: {
    kind: 'File',
    members: {
      fileName: 'fileDetails.fileName',
      directory: (text) => directoryOf(text('fileDetails.filePath'), text('fileDetails.fileName')),
      sha256: 'fileDetails.sha256',
      sha1: 'fileDetails.sha1',
      md5: 'fileDetails.md5',
    },
    ids: [
      ['sha256', 'fileDetails.sha256'],
      ['sha1', 'fileDetails.sha1'],
      ['md5', 'fileDetails.md5'],
      ['path', 'mdeDeviceId', 'fileDetails.filePath', 'fileDetails.fileName'],
    ],
  },
  fileHashEvidence: { kind: 'FileHash', members: { hashValue: 'value' }, ids: [['hash', 'value']] },
  processEvidence: {
    kind: 'Process',
    members: {
      processId: 'processId',
      commandLine: 'processCommandLine',
      imageFile: {
        fileName: 'imageFile.fileName',
        directory: (text) => directoryOf(text('imageFile.filePath'), text('imageFile.fileName')),
      },
    },
    ids: [
      ['process', 'mdeDeviceId', 'processId', 'processCreationDateTime'],
      ['command', 'imageFile.sha256', 'processId', 'processCommandLine'],
    ],
  },
  malwareEvidence: {
    kind: 'Malware',
    members: same('name', 'category'),
    ids: [
      ['files', 'name', 'files.fileDetails.sha256'],
      ['name', 'name'],
    ],
  },
  registryKeyEvidence: {
    kind: 'RegistryKey',
    members: { hive: 'registryHive', key: 'registryKey' },
    ids: [['key', 'registryHive', 'registryKey']],
  },
  registryValueEvidence: {
    kind: 'RegistryValue',
    members: {
      valueName: 'registryValueName',
      valueData: 'registryValue',
      key: { hive: 'registryHive', key: 'registryKey' },
    },
    ids: [
      ['device', 'mdeDeviceId', 'registryHive', 'registryKey', 'registryValueName'],
      ['value', 'registryHive', 'registryKey', 'registryValueName'],
    ],
  },
  hostLogonSessionEvidence: {
    kind: 'HostLogonSession',
    members: same('sessionId'),
    inside: { account: 'userEvidence', host: 'deviceEvidence' },
    ids: [
      ['host', 'sessionId', { inside: 'host' }],
      ['session', 'sessionId'],
    ],
  },
  cloudLogonSessionEvidence: {
    kind: 'CloudLogonSession',
    members: same('sessionId', 'browser', 'operatingSystem'),
    inside: { account: 'userEvidence' },
    ids: [['session', 'sessionId']],
  },
  cloudLogonRequestEvidence: {
    kind: 'CloudLogonRequest',
    members: same('requestId'),
    ids: [['request', 'requestId']],
  },
  networkConnectionEvidence: {
    kind: 'NetworkConnection',
    members: same('sourcePort', 'destinationPort', 'protocol'),
    inside: { sourceAddress: 'ipEvidence', destinationAddress: 'ipEvidence' },
    ids: [
      [
        'connection',
        ...['sourceAddress.ipAddress', 'sourcePort', 'destinationAddress.ipAddress', 'destinationPort', 'protocol'],
      ],
    ],
  },
  nicEvidence: { kind: 'Nic', members: same('macAddress'), ids: [['mac', 'macAddress']] },
  activeDirectoryDomainEvidence: {
    kind: 'ActiveDirectoryDomain',
    members: same('activeDirectoryDomainName'),
    ids: [['domain', 'activeDirectoryDomainName']],
  },
  securityGroupEvidence: {
    kind: 'SecurityGroup',
    members: {
      friendlyName: ['displayName', 'friendlyName'],
      distinguishedName: (text) => (text('displayName', 'friendlyName') === '' ? text('distinguishedName') : ''),
      sid: 'sid',
      objectGuid: ['securityGroupId', 'activeDirectoryObjectGuid'],
    },
    ids: [
      ['entra', 'securityGroupId'],
      ['sid', 'sid'],
      ['directory', 'activeDirectoryObjectGuid'],
      ['name', 'distinguishedName'],
    ],
  },
  mailboxEvidence: {
    kind: 'Mailbox',
    members: { ...same('upn', 'displayName'), mailboxPrimaryAddress: 'primaryAddress' },
    ids: [
      ['entra', 'userAccount.azureAdUserId'],
      ['upn', 'upn'],
      ['address', 'primaryAddress'],
    ],
  },
  mailboxConfigurationEvidence: {
    kind: 'MailboxConfiguration',
    members: same(
      ...['configurationType', 'mailboxPrimaryAddress', 'upn', 'displayName', 'configurationId'],
      'externalDirectoryObjectId',
    ),
    ids: [
      ['directory', 'externalDirectoryObjectId', 'configurationId'],
      ['mailbox', 'mailboxPrimaryAddress', 'configurationId'],
    ],
  },
  analyzedMessageEvidence: {
    kind: 'MailMessage',
    members: {
      ...same('subject', 'networkMessageId', 'internetMessageId'),
      sender: ['p2Sender.emailAddress', 'p1Sender.emailAddress', 'senderIp'],
      recipient: 'recipientEmailAddress',
    },
    ids: [
      ['network', 'networkMessageId', 'recipientEmailAddress'],
      ['internet', 'internetMessageId'],
      ['urn', 'urn'],
    ],
  },
  mailClusterEvidence: {
    kind: 'MailCluster',
    members: {
      mailCount: 'emailCount',
      clusterGroup: (text) => `${text('clusterBy')} ${text('clusterByValue')}`.trim(),
      query: (text) => (text('clusterBy') === '' ? text('query') : ''),
    },
    ids: [
      ['urn', 'urn'],
      ['query', 'query'],
      ['group', 'clusterBy', 'clusterByValue'],
    ],
  },
  submissionMailEvidence: {
    kind: 'SubmissionMail',
    members: same(...['subject', 'sender', 'senderIp', 'recipient', 'submitter', 'submissionId', 'networkMessageId']),
    ids: [
      ['submission', 'submissionId'],
      ['network', 'networkMessageId', 'recipient'],
    ],
  },
  teamsMessageEvidence: {
    kind: 'TeamsMessage',
    members: same('subject', 'senderFromAddress', 'senderIP', 'messageId'),
    ids: [
      ['thread', 'threadId', 'messageId'],
      ['message', 'messageId'],
    ],
  },
  cloudApplicationEvidence: {
    kind: 'CloudApplication',
    members: { appName: 'displayName', instanceName: 'instanceName', appId: 'appId', saasId: 'saasAppId' },
    ids: [
      ['instance', 'appId', 'instanceId'],
      ['app', 'appId'],
      ['saas', 'saasAppId'],
    ],
  },
  oauthApplicationEvidence: {
    kind: 'OAuthApplication',
    members: same('displayName', 'publisher', 'appId', 'objectId'),
    ids: [
      ['object', 'objectId'],
      ['app', 'appId'],
    ],
  },
  servicePrincipalEvidence: {
    kind: 'ServicePrincipal',
    members: same('servicePrincipalName', 'servicePrincipalType', 'servicePrincipalObjectId', 'appId'),
    ids: [
      ['object', 'servicePrincipalObjectId'],
      ['app', 'appId', 'tenantId'],
    ],
  },
  aiAgentEvidence: {
    kind: 'AiAgent',
    members: same('agentName', 'hostingPlatformType', 'agentId'),
    ids: [['agent', 'agentId']],
  },
  azureResourceEvidence: {
    kind: 'AzureResource',
    members: same('resourceId', 'resourceName', 'resourceType'),
    ids: [['resource', 'resourceId']],
  },
  amazonResourceEvidence: {
    kind: 'AmazonResource',
    members: same('amazonResourceId', 'resourceName', 'resourceType', 'amazonAccountId'),
    ids: [
      ['resource', 'amazonResourceId'],
      ['name', 'amazonAccountId', 'resourceType', 'resourceName'],
    ],
  },
  googleCloudResourceEvidence: {
    kind: 'GoogleCloudResource',
    members: same('fullResourceName', 'resourceName', 'resourceType', 'projectId', 'projectNumber'),
    ids: [
      ['resource', 'fullResourceName'],
      ['name', 'projectNumber', 'resourceName'],
    ],
  },
  blobContainerEvidence: {
    kind: 'BlobContainer',
    members: { name: 'name', url: (text) => withoutQuery(text('url')) },
    inside: { storageResource: 'azureResourceEvidence' },
    ids: [
      ['url', (text) => withoutQuery(text('url'))],
      ['storage', 'storageResource.resourceId', 'name'],
    ],
  },
  blobEvidence: {
    kind: 'Blob',
    members: { name: 'name', url: (text) => withoutQuery(text('url')) },
    inside: { blobContainer: 'blobContainerEvidence' },
    ids: [
      ['url', (text) => withoutQuery(text('url'))],
      ['hash', 'fileHashes.value'],
    ],
  },
  sasTokenEvidence: {
    kind: 'SasToken',
    members: same('permissions', 'expiryDateTime', 'signatureHash'),
    inside: { storageResource: 'azureResourceEvidence' },
    ids: [['signature', 'signatureHash']],
  },
  containerRegistryEvidence: {
    kind: 'ContainerRegistry',
    members: same('registry'),
    ids: [['registry', 'registry']],
  },
  containerImageEvidence: {
    kind: 'ContainerImage',
    members: { imageId: ['imageId', 'digestImage.imageId'] },
    ids: [
      ['digest', 'digestImage.imageId'],
      ['image', 'imageId'],
    ],
  },
  containerEvidence: {
    kind: 'Container',
    members: same('name', 'containerId'),
    inside: { image: 'containerImageEvidence', pod: 'kubernetesPodEvidence' },
    ids: [
      ['container', 'containerId'],
      ['pod', { inside: 'pod' }, 'name'],
    ],
  },
  kubernetesClusterEvidence: {
    kind: 'KubernetesCluster',
    members: same('name', 'platform'),
    inside: { cloudResource: '' },
    ids: [
      ['resource', { inside: 'cloudResource' }],
      ['name', 'name'],
    ],
  },
  kubernetesNamespaceEvidence: {
    kind: 'KubernetesNamespace',
    members: same('name'),
    inside: { cluster: 'kubernetesClusterEvidence' },
    ids: [
      ['whole', { inside: 'cluster' }, 'name'],
      ['name', 'name'],
    ],
  },
  kubernetesPodEvidence: inNamespace('KubernetesPod'),
  kubernetesControllerEvidence: inNamespace('KubernetesController', ['type'], ['type']),
  kubernetesServiceEvidence: inNamespace('KubernetesService', ['serviceType']),
  kubernetesSecretEvidence: inNamespace('KubernetesSecret', ['secretType']),
  kubernetesServiceAccountEvidence: inNamespace('KubernetesServiceAccount'),
  ioTDeviceEvidence: {
    kind: 'IoTDevice',
    members: {
      ...same('deviceName', 'manufacturer', 'model', 'deviceId', 'macAddress', 'serialNumber'),
      address: 'ipAddress.ipAddress',
    },
    ids: [
      ['hub', 'deviceId', 'ioTHub.resourceId'],
      ['device', 'deviceId'],
      ['mac', 'macAddress'],
      ['serial', 'serialNumber'],
      ['address', 'ipAddress.ipAddress'],
    ],
  },
  gitHubOrganizationEvidence: {
    kind: 'GitHubOrganization',
    members: same('login', 'displayName', 'orgId'),
    ids: [
      ['organization', 'orgId'],
      ['login', 'login'],
    ],
  },
  gitHubRepoEvidence: {
    kind: 'GitHubRepo',
    members: same('login', 'owner', 'repoId', 'baseUrl'),
    ids: [
      ['repository', 'repoId'],
      ['url', 'baseUrl'],
    ],
  },
  gitHubUserEvidence: {
    kind: 'GitHubUser',
    members: same('login', 'name', 'email', 'userId'),
    ids: [
      ['user', 'userId'],
      ['login', 'login'],
    ],
  },
};

/** `https://evil.example/a` reads `hxxps://evil[.]example/a`. */
function defanged(url: string): string {
  const [, scheme = '', host = '', rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/)?([^/?#]*)(.*)$/is.exec(url) ?? [];
  return scheme.replace(/^http/i, 'hxxp') + host.replaceAll('.', '[.]') + rest;
}

/** The query of a storage address may be a token that grants access. */
function withoutQuery(url: string): string {
  return url.split('?')[0] ?? '';
}

/** Some records repeat the file's name at the end of its path. */
function directoryOf(path: string, name: string): string {
  const isRepeated = name !== '' && /[\\/]/.test(path) && path.toLowerCase().endsWith(name.toLowerCase());
  return isRepeated ? path.slice(0, -name.length) : path;
}

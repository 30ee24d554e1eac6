import { cloudKinds } from './cloud-entity-names.ts';
import type { EntityKind } from './entity-kind.ts';
import type { EntityMembers } from './entity-members.ts';
import { beside, joined, resourceName } from './name-parts.ts';

/*
 * Names of entities for people, distinct enough to tell two apart. One row per kind, based on what the reference calls strong
 * identifiers (Microsoft Sentinel entity types reference, V3; REST reference, Entities). A row reads both formats: `{ kind,
 * properties: { accountName, … } }` of incidents, and `{ Type, Name, … }` of raw alerts. Evidence of Microsoft Defender is
 * converted to the first.
 */

const kinds: readonly EntityKind[] = [
  { kind: 'Account', nameOf: accountName },
  { kind: 'Host', nameOf: hostName },
  { kind: 'Ip', nameOf: ({ text }) => beside(text('address', 'friendlyName'), text('addressScope')) },
  { kind: 'Url', nameOf: ({ text }) => text('url', 'friendlyName') },
  { kind: 'File', nameOf: (file) => filePath(file) || file.text('friendlyName', 'sha256', 'sha1', 'md5') },
  { kind: 'FileHash', nameOf: ({ text }) => text('hashValue', 'value', 'friendlyName') },
  { kind: 'Process', nameOf: processName },
  { kind: 'DnsResolution', nameOf: ({ text }) => text('domainName', 'friendlyName') },
  {
    kind: 'Mailbox',
    nameOf: ({ text }) =>
      text('mailboxPrimaryAddress', 'upn') ||
      beside(text('displayName', 'friendlyName'), text('externalDirectoryObjectId', 'aadId')),
  },
  { kind: 'MailMessage', nameOf: (mail) => mailName(mail, ['sender', 'p2Sender', 'p1Sender', 'senderIP']) },
  { kind: 'SubmissionMail', nameOf: (mail) => mailName(mail, ['sender', 'submitter', 'senderIp']) },
  { kind: 'MailCluster', nameOf: mailClusterName },
  { kind: 'CloudApplication', nameOf: cloudApplicationName },
  { kind: 'AzureResource', nameOf: azureResourceName },
  {
    kind: 'IoTDevice',
    nameOf: ({ text }) =>
      beside(
        text('deviceName', 'friendlyName') || joined(text('manufacturer'), ' ', text('model')),
        text('deviceId', 'iotSecurityAgentId', 'macAddress', 'serialNumber', 'address'),
      ),
  },
  { kind: 'Malware', nameOf: ({ text }) => text('malwareName', 'name', 'friendlyName', 'category') },
  { kind: 'RegistryKey', nameOf: (key) => registryPath(key) || key.text('friendlyName') },
  { kind: 'RegistryValue', nameOf: registryValueName },
  {
    kind: 'SecurityGroup',
    nameOf: ({ text }) =>
      text('distinguishedName') || beside(text('friendlyName', 'name', 'displayName'), text('sid', 'objectGuid')),
  },
  { kind: 'Nic', nameOf: ({ text }) => text('macAddress', 'friendlyName') },
  { kind: 'NetworkConnection', nameOf: connectionName },
  {
    kind: 'HostLogonSession',
    nameOf: (session) => sessionName(session, hostName(session.linked('host'))),
  },
  {
    kind: 'CloudLogonSession',
    nameOf: (session) => sessionName(session, '', session.text('browser'), session.text('operatingSystem')),
  },
  {
    kind: 'AmazonResource',
    nameOf: ({ text }) =>
      text('resourceName') === ''
        ? text('amazonResourceId', 'friendlyName')
        : beside(text('resourceName'), text('resourceType'), text('amazonAccountId')),
  },
  { kind: 'TeamsMessage', nameOf: (mail) => mailName(mail, ['senderFromAddress', 'senderIP']) },
  { kind: 'SecurityAlert', nameOf: ({ text }) => text('alertDisplayName', 'friendlyName', 'systemAlertId') },
  { kind: 'Bookmark', nameOf: ({ text }) => text('displayName', 'friendlyName') },
  ...cloudKinds,
];

/** Alternative spellings in raw alerts and the Graph security API, keyed as by `kindKey`. */
const otherSpellings: Readonly<Record<string, string>> = {
  dns: 'dnsresolution',
  user: 'account',
  ipaddress: 'ip',
  networkinterface: 'nic',
  huntingbookmark: 'bookmark',
};

/** `mail-message`, `MailMessage` and `Mail_Message` are one kind. */
const kindKey = (kind: string) => kind.toLowerCase().replace(/[^a-z0-9]/g, '');

const byKey = new Map(kinds.map((row) => [kindKey(row.kind), row]));

/** The row of a kind in any spelling; undefined for kinds that the reference does not know. */
export function entityKind(kind: string): EntityKind | undefined {
  const key = kindKey(kind);
  return byKey.get(otherSpellings[key] ?? key);
}

/** Domains that exist on every machine and so do not distinguish accounts. */
const builtInDomains = new Set(['', '.', 'workgroup', 'builtin', 'nt authority', 'nt service', 'window manager']);

function accountName(account: EntityMembers): string {
  const { text } = account;
  const name = text('accountName', 'name');
  const upn = text('userPrincipalName', 'upn');
  // The name may already be qualified.
  if (upn || /[@\\]/.test(name)) return upn || name;
  const suffix = text('upnSuffix').replace(/^@/, '');
  const ntDomain = text('ntDomain');
  const domain = builtInDomains.has(ntDomain.toLowerCase()) ? text('dnsDomain') : ntDomain;
  const label = name || text('displayName', 'friendlyName');
  return (
    joined(name, '@', suffix) ||
    joined(domain, '\\', name) ||
    joined(name, ' on ', hostName(account.linked('host', 'hostEntityId'))) ||
    beside(joined(ntDomain, '\\', name) || label, text('sid', 'aadUserId', 'objectGuid', 'puid', 'cloudAppAccountId'))
  );
}

function hostName(host: EntityMembers | undefined): string {
  if (!host) return '';
  const { text } = host;
  const name = text('fqdn', 'hostName', 'netBiosName', 'fullName', 'friendlyName');
  const dnsDomain = text('dnsDomain').replace(/^\./, '');
  const ntDomain = text('ntDomain');
  if (/[.\\]/.test(name) && !/^[\d.]+$/.test(name)) return name;
  const id =
    resourceName(text('azureID', 'resourceId')) || text('omsAgentID', 'mdatpDeviceId', 'aadDeviceId', 'deviceId');
  return (
    joined(name, '.', dnsDomain) ||
    (builtInDomains.has(ntDomain.toLowerCase()) ? '' : joined(ntDomain, '\\', name)) ||
    beside(name, id)
  );
}

function filePath(file: EntityMembers | undefined): string {
  const name = file?.text('fileName', 'name') ?? '';
  const directory = file?.text('directory') ?? '';
  if (name === '' || directory === '' || /[\\/]/.test(name)) return name;
  const separator = directory.includes('/') && !directory.includes('\\') ? '/' : '\\';
  return directory.endsWith(separator) ? directory + name : directory + separator + name;
}

/** A command line alone does not always name the program. */
function commandName(process: EntityMembers): string {
  const command = process.text('commandLine');
  const image = process.linked('imageFile', 'imageFileEntityId')?.text('fileName', 'name') ?? '';
  const program = image.replace(/\.\w+$/, '').toLowerCase();
  return command.toLowerCase().includes(program) ? command : joined(image, ' ', command);
}

function processName(process: EntityMembers): string {
  const { text } = process;
  const image = filePath(process.linked('imageFile', 'imageFileEntityId')) || text('friendlyName');
  return commandName(process) || beside(image, text('processId') && `process ${text('processId')}`);
}

function mailName({ text }: EntityMembers, senders: readonly string[]): string {
  const sender = text(...senders);
  const recipient = text('recipient');
  const way = [sender && `from ${sender}`, recipient && `to ${recipient}`].filter((part) => part !== '');
  const id = text('networkMessageId', 'internetMessageId', 'submissionId', 'messageId');
  return beside(text('subject') || text('friendlyName'), way.join(' ') || id);
}

function mailClusterName({ text }: EntityMembers): string {
  const what = text('query', 'clusterGroup', 'clusterSourceIdentifier', 'friendlyName');
  const count = text('mailCount') && `${text('mailCount')} mails`;
  return joined(count, ': ', what) || what || count;
}

function cloudApplicationName({ text }: EntityMembers): string {
  const name = text('appName', 'name', 'friendlyName');
  return beside(joined(name, ', ', text('instanceName')) || name, text('appId', 'saasId'));
}

/** A resource of Azure by its name, what it is, its group and the beginning of its subscription. */
function azureResourceName({ text }: EntityMembers): string {
  const id = text('resourceId');
  const short = resourceName(id, text('resourceType'));
  return short === id ? beside(text('resourceName', 'friendlyName'), text('resourceType'), id) : short;
}

/** Who is signed in, and where. */
function sessionName(session: EntityMembers, host: string, ...marks: readonly string[]): string {
  const linked = session.linked('account');
  const account = linked ? accountName(linked) : '';
  const id = session.text('sessionId');
  return beside(joined(account, ' on ', host) || account || host, ...marks, joined('session', ' ', id));
}

function registryPath(key: EntityMembers | undefined): string {
  const path = key?.text('key') ?? '';
  return joined(key?.text('hive') ?? '', '\\', path) || path;
}

function registryValueName(value: EntityMembers): string {
  const name = value.text('valueName', 'name', 'friendlyName');
  const setting = joined(name, ' = ', value.text('valueData', 'value')) || name;
  return joined(registryPath(value.linked('key', 'keyEntityId')), '\\', setting) || setting;
}

function connectionName(connection: EntityMembers): string {
  const end = (which: string) => {
    const address = connection.linked(`${which}Address`)?.text('address') || connection.text(`${which}Address`);
    return joined(address, ':', connection.text(`${which}Port`)) || address;
  };
  const way = joined(end('source'), ' to ', end('destination'));
  return way === '' ? '' : beside(way, connection.text('protocol').toUpperCase());
}

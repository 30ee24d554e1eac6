import type { Alert } from '../domain/alert.ts';
import type { Classification } from '../domain/classification.ts';
import { type Entity, readEntity } from '../domain/entity.ts';
import type { Incident, IncidentOwner } from '../domain/incident.ts';
import { isJsonObject, listOf, member, memberAt, textOf } from '../domain/json.ts';
import { parseSeverity } from '../domain/severity.ts';
import type { IncidentStatus } from '../domain/status.ts';

/*
 * Incidents of the Graph security API (Defender XDR, Defender for Cloud) in the words of Sentinel, so that filter, message
 * and callback rules are the same. Source: microsoft-graph-docs, resources incident and alerts_v2, v1.0.
 */

const statuses: Readonly<Record<string, IncidentStatus>> = {
  active: 'New',
  inprogress: 'Active',
  awaitingaction: 'Active',
  resolved: 'Closed',
  redirected: 'Closed',
};

export const graphStatuses: Readonly<Record<IncidentStatus, string>> = {
  New: 'active',
  Active: 'inProgress',
  Closed: 'resolved',
};

/** What each classification of Sentinel is called there, and the determination that says the same as its reason. */
export const graphClassifications: Readonly<Record<Classification, { classification: string; determination: string }>> =
  {
    Undetermined: { classification: 'unknown', determination: 'unknown' },
    'TruePositive - SuspiciousActivity': { classification: 'truePositive', determination: 'other' },
    'BenignPositive - SuspiciousButExpected': {
      classification: 'informationalExpectedActivity',
      determination: 'confirmedUserActivity',
    },
    'FalsePositive - IncorrectAlertLogic': { classification: 'falsePositive', determination: 'notMalicious' },
    'FalsePositive - InaccurateData': { classification: 'falsePositive', determination: 'notEnoughDataToValidate' },
  };

/** Friendly product of `serviceSource`. */
const products: Readonly<Record<string, string>> = {
  microsoftdefenderforendpoint: 'Microsoft Defender for Endpoint',
  microsoftdefenderforidentity: 'Microsoft Defender for Identity',
  microsoftdefenderforcloudapps: 'Microsoft Defender for Cloud Apps',
  microsoftdefenderforoffice365: 'Microsoft Defender for Office 365',
  microsoft365defender: 'Microsoft Defender XDR',
  azureadidentityprotection: 'Microsoft Entra ID Protection',
  microsoftappgovernance: 'Microsoft Defender for Cloud Apps',
  datalossprevention: 'Microsoft Purview Data Loss Prevention',
  microsoftdefenderforcloud: 'Microsoft Defender for Cloud',
  microsoftsentinel: 'Microsoft Sentinel',
  microsoftinsiderriskmanagement: 'Microsoft Purview Insider Risk Management',
};

/** Reads an incident with its alerts (`$expand=alerts`); undefined where it is none. */
export function readGraphIncident(resource: unknown): Incident | undefined {
  const text = (name: string) => textOf(member(resource, name)) ?? '';
  if (!isJsonObject(resource) || text('id') === '') return undefined;
  const found = listOf(member(resource, 'alerts')).flatMap((alert) => readGraphAlert(alert) ?? []);
  const assignedTo = text('assignedTo');
  return {
    armId: '',
    id: text('id').toLowerCase(),
    etag: undefined,
    number: text('id'),
    title: text('displayName'),
    description: text('description') || (found.find(({ alert }) => alert.description)?.alert.description ?? ''),
    severity: parseSeverity(text('severity')),
    status: statuses[text('status').toLowerCase()],
    owner: ownerNamed(assignedTo),
    tags: listOf(member(resource, 'customTags')).flatMap((tag) => textOf(tag) ?? []),
    tactics: distinct(found.flatMap(({ alert }) => alert.tactics)),
    techniques: distinct(found.flatMap(({ techniques }) => techniques)),
    products: distinct(found.map(({ alert }) => alert.product)),
    ruleIds: [],
    alertCount: found.length,
    commentCount: listOf(member(resource, 'comments')).length,
    url: text('incidentWebUrl'),
    defenderUrl: text('incidentWebUrl'),
    provider: 'Microsoft XDR',
    providerId: text('id'),
    createdTime: text('createdDateTime'),
    lastModifiedTime: text('lastUpdateDateTime'),
    alerts: found.map(({ alert }) => alert),
    entities: found.flatMap(({ entities }) => entities),
  };
}

/** `assignedTo` as an owner; empty: nobody. Defender assigns to people and to groups: only an address is taken for a person. */
export function ownerNamed(name = ''): IncidentOwner | undefined {
  if (name === '') return undefined;
  const address = name.includes('@') ? name : undefined;
  return { objectId: undefined, email: address, userPrincipalName: address, name, type: address && 'User' };
}

/** The incident into which this one was merged; undefined where it was not. */
export function redirectOf(resource: unknown): string | undefined {
  return textOf(member(resource, 'redirectIncidentId')) || undefined;
}

interface GraphAlert {
  readonly alert: Alert;
  readonly techniques: readonly string[];
  readonly entities: readonly Entity[];
}

function readGraphAlert(value: unknown): GraphAlert | undefined {
  const text = (name: string) => textOf(member(value, name)) ?? '';
  if (!isJsonObject(value) || text('id') === '') return undefined;
  const source = text('serviceSource');
  return {
    alert: {
      id: text('id'),
      title: text('title'),
      description: text('description'),
      severity: parseSeverity(text('severity')),
      product: products[source.toLowerCase()] ?? source,
      tactics: text('category') ? [text('category')] : [],
      startTime: text('firstActivityDateTime') || undefined,
      endTime: text('lastActivityDateTime') || undefined,
      ruleIds: [],
      additional: objectOf(member(value, 'additionalData')),
    },
    techniques: listOf(member(value, 'mitreTechniques')).flatMap((technique) => textOf(technique) ?? []),
    entities: listOf(member(value, 'evidence')).flatMap((evidence) => readEvidence(evidence) ?? []),
  };
}

/**
 * Kinds of evidence (`@odata.type` after `#microsoft.graph.security.`, without `Evidence`) to the entity's kind, and where its
 * members lie; left out: in the evidence itself. The names of the members are those that `readEntity` knows, or below.
 */
const evidenceKinds: Readonly<Record<string, { readonly kind: string; readonly within?: string }>> = {
  user: { kind: 'Account', within: 'userAccount' },
  device: { kind: 'Host' },
  mailbox: { kind: 'Mailbox' },
  ip: { kind: 'Ip' },
  url: { kind: 'Url' },
  file: { kind: 'File', within: 'fileDetails' },
  fileHash: { kind: 'FileHash' },
  process: { kind: 'Process' },
  analyzedMessage: { kind: 'MailMessage' },
  mailCluster: { kind: 'MailCluster' },
  cloudApplication: { kind: 'CloudApplication' },
  azureResource: { kind: 'AzureResource' },
  amazonResource: { kind: 'AmazonResource' },
  ioTDevice: { kind: 'IoTDevice' },
  malware: { kind: 'Malware' },
  dns: { kind: 'DnsResolution' },
  registryKey: { kind: 'RegistryKey' },
  registryValue: { kind: 'RegistryValue' },
  securityGroup: { kind: 'SecurityGroup' },
};

/** Members that Graph calls otherwise than Sentinel. */
const evidenceMembers: Readonly<Record<string, string>> = {
  ipAddress: 'address',
  userSid: 'sid',
  azureAdUserId: 'aadUserId',
  domainName: 'ntDomain',
  deviceDnsName: 'fqdn',
  mdeDeviceId: 'mdatpDeviceId',
  azureAdDeviceId: 'aadDeviceId',
  emailCount: 'mailCount',
  primaryAddress: 'mailboxPrimaryAddress',
  filePath: 'directory',
  processCommandLine: 'commandLine',
  recipientEmailAddress: 'recipient',
  registryKey: 'key',
  registryHive: 'hive',
  registryValueName: 'valueName',
  registryValue: 'valueData',
  securityGroupId: 'objectGuid',
};

function readEvidence(value: unknown): Entity | undefined {
  if (!isJsonObject(value)) return undefined;
  const type = (textOf(member(value, '@odata.type')) ?? '').replace('#microsoft.graph.security.', '');
  const short = type.replace(/Evidence$/, '');
  const { kind = short || 'Evidence', within } = evidenceKinds[short] ?? {};
  const inner = within === undefined ? value : memberAt(value, within);
  const members = Object.entries(isJsonObject(inner) ? inner : value).filter(([name]) => !noise.has(name));
  const renamed = members.map(([name, part]) => [(kind !== 'DnsResolution' && evidenceMembers[name]) || name, part]);
  const properties = { ...Object.fromEntries(renamed), ...sender(value), ...image(value) };
  return readEntity({ kind, properties });
}

/** What describes the evidence, not the entity. */
const noise: ReadonlySet<string> = new Set([
  ...['@odata.type', 'createdDateTime', 'verdict', 'remediationStatus', 'remediationStatusDetails'],
  ...['detectionStatus', 'healthStatus', 'riskScore', 'onboardingStatus', 'defenderAvStatus'],
]);

const sender = (value: unknown) => {
  const address =
    textOf(memberAt(value, 'p2Sender', 'emailAddress')) ?? textOf(memberAt(value, 'p1Sender', 'emailAddress'));
  return address === undefined ? {} : { sender: address };
};

const image = (value: unknown) => {
  const file = memberAt(value, 'imageFile');
  return isJsonObject(file)
    ? { imageFile: { fileName: member(file, 'fileName'), directory: member(file, 'filePath') } }
    : {};
};

const objectOf = (value: unknown) => (isJsonObject(value) ? value : {});

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].filter((text) => text !== '');
}

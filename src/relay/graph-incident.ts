import type { Alert } from '../domain/alert.ts';
import type { Classification } from '../domain/classification.ts';
import type { Entity } from '../domain/entity.ts';
import type { Incident } from '../domain/incident.ts';
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
    owner: assignedTo
      ? { objectId: undefined, email: assignedTo, userPrincipalName: assignedTo, name: assignedTo, type: 'User' }
      : undefined,
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
      additional: {},
    },
    techniques: listOf(member(value, 'mitreTechniques')).flatMap((technique) => textOf(technique) ?? []),
    entities: listOf(member(value, 'evidence')).flatMap((evidence) => readEvidence(evidence) ?? []),
  };
}

/** Kinds of evidence (`@odata.type` after `#microsoft.graph.security.`) to the entity's kind and where its name lies. */
const evidenceKinds: Readonly<Record<string, { kind: string; paths: readonly (readonly string[])[] }>> = {
  userEvidence: {
    kind: 'Account',
    paths: [
      ['userAccount', 'userPrincipalName'],
      ['userAccount', 'accountName'],
    ],
  },
  mailboxEvidence: { kind: 'Account', paths: [['primaryAddress'], ['displayName']] },
  deviceEvidence: { kind: 'Host', paths: [['deviceDnsName'], ['hostName']] },
  ipEvidence: { kind: 'Ip', paths: [['ipAddress']] },
  urlEvidence: { kind: 'Url', paths: [['url']] },
  fileEvidence: { kind: 'File', paths: [['fileDetails', 'fileName']] },
  fileHashEvidence: { kind: 'FileHash', paths: [['value']] },
  processEvidence: { kind: 'File', paths: [['imageFile', 'fileName']] },
};

function readEvidence(value: unknown): Entity | undefined {
  const type = (textOf(member(value, '@odata.type')) ?? '').replace('#microsoft.graph.security.', '');
  const known = evidenceKinds[type];
  const name = known?.paths.map((path) => textOf(memberAt(value, ...path))).find((text) => text);
  return known && name ? { kind: known.kind, name, aliases: [] } : undefined;
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].filter((text) => text !== '');
}

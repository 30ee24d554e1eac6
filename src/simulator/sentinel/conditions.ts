import { isJsonObject } from '../../domain/json.ts';
import type { ConditionOperator } from '../../domain/rule-conditions.ts';
import { parseJson } from '../http.ts';
import type { Condition, PropertyCondition } from './automation-rule.ts';
import type { AlertResource, EntityResource, IncidentChange, StoredIncident } from './resources.ts';

/** What conditions look at: the incident as it is now, and the change that set the rule off. */
export interface Subject {
  readonly incident: StoredIncident;
  readonly change: IncidentChange;
}

/** Whether all conditions hold (they are joined by AND). Texts compare without case. */
export function conditionsHold(conditions: readonly Condition[], subject: Subject): boolean {
  return conditions.every((condition) => holds(condition, subject));
}

function holds(condition: Condition, subject: Subject): boolean {
  const { change } = subject;
  switch (condition.conditionType) {
    case 'Property':
      return propertyHolds(condition.conditionProperties, subject);
    case 'PropertyChanged':
      return changeHolds(condition.conditionProperties, change);
    case 'PropertyArrayChanged':
      return change.updatedFields.includes(condition.conditionProperties.arrayType) && addedTo(change, condition);
    case 'PropertyArray':
      return customDetailsHold(condition.conditionProperties, subject.incident);
    case 'Boolean': {
      const { operator, innerConditions } = condition.conditionProperties;
      const one = (inner: Condition) => holds(inner, subject);
      return operator === 'Or' ? innerConditions.some(one) : innerConditions.every(one);
    }
  }
}

function addedTo(
  change: IncidentChange,
  condition: Extract<Condition, { conditionType: 'PropertyArrayChanged' }>,
): boolean {
  const { arrayType } = condition.conditionProperties;
  const added = {
    Alerts: change.added.alerts,
    Labels: change.added.labels,
    Tactics: change.added.tactics,
    Comments: change.added.comments,
  };
  return added[arrayType].length > 0;
}

/** `value` is one of possibly many of the property (labels, tactics). A "Not" operator wants that no value fits. */
export function operatorHolds(
  operator: ConditionOperator,
  values: readonly string[],
  wanted: readonly string[],
): boolean {
  const test = tests[operator.replace(/^Not/, '') as keyof typeof tests];
  const some = values.some((value) => wanted.some((want) => test(value.toLowerCase(), want.toLowerCase())));
  return operator.startsWith('Not') ? !some : some;
}

const tests = {
  Equals: (value: string, wanted: string) => value === wanted,
  Contains: (value: string, wanted: string) => value.includes(wanted),
  StartsWith: (value: string, wanted: string) => value.startsWith(wanted),
  EndsWith: (value: string, wanted: string) => value.endsWith(wanted),
} as const;

type Reader = (subject: Subject) => readonly string[];

const incidentProperties: Readonly<Record<string, Reader>> = {
  IncidentTitle: ({ incident }) => [incident.properties.title],
  IncidentDescription: ({ incident }) => [incident.properties.description ?? ''],
  IncidentSeverity: ({ incident }) => [incident.properties.severity],
  IncidentStatus: ({ incident }) => [incident.properties.status],
  IncidentTactics: ({ incident }) => incident.tactics,
  IncidentLabel: ({ incident }) => incident.properties.labels.map(({ labelName }) => labelName),
  IncidentProviderName: ({ incident }) => [incident.provider],
  IncidentUpdatedBySource: ({ change }) => [change.by.source],
  AlertProductNames: ({ incident }) => incident.alerts.map(({ properties }) => properties.productName),
  IncidentCustomDetailsKey: ({ incident }) => customDetails(incident.alerts).map(({ key }) => key),
  IncidentCustomDetailsValue: ({ incident }) => customDetails(incident.alerts).map(({ value }) => value),
};

/** Conditions on rules carry resource ids or GUIDs: the last segment counts. */
const ruleIdProperties = ['IncidentRelatedAnalyticRuleIds', 'AlertAnalyticRuleIds'];

/** Property names that are about entities: kind and the entity's own property. */
const entityProperties: Readonly<Record<string, readonly [kind: string, property: string]>> = {
  AccountAadUserId: ['Account', 'aadUserId'],
  AccountName: ['Account', 'accountName'],
  AccountNTDomain: ['Account', 'ntDomain'],
  AccountUPNSuffix: ['Account', 'upnSuffix'],
  AccountSid: ['Account', 'sid'],
  AzureResourceResourceId: ['AzureResource', 'resourceId'],
  CloudApplicationAppName: ['CloudApplication', 'appName'],
  DNSDomainName: ['DnsResolution', 'domainName'],
  FileName: ['File', 'fileName'],
  FileDirectory: ['File', 'directory'],
  FileHashValue: ['FileHash', 'hashValue'],
  HostName: ['Host', 'hostName'],
  HostNetBiosName: ['Host', 'netBiosName'],
  HostAzureID: ['Host', 'azureID'],
  IPAddress: ['Ip', 'address'],
  MailboxPrimaryAddress: ['Mailbox', 'mailboxPrimaryAddress'],
  MailMessageSubject: ['MailMessage', 'subject'],
  MailMessageRecipient: ['MailMessage', 'recipient'],
  MalwareName: ['Malware', 'malwareName'],
  ProcessCommandLine: ['Process', 'commandLine'],
  RegistryKey: ['RegistryKey', 'key'],
  Url: ['Url', 'url'],
};

function propertyHolds({ propertyName, operator, propertyValues }: PropertyCondition, subject: Subject): boolean {
  if (ruleIdProperties.includes(propertyName)) {
    const wanted = propertyValues.map((id) => id.split('/').at(-1) ?? id);
    return operatorHolds(operator, subject.incident.ruleIds, wanted);
  }
  const read = incidentProperties[propertyName];
  const values = read ? read(subject) : entityValues(propertyName, subject.incident.entities);
  return operatorHolds(operator, values, propertyValues);
}

function entityValues(propertyName: string, entities: readonly EntityResource[]): readonly string[] {
  const [kind, property] = entityProperties[propertyName] ?? [];
  if (kind === undefined || property === undefined) return [];
  return entities.flatMap((entity) => {
    const value = entity.kind === kind ? entity.properties[property] : undefined;
    return value === undefined || value === null ? [] : String(value);
  });
}

const changedProperties = {
  IncidentSeverity: { field: 'Severity', read: ({ severity }: IncidentChange['before']) => [severity] },
  IncidentStatus: { field: 'Status', read: ({ status }: IncidentChange['before']) => [status] },
  IncidentOwner: {
    field: 'Owner',
    read: ({ owner }: IncidentChange['before']) =>
      [owner.objectId, owner.userPrincipalName, owner.email, owner.assignedTo].flatMap((name) => name ?? []),
  },
} as const;

/** Without `changeType` any change of the property will do. */
function changeHolds(
  wanted: Extract<Condition, { conditionType: 'PropertyChanged' }>['conditionProperties'],
  change: IncidentChange,
): boolean {
  const { field, read } = changedProperties[wanted.propertyName];
  if (!change.updatedFields.includes(field)) return false;
  if (wanted.changeType === undefined || wanted.propertyValues === undefined) return true;
  const values = read(wanted.changeType === 'ChangedFrom' ? change.before : change.after);
  return operatorHolds(wanted.operator ?? 'Equals', values, wanted.propertyValues);
}

function customDetails(alerts: readonly AlertResource[]): readonly { key: string; value: string }[] {
  return alerts.flatMap(({ properties }) => {
    const details = parseJson(properties.additionalData['Custom Details'] ?? '');
    if (!isJsonObject(details)) return [];
    return Object.entries(details).flatMap(([key, values]) =>
      (Array.isArray(values) ? values : [values]).map((value) => ({ key, value: String(value) })),
    );
  });
}

function customDetailsHold(
  {
    arrayType,
    arrayConditionType,
    itemConditions,
  }: Extract<Condition, { conditionType: 'PropertyArray' }>['conditionProperties'],
  incident: StoredIncident,
): boolean {
  const items = customDetails(incident.alerts).map(({ key, value }) => (arrayType === 'CustomDetails' ? key : value));
  const fits = (item: string) =>
    itemConditions.every((condition) =>
      condition.conditionType === 'Property'
        ? operatorHolds(condition.conditionProperties.operator, [item], condition.conditionProperties.propertyValues)
        : false,
    );
  return arrayConditionType === 'AllItems' ? items.length > 0 && items.every(fits) : items.some(fits);
}

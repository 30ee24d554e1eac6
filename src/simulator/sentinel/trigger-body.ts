import { isJsonObject } from '../../domain/json.ts';
import { capitalized } from '../../domain/text.ts';
import type { AlertResource, EntityResource, IncidentChange, StoredIncident } from './resources.ts';
import type { SentinelStore } from './store.ts';
import { incidentResource } from './views.ts';

/** How the bodies look that Sentinel sends to playbooks: real ones differ between products and over time. */
export interface TriggerStyle {
  /** `camel`: `alerts`, as in real runs; `pascal`: `Alerts`, as in the designer's tokens. */
  readonly casing: 'camel' | 'pascal';
  /** Members of `object.properties` that are missing, e.g. `description` or `relatedEntities`. */
  readonly omit: readonly string[];
}

export const defaultTriggerStyle: TriggerStyle = { casing: 'camel', omit: [] };

/** Body of the incident trigger, on creation and on update. */
export function incidentTriggerBody(
  store: SentinelStore,
  change: Pick<IncidentChange, 'event' | 'incident' | 'by' | 'updatedFields' | 'added'>,
  eventId: string,
  style: TriggerStyle = defaultTriggerStyle,
): Record<string, unknown> {
  const { workspace } = store;
  const body = {
    eventUniqueId: eventId,
    objectSchemaType: 'Incident',
    objectEventType: change.event,
    workspaceInfo: {
      SubscriptionId: workspace.subscriptionId,
      ResourceGroupName: workspace.resourceGroup,
      WorkspaceName: workspace.name,
    },
    workspaceId: workspace.workspaceId,
    ...(change.event === 'Update' && { incidentUpdates: incidentUpdates(change) }),
    object: triggerObject(store, change.incident, style.omit),
  };
  return style.casing === 'pascal' ? inPascal(body) : body;
}

function incidentUpdates({ updatedFields, by, added }: Pick<IncidentChange, 'updatedFields' | 'by' | 'added'>) {
  return {
    updatedFields,
    updatedBy: { name: by.name, source: by.source },
    alerts: added.alerts,
    comments: added.comments,
    labels: added.labels,
    tactics: added.tactics,
  };
}

/** The incident with its alerts, entities, bookmarks and comments; also what the connector's GetIncident answers. */
export function triggerObject(store: SentinelStore, incident: StoredIncident, omit: readonly string[] = []) {
  const resource = incidentResource(store, incident);
  const properties: Record<string, unknown> = {
    ...resource.properties,
    alerts: incident.alerts,
    bookmarks: incident.bookmarks,
    relatedEntities: incident.entities,
    comments: incident.comments,
  };
  for (const name of omit) delete properties[name];
  return { ...resource, properties };
}

/** Body of the alert trigger: flat, with entities and properties as JSON in a string. */
export function alertTriggerBody(store: SentinelStore, alert: AlertResource, entities: readonly EntityResource[]) {
  const { workspace } = store;
  const { properties } = alert;
  return {
    AlertDisplayName: properties.alertDisplayName,
    AlertType: properties.alertType,
    Description: properties.description ?? '',
    Severity: properties.severity,
    SystemAlertId: properties.systemAlertId,
    StartTimeUtc: properties.startTimeUtc,
    EndTimeUtc: properties.endTimeUtc,
    TimeGenerated: properties.timeGenerated,
    ProductName: properties.productName,
    ProviderName: properties.productComponentName ?? properties.productName,
    VendorName: properties.vendorName,
    Tactics: properties.tactics,
    AlertUri: `https://portal.azure.com/#blade/Microsoft_Azure_Security_Insights/AlertDetails/alertId/${properties.systemAlertId}`,
    WorkspaceId: workspace.workspaceId,
    WorkspaceSubscriptionId: workspace.subscriptionId,
    WorkspaceResourceGroup: workspace.resourceGroup,
    Entities: JSON.stringify(entities.map(alertEntity)),
    ExtendedProperties: JSON.stringify(properties.additionalData),
  };
}

/** An entity as alerts carry it: `{ $id, Type: 'account', Name, … }`. */
function alertEntity({ kind, properties }: EntityResource, index: number) {
  const short = { accountName: 'Name', hostName: 'HostName', address: 'Address', url: 'Url', hashValue: 'Value' };
  const members = Object.entries(properties)
    .filter(([name]) => name !== 'friendlyName')
    .map(([name, value]) => [short[name as keyof typeof short] ?? capitalized(name), value]);
  return { $id: String(index + 3), ...Object.fromEntries(members), Type: kind.toLowerCase() };
}

/** Body of the entity trigger. */
export function entityTriggerBody(store: SentinelStore, entity: EntityResource, incident?: StoredIncident) {
  const { workspace } = store;
  return {
    ...(incident && { IncidentArmID: store.armId('Incidents', incident.name) }),
    Entity: { id: entity.id, kind: entity.kind, properties: entity.properties },
    WorkspaceId: workspace.workspaceId,
    WorkspaceSubscriptionId: workspace.subscriptionId,
    WorkspaceResourceGroup: workspace.resourceGroup,
  };
}

/** Members whose own keys are free text and keep their spelling. */
const freeKeys = new Set(['additionalData']);

/** Every key with a capital: `alerts` to `Alerts`; the keys inside an alert's `additionalData` stay. */
function inPascal(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      capitalized(key),
      freeKeys.has(key) && hasSpaces(inner) ? inner : pascalValue(inner),
    ]),
  );
}

function pascalValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pascalValue);
  return isJsonObject(value) ? inPascal(value) : value;
}

function hasSpaces(value: unknown): boolean {
  return isJsonObject(value) && Object.keys(value).some((key) => key.includes(' '));
}

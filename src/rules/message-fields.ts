import type { Alert } from '../domain/alert.ts';
import type { Entity } from '../domain/entity.ts';
import type { Incident } from '../domain/incident.ts';
import { cut, distinct } from '../domain/text.ts';
import type { MessageChoice } from './choices.ts';
import { ALERT_DESCRIPTION_LIMIT, entityFields, type MessageField, messageFields } from './fields.ts';
import { parsePlaceholder, type TemplateFilter } from './placeholder.ts';
import { friendly, type NameTables } from './product-names.ts';
import { applyTextFilter } from './text-filter.ts';

/** Value of each field: a string, or the items of a list. */
export type FieldValues = Readonly<Record<MessageField, string | readonly string[]>>;

/** Where the incident comes from, and what the config says about that. */
export interface MessageScope {
  readonly workspaceId: string;
  readonly workspaceName: string;
  readonly tenantId: string;
  /** Company name from the config; empty: looked up by workspace, then by tenant. */
  readonly company: string;
}

/** What a message is about. Alerts and entities are separate, because the relay reads them in calls of their own. */
export interface MessageSubject {
  readonly incident: Incident;
  readonly alerts: readonly Alert[];
  readonly entities: readonly Entity[];
  /** Rows returned by the alerts' queries, formatted by the relay. */
  readonly queries: string;
}

/** All fields of a message as the relay fills them; a playbook has tokens for some of them. */
export function fieldValues(
  { incident, alerts, entities, queries }: MessageSubject,
  names: NameTables,
  scope: MessageScope,
  choice: Pick<MessageChoice, 'maxEntities'>,
): FieldValues {
  const description = incident.description.trim() || distinct(alerts.map((alert) => alert.description.trim()))[0] || '';
  const byKind = entitiesByField(entities, names);
  return {
    'incident.number': incident.number,
    'incident.title': incident.title,
    'incident.description': description,
    'incident.severity': incident.severity ?? '',
    'incident.status': incident.standing ?? incident.status ?? '',
    'incident.owner': ownerName(incident),
    'incident.tags': distinct(incident.tags),
    'incident.tactics': distinct(incident.tactics),
    'incident.techniques': distinct(incident.techniques),
    'incident.products': distinct(incident.products.map((product) => friendly(names.products, product))),
    'incident.link': incident.defenderUrl || incident.url,
    'incident.url': incident.url,
    'incident.defenderUrl': incident.defenderUrl,
    'incident.id': incident.id,
    'incident.created': incident.createdTime,
    'incident.provider': incident.provider,
    'alerts.count': String(Math.max(incident.alertCount, alerts.length)),
    'alerts.titles': distinct(alerts.map((alert) => alert.title.trim())),
    'alerts.list': alerts.map((alert) => alertLine(alert, description, names)),
    ...byKind,
    'entities.list': entitySummary(byKind, choice.maxEntities),
    'entities.count': String(Object.values(byKind).reduce((sum, list) => sum + list.length, 0)),
    'queries.list': queries,
    company: scope.company || companyOf([scope.workspaceId, scope.tenantId], names),
    'workspace.name': scope.workspaceName,
  };
}

function ownerName({ owner }: Incident): string {
  return owner?.name ?? owner?.email ?? owner?.userPrincipalName ?? owner?.objectId ?? '';
}

function companyOf(ids: readonly string[], names: NameTables): string {
  return ids.map((id) => names.companies[id.toLowerCase()]).find((name) => name) ?? '';
}

function alertLine(alert: Alert, incidentDescription: string, names: NameTables): string {
  const marks = distinct([alert.severity ?? '', friendly(names.products, alert.product.trim())]);
  const description = alert.description.trim();
  const known = description === '' || description === incidentDescription;
  return [
    `• ${alert.title.trim()}`,
    marks.length > 0 ? ` (${marks.join(', ')})` : '',
    known ? '' : `\n  ${cut(description, ALERT_DESCRIPTION_LIMIT)}`,
  ].join('');
}

type EntityField = (typeof entityFields)[number]['field'];

function entitiesByField(entities: readonly Entity[], names: NameTables): Record<EntityField, readonly string[]> {
  const namesIn = (kind: string | undefined) =>
    distinct(entities.filter((entity) => knownKind(entity) === kind).map((entity) => friendlyEntity(names, entity)));
  return Object.fromEntries(entityFields.map(({ field, kind }) => [field, namesIn(kind)])) as Record<
    EntityField,
    readonly string[]
  >;
}

/** The config may list an entity by its full name, by its name in the portal, or without its domain. */
function friendlyEntity({ entities }: NameTables, { name, aliases }: Entity): string {
  const listed = [name, ...aliases].find((key) => friendly(entities, key) !== key);
  return listed === undefined ? name : friendly(entities, listed);
}

function knownKind(entity: Entity): string | undefined {
  const kind = entity.kind.toLowerCase();
  return entityFields.some((row) => row.kind === kind) ? kind : undefined;
}

function entitySummary(byField: Readonly<Record<EntityField, readonly string[]>>, limit: number): string {
  const lines = entityFields.flatMap(({ field, heading }) => {
    const list = byField[field];
    return list.length > 0 ? [`${heading}: ${joinItems(list, ', ', limit)}`] : [];
  });
  return lines.join('\n').trim();
}

/** Items joined to a string; those beyond the limit are counted: `a, b, and 37 more`. */
function joinItems(items: readonly string[], separator: string, limit: number | undefined): string {
  if (limit === undefined) return items.join(separator);
  const shown = Math.max(limit, 1);
  const more = items.length > shown ? `${separator}and ${items.length - shown} more` : '';
  return items.slice(0, shown).join(separator) + more;
}

/** Value of a placeholder; empty if it is invalid, which `checkMessage` reports beforehand. */
export function placeholderText(placeholder: string, values: FieldValues, choice: MessageChoice): string {
  const parsed = parsePlaceholder(placeholder, messageFields);
  if ('message' in parsed) return '';
  const { filters } = parsed;
  const field = parsed.field as MessageField;
  const value = values[field];
  const start = typeof value === 'string' ? value : listText(field, value, filters, choice);
  return filters.reduce(applyTextFilter, start);
}

function listText(
  field: MessageField,
  items: readonly string[],
  filters: readonly TemplateFilter[],
  choice: MessageChoice,
): string {
  const declared = messageFields[field];
  if (declared.kind !== 'list') return items.join(', ');
  const join = filters.find((filter) => filter.name === 'join');
  const first = filters.find((filter) => filter.name === 'first');
  const limit = 'limit' in declared ? choice[declared.limit] : undefined;
  return joinItems(items, join?.text ?? declared.separator, first?.count ?? limit);
}

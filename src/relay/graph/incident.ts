import { worstFirst } from '../../domain/alert.ts';
import type { Incident, IncidentOwner } from '../../domain/incident.ts';
import { isJsonObject, listOf, member, textOf } from '../../domain/json.ts';
import { distinct } from '../../domain/text.ts';
import { isGuid } from '../../domain/uuid.ts';
import { plainText } from '../../rules/html-text.ts';
import { UpstreamError } from '../upstream.ts';
import { readGraphAlert } from './alert.ts';
import { entitiesOf } from './entities.ts';
import { readGraphSeverity, readGraphStatus } from './mapping.ts';

/**
 * Translates an incident of the Microsoft Graph security API with its alerts (`$expand=alerts`) to Sentinel's terms, so that
 * filter, message and callback rules are the same; undefined if the value is not an incident. Source: microsoft-graph-docs,
 * resource types incident, alert and alertEvidence, v1.0.
 */
export function readGraphIncident(resource: unknown): Incident | undefined {
  const text = (name: string) => (textOf(member(resource, name)) ?? '').trim();
  if (!isJsonObject(resource) || text('id') === '') return undefined;
  const found = listOf(member(resource, 'alerts')).flatMap((alert) => readGraphAlert(alert) ?? []);
  const alerts = worstFirst(found.map(({ alert }) => alert));
  const describing = alerts.find(({ description }) => description !== '');
  return {
    armId: '',
    id: text('id').toLowerCase(),
    etag: undefined,
    number: text('id'),
    title: text('displayName') || (alerts[0]?.title ?? ''),
    description: plainText(text('description')) || describing?.description || plainText(text('summary')),
    severity: readGraphSeverity(text('severity')),
    ...readGraphStatus(text('status')),
    owner: ownerNamed(text('assignedTo'), text('lastModifiedBy')),
    tags: listOf(member(resource, 'customTags')).flatMap((tag) => textOf(tag) ?? []),
    tactics: distinct(alerts.flatMap(({ tactics }) => tactics)),
    techniques: distinct(found.flatMap(({ techniques }) => techniques)),
    products: distinct(alerts.map(({ product }) => product)),
    plans: distinct(found.map(({ plan }) => plan)),
    ruleIds: [],
    alertCount: found.length,
    commentCount: listOf(member(resource, 'comments')).length,
    url: text('incidentWebUrl'),
    defenderUrl: text('incidentWebUrl'),
    provider: 'Microsoft XDR',
    providerId: text('id'),
    createdTime: text('createdDateTime'),
    lastModifiedTime: text('lastUpdateDateTime'),
    alerts,
    entities: entitiesOf(found.flatMap(({ evidence }) => evidence)),
    ...((!Array.isArray(member(resource, 'alerts')) || isCut(resource)) && { lacksAlerts: true }),
  };
}

/** Link to the remaining alerts if an incident only includes the first of them (OData 4.01, partial expanded collections). */
export const FURTHER_ALERTS = 'alerts@odata.nextLink';

/** Whether the incident only includes the first of its alerts. */
export function isCut(resource: unknown): boolean {
  return textOf(member(resource, FURTHER_ALERTS)) !== undefined;
}

/** The same for a response that must be an incident. @throws UpstreamError (`unavailable`) for anything else */
export function graphIncidentIn(resource: unknown): Incident {
  const incident = readGraphIncident(resource);
  if (!incident) throw new UpstreamError('Graph', 'unavailable', { detail: 'answered with something else' });
  return incident;
}

/**
 * `assignedTo` as an owner; empty: none. It may be a user principal name, an object id, a display name, a group or free text. The
 * first two are people, and so is the author of the last change (`by`), because groups change nothing.
 */
export function ownerNamed(name = '', by = ''): IncidentOwner | undefined {
  if (name === '') return undefined;
  const account = name.includes('@') ? name : undefined;
  const objectId = isGuid(name) ? name : undefined;
  const isPerson = account !== undefined || objectId !== undefined || name.toLowerCase() === by.toLowerCase();
  return { objectId, email: account, userPrincipalName: account, name, type: isPerson ? 'User' : undefined };
}

/** Whether it was merged into another incident, even if that one is not named. */
export function isRedirected(resource: unknown): boolean {
  const status = textOf(member(resource, 'status'))?.trim().toLowerCase();
  return status === 'redirected' || redirectOf(resource) !== undefined;
}

/** The incident that this one was merged into; undefined if it was not merged or the target is not named. */
export function redirectOf(resource: unknown): string | undefined {
  const target = textOf(member(resource, 'redirectIncidentId'))?.trim();
  return target || undefined;
}

/**
 * Whether the owner made the last change, which is the only certain sign of a person: there is no history, and anything else may
 * have been written by an automation.
 */
export function isByOwner(resource: unknown, { owner }: Pick<Incident, 'owner'>): boolean {
  const by = (textOf(member(resource, 'lastModifiedBy')) ?? '').trim().toLowerCase();
  return by !== '' && by === owner?.name?.toLowerCase();
}

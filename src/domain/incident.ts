import { type Alert, readAlert } from './alert.ts';
import { type Entity, readEntities } from './entity.ts';
import { isJsonObject, listOf, member, memberAt, textOf, textsOf } from './json.ts';
import { lastSegment } from './last-segment.ts';
import { parseSeverity, type ShownSeverity } from './severity.ts';
import { type IncidentStatus, parseIncidentStatus } from './status.ts';

/** A Sentinel incident, normalised from the trigger's body or the REST API. Texts are empty where Sentinel sends none. */
export interface Incident {
  /** `/subscriptions/…/incidents/<guid>` */
  readonly armId: string;
  /** The GUID at the end of the ARM id. */
  readonly id: string;
  readonly etag: string | undefined;
  /** The number people quote; a string because it arrives as a number or a string. */
  readonly number: string;
  readonly title: string;
  readonly description: string;
  readonly severity: ShownSeverity | undefined;
  readonly status: IncidentStatus | undefined;
  /**
   * Its state in words of Microsoft Defender that Sentinel does not have (`waits for your action (Defender Experts)`); left
   * out everywhere else. Such an incident is open, and passes every filter that lets open ones pass.
   */
  readonly standing?: string;
  readonly owner: IncidentOwner | undefined;
  readonly tags: readonly string[];
  readonly tactics: readonly string[];
  readonly techniques: readonly string[];
  /** As Sentinel spells them. */
  readonly products: readonly string[];
  /** GUIDs of the analytics rules behind the incident. */
  readonly ruleIds: readonly string[];
  readonly alertCount: number;
  readonly commentCount: number;
  /** Link into the Azure portal. */
  readonly url: string;
  /** Link into the Defender portal where the incident is known there, else empty. */
  readonly defenderUrl: string;
  readonly provider: string;
  readonly providerId: string;
  readonly createdTime: string;
  readonly lastModifiedTime: string;
  readonly alerts: readonly Alert[];
  readonly entities: readonly Entity[];
  /** Microsoft Graph could not give its alerts: products, tactics and whatever else they say is not known. Left out everywhere else. */
  readonly lacksAlerts?: true;
  /** Plans of Defender for Cloud that raised its alerts, as Microsoft Graph tells them beside the product. Left out everywhere else. */
  readonly plans?: readonly string[];
}

export interface IncidentOwner {
  readonly objectId: string | undefined;
  readonly email: string | undefined;
  readonly userPrincipalName: string | undefined;
  readonly name: string | undefined;
  /** `User`, `Group` or `Unknown`; undefined where the service does not say. */
  readonly type: string | undefined;
}

/**
 * Reads an incident resource (`{ id, name, etag, properties }`), in any casing and with any member missing; Defender
 * incidents have no description, sample runs have nothing at all. Undefined where it is not an incident (no id and no title).
 */
export function readIncident(resource: unknown): Incident | undefined {
  const properties = member(resource, 'properties');
  const armId = textOf(member(resource, 'id')) ?? '';
  if (!isJsonObject(properties) || (armId === '' && textOf(member(properties, 'title')) === undefined))
    return undefined;
  const additional = member(properties, 'additionalData');
  const alerts = listOf(member(properties, 'alerts')).flatMap((alert) => readAlert(alert) ?? []);
  const text = (name: string) => textOf(member(properties, name)) ?? '';
  return {
    armId,
    id: (textOf(member(resource, 'name')) ?? armId.split('/').at(-1) ?? '').toLowerCase(),
    etag: textOf(member(resource, 'etag')),
    number: text('incidentNumber'),
    title: text('title'),
    description: text('description') || (alerts.find((alert) => alert.description)?.description ?? ''),
    severity: parseSeverity(member(properties, 'severity')),
    status: parseIncidentStatus(member(properties, 'status')),
    owner: readOwner(member(properties, 'owner')),
    tags: listOf(member(properties, 'labels')).flatMap((label) => textOf(member(label, 'labelName')) ?? []),
    tactics: textsOf(member(additional, 'tactics')),
    techniques: textsOf(member(additional, 'techniques')),
    products: textsOf(member(additional, 'alertProductNames')),
    ruleIds: textsOf(member(properties, 'relatedAnalyticRuleIds')).map(lastSegment),
    alertCount: countOf(member(additional, 'alertsCount')) ?? alerts.length,
    commentCount: countOf(member(additional, 'commentsCount')) ?? 0,
    url: text('incidentUrl'),
    defenderUrl: textOf(member(additional, 'providerIncidentUrl')) ?? '',
    provider: text('providerName'),
    providerId: text('providerIncidentId'),
    createdTime: text('createdTimeUtc'),
    lastModifiedTime: text('lastModifiedTimeUtc'),
    alerts,
    entities: readEntities(listOf(member(properties, 'relatedEntities'))),
  };
}

/** The incident and the workspace's GUID in the body of an incident trigger; undefined for the empty body of the designer's Run. */
export function readIncidentTrigger(body: unknown): { incident: Incident; workspaceId: string } | undefined {
  const incident = readIncident(member(body, 'object'));
  return incident && { incident, workspaceId: textOf(memberAt(body, 'workspaceId')) ?? '' };
}

/** An owner whose every member is null is nobody. */
function readOwner(value: unknown): IncidentOwner | undefined {
  const read = (name: string) => textOf(member(value, name)) || undefined;
  const owner = {
    objectId: read('objectId'),
    email: read('email'),
    userPrincipalName: read('userPrincipalName'),
    name: read('assignedTo'),
  };
  const isSomebody = Object.values(owner).some((part) => part !== undefined);
  return isSomebody ? { ...owner, type: read('ownerType') } : undefined;
}

function countOf(value: unknown): number | undefined {
  const count = Number(textOf(value));
  return Number.isInteger(count) && count >= 0 ? count : undefined;
}

/** What Sentinel calls Defender as the provider of an incident, now and in older incidents (`Microsoft Defender XDR` in logs). */
export const defenderProviders = ['Microsoft XDR', 'Microsoft Defender XDR', 'Microsoft 365 Defender'] as const;

/**
 * The number of the incident in Defender and in the Graph security API, where Defender made it. Other incidents carry their own
 * number there, from another row of numbers.
 */
export function defenderNumber({
  provider,
  providerId,
}: Pick<Incident, 'provider' | 'providerId'>): string | undefined {
  const isDefenders = defenderProviders.some((name) => name.toLowerCase() === provider.trim().toLowerCase());
  return isDefenders && /^[0-9]{1,20}$/.test(providerId) ? providerId : undefined;
}

/** Sentinel's tags have no casing. */
export function hasTag(tags: readonly string[], wanted: string): boolean {
  return tags.some((tag) => tag.toLowerCase() === wanted.toLowerCase());
}

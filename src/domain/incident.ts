import { type Alert, readAlert } from './alert.ts';
import { type Entity, readEntities } from './entity.ts';
import { isJsonObject, listOf, member, memberAt, textOf, textsOf } from './json.ts';
import { lastSegment } from './last-segment.ts';
import { parseSeverity, type ShownSeverity } from './severity.ts';
import { type IncidentStatus, parseIncidentStatus } from './status.ts';

/** A Sentinel incident, normalised from the trigger's body or the REST API. Strings are empty if Sentinel sends none. */
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
   * A state of Microsoft Defender that Sentinel does not have (`waits for your action (Defender Experts)`); otherwise omitted.
   * Such an incident is open, and passes every filter for open ones.
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
  /** Set if Microsoft Graph could not return its alerts: products, tactics and other data from alerts are then unknown. */
  readonly lacksAlerts?: true;
  /** Plans of Defender for Cloud that raised its alerts, which Microsoft Graph reports in addition to the product. */
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
 * Reads an incident resource (`{ id, name, etag, properties }`), ignoring case; any member may be missing. Defender incidents
 * have no description, test runs have nothing at all. Undefined if it is not an incident (neither id nor title).
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

/** An owner with only null members means that there is none. */
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

/** Sentinel's names for Defender as the provider, now and in older incidents (`Microsoft Defender XDR` in logs). */
export const defenderProviders = ['Microsoft XDR', 'Microsoft Defender XDR', 'Microsoft 365 Defender'] as const;

/**
 * Incident number in Defender and the Graph security API, if Defender created the incident. For others that member has their own
 * number.
 */
export function defenderNumber({
  provider,
  providerId,
}: Pick<Incident, 'provider' | 'providerId'>): string | undefined {
  const isDefenders = defenderProviders.some((name) => name.toLowerCase() === provider.trim().toLowerCase());
  return isDefenders && /^[0-9]{1,20}$/.test(providerId) ? providerId : undefined;
}

/** Ignores case, as Sentinel does. */
export function hasTag(tags: readonly string[], wanted: string): boolean {
  return tags.some((tag) => tag.toLowerCase() === wanted.toLowerCase());
}

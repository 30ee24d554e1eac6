import type { Severity } from '../../domain/severity.ts';
import type { IncidentStatus } from '../../domain/status.ts';

/*
 * Shapes of Microsoft.SecurityInsights 2025-09-01 (azure-rest-api-specs, securityinsights) as this world keeps them.
 * Keys that the service writes are complete; keys that a client may add freely stay in index signatures.
 */

export interface Owner {
  objectId: string | null;
  email: string | null;
  userPrincipalName: string | null;
  assignedTo: string | null;
  ownerType?: 'Unknown' | 'User' | 'Group';
}

export interface Label {
  labelName: string;
  labelType: 'User' | 'AutoAssigned';
}

export type ClassificationName = 'Undetermined' | 'TruePositive' | 'BenignPositive' | 'FalsePositive';

/** What a client may write into an incident. */
export interface WritableProperties {
  title: string;
  description?: string;
  severity: Severity;
  status: IncidentStatus;
  owner: Owner;
  labels: Label[];
  classification?: ClassificationName;
  classificationReason?: string;
  classificationComment?: string;
  firstActivityTimeUtc?: string;
  lastActivityTimeUtc?: string;
}

export interface AlertResource {
  readonly id: string;
  readonly name: string;
  readonly type: 'Microsoft.SecurityInsights/Entities';
  readonly kind: 'SecurityAlert';
  readonly properties: AlertProperties;
}

export interface AlertProperties {
  readonly systemAlertId: string;
  readonly tactics: readonly string[];
  readonly alertDisplayName: string;
  readonly description?: string;
  readonly confidenceLevel: string;
  readonly severity: Severity;
  readonly vendorName: string;
  readonly productName: string;
  readonly productComponentName?: string;
  readonly alertType: string;
  readonly processingEndTime: string;
  readonly status: string;
  readonly startTimeUtc: string;
  readonly endTimeUtc: string;
  readonly timeGenerated: string;
  readonly providerAlertId: string;
  readonly resourceIdentifiers: readonly Readonly<Record<string, string>>[];
  readonly additionalData: Readonly<Record<string, string>>;
  readonly friendlyName: string;
}

export interface EntityResource {
  readonly id: string;
  readonly name: string;
  readonly type: 'Microsoft.SecurityInsights/Entities';
  readonly kind: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface CommentResource {
  readonly id: string;
  readonly name: string;
  readonly type: 'Microsoft.SecurityInsights/incidents/comments';
  readonly etag: string;
  readonly properties: {
    readonly message: string;
    readonly createdTimeUtc: string;
    readonly lastModifiedTimeUtc: string;
    readonly author: Author;
  };
}

export interface Author {
  readonly objectId: string | null;
  readonly email: string | null;
  readonly userPrincipalName: string | null;
  readonly name: string;
}

/** Relations, tasks and bookmarks: kept as written, with the members of a resource. */
export interface ChildResource {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly etag: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** An incident and what hangs on it. */
export interface StoredIncident {
  /** GUID in lower case. */
  readonly name: string;
  readonly number: number;
  readonly created: number;
  modified: number;
  etag: string;
  /** Number of the incident that Defender merged this one into. */
  mergedIntoNumber?: number;
  properties: WritableProperties;
  readonly provider: 'Azure Sentinel' | 'Microsoft XDR';
  readonly providerIncidentId: string;
  readonly ruleIds: string[];
  readonly tactics: string[];
  readonly techniques: string[];
  readonly alerts: AlertResource[];
  readonly entities: EntityResource[];
  readonly comments: CommentResource[];
  readonly bookmarks: ChildResource[];
  readonly relations: ChildResource[];
  readonly tasks: ChildResource[];
}

/** Who changed an incident, in the words of `incidentUpdates.updatedBy`. The values of `source` are the portal's labels. */
export interface Actor {
  readonly name: string;
  readonly source: UpdateSource;
  readonly objectId?: string;
}

export const updateSources = [
  'User',
  'Application',
  'Playbook',
  'Automation rule',
  'Alert grouping',
  'Microsoft 365 Defender',
] as const;
export type UpdateSource = (typeof updateSources)[number];

/** Names in `incidentUpdates.updatedFields`. */
export type UpdatedField =
  | 'Alerts'
  | 'Comments'
  | 'Owner'
  | 'Severity'
  | 'Status'
  | 'Tactics'
  | 'Labels'
  | 'Title'
  | 'Description';

/** The properties whose old value automation rules can ask for. */
export type Watched = Readonly<Pick<WritableProperties, 'severity' | 'status' | 'owner'>>;

/** What happened to an incident in one write. */
export interface IncidentChange {
  readonly event: 'Create' | 'Update';
  readonly incident: StoredIncident;
  readonly by: Actor;
  readonly before: Watched;
  readonly after: Watched;
  readonly updatedFields: readonly UpdatedField[];
  readonly added: {
    readonly alerts: readonly AlertResource[];
    readonly comments: readonly CommentResource[];
    readonly labels: readonly Label[];
    readonly tactics: readonly string[];
  };
}

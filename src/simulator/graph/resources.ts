/*
 * Shapes of the Microsoft Graph security API v1.0, as far as incidents are retrieved and answered
 * (microsoft-graph-docs, security-incident and security-alert resource types).
 */

export type GraphSeverity = 'unknown' | 'informational' | 'low' | 'medium' | 'high';

export interface GraphComment {
  readonly '@odata.type': '#microsoft.graph.security.alertComment';
  readonly comment: string;
  readonly createdByDisplayName: string;
  readonly createdDateTime: string;
}

export interface GraphIncident {
  readonly id: string;
  readonly tenantId: string;
  status: 'active' | 'resolved' | 'inProgress' | 'redirected' | 'awaitingAction';
  readonly incidentWebUrl: string;
  /** The incident that this one was merged into; then the status is `redirected`. */
  redirectIncidentId: string | null;
  displayName: string;
  readonly createdDateTime: string;
  lastUpdateDateTime: string;
  /** Name of the person or application. */
  lastModifiedBy: string | null;
  assignedTo: string | null;
  classification: string | null;
  determination: string | null;
  severity: GraphSeverity;
  customTags: string[];
  systemTags: string[];
  description: string | null;
  summary: string | null;
  resolvingComment: string | null;
  readonly comments: GraphComment[];
}

export interface GraphAlert {
  readonly id: string;
  incidentId: string;
  readonly tenantId: string;
  status: 'new' | 'inProgress' | 'resolved';
  readonly severity: GraphSeverity;
  classification: string | null;
  determination: string | null;
  readonly serviceSource: string;
  readonly detectionSource: string;
  readonly productName: string | null;
  readonly title: string;
  readonly description: string;
  /** Deprecated; need not agree with `categories`. */
  readonly category: string;
  readonly categories: readonly string[];
  assignedTo: string | null;
  readonly alertWebUrl: string;
  incidentWebUrl: string;
  readonly createdDateTime: string;
  lastUpdateDateTime: string;
  readonly firstActivityDateTime: string;
  readonly lastActivityDateTime: string;
  readonly mitreTechniques: readonly string[];
  readonly evidence: readonly Readonly<Record<string, unknown>>[];
  readonly additionalData: Readonly<Record<string, unknown>> | null;
  readonly comments: GraphComment[];
}

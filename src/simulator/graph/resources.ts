/*
 * Shapes of the Microsoft Graph security API v1.0, as far as incidents are retrieved and answered
 * (microsoft-graph-docs, security-incident and security-alert resource types).
 */

export const graphStatuses = ['active', 'resolved', 'inProgress', 'redirected'] as const;
export const graphClassifications = [
  'unknown',
  'falsePositive',
  'truePositive',
  'informationalExpectedActivity',
] as const;
export const graphDeterminations = [
  ...[
    'unknown',
    'apt',
    'malware',
    'securityPersonnel',
    'securityTesting',
    'unwantedSoftware',
    'other',
    'multiStagedAttack',
  ],
  ...['compromisedAccount', 'phishing', 'maliciousUserActivity', 'notMalicious', 'notEnoughDataToValidate'],
  ...[
    'confirmedActivity',
    'lineOfBusinessApplication',
    'compromisedUser',
    'clean',
    'insufficientData',
    'confirmedUserActivity',
  ],
] as const;

export interface GraphComment {
  readonly '@odata.type': '#microsoft.graph.security.alertComment';
  readonly comment: string;
  readonly createdByDisplayName: string;
  readonly createdDateTime: string;
}

export interface GraphIncident {
  readonly id: string;
  readonly tenantId: string;
  status: (typeof graphStatuses)[number];
  readonly incidentWebUrl: string;
  /** The incident that this one was merged into; then the status is `redirected`. */
  redirectIncidentId: string | null;
  displayName: string;
  readonly createdDateTime: string;
  lastUpdateDateTime: string;
  /** Name of the person or application. */
  lastModifiedBy: string | null;
  assignedTo: string | null;
  classification: (typeof graphClassifications)[number];
  determination: string;
  severity: 'informational' | 'low' | 'medium' | 'high';
  customTags: string[];
  readonly systemTags: readonly string[];
  description: string | null;
  resolvingComment: string | null;
  readonly comments: GraphComment[];
}

export interface GraphAlert {
  readonly id: string;
  incidentId: string;
  readonly tenantId: string;
  status: 'new' | 'inProgress' | 'resolved';
  readonly severity: 'informational' | 'low' | 'medium' | 'high';
  classification: string | null;
  determination: string | null;
  readonly serviceSource: string;
  readonly detectionSource: string;
  readonly title: string;
  readonly description: string;
  readonly category: string;
  assignedTo: string | null;
  readonly alertWebUrl: string;
  readonly incidentWebUrl: string;
  readonly createdDateTime: string;
  lastUpdateDateTime: string;
  readonly firstActivityDateTime: string;
  readonly lastActivityDateTime: string;
  readonly mitreTechniques: readonly string[];
  readonly evidence: readonly Readonly<Record<string, unknown>>[];
  readonly additionalData: Readonly<Record<string, unknown>> | null;
  readonly comments: GraphComment[];
}

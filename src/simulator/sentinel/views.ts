import type { AlertResource, StoredIncident } from './resources.ts';
import { type SentinelStore, wireTime } from './store.ts';

/** An incident as the REST API shows it. */
export function incidentResource(store: SentinelStore, incident: StoredIncident) {
  const { properties, name } = incident;
  return {
    id: store.armId('Incidents', name),
    name,
    etag: incident.etag,
    type: 'Microsoft.SecurityInsights/Incidents',
    properties: {
      title: properties.title,
      ...(properties.description !== undefined && { description: properties.description }),
      severity: properties.severity,
      status: properties.status,
      ...(properties.classification && {
        classification: properties.classification,
        classificationReason: properties.classificationReason,
        classificationComment: properties.classificationComment,
      }),
      owner: properties.owner,
      labels: properties.labels,
      ...(properties.firstActivityTimeUtc && { firstActivityTimeUtc: properties.firstActivityTimeUtc }),
      ...(properties.lastActivityTimeUtc && { lastActivityTimeUtc: properties.lastActivityTimeUtc }),
      lastModifiedTimeUtc: wireTime(incident.modified),
      createdTimeUtc: wireTime(incident.created),
      incidentNumber: incident.number,
      additionalData: {
        alertsCount: incident.alerts.length,
        bookmarksCount: incident.bookmarks.length,
        commentsCount: incident.comments.length,
        alertProductNames: productNames(incident.alerts),
        tactics: incident.tactics,
        techniques: incident.techniques,
        ...(incident.mergedIntoNumber !== undefined && { mergedIncidentNumber: incident.mergedIntoNumber }),
        ...(incident.provider === 'Microsoft XDR' && {
          providerIncidentUrl: `https://security.microsoft.com/incidents/${incident.providerIncidentId}?tid=${store.workspace.tenantId}`,
        }),
      },
      relatedAnalyticRuleIds: incident.ruleIds.map((id) => store.armId('alertRules', id)),
      incidentUrl: `https://portal.azure.com/#asset/Microsoft_Azure_Security_Insights/Incident${store.armId('incidents', name)}`,
      providerName: incident.provider,
      providerIncidentId: incident.providerIncidentId,
    },
  };
}

export type IncidentResource = ReturnType<typeof incidentResource>;

function productNames(alerts: readonly AlertResource[]): string[] {
  return [...new Set(alerts.map(({ properties }) => properties.productName))];
}

/** Every property that `$filter` and `$orderby` may name. */
export const incidentPaths: ReadonlySet<string> = new Set([
  'id',
  'name',
  'etag',
  'type',
  ...[
    ...['title', 'description', 'severity', 'status', 'incidentNumber', 'incidentUrl', 'providerName'],
    ...['providerIncidentId', 'createdTimeUtc', 'lastModifiedTimeUtc', 'firstActivityTimeUtc', 'lastActivityTimeUtc'],
    ...['classification', 'classificationReason', 'classificationComment', 'relatedAnalyticRuleIds', 'owner', 'labels'],
    ...['objectId', 'email', 'userPrincipalName', 'assignedTo', 'ownerType'].map((name) => `owner/${name}`),
    ...['labelName', 'labelType'].map((name) => `labels/${name}`),
    ...[
      'alertsCount',
      'bookmarksCount',
      'commentsCount',
      'alertProductNames',
      'tactics',
      'techniques',
      'providerIncidentUrl',
    ].map((name) => `additionalData/${name}`),
  ].map((path) => `properties/${path}`),
]);

/** Those of them that hold a point in time: comparing them with a quoted text is an error. */
export const timePaths: ReadonlySet<string> = new Set(
  ['createdTimeUtc', 'lastModifiedTimeUtc', 'firstActivityTimeUtc', 'lastActivityTimeUtc'].map(
    (name) => `properties/${name}`,
  ),
);

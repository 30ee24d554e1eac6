/**
 * Operations of the managed connector `azuresentinel` (Microsoft's own SDK of the connector, and published playbooks). Paths as
 * in a definition; a trailing `*` matches any rest.
 */
export interface SentinelOperation {
  readonly operationId: string;
  /** In lower case; `trigger` for the subscriptions of webhook triggers. */
  readonly method: string;
  readonly path: string;
  readonly body?: BodyShape;
  readonly deprecated?: true;
}

/** Optional and required members of a body. Only literal members are checked, not expressions. */
export interface BodyShape {
  readonly required: readonly string[];
  readonly optional?: readonly string[];
  /** Values of members that take only these. */
  readonly values?: Readonly<Record<string, readonly string[]>>;
}

const CLASSIFICATIONS = [
  'Undetermined',
  'TruePositive - SuspiciousActivity',
  'BenignPositive - SuspiciousButExpected',
  'FalsePositive - IncorrectAlertLogic',
  'FalsePositive - InaccurateData',
];

const callback: BodyShape = { required: ['callback_url'] };

export const sentinelOperations: readonly SentinelOperation[] = [
  { operationId: 'ASIIncidentTriggerSubscribe', method: 'trigger', path: '/incident-creation', body: callback },
  { operationId: 'ASITriggerSubscribe', method: 'trigger', path: '/subscribe', body: callback },
  { operationId: 'ASIEntityTriggerSubscribe', method: 'trigger', path: '/entity/{type}', body: callback },
  { operationId: 'GetIncidentV2', method: 'post', path: '/Incidents', body: { required: ['incidentArmId'] } },
  {
    operationId: 'UpdateIncident',
    method: 'put',
    path: '/Incidents',
    body: {
      required: ['incidentArmId'],
      optional: ['tagsToAdd', 'tagsToRemove', 'ownerAction', 'owner', 'severity', 'status', 'classification'],
      values: {
        ownerAction: ['Assign', 'Unassign'],
        severity: ['High', 'Medium', 'Low', 'Informational'],
        status: ['New', 'Active', 'Closed'],
        ClassificationAndReason: CLASSIFICATIONS,
      },
    },
  },
  {
    operationId: 'CreateIncident',
    method: 'put',
    path: '/Incidents/subscriptions/{s}/resourceGroups/{g}/workspaces/{w}',
  },
  {
    operationId: 'GetIncidentByAlertIdV2',
    method: 'get',
    path: '/Incidents/subscriptions/{s}/resourceGroups/{g}/workspaces/{w}/alerts/{alertId}',
  },
  {
    operationId: 'AddIncidentCommentV3',
    method: 'post',
    path: '/Incidents/Comment',
    body: { required: ['incidentArmId', 'message'] },
  },
  {
    operationId: 'AddIncidentTask',
    method: 'post',
    path: '/Incidents/CreateTask',
    body: { required: ['incidentArmId', 'taskTitle'], optional: ['taskDescription'] },
  },
  {
    operationId: 'CompleteIncidentTask',
    method: 'post',
    path: '/Incidents/CompleteTask',
    body: { required: ['taskArmId'] },
  },
  {
    operationId: 'CreateIncidentRelation',
    method: 'post',
    path: '/Incidents/Relation/Create',
    body: { required: ['incidentArmId', 'relatedResourceId'] },
  },
  {
    operationId: 'DeleteIncidentRelation',
    method: 'post',
    path: '/Incidents/Relation/Delete',
    body: { required: ['incidentArmId', 'relatedResourceId'] },
  },
  { operationId: 'GetAccounts', method: 'post', path: '/entities/account' },
  { operationId: 'GetHosts', method: 'post', path: '/entities/host' },
  { operationId: 'GetUrls', method: 'post', path: '/entities/url' },
  { operationId: 'GetIPs', method: 'post', path: '/entities/ip' },
  { operationId: 'GetFileHashes', method: 'post', path: '/entities/filehash' },
  { operationId: 'GetDNS', method: 'post', path: '/entities/dnsresolution' },
  { operationId: 'Watchlists', method: '*', path: '/Watchlists/*' },
  { operationId: 'WatchlistsV2', method: '*', path: '/V2/Watchlists/*' },
  { operationId: 'Bookmarks', method: '*', path: '/Bookmarks/*' },
  { operationId: 'BookmarksList', method: '*', path: '/bookmarksList/{n}' },
  { operationId: 'ThreatIntelligence', method: '*', path: '/ThreatIntelligence/*' },
  { operationId: 'ThreatIntelligenceV2', method: '*', path: '/V2/ThreatIntelligence/*' },
  { operationId: 'GetIncident', method: 'get', path: '/Cases/*', deprecated: true },
  { operationId: 'AddComment', method: 'put', path: '/Comment/*', deprecated: true },
  { operationId: 'UpdateCase', method: 'put', path: '/Case/*', deprecated: true },
];

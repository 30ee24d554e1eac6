/*
 * Enumerations of the Microsoft Graph security API (v1.0, schema of August 2026), as they are spelled on the wire. Members that
 * were added after `unknownFutureValue` are hidden from clients that do not ask for them.
 */

export interface GraphEnum {
  readonly known: readonly string[];
  readonly hidden: readonly string[];
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

export const incidentStatuses: GraphEnum = {
  known: ['active', 'resolved', 'inProgress', 'redirected'],
  hidden: ['awaitingAction'],
};
export const alertStatuses: GraphEnum = { known: ['unknown', 'new', 'inProgress', 'resolved'], hidden: [] };
export const alertSeverities: GraphEnum = {
  known: ['unknown', 'informational', 'low', 'medium', 'high'],
  hidden: [],
};
export const alertClassifications: GraphEnum = {
  known: ['unknown', 'falsePositive', 'truePositive', 'informationalExpectedActivity'],
  hidden: [],
};
/** The reference's pages name four more (`confirmedUserActivity`, …) that the service does not take. */
export const alertDeterminations: GraphEnum = {
  known: words(`
    unknown apt malware securityPersonnel securityTesting unwantedSoftware other multiStagedAttack compromisedAccount
    phishing maliciousUserActivity notMalicious notEnoughDataToValidate confirmedActivity lineOfBusinessApplication
  `),
  hidden: [],
};
const serviceSources: GraphEnum = {
  known: words(`
    unknown microsoftDefenderForEndpoint microsoftDefenderForIdentity microsoftDefenderForCloudApps
    microsoftDefenderForOffice365 microsoft365Defender azureAdIdentityProtection microsoftAppGovernance dataLossPrevention
  `),
  hidden: words(`
    microsoftDefenderForCloud microsoftSentinel microsoftInsiderRiskManagement microsoftThreatIntelligence
    microsoftSecurityForAI
  `),
};
const detectionSources: GraphEnum = {
  known: words(`
    unknown microsoftDefenderForEndpoint antivirus smartScreen customTi microsoftDefenderForOffice365
    automatedInvestigation microsoftThreatExperts customDetection microsoftDefenderForIdentity cloudAppSecurity
    microsoft365Defender azureAdIdentityProtection manual microsoftDataLossPrevention appGovernancePolicy
    appGovernanceDetection
  `),
  hidden: words(`
    microsoftDefenderForCloud microsoftDefenderForIoT microsoftDefenderForServers microsoftDefenderForStorage
    microsoftDefenderForDNS microsoftDefenderForDatabases microsoftDefenderForContainers microsoftDefenderForNetwork
    microsoftDefenderForAppService microsoftDefenderForKeyVault microsoftDefenderForResourceManager
    microsoftDefenderForApiManagement nrtAlerts scheduledAlerts microsoftDefenderThreatIntelligenceAnalytics builtInMl
    microsoftInsiderRiskManagement microsoftThreatIntelligence microsoftDefenderForAIServices securityCopilot
    microsoftSentinel
  `),
};
const remediationStatuses: GraphEnum = {
  known: ['none', 'remediated', 'prevented', 'blocked', 'notFound'],
  hidden: ['active', 'pendingApproval', 'declined', 'unremediated', 'running', 'partiallyRemediated'],
};

/** Members of incidents, alerts and evidence that have hidden values. */
const evolving: Readonly<Record<string, GraphEnum>> = {
  serviceSource: serviceSources,
  detectionSource: detectionSources,
  remediationStatus: remediationStatuses,
};

/** An incident as the service answers it, with its alerts and evidence: without the header, hidden values are not told. */
export function withoutHidden(incident: object): object {
  return masked(incident, { ...evolving, status: incidentStatuses });
}

/** The same for an alert, whose `status` is another enumeration. */
export function alertWithoutHidden(alert: object): object {
  return masked(alert, evolving);
}

function masked(resource: object, enums: Readonly<Record<string, GraphEnum>>): object {
  const members = Object.entries(resource).map(([name, value]) => {
    const known = Object.hasOwn(enums, name) ? enums[name]?.known : undefined;
    if (known && typeof value === 'string') return [name, known.includes(value) ? value : 'unknownFutureValue'];
    return [name, inside(value)];
  });
  return Object.fromEntries(members);
}

function inside(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inside);
  return typeof value === 'object' && value !== null ? masked(value, evolving) : value;
}

/** Sentinel severities, worst first (Microsoft.SecurityInsights, IncidentSeverityEnum). */
export const severities = ['High', 'Medium', 'Low', 'Informational'] as const;
export type Severity = (typeof severities)[number];

/** Any casing; `undefined` for what Sentinel does not know. */
export function parseSeverity(value: unknown): Severity | undefined {
  return typeof value === 'string' ? severities.find((name) => name.toLowerCase() === value.toLowerCase()) : undefined;
}

/** 0 for the worst; what is unknown sorts last. */
export function severityRank(severity: Severity | undefined): number {
  return severity ? severities.indexOf(severity) : severities.length;
}

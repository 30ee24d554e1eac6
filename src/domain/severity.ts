/** Sentinel severities, worst first (Microsoft.SecurityInsights, IncidentSeverityEnum). */
export const severities = ['High', 'Medium', 'Low', 'Informational'] as const;
export type Severity = (typeof severities)[number];

/** `Unknown`: not rated by Microsoft Defender, or with a value newer than this code. */
export type ShownSeverity = Severity | 'Unknown';

/** Ignores case; undefined if Sentinel does not have the value. */
export function parseSeverity(value: unknown): Severity | undefined {
  return typeof value === 'string' ? severities.find((name) => name.toLowerCase() === value.toLowerCase()) : undefined;
}

/** Severity for filter, routing and sorting. Unknown counts as Medium, so that such incidents are neither lost nor urgent. */
export function effectiveSeverity(severity: ShownSeverity | undefined): Severity | undefined {
  return severity === 'Unknown' ? 'Medium' : severity;
}

/** 0 is the worst; values without severity sort last. */
export function severityRank(severity: ShownSeverity | undefined): number {
  const effective = effectiveSeverity(severity);
  return effective ? severities.indexOf(effective) : severities.length;
}

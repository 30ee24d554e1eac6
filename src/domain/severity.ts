/** Sentinel severities, worst first (Microsoft.SecurityInsights, IncidentSeverityEnum). */
export const severities = ['High', 'Medium', 'Low', 'Informational'] as const;
export type Severity = (typeof severities)[number];

/** `Unknown` is what Microsoft Defender did not rate, or rated with a word that is newer than this code. */
export type ShownSeverity = Severity | 'Unknown';

/** Any casing; `undefined` for what Sentinel does not know. */
export function parseSeverity(value: unknown): Severity | undefined {
  return typeof value === 'string' ? severities.find((name) => name.toLowerCase() === value.toLowerCase()) : undefined;
}

/** What filter, routing and order go by. An unknown severity is as good as Medium: it neither drowns nor cries wolf. */
export function effectiveSeverity(severity: ShownSeverity | undefined): Severity | undefined {
  return severity === 'Unknown' ? 'Medium' : severity;
}

/** 0 for the worst; what has no severity sorts last. */
export function severityRank(severity: ShownSeverity | undefined): number {
  const effective = effectiveSeverity(severity);
  return effective ? severities.indexOf(effective) : severities.length;
}

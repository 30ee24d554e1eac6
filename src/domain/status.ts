/** Incident states (Microsoft.SecurityInsights, IncidentStatusEnum). */
export const incidentStatuses = ['New', 'Active', 'Closed'] as const;
export type IncidentStatus = (typeof incidentStatuses)[number];

export function parseIncidentStatus(value: unknown): IncidentStatus | undefined {
  return typeof value === 'string'
    ? incidentStatuses.find((name) => name.toLowerCase() === value.toLowerCase())
    : undefined;
}

import type { Severity } from '../../domain/severity.ts';
import type { IncidentStatus } from '../../domain/status.ts';
import type { AlertResource, EntityResource, Label, Owner, StoredIncident, WritableProperties } from './resources.ts';

/** What an incident may start with; everything left out is as Sentinel makes it. */
export interface NewIncident {
  readonly name?: string;
  readonly title: string;
  readonly description?: string;
  readonly severity?: Severity;
  readonly status?: IncidentStatus;
  readonly owner?: Owner;
  readonly labels?: readonly string[];
  /** `Microsoft XDR` after the workspace was onboarded to Defender; such incidents have no description. */
  readonly provider?: StoredIncident['provider'];
  /** Number in the provider's own list. Left out: the incident's number. */
  readonly providerIncidentId?: string;
  readonly ruleIds?: readonly string[];
  /** Left out: those of the alerts. */
  readonly tactics?: readonly string[];
  readonly techniques?: readonly string[];
  readonly alerts?: readonly AlertResource[];
  readonly entities?: readonly EntityResource[];
  /** Everything a client may write at once; then the single members above do not count. */
  readonly properties?: WritableProperties;
}

export const nobody: Owner = { objectId: null, email: null, userPrincipalName: null, assignedTo: null };

/** What a new incident says of itself. */
export function initialProperties(input: NewIncident): WritableProperties {
  const starts = input.alerts?.map(({ properties }) => properties.startTimeUtc).sort() ?? [];
  const ends = input.alerts?.map(({ properties }) => properties.endTimeUtc).sort() ?? [];
  const [first, last] = [starts[0], ends.at(-1)];
  const hasDescription = input.description !== undefined && input.provider !== 'Microsoft XDR';
  return {
    title: input.title,
    ...(hasDescription && { description: input.description }),
    severity: input.severity ?? 'Medium',
    status: input.status ?? 'New',
    ...(input.status === 'Closed' && { classification: 'Undetermined' as const }),
    owner: input.owner ?? nobody,
    labels: (input.labels ?? []).map((labelName): Label => ({ labelName, labelType: 'User' })),
    ...(first && { firstActivityTimeUtc: first }),
    ...(last && { lastActivityTimeUtc: last }),
  };
}

/** GUIDs of the analytics rules that raised alerts. */
export function ruleIdsOf(alerts: readonly AlertResource[]): string[] {
  const ids = alerts.flatMap(({ properties }) => {
    const list: unknown = JSON.parse(properties.additionalData['Analytic Rule Ids'] ?? '[]');
    return Array.isArray(list) ? list.map(String) : [];
  });
  return [...new Set(ids)];
}

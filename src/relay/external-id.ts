import { formatExternalId } from '../domain/external-id.ts';
import { defenderNumber, type Incident } from '../domain/incident.ts';
import type { ServedWorkspace } from './served-workspace.ts';

/**
 * The external id of a Sentinel incident in SIGNL4. If Graph is a source as well, incidents of Defender arrive from both and use
 * Defender's number from both, so that each is paged only once. The playbooks do the same.
 */
export function externalIdOf(
  { workspace, graph }: Pick<ServedWorkspace, 'workspace' | 'graph'>,
  incident: Pick<Incident, 'id' | 'provider' | 'providerId'>,
): string {
  const { tenantId, workspaceId } = workspace;
  const number = graph && defenderNumber(incident);
  return number === undefined ? sentinelExternalId(workspaceId, incident.id) : graphExternalId(tenantId, number);
}

/** The same if Graph is not a source. */
export function sentinelExternalId(workspaceId: string, incident: string): string {
  return formatExternalId({ source: 'sentinel', workspaceId, incident });
}

/** The same for an incident of the Graph security API. */
export function graphExternalId(tenantId: string, incident: string): string {
  return formatExternalId({ source: 'graph', tenantId, incident });
}

import type { Config } from '../../config/config.ts';
import { defenderProviders } from '../../domain/incident.ts';
import { at, call, type Expr, equals, type Text, text, triggerBody, when } from '../../wdl/build.ts';
import type { Derived } from '../workflow.ts';
import { derivedTenantOfIncidents, tenantId } from './workspace.ts';

/*
 * The incident in the body of Sentinel's incident trigger. Members are written as the designer names its tokens (`Alerts`);
 * a workflow finds them in any casing.
 */

export const incident: Expr = at(triggerBody, 'object');
export const incidentArmId: Expr = at(incident, 'id');
/** GUID at the end of the ARM id; "Incident ARM Name" in the designer. */
export const incidentName: Expr = at(incident, 'name');
export const incidentProperties: Expr = at(incident, 'properties');

/**
 * `X-S4-ExternalID`, as in domain/external-id. If Graph is a source too, incidents created by Defender use Defender's number, as
 * the relay and SIGNL4-Defender-Incidents do, so that none is paged twice.
 */
export function incidentExternalId({ graph }: Config): Text {
  const workspaceId = at(triggerBody, 'workspaceId');
  if (!graph.enabled) return text`sentinel:${workspaceId}:${incidentName}`;
  return text`${when(
    equals(at(incidentProperties, 'providerName'), defenderProviders[0]),
    call('concat', 'graph:', tenantId, ':', at(incidentProperties, 'providerIncidentId')),
    call('concat', 'sentinel:', workspaceId, ':', incidentName),
  )}`;
}

/** Deployment values used by {@link incidentExternalId}. */
export function derivedForExternalId(config: Config): readonly Derived[] {
  return config.graph.enabled ? [derivedTenantOfIncidents(config)] : [];
}

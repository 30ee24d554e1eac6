import { at, type Expr, type Text, text, triggerBody } from '../../wdl/build.ts';

/*
 * The incident in the body of Sentinel's incident trigger. Members are written as the designer names its tokens (`Alerts`);
 * a workflow finds them in any casing.
 */

export const incident: Expr = at(triggerBody, 'object');
export const incidentArmId: Expr = at(incident, 'id');
/** GUID at the end of the ARM id; "Incident ARM Name" in the designer. */
export const incidentName: Expr = at(incident, 'name');
export const incidentProperties: Expr = at(incident, 'properties');

/** `X-S4-ExternalID`, as domain/external-id writes it. */
export const incidentExternalId: Text = text`sentinel:${at(triggerBody, 'workspaceId')}:${incidentName}`;

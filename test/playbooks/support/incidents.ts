import { sendIncident } from '../../../playbooks/SIGNL4-Send-Incident/playbook.ts';
import type { CallAnswer, CallResult } from '../../../src/engine/calls.ts';
import type { Json, JsonObject } from '../../../src/wdl/types.ts';
import { ok, sample, withValue } from './playbook.ts';

/* The incident of the samples, as triggers and lists bring it, and the usual answers of SIGNL4 and Microsoft Sentinel. */

export const workspaceArmId =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/soc-rg/providers/Microsoft.OperationalInsights/workspaces/soc-workspace';
export const incidentName = '4f0d2a86-9b1c-4d57-8e34-a6c1f2b3d4e5';
export const armId = `${workspaceArmId}/providers/Microsoft.SecurityInsights/Incidents/${incidentName}`;
export const externalId = `sentinel:8a1b6c2d-3e4f-4a5b-9c6d-7e8f90a1b2c3:${incidentName}`;

/** Body of the incident trigger. */
export const incident: JsonObject = sample(sendIncident, 'incident-created');

/** The trigger body with one property of the incident changed; undefined removes it. */
export const withProperty = (name: string, value: Json | undefined): JsonObject =>
  withValue(incident, ['object', 'properties', name], value);

/** What "Get incident" answers: the incident as it is now. */
export function asItIsNow(properties: Readonly<Record<string, Json>> = {}): CallAnswer {
  const found = incident['object'] as JsonObject;
  return { status: 200, body: { ...found, properties: { ...(found['properties'] as JsonObject), ...properties } } };
}

export const nobody: JsonObject = { objectId: null, email: null, assignedTo: null, userPrincipalName: null };
export const dana: JsonObject = {
  objectId: '7d2f4c1a-0b3e-4f5a-9c8d-1e2f3a4b5c6d',
  email: 'd.okafor@contoso.com',
  assignedTo: 'Dana Okafor',
  userPrincipalName: 'd.okafor@contoso.com',
};

/** SIGNL4 took an event. */
export const taken: CallAnswer = { status: 201, body: { eventId: '2518783235949759942_fbc7b4a4' } };
/** SIGNL4 has no alert of this external id. */
export const none: CallAnswer = { status: 200, body: { results: [], hasMore: false } };
/** SIGNL4 has alerts in these states. */
export const alertsOf = (...statusCodes: readonly number[]): CallAnswer => ({
  status: 200,
  body: {
    results: statusCodes.map((statusCode, index) => ({
      id: `alert-${index + 1}`,
      eventId: 'event-1',
      externalEventId: externalId,
      // Whether people could be reached is below the state of the alert, under the same name.
      status: {
        statusCode,
        alertDeliveryStatus: { alertId: `alert-${index + 1}`, statusCode: 6, userDeliveryStatus: [{ statusCode: 6 }] },
      },
    })),
  },
});
export const webPage: CallAnswer = { status: 200, body: '<html><body>Sign in</body></html>' };
export const broken: CallResult = { failure: { code: 'BadRequest', message: 'the connection broke' } };

/** What each call of SIGNL4-Send-Incident is answered where all goes well. */
export const answersToPage = {
  Find_it_in_SIGNL4: none,
  Get_incident: asItIsNow(),
  Send_to_SIGNL4: taken,
  Ask_SIGNL4_again: none,
  Tag_the_incident: ok,
  Comment_on_the_incident: { status: 201 },
};
/** The same of SIGNL4-Callback. */
export const answersToCallback = {
  Get_incident: asItIsNow(),
  Set_active_and_assign: ok,
  Set_active: ok,
  Close_the_incident: ok,
  Set_it_back: ok,
  Tag_as_escalated: ok,
  Tag_as_no_response: ok,
  Comment_on_the_incident: { status: 201 },
};

import { sentinelConnection } from './connection.ts';
import type { Operation } from './steps/connector.ts';

/*
 * The operations of the managed connector `azuresentinel` that the playbooks use, as its definition has them.
 * It has none to list alerts or comments; those are HTTP calls with the managed identity.
 */

/** GetIncidentV2. Body `{ incidentArmId }`, answers the incident resource. */
export const getIncident: Operation = { connection: sentinelConnection, method: 'post', path: '/Incidents' };

/** UpdateIncident: changes only the members given. */
export const updateIncident: Operation = {
  connection: sentinelConnection,
  method: 'put',
  path: '/Incidents',
  order: [
    ...['incidentArmId', 'tagsToAdd', 'tagsToRemove', 'ownerAction', 'owner'],
    ...['title', 'description', 'severity', 'status', 'classification'],
  ],
};

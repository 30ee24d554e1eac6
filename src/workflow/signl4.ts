import { signl4Connection } from './connection.ts';
import type { Operation } from './steps/connector.ts';

/*
 * The operations of the SIGNL4 custom connector that the playbooks use; a test holds them against its definition.
 */

/** SendEvent: raises an alert, or acts on the alerts of the same external id. Answers `{ eventId }`, in some versions `{ id }`. */
export const sendEvent: Operation = {
  connection: signl4Connection,
  method: 'post',
  path: '/v2/events/{teamSecret}',
  order: [
    ...['Title', 'Message', 'X-S4-ExternalID', 'X-S4-Status', 'X-S4-Service', 'X-S4-AlertingScenario'],
    ...['X-S4-Location', 'X-S4-Filtering', 'X-S4-SourceSystem'],
  ],
};

/** ListAlerts. Body: a filter, for example `{ externalId }`. Answers `{ results: […] }`, or nothing where none matches. */
export const listAlerts: Operation = { connection: signl4Connection, method: 'post', path: '/v2/alerts/paged' };

/** GetAlertDetails: the alert with its timeline. */
export const getAlertDetails: Operation = {
  connection: signl4Connection,
  method: 'get',
  path: '/v2/alerts/{alertId}/details',
};

/** AnnotateAlert. Body `{ text, userId? }`. */
export const annotateAlert: Operation = {
  connection: signl4Connection,
  method: 'post',
  path: '/v2/alerts/{alertId}/annotate',
};

/** ListUsers, with the duty of each in every team. */
export const listUsers: Operation = { connection: signl4Connection, method: 'get', path: '/v2/users' };

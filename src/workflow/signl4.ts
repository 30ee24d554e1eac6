import { signl4Connection } from './connection.ts';
import type { Operation } from './steps/connector.ts';

/** SendEvent: raises an alert, or acts on the alerts of the same external id. */
export const sendEvent: Operation = { connection: signl4Connection, method: 'post', path: '/v2/events/{teamSecret}' };

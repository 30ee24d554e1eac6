import type { Json, Recurrence, Trigger } from '../wdl/types.ts';
import { sentinelConnection } from './connection.ts';

/** A trigger and its name in the definition, as the designer names it. */
export interface NamedTrigger {
  readonly key: string;
  readonly definition: Trigger;
}

function sentinelTrigger(key: string, path: string, description: string): NamedTrigger {
  return {
    key,
    definition: {
      type: 'ApiConnectionWebhook',
      description,
      inputs: {
        host: { connection: { name: sentinelConnection.reference } },
        body: { callback_url: '@{listCallbackUrl()}' },
        path,
      },
    },
  };
}

/** A Sentinel automation rule, or an analyst, runs the playbook on an incident. */
export const whenIncident = (description: string) =>
  sentinelTrigger('Microsoft_Sentinel_incident', '/incident-creation', description);

/** An analytics rule raised an alert. */
export const whenAlert = (description: string) =>
  sentinelTrigger('Microsoft_Sentinel_alert', '/subscribe', description);

/** An analyst runs the playbook on an entity. `path` is an ARM expression of `/entity/<kind>`; see SIGNL4-Page-Entity. */
export const whenEntity = (path: string, description: string) =>
  sentinelTrigger('Microsoft_Sentinel_entity', path, description);

/** Somebody calls the playbook's URL. The URL holds the secret. */
export function whenCalled(key: string, description: string, schema: Json): NamedTrigger {
  return { key, definition: { type: 'Request', description, kind: 'Http', inputs: { schema } } };
}

/** The clock. One run at a time. */
export function onSchedule(key: string, description: string, recurrence: Recurrence): NamedTrigger {
  return {
    key,
    definition: {
      type: 'Recurrence',
      description,
      recurrence,
      runtimeConfiguration: { concurrency: { runs: 1 } },
    },
  };
}

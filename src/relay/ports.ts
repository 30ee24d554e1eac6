import type { DirectoryClient } from '../azure/directory.ts';
import type { LogsClient } from '../azure/logs.ts';
import type { ResponsesClient } from '../azure/responses.ts';
import type { SentinelClient } from '../azure/sentinel.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Signl4Client } from '../signl4/client.ts';

/* Services that the relay depends on. Every call takes a signal to abort it, and rejects with an UpstreamError. */

/** Incidents of one workspace, by their GUID. */
export type SentinelPort = Omit<SentinelClient, 'automationRules'>;

/** Queries against one workspace. */
export type LogsPort = LogsClient;

/** Alerts of one SIGNL4 team, and the people of the account. */
export type Signl4Port = Pick<
  Signl4Client,
  'sendEvent' | 'settle' | 'annotate' | 'findAlerts' | 'alert' | 'annotateAlert' | 'peopleNow'
>;

/** Response playbooks that Sentinel runs. */
export type ResponsesPort = ResponsesClient;

/** Entra users, where the relay may read them. */
export type DirectoryPort = Pick<DirectoryClient, 'userId'>;

/** Microsoft Graph security API (v1.0). */
export interface GraphSecurityPort {
  /** With its alerts (`alerts`), or without if they cannot be read. */
  incident(id: string, signal: AbortSignal): Promise<JsonObject>;
  /** Incidents changed since `since` (ISO 8601), with their alerts (`alerts`), or without if those cannot be read. */
  incidents(since: string, signal: AbortSignal): AsyncIterable<JsonObject>;
  patchIncident(id: string, change: JsonObject, signal: AbortSignal): Promise<void>;
  addComment(id: string, message: string, signal: AbortSignal): Promise<void>;
}

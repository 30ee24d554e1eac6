import type { JsonObject } from '../domain/json.ts';
import type { Signl4AlertEvent } from '../domain/signl4-event.ts';
import type { TimeRange } from './kql/alert-query.ts';
import type { QueryRows } from './kql/rows.ts';

/*
 * What the relay needs of other services. Every call takes a signal that ends it, and rejects with an UpstreamError.
 * Resources are the JSON of the REST API: a PUT must give back every member it does not know.
 */

/** Incidents of one workspace, by their GUID (Microsoft.SecurityInsights, 2025-09-01). */
export interface SentinelPort {
  incident(id: string, signal: AbortSignal): Promise<JsonObject>;
  /** Writes the whole resource; `etag` in it must be the one read, else it rejects with `conflict`. */
  putIncident(id: string, resource: JsonObject, signal: AbortSignal): Promise<JsonObject>;
  alerts(id: string, signal: AbortSignal): Promise<readonly unknown[]>;
  entities(id: string, signal: AbortSignal): Promise<readonly unknown[]>;
  comments(id: string, signal: AbortSignal): Promise<readonly unknown[]>;
  bookmarks(id: string, signal: AbortSignal): Promise<readonly unknown[]>;
  /** Writing the same comment again changes nothing. */
  putComment(id: string, commentId: string, message: string, signal: AbortSignal): Promise<void>;
  /** Page after page; `filter` in OData, oldest change first. */
  incidents(filter: string, signal: AbortSignal): AsyncIterable<JsonObject>;
  /** KQL of a scheduled rule; undefined for rules of other kinds. */
  ruleQuery(ruleId: string, signal: AbortSignal): Promise<string | undefined>;
}

export interface LogsPort {
  /** Runs a query against the workspace with a timeout on the server. */
  query(
    query: string,
    options: { readonly range: TimeRange | undefined; readonly timeoutSeconds: number },
    signal: AbortSignal,
  ): Promise<QueryRows>;
}

export interface Signl4Port {
  /** Raises, acknowledges or resolves an alert; gives SIGNL4's event id. */
  send(event: Signl4AlertEvent, signal: AbortSignal): Promise<string>;
  /** Adds a text to every alert that carries the external id. */
  annotate(externalId: string, text: string, signal: AbortSignal): Promise<void>;
}

/** Entra users, where the relay may read them. */
export interface DirectoryPort {
  /** Object id of the user with this mail address or user principal name; undefined where there is none. */
  userId(mail: string, signal: AbortSignal): Promise<string | undefined>;
}

/** Microsoft Graph security API (v1.0). */
export interface GraphSecurityPort {
  incident(id: string, signal: AbortSignal): Promise<JsonObject>;
  /** `$expand=alerts`; changed since `since` (ISO 8601). */
  incidents(since: string, signal: AbortSignal): AsyncIterable<JsonObject>;
  patchIncident(id: string, change: JsonObject, signal: AbortSignal): Promise<void>;
  addComment(id: string, message: string, signal: AbortSignal): Promise<void>;
}

import { apiVersions } from '../domain/api-versions.ts';
import { isJsonObject, type Json, type JsonObject, listOf, memberAt, textOf } from '../domain/json.ts';
import { createRestClient, itemsOf, type RestOptions, resourceOf } from './rest.ts';
import type { WorkspaceScope } from './scope.ts';
import { workspacePath } from './scope.ts';

/*
 * Microsoft.SecurityInsights through its REST API. @azure/arm-securityinsight 1.0.0-beta.6 cannot be used: it uses
 * 2022-09-01-preview and drops unknown members, but a PUT of an incident must return all of them.
 */

const PAGE_SIZE = 100;
const SERVICE = 'Sentinel';

/**
 * Incidents and rules of one workspace. Resources are JSON as in the REST API; ids are GUIDs. A response that is not a resource
 * or a list of them fails (RestError), because an empty response confirms nothing.
 */
export interface SentinelClient {
  incident(id: string, signal?: AbortSignal): Promise<JsonObject>;
  /** Writes the whole resource; omitted members are lost. Fails with 409 or 412 if its `etag` is outdated. */
  putIncident(id: string, resource: JsonObject, signal?: AbortSignal): Promise<JsonObject>;
  /** Incidents that pass an OData filter, oldest change first, read page by page. */
  incidents(filter: string, signal?: AbortSignal): AsyncIterable<JsonObject>;
  alerts(id: string, signal?: AbortSignal): Promise<readonly Json[]>;
  entities(id: string, signal?: AbortSignal): Promise<readonly Json[]>;
  bookmarks(id: string, signal?: AbortSignal): Promise<readonly Json[]>;
  comments(id: string, signal?: AbortSignal): Promise<readonly Json[]>;
  /** Writes a comment with the given id; repeating it has no effect. */
  putComment(id: string, commentId: string, message: string, signal?: AbortSignal): Promise<void>;
  /** KQL of a scheduled or near-real-time rule; undefined for rules of other kinds. */
  ruleQuery(ruleId: string, signal?: AbortSignal): Promise<string | undefined>;
  automationRules(signal?: AbortSignal): Promise<readonly Json[]>;
}

export type SentinelOptions = Omit<RestOptions, 'service'> & { readonly workspace: WorkspaceScope };

export function createSentinelClient({ workspace, ...options }: SentinelOptions): SentinelClient {
  const rest = createRestClient({ service: SERVICE, ...options });
  const root = `${workspacePath(workspace)}/providers/Microsoft.SecurityInsights`;
  const query = { 'api-version': apiVersions.sentinel };
  const at = (...steps: readonly string[]) => [root, ...steps.map(encodeURIComponent)].join('/');

  async function resource(path: string, signal: AbortSignal | undefined): Promise<JsonObject> {
    const { body } = await rest.send({ method: 'GET', path, query, signal });
    return resourceOf(SERVICE, body, 'properties');
  }
  /** Reads that use POST without a body; `member` contains the items. They are not paged. */
  async function linked(id: string, kind: string, member: string, signal: AbortSignal | undefined) {
    const { body } = await rest.send({ method: 'POST', path: at('incidents', id, kind), query, signal });
    return itemsOf(SERVICE, body, member);
  }
  const all = (path: string, signal: AbortSignal | undefined) => rest.all({ method: 'GET', path, query, signal });

  return {
    incident: (id, signal) => resource(at('incidents', id), signal),
    async putIncident(id, incident, signal) {
      const { body } = await rest.send({ method: 'PUT', path: at('incidents', id), query, body: incident, signal });
      return resourceOf(SERVICE, body, 'properties');
    },
    async *incidents(filter, signal) {
      const search = { $filter: filter, $orderby: 'properties/lastModifiedTimeUtc asc', $top: String(PAGE_SIZE) };
      const pages = rest.list({ method: 'GET', path: at('incidents'), query: { ...query, ...search }, signal });
      for await (const item of pages) if (isJsonObject(item)) yield item;
    },
    alerts: (id, signal) => linked(id, 'alerts', 'value', signal),
    entities: (id, signal) => linked(id, 'entities', 'entities', signal),
    bookmarks: (id, signal) => linked(id, 'bookmarks', 'value', signal),
    comments: (id, signal) => all(at('incidents', id, 'comments'), signal),
    async putComment(id, commentId, message, signal) {
      const path = at('incidents', id, 'comments', commentId);
      const { body } = await rest.send({ method: 'PUT', path, query, body: { properties: { message } }, signal });
      resourceOf(SERVICE, body, 'properties');
    },
    async ruleQuery(ruleId, signal) {
      return textOf(memberAt(await resource(at('alertRules', ruleId), signal), 'properties', 'query'));
    },
    automationRules: (signal) => all(at('automationRules'), signal),
  };
}

/** ARM ids of the playbooks that an automation rule runs, as they are there. */
export function playbooksRunBy(rule: unknown): readonly string[] {
  return listOf(memberAt(rule, 'properties', 'actions')).flatMap(
    (action) => textOf(memberAt(action, 'actionConfiguration', 'logicAppResourceId')) ?? [],
  );
}

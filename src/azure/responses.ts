import { apiVersions } from '../domain/api-versions.ts';
import { type Json, member, memberAt, textOf } from '../domain/json.ts';
import { createRestClient, itemsOf, type RestOptions, resourceOf } from './rest.ts';
import { type WorkspaceScope, workspacePath } from './scope.ts';

/*
 * Response playbooks: Sentinel starts them (Microsoft.SecurityInsights, Incidents - Run Playbook, Entities - Run Playbook) and
 * Logic Apps lists their runs (Microsoft.Logic, Workflow Runs - List). Nothing is retried here: a second start would run a
 * playbook twice.
 */

const SERVICE = 'Sentinel';

/** What a playbook is started on. */
export interface ResponseTarget {
  /** GUID of the incident. */
  readonly incidentId: string;
  /** GUID of one of its entities; undefined: the incident itself. */
  readonly entityId: string | undefined;
}

/** A run as Logic Apps list it. */
export interface ResponseRun {
  /** Milliseconds since 1970; NaN where it cannot be read. */
  readonly startedAt: number;
  /** `Running`, `Succeeded`, `Failed`, …; empty where it is not a word. */
  readonly status: string;
}

export interface ResponsesClient {
  /** Has Sentinel run a playbook (an ARM id) of a tenant. Returns the HTTP status: 204 means that it starts. */
  start(target: ResponseTarget, playbook: string, tenantId: string, signal?: AbortSignal): Promise<number>;
  /** The latest runs that began at or after a time (ISO 8601), newest first, one page. */
  runsSince(playbook: string, since: string, signal?: AbortSignal): Promise<readonly ResponseRun[]>;
  /** Whether the incident has a comment of this id. */
  hasComment(incidentId: string, commentId: string, signal?: AbortSignal): Promise<boolean>;
  /** Writes a comment with the given id. True if it is new, false if it existed. */
  addComment(incidentId: string, commentId: string, message: string, signal?: AbortSignal): Promise<boolean>;
}

type ResponsesOptions = Omit<RestOptions, 'service' | 'maxRetries'> & { readonly workspace: WorkspaceScope };

export function createResponsesClient({ workspace, ...options }: ResponsesOptions): ResponsesClient {
  const rest = createRestClient({ service: SERVICE, ...options, maxRetries: 0 });
  const root = `${workspacePath(workspace)}/providers/Microsoft.SecurityInsights`;
  const commentPath = (incidentId: string, commentId: string) =>
    `${root}/incidents/${encodeURIComponent(incidentId)}/comments/${encodeURIComponent(commentId)}`;
  const query = { 'api-version': apiVersions.sentinel };
  return {
    async start({ incidentId, entityId }, playbook, tenantId, signal) {
      const incidentArmId = `${root}/Incidents/${encodeURIComponent(incidentId)}`;
      const on = entityId === undefined ? incidentArmId : `${root}/entities/${encodeURIComponent(entityId)}`;
      const { status } = await rest.send({
        method: 'POST',
        path: `${on}/runPlaybook`,
        query: { 'api-version': apiVersions.runPlaybook },
        body: { logicAppsResourceId: playbook, tenantId, incidentArmId },
        signal,
      });
      return status;
    },
    async runsSince(playbook, since, signal) {
      const path = `${playbook.split('/').map(encodeURIComponent).join('/')}/runs`;
      const search = { 'api-version': apiVersions.logic, $filter: `startTime ge ${since}` };
      const { body } = await rest.send({ method: 'GET', path, query: search, signal });
      return itemsOf('Azure Logic Apps', body, 'value').map(readRun);
    },
    async hasComment(incidentId, commentId, signal) {
      try {
        const { body } = await rest.send({ method: 'GET', path: commentPath(incidentId, commentId), query, signal });
        resourceOf(SERVICE, body, 'properties');
        return true;
      } catch (error) {
        if (member(error, 'statusCode') === 404) return false;
        throw error;
      }
    },
    async addComment(incidentId, commentId, message, signal) {
      const body = { properties: { message } };
      const path = commentPath(incidentId, commentId);
      const answer = await rest.send({ method: 'PUT', path, query, body, signal });
      resourceOf(SERVICE, answer.body, 'properties');
      return answer.status === 201;
    },
  };
}

/** Format of a status in Logic Apps; anything else would be shown to people. */
const STATUS = /^[A-Z][A-Za-z]{1,29}$/;

function readRun(value: Json): ResponseRun {
  const status = textOf(memberAt(value, 'properties', 'status')) ?? '';
  return {
    startedAt: Date.parse(textOf(memberAt(value, 'properties', 'startTime')) ?? ''),
    status: STATUS.test(status) ? status : '',
  };
}

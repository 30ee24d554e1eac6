import {
  at,
  call,
  coalesce,
  type Expr,
  type Input,
  list,
  type Members,
  parameter,
  type Text,
  text,
} from '../../wdl/build.ts';
import { noRetry, patientRetry, type Step, type StepOptions } from '../step.ts';
import { http } from '../steps/http.ts';
import type { Choices } from '../workflow.ts';
import { tenantId } from './workspace.ts';

/*
 * Calls to the security API of Microsoft Graph (v1.0) as the playbook's managed identity, which needs the application permission
 * SecurityIncident.ReadWrite.All.
 */

export const graphChoice: Choices = {
  GraphAddress: {
    type: 'String',
    defaultValue: 'https://graph.microsoft.com',
    description: 'Address of Microsoft Graph, without a slash at the end. US Government: https://graph.microsoft.us.',
  },
};

const graph = parameter('GraphAddress');

/** Incidents that one page holds; the service refuses more. */
const PAGE_SIZE = '50';

/** Address of the first page of a list of incidents; each page has that of the next. */
export const firstPage = (filter: Text): Text =>
  text`${graph}/v1.0/security/incidents?$top=${PAGE_SIZE}&$filter=${filter}`;

/**
 * One page of a list of incidents. The caller reads further pages: the setting "Pagination" of an HTTP action follows `nextLink`,
 * but users disagree on whether it follows Graph's `@odata.nextLink`.
 */
export function listIncidents(name: string, options: StepOptions & { readonly page: Expr }): Step {
  const { page, ...rest } = options;
  return http(name, {
    ...rest,
    method: 'GET',
    uri: page,
    managedIdentityFor: graph,
    headers: WITH_NEW_MEMBERS,
    retry: patientRetry,
  });
}

/** Address of the next page; empty after the last page or without a response. */
export const nextPage = (listed: Step): Expr => coalesce(listed.body('@odata.nextLink'), '');

/** One incident without its alerts, because in some tenants requests for both always fail. */
export function getDefenderIncident(name: string, options: StepOptions & { readonly id: Expr }): Step {
  const { id, ...rest } = options;
  return http(name, {
    ...rest,
    ...asWhom('GET', incidentPath(id)),
    headers: WITH_NEW_MEMBERS,
    retry: patientRetry,
  });
}

/** The alerts of an incident. Not retried, because the page is sent without them if necessary. */
export function listDefenderAlerts(name: string, options: StepOptions & { readonly id: Expr }): Step {
  const { id, ...rest } = options;
  return http(name, {
    ...rest,
    ...asWhom('GET', text`${incidentPath(id)}/alerts`),
    headers: WITH_NEW_MEMBERS,
    retry: noRetry,
    timeout: 'PT20S',
  });
}

/** Changes the given members only. Graph has no ETags, so the last writer wins. */
export function patchIncident(
  name: string,
  options: StepOptions & { readonly id: Expr; readonly change: Members },
): Step {
  const { id, change, ...rest } = options;
  return http(name, { ...rest, ...asWhom('PATCH', incidentPath(id)), body: change, retry: patientRetry });
}

/** Adds a comment. Graph accepts plain text and no id, so the caller first checks whether the text exists. */
export function postComment(name: string, options: StepOptions & { readonly id: Expr; readonly comment: Text }): Step {
  const { id, comment, ...rest } = options;
  // Names of members are evaluated as well, so a leading @ is doubled.
  const body: Input = { '@@odata.type': 'microsoft.graph.security.alertComment', comment };
  return http(name, {
    ...rest,
    ...asWhom('POST', text`${incidentPath(id)}/comments`),
    body,
    retry: patientRetry,
  });
}

/** The tags of an incident as Graph gives it. */
export const tagsOf = (incident: Expr): Expr => list(at(incident, 'customTags'));

/** The tags with one added, unless it is there already. */
export const withTag = (tags: Expr, tag: Expr | string): Members => ({
  customTags: call('union', tags, call('createArray', tag)),
});

/** `X-S4-ExternalID` of an incident of Defender, as domain/external-id writes it. */
export const defenderExternalId = (id: Expr): Text => text`graph:${tenantId}:${id}`;

/** Without this header, the service returns values newer than its first version as `unknownFutureValue`. */
const WITH_NEW_MEMBERS: Members = { Prefer: 'include-unknown-enum-members' };

const incidentPath = (id: Expr): Text => text`/security/incidents/${call('encodeUriComponent', id)}`;

const asWhom = (method: 'GET' | 'PATCH' | 'POST', path: Text) =>
  ({ method, uri: text`${graph}/v1.0${path}`, managedIdentityFor: graph }) as const;

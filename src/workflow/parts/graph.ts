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
 * One page of a list of incidents. The further ones are the caller's to ask for: that the setting "Pagination" of an HTTP action
 * follows `nextLink` is known, that it follows `@odata.nextLink`, as Graph writes it, some users say and others deny.
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

/** Address of the next page; empty after the last one, and where there was no answer. */
export const nextPage = (listed: Step): Expr => coalesce(listed.body('@odata.nextLink'), '');

/** One incident, without its alerts: in some tenants the service fails for good where it is asked for both. */
export function getDefenderIncident(name: string, options: StepOptions & { readonly id: Expr }): Step {
  const { id, ...rest } = options;
  return http(name, {
    ...rest,
    ...asWhom('GET', incidentPath(id)),
    headers: WITH_NEW_MEMBERS,
    retry: patientRetry,
  });
}

/** The alerts of an incident; not waited for, since a page goes out without them. */
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

/** Changes what is named and leaves the rest; Graph has no ETags, the last writer wins. */
export function patchIncident(
  name: string,
  options: StepOptions & { readonly id: Expr; readonly change: Members },
): Step {
  const { id, change, ...rest } = options;
  return http(name, { ...rest, ...asWhom('PATCH', incidentPath(id)), body: change, retry: patientRetry });
}

/** Adds a comment. Graph takes plain text and no id: the caller checks first whether the text is there. */
export function postComment(name: string, options: StepOptions & { readonly id: Expr; readonly comment: Text }): Step {
  const { id, comment, ...rest } = options;
  // Names of members are evaluated as well: a first @ is written twice.
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

/** Tags with one more; a tag that is there already stays one. */
export const withTag = (tags: Expr, tag: Expr | string): Members => ({
  customTags: call('union', tags, call('createArray', tag)),
});

/** `X-S4-ExternalID` of an incident of Defender, as domain/external-id writes it. */
export const defenderExternalId = (id: Expr): Text => text`graph:${tenantId}:${id}`;

/** Without it the service calls what is newer than its first version `unknownFutureValue`. */
const WITH_NEW_MEMBERS: Members = { Prefer: 'include-unknown-enum-members' };

const incidentPath = (id: Expr): Text => text`/security/incidents/${call('encodeUriComponent', id)}`;

const asWhom = (method: 'GET' | 'PATCH' | 'POST', path: Text) =>
  ({ method, uri: text`${graph}/v1.0${path}`, managedIdentityFor: graph }) as const;

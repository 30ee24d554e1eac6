import { type Expr, type Input, type Members, type Text, text, toJson } from '../../wdl/build.ts';
import type { Authentication, RetryPolicy } from '../../wdl/types.ts';
import { type Step, type StepOptions, step } from '../step.ts';

export interface HttpOptions extends StepOptions {
  readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  readonly uri: Expr | Text | string;
  readonly queries?: Members;
  readonly headers?: Members;
  readonly body?: Input;
  readonly retry: RetryPolicy;
  /** ISO 8601; the service's own bound is PT2M. */
  readonly timeout?: string | Expr;
  /** Expression that gives the audience of the playbook's managed identity; left out: no authentication. */
  readonly managedIdentityFor?: Expr;
}

/** Calls a URL, optionally as the playbook's own managed identity. */
export function http(name: string, options: HttpOptions): Step {
  const { method, uri, queries, headers, body, retry, timeout, managedIdentityFor } = options;
  const authentication: Authentication | undefined = managedIdentityFor && {
    type: 'ManagedServiceIdentity',
    audience: `@${managedIdentityFor.wdl}`,
  };
  return step(name, options, {
    type: 'Http',
    inputs: {
      uri: toJson(uri) as string,
      method,
      ...(headers && { headers: asTexts(headers) }),
      ...(queries && { queries: toJson(queries) }),
      ...(body !== undefined && { body: toJson(body) }),
      ...(authentication && { authentication }),
      retryPolicy: retry,
    },
    ...(timeout !== undefined && { limit: { timeout: toJson(timeout) as string } }),
  });
}

/** A single token as `@{…}`, as the designer's table of headers writes it: looking at it changes nothing. */
function asTexts(headers: Members) {
  const members = Object.entries(headers).map(([name, value]) => [
    name,
    typeof value === 'object' && value !== null && 'wdl' in value ? text`${value as Expr}` : value,
  ]);
  return toJson(Object.fromEntries(members));
}

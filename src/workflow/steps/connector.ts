import { type Expr, type Input, type Members, toJson } from '../../wdl/build.ts';
import { isJsonObject, type Json, type RetryPolicy } from '../../wdl/types.ts';
import type { Connection } from '../connection.ts';
import { type Step, type StepOptions, step } from '../step.ts';

/** An operation of a managed or custom connector, as its definition has it. */
export interface Operation {
  readonly connection: Connection;
  readonly method: 'get' | 'put' | 'post' | 'patch' | 'delete';
  /** With the definition's placeholders: `/v2/events/{teamSecret}`. */
  readonly path: string;
  /** Members of the body in the order in which the designer writes them back; others follow them. Left out: any order. */
  readonly order?: readonly string[];
}

export interface ConnectorOptions extends StepOptions {
  /** Values of the path's placeholders. */
  readonly path?: { readonly [placeholder: string]: Input };
  readonly queries?: Members;
  readonly body?: Expr | Members;
  readonly retry: RetryPolicy;
  /** ISO 8601: how long an answer is waited for; the service's own bound is PT2M. */
  readonly timeout?: string;
}

/** Runs an operation of a connector. */
export function connector(name: string, operation: Operation, options: ConnectorOptions): Step {
  return step(name, options, {
    type: 'ApiConnection',
    inputs: {
      host: { connection: { name: operation.connection.reference } },
      method: operation.method,
      ...(options.body !== undefined && { body: inOrder(toJson(options.body), operation.order ?? []) }),
      path: filledPath(operation.path, options.path ?? {}),
      ...(options.queries && { queries: toJson(options.queries) }),
      retryPolicy: options.retry,
    },
    ...(options.timeout !== undefined && { limit: { timeout: options.timeout } }),
  });
}

function inOrder(body: Json, order: readonly string[]): Json {
  if (!isJsonObject(body)) return body;
  const rank = ([name]: readonly [string, Json]) => (order.includes(name) ? order.indexOf(name) : order.length);
  return Object.fromEntries(Object.entries(body).sort((left, right) => rank(left) - rank(right)));
}

/** `/v2/events/@{encodeURIComponent(parameters('TeamSecret'))}`, as the designer writes it. */
function filledPath(template: string, values: { readonly [placeholder: string]: Input }): string {
  return template.replaceAll(/\{([^}]+)\}/g, (_, placeholder: string) => {
    const value = values[placeholder];
    if (value === undefined) throw new TypeError(`${template}: no value for {${placeholder}}`);
    const literal = toJson(value);
    if (typeof literal !== 'string')
      throw new TypeError(`${template}: {${placeholder}} must be a string or an expression`);
    return literal.startsWith('@')
      ? `@{encodeURIComponent(${literal.slice(1)})}`
      : `@{encodeURIComponent('${literal.replaceAll("'", "''")}')}`;
  });
}

import { isObject, toJson, type WdlObject, type WdlValue } from '../../wdl/values.ts';
import type { CallConnection } from '../calls.ts';
import { evaluate } from '../context.ts';
import { failed } from '../outcome.ts';
import type { RunState } from '../run-state.ts';
import { performCall, type Request, requestParts } from '../transport.ts';
import type { Executor } from './executor.ts';
import { shownInputs } from './http.ts';

/** ApiConnection: an operation of a managed or custom connector. */
export const apiConnection: Executor = function* (scope, record) {
  const inputs = evaluate((scope.node.action as { inputs?: unknown }).inputs ?? {}, scope);
  record.inputs = shownInputs(inputs);
  const request = connectorRequest('ApiConnection', scope.run, scope.node.name, inputs);
  if ('problem' in request) return failed('BadRequest', request.problem, record.inputs);
  return yield* performCall(scope, record, request);
};

/** The request for evaluated connector inputs. Subscriptions use POST. */
export function connectorRequest(
  kind: 'ApiConnection' | 'ApiConnectionWebhook',
  run: RunState,
  name: string,
  inputs: WdlValue,
): Request | { readonly problem: string } {
  if (!isObject(inputs)) return { problem: `The inputs of '${name}' are not an object.` };
  const { path, method } = inputs as Readonly<Record<string, WdlValue | undefined>>;
  if (typeof path !== 'string' || path === '') return { problem: `The 'path' of '${name}' is missing.` };
  if (kind === 'ApiConnection' && typeof method !== 'string')
    return { problem: `The 'method' of '${name}' is missing.` };
  const connection = connectionOf(run, inputs);
  if (connection === undefined) {
    return { problem: `The 'host.connection.name' of '${name}' names no API connection.` };
  }
  return {
    kind,
    action: name,
    method: typeof method === 'string' ? method.toUpperCase() : 'POST',
    path,
    connection,
    ...requestParts(inputs),
  };
}

/** The connection whose id the action's host evaluates to, with its key in `$connections`. */
function connectionOf(run: RunState, inputs: WdlObject): CallConnection | undefined {
  const host = inputs['host'];
  const reference = host !== undefined && isObject(host) ? host['connection'] : undefined;
  const id = reference !== undefined && isObject(reference) ? reference['name'] : undefined;
  if (typeof id !== 'string' || id === '') return undefined;
  const connections = toJson(run.parameters.get('$connections') ?? {});
  const entry = Object.entries(connections ?? {}).find(
    ([, value]: [string, unknown]) => (value as { connectionId?: unknown } | null)?.connectionId === id,
  );
  const api = String((entry?.[1] as { id?: unknown } | undefined)?.id ?? id);
  return { key: entry?.[0] ?? lastPart(id), id, api: lastPart(api) };
}

function lastPart(id: string): string {
  return id.split('/').at(-1) ?? id;
}

import { isObject, type WdlObject, type WdlValue } from '../../wdl/values.ts';
import { evaluate } from '../context.ts';
import { failed } from '../outcome.ts';
import { withFurtherPages } from '../pages.ts';
import { sanitizedAuthentication } from '../secure.ts';
import { membersOf, performCall, type Request, requestParts, target } from '../transport.ts';
import type { Executor } from './executor.ts';

/** Http: a request to any address. */
export const http: Executor = function* (scope, record) {
  const inputs = evaluate((scope.node.action as { inputs?: unknown }).inputs ?? {}, scope);
  record.inputs = shownInputs(inputs);
  const request = httpRequest('Http', scope.node.name, inputs);
  if ('problem' in request) return failed('BadRequest', request.problem, record.inputs);
  const outcome = yield* performCall(scope, record, request);
  return yield* withFurtherPages(scope, record, request, outcome);
};

/** Inputs as shown in the run history, with secrets of the authentication removed. */
export function shownInputs(inputs: WdlValue): WdlValue {
  if (!isObject(inputs) || inputs['authentication'] === undefined) return inputs;
  return { ...inputs, authentication: sanitizedAuthentication(inputs['authentication']) };
}

/** The request for evaluated HTTP inputs. */
export function httpRequest(
  kind: Request['kind'],
  action: string,
  inputs: WdlValue,
): Request | { readonly problem: string } {
  if (!isObject(inputs)) return { problem: `The inputs of '${action}' are not an object.` };
  const { uri, method } = inputs as Readonly<Record<string, WdlValue | undefined>>;
  if (typeof uri !== 'string' || !/^https?:\/\//i.test(uri) || !URL.canParse(uri)) {
    return {
      problem: `The 'uri' of '${action}' is not an absolute HTTP address: '${uri === undefined ? '' : String(uri)}'.`,
    };
  }
  if (typeof method !== 'string' || method === '') return { problem: `The 'method' of '${action}' is missing.` };
  const parts = requestParts(inputs);
  const address = withQueries(uri, inputs);
  return { kind, action, method: method.toUpperCase(), ...target(address), ...parts };
}

function withQueries(uri: string, inputs: WdlObject): string {
  const queries = Object.entries(membersOf(inputs['queries']));
  if (queries.length === 0) return uri;
  const address = new URL(uri);
  for (const [name, value] of queries) {
    address.searchParams.append(
      name,
      typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value),
    );
  }
  return address.href;
}

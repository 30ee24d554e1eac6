import type { ApiConnectionWebhookAction, HttpWebhookAction } from '../../wdl/types.ts';
import { isObject, type WdlValue } from '../../wdl/values.ts';
import { isFailure } from '../calls.ts';
import { evaluate, type Scope } from '../context.ts';
import { failed, type Outcome, succeeded } from '../outcome.ts';
import type { ActionRecord } from '../record.ts';
import { type Process, sleepUntil } from '../scheduler.ts';
import { answerOutputs, answerTo, messageOutputs, oneCall, outcomeOf, type Request } from '../transport.ts';
import { connectorRequest } from './api-connection.ts';
import { actionOf, type Executor } from './executor.ts';
import { httpRequest, shownInputs } from './http.ts';

/**
 * ApiConnectionWebhook: subscribes through a connector and waits for the callback, for example the response to an adaptive card.
 */
export const apiConnectionWebhook: Executor = function* (scope, record) {
  const inputs = evaluate(actionOf<ApiConnectionWebhookAction>(scope).inputs ?? {}, scope);
  record.inputs = shownInputs(inputs);
  const request = connectorRequest('ApiConnectionWebhook', scope.run, scope.node.name, inputs);
  return yield* subscribe(scope, record, request, inputs);
};

/** HttpWebhook: the same for any address. */
export const httpWebhook: Executor = function* (scope, record) {
  const inputs = evaluate(actionOf<HttpWebhookAction>(scope).inputs?.subscribe ?? {}, scope);
  record.inputs = { subscribe: shownInputs(inputs) };
  const request = httpRequest('HttpWebhook', scope.node.name, inputs);
  return yield* subscribe(scope, record, request, inputs);
};

/** Cancels an HttpWebhook's subscription if the action is cancelled while it waits. */
export function* unsubscribe(scope: Scope): Process<void> {
  const { unsubscribe: written } = actionOf<HttpWebhookAction>(scope).inputs;
  const inputs = evaluate(written ?? {}, scope);
  const request = httpRequest('HttpWebhook', scope.node.name, inputs);
  if (!('problem' in request)) yield* oneCall(scope, { ...request, retry: 0 });
}

function* subscribe(
  scope: Scope,
  record: ActionRecord,
  request: Request | { readonly problem: string },
  inputs: WdlValue,
): Process<Outcome> {
  if ('problem' in request) return failed('BadRequest', request.problem, record.inputs);
  const result = yield* answerTo(scope, record, request, isObject(inputs) ? inputs['retryPolicy'] : undefined);
  if ('problem' in result) return failed('BadRequest', result.problem, record.inputs);
  if (isFailure(result) || result.status >= 400) return outcomeOf(result, record.inputs);
  if (result.callback === undefined) return succeeded(record.inputs, answerOutputs(result));
  if (result.callback === null) {
    yield* sleepUntil(Number.POSITIVE_INFINITY);
    return succeeded(record.inputs, undefined);
  }
  const { body, headers, afterMs } = result.callback;
  yield* sleepUntil(scope.run.clock.now() + (afterMs ?? 0));
  return succeeded(record.inputs, messageOutputs(headers, body));
}

import { bodyOfType, sentBody } from '../wdl/content/body.ts';
import type { JsonObject } from '../wdl/types.ts';
import { isObject, toJson, type WdlObject, type WdlValue } from '../wdl/values.ts';
import { type CallAnswer, type CallResult, isFailure, type OutgoingCall, requestTimeout } from './calls.ts';
import type { Scope } from './context.ts';
import { isRetryableStatus, statusCodeName } from './http-status.ts';
import { failed, type Outcome, succeeded } from './outcome.ts';
import type { ActionRecord, RetryRecord } from './record.ts';
import { headerOf, readRetryPolicy, retryAfter } from './retry-policy.ts';
import { call, type Process, sleepUntil } from './scheduler.ts';

/** A call without the members that change between attempts. */
export type Request = Omit<OutgoingCall, 'retry'>;

/** Default polling interval for asynchronous operations, in milliseconds. */
const POLL_INTERVAL = 10_000;

/**
 * Makes a call for an action and converts the response to its outcome. Statuses from 400 fail the action, with the response as
 * its outputs and without a separate error, as in the service.
 */
export function* performCall(scope: Scope, record: ActionRecord, request: Request): Process<Outcome> {
  const inputs = record.inputs;
  const policy = inputs !== undefined && isObject(inputs) ? inputs['retryPolicy'] : undefined;
  const result = yield* answerTo(scope, record, request, policy);
  return 'problem' in result ? failed('BadRequest', result.problem, inputs) : outcomeOf(result, inputs);
}

/**
 * The final response to a call, after retries and, unless disabled, the asynchronous pattern (a 202 with Location is polled until
 * it returns something else).
 */
export function* answerTo(
  scope: Scope,
  record: ActionRecord,
  request: Request,
  retryPolicy: WdlValue | undefined,
): Process<CallResult | { readonly problem: string }> {
  const { run } = scope;
  const policy = readRetryPolicy(retryPolicy);
  if ('problem' in policy) return policy;
  const retries: RetryRecord[] = [];
  for (let retry = 0; ; retry++) {
    const startTime = run.clock.now();
    const result = yield* exchange(scope, request, retry);
    const mayRetry = isFailure(result) ? result.failure.isRetryable !== false : isRetryableStatus(result.status);
    if (!mayRetry || retry >= policy.count) return result;
    const code = isFailure(result) ? result.failure.code : statusCodeName(result.status);
    retries.push({ startTime, endTime: run.clock.now(), code });
    record.retries = retries;
    const asked = isFailure(result) ? undefined : retryAfter(result.headers, run.clock.now());
    yield* sleepUntil(run.clock.now() + (asked ?? policy.delay(retry + 1, run.random())));
  }
}

/** One attempt: the call and the polling after it. */
function* exchange(scope: Scope, request: Request, retry: number): Process<CallResult> {
  let result = yield* oneCall(scope, { ...request, retry });
  while (isPending(result) && !disablesAsync(scope)) {
    const location = headerOf(result.headers, 'location');
    if (location === undefined) break;
    yield* sleepUntil(scope.run.clock.now() + (retryAfter(result.headers, scope.run.clock.now()) ?? POLL_INTERVAL));
    const { body: _, ...rest } = request;
    result = yield* oneCall(scope, { ...rest, ...target(location), method: 'GET', queries: {}, retry });
  }
  return result;
}

function isPending(result: CallResult): result is CallAnswer {
  return !isFailure(result) && result.status === 202;
}

function disablesAsync({ node }: Scope): boolean {
  const { operationOptions, runtimeConfiguration } = node.action;
  return (
    String(operationOptions ?? '')
      .toLowerCase()
      .includes('disableasyncpattern') || runtimeConfiguration?.requestOptions?.asyncPattern === 'Disabled'
  );
}

/** Path and URI of an absolute address, or of a path. */
export function target(address: string): { readonly path: string; readonly uri?: string } {
  return URL.canParse(address) ? { path: new URL(address).pathname, uri: address } : { path: address };
}

/** A single request with the timeout of one request. */
export function* oneCall({ run }: Scope, outgoing: OutgoingCall): Process<CallResult> {
  const time = run.clock.now();
  const index = run.calls.push({ ...outgoing, time }) - 1;
  const answer = yield* call(outgoing);
  const isLate = run.clock.now() - time > run.limits.requestMs;
  const result = isLate ? requestTimeout : answer;
  run.calls[index] = {
    ...outgoing,
    time,
    ...(isFailure(result) ? { failure: result.failure.message } : { status: result.status }),
  };
  return result;
}

export function outcomeOf(result: CallResult, inputs: WdlValue | undefined): Outcome {
  if (isFailure(result)) return failed(result.failure.code, result.failure.message, inputs);
  const code = statusCodeName(result.status);
  const outputs = answerOutputs(result);
  if (result.status < 400) return succeeded(inputs, outputs, code);
  return { status: 'Failed', code, ...(inputs !== undefined && { inputs }), outputs };
}

/** `{ statusCode, headers, body }`, without a body if the response has none. The Content-Type decides the type of the body. */
export function answerOutputs({ status, headers, body }: CallAnswer): WdlObject {
  return { statusCode: status, ...messageOutputs(headers, body) };
}

/** Headers and body of a response or callback. */
export function messageOutputs(headers: JsonObject | undefined, body: WdlValue | undefined): WdlObject {
  return {
    headers: headers ?? {},
    ...(body !== undefined && { body: bodyOfType(body, headerOf(headers, 'content-type')) }),
  };
}

/** Members of evaluated inputs that all kinds of calls have. */
export function requestParts(inputs: WdlObject): Pick<Request, 'queries' | 'headers' | 'body' | 'authentication'> {
  const { headers, body, authentication } = inputs;
  const sent = sentMessage(headers, body);
  return {
    queries: membersOf(inputs['queries']),
    headers: sent.headers,
    ...(sent.body !== undefined && { body: toJson(sent.body) }),
    ...(authentication !== undefined && { authentication: toJson(authentication) }),
  };
}

/** Headers and body as the receiver gets them: a content object is sent as its bytes with its type. */
export function sentMessage(
  headers: WdlValue | undefined,
  body: WdlValue | undefined,
): { readonly headers: JsonObject; readonly body?: WdlValue } {
  const own = membersOf(headers);
  if (body === undefined) return { headers: own };
  const sent = sentBody(body);
  const isTyped = sent.contentType === undefined || headerOf(own, 'content-type') !== undefined;
  return { headers: isTyped ? own : { ...own, 'Content-Type': sent.contentType }, body: sent.body };
}

/** An object's members as plain JSON; empty if it is not an object. */
export function membersOf(value: WdlValue | undefined): JsonObject {
  return value !== undefined && isObject(value) ? (toJson(value) as JsonObject) : {};
}

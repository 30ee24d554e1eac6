import { sentBody } from '../../wdl/content/body.ts';
import type { JsonObject, ResponseAction } from '../../wdl/types.ts';
import { isObject, toJson, type WdlValue, wholeNumber } from '../../wdl/values.ts';
import { evaluate } from '../context.ts';
import { failed, type Outcome, succeeded } from '../outcome.ts';
import { headerOf } from '../retry-policy.ts';
import type { WorkflowResponse } from '../run-state.ts';
import { actionOf, type Executor } from './executor.ts';

/**
 * Response: answers the caller of a Request trigger, once; the run goes on. It is skipped where nobody waits for an answer
 * any more, and fails where the caller has waited too long.
 */
export const response: Executor = (scope) => {
  const { run, node } = scope;
  const { statusCode, headers, body } = actionOf<ResponseAction>(scope).inputs;
  const given = {
    statusCode: evaluate(statusCode ?? 200, scope),
    ...(headers !== undefined && { headers: evaluate(headers, scope) }),
    ...(body !== undefined && { body: evaluate(body, scope) }),
  };
  const status = wholeNumber(typeof given.statusCode === 'string' ? Number(given.statusCode) : given.statusCode);
  if (status === undefined || status < 100 || status > 599) {
    return failed(
      'BadRequest',
      `The 'statusCode' of a Response is a number from 100 to 599, not '${String(given.statusCode)}'.`,
      given,
    );
  }
  if (run.triggerType !== 'Request' || run.response) return { ...notWaitedFor(node.name), inputs: given };
  const afterMs = run.clock.now() - run.startTime;
  const isAsync = String(node.action.operationOptions ?? '')
    .toLowerCase()
    .includes('asynchronous');
  if (afterMs > run.limits.requestMs && !isAsync) {
    run.response = { status: 504, headers: {}, afterMs: run.limits.requestMs };
    run.onResponse?.(run.response);
    return failed(
      'ActionResponseTimedOut',
      `The execution of template action '${node.name}' is failed: the client application timed out waiting for a response from service. This means that workflow took longer to respond than the alloted timeout value. The connection maintained between client and workflow will be closed and client will get an HTTP status code of 504 Gateway Timeout.`,
      given,
      'Answer first and do the slow work afterwards, or make the Response asynchronous.',
    );
  }
  run.response = { status, ...answerOf(given.headers ?? null, given.body), afterMs };
  run.onResponse?.(run.response);
  return succeeded(given, given, 'OK');
};

/** Headers and body as the caller receives them: a content object is its bytes, and says their type. */
function answerOf(headers: WdlValue, body: WdlValue | undefined): Pick<WorkflowResponse, 'headers' | 'body'> {
  const own = isObject(headers) ? (toJson(headers) as JsonObject) : {};
  if (body === undefined) return { headers: own };
  const sent = sentBody(body);
  const isTyped = sent.contentType === undefined || headerOf(own, 'content-type') !== undefined;
  return { headers: isTyped ? own : { ...own, 'Content-Type': sent.contentType }, body: sent.body };
}

function notWaitedFor(name: string): Outcome {
  return {
    status: 'Skipped',
    code: 'ActionSkipped',
    error: {
      code: 'ActionResponseSkipped',
      message: `The execution of template action '${name}' is skipped: the client application is not waiting for a response from service.`,
    },
  };
}

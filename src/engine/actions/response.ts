import type { ResponseAction } from '../../wdl/types.ts';
import { wholeNumber } from '../../wdl/values.ts';
import { evaluate } from '../context.ts';
import { failed, type Outcome, succeeded } from '../outcome.ts';
import { sentMessage } from '../transport.ts';
import { actionOf, type Executor } from './executor.ts';

/**
 * Response: answers the caller of a Request trigger, once; the run continues. Skipped if the caller no longer waits, failed if
 * the caller's timeout has passed. With splitOn it answers nobody, because the caller got 202 at once ("Schema reference guide
 * for trigger and action types", debatching).
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
  if (afterMs > run.limits.requestMs && !isAsync && !run.isSplit) {
    run.response = { status: 504, headers: {}, afterMs: run.limits.requestMs };
    run.onResponse?.(run.response);
    return failed(
      'ActionResponseTimedOut',
      `The execution of template action '${node.name}' is failed: the client application timed out waiting for a response from service. This means that workflow took longer to respond than the alloted timeout value. The connection maintained between client and workflow will be closed and client will get an HTTP status code of 504 Gateway Timeout.`,
      given,
      'Answer first and do the slow work afterwards, or make the Response asynchronous.',
    );
  }
  run.response = { status, ...sentMessage(given.headers, given.body), afterMs };
  if (!run.isSplit) run.onResponse?.(run.response);
  return succeeded(given, given, 'OK');
};

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

import type { TerminateAction } from '../../wdl/types.ts';
import { isObject, type WdlValue } from '../../wdl/values.ts';
import { evaluate } from '../context.ts';
import { failed, NO_CODE, succeeded } from '../outcome.ts';
import { stop } from '../scheduler.ts';
import { actionOf, type Executor } from './executor.ts';

const STATUSES = ['Succeeded', 'Failed', 'Cancelled'] as const;

/** Terminate: ends the run at once, at any depth. `runError` only applies to Failed. */
export const terminate: Executor = function* (scope, record) {
  const { runStatus, runError } = actionOf<TerminateAction>(scope).inputs;
  const wanted = evaluate(runStatus ?? null, scope);
  const error = runError === undefined ? null : evaluate(runError, scope);
  const inputs = { runStatus: wanted, ...(runError !== undefined && { runError: error }) };
  const status = STATUSES.find((known) => known.toLowerCase() === String(wanted).toLowerCase());
  if (!status) {
    return failed(
      'BadRequest',
      `The 'runStatus' of Terminate is Succeeded, Failed or Cancelled, not '${String(wanted)}'.`,
      inputs,
    );
  }
  const { run } = scope;
  run.termination = {
    status,
    ...(status === 'Failed' && {
      error: { code: textOf(error, 'code') || 'Terminated', message: textOf(error, 'message') },
    }),
  };
  Object.assign(record, { status: 'Succeeded', code: NO_CODE, inputs, endTime: run.clock.now() });
  yield* stop();
  return succeeded(inputs, undefined, NO_CODE);
};

function textOf(error: WdlValue, member: string): string {
  const value = isObject(error) ? error[member] : undefined;
  return value === undefined || value === null ? '' : String(value);
}

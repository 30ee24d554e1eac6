import type { WorkflowDefinition } from '../wdl/types.ts';
import type { ActionNode } from './model.ts';
import type { EndStatus, Outcome } from './outcome.ts';

const STATUSES: Readonly<Record<string, EndStatus>> = {
  succeeded: 'Succeeded',
  failed: 'Failed',
  skipped: 'Skipped',
  timedout: 'TimedOut',
  cancelled: 'Cancelled',
  aborted: 'Failed',
};

/** The static result of an action that has one enabled; undefined if it runs normally. */
export function staticOutcome({ action }: ActionNode, { staticResults }: WorkflowDefinition): Outcome | undefined {
  const chosen = action.runtimeConfiguration?.staticResult;
  if (chosen?.staticResultOptions !== 'Enabled') return undefined;
  const result = staticResults?.[chosen.name];
  if (!result) return undefined;
  const status = STATUSES[String(result.status).toLowerCase()] ?? 'Succeeded';
  return {
    status,
    code: result.code ?? result.error?.code ?? (status === 'Succeeded' ? 'OK' : 'NotSpecified'),
    ...(result.error && { error: result.error }),
    ...(result.outputs !== undefined && { outputs: result.outputs }),
  };
}

import type { Apply } from '../callback/worker.ts';
import type { RespondOptions } from './asking.ts';
import { followRuns } from './follow.ts';
import { kindOfSession } from './job.ts';
import { respondToNotes } from './respond.ts';

/**
 * Routes work from the inbox: notifications go to `apply`; commands and runs are always handled by the relay, even if a playbook
 * applies notifications.
 */
export function applyAll(apply: Apply, options: RespondOptions): Apply {
  const kinds = { notification: apply, respond: respondToNotes(options), follow: followRuns(options) };
  return (lease, stateIsIn) => kinds[kindOfSession(lease.notification.session)](lease, stateIsIn);
}

import type { Notification } from '../../domain/notification.ts';
import type { Command } from '../../rules/respond.ts';
import { LookAgain } from '../callback/worker.ts';
import type { ServedWorkspace } from '../served-workspace.ts';
import type { Forwards, Inbox, Lease } from '../store/store.ts';
import { UpstreamError } from '../upstream.ts';
import type { Progress } from './progress.ts';
import type { RespondReport } from './report.ts';

export interface RespondOptions {
  readonly workspaces: readonly ServedWorkspace[];
  readonly inbox: Inbox;
  readonly forwards: Forwards;
  readonly now: () => number;
  readonly report: (report: RespondReport) => void;
}

/** A command being processed. */
export interface Asking {
  readonly lease: Lease;
  readonly notification: Notification;
  readonly command: Command;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly options: RespondOptions;
}

const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 60_000;

/**
 * Handles a failed call: throws to retry if that may help before `until` (milliseconds since 1970), when the note expires;
 * returns if it is to be given up.
 */
export function tryLater({ lease, options }: Asking, until: number, error: unknown): void {
  if (!(error instanceof UpstreamError)) throw error;
  const waitMs = Math.min(FIRST_RETRY_MS * 2 ** lease.notification.attempts, LONGEST_RETRY_MS);
  const at = options.now() + Math.max(waitMs, error.retryAfterMs ?? 0);
  if (error.isPassing && at < until) throw new LookAgain(at, error);
}

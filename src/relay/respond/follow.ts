import { annotationMarker } from '../../rules/comment.ts';
import {
  endText,
  FOLLOW_MINUTES,
  LOOK_SECONDS,
  SKEW_SECONDS,
  unfinishedStates,
  wasRefused,
} from '../../rules/respond.ts';
import { type Apply, LookAgain } from '../callback/worker.ts';
import { startBudget } from '../deadline.ts';
import { noWorkspaceLeft, type ServedWorkspace } from '../served-workspace.ts';
import { UpstreamError } from '../upstream.ts';
import type { RespondOptions } from './asking.ts';
import { readStartedRun, type StartedRun } from './job.ts';
import { progressIn } from './progress.ts';
import { wasNotWritten } from './tell.ts';

/** Pause between two checks; the session is free meanwhile. */
const LOOK_MS = LOOK_SECONDS * 1_000;
const FOLLOW_MS = FOLLOW_MINUTES * 60_000;
const SKEW_MS = SKEW_SECONDS * 1_000;
const LOOK_TIMEOUT_MS = 10_000;
const noRun = { state: '', mayChange: false } as const;

/**
 * Checks a run until it has ended, for at most {@link FOLLOW_MINUTES}, and reports to the phone at most once. If Sentinel refused
 * to start it, there is no run.
 */
export function followRuns({ workspaces, forwards, now, report }: RespondOptions): Apply {
  const progress = progressIn(forwards);
  return async ({ notification: { id, body } }) => {
    const run = readStartedRun(body);
    const served = workspaces.find(({ workspace }) => workspace.workspaceId === run.workspaceId);
    if (!served) throw noWorkspaceLeft();
    const { signal } = startBudget(LOOK_TIMEOUT_MS);
    const answer = run.answer ?? undefined;
    const { state, mayChange } = wasRefused(answer) ? noRun : await look(served, run, signal);
    if (mayChange && now() < run.calledAt + FOLLOW_MS) throw new LookAgain(now() + LOOK_MS);
    const text = annotationMarker + endText(run.word, answer, state);
    await progress.tellOnce(id, () => served.signl4.annotateAlert(run.alertId, text, signal), wasNotWritten);
    if (!wasRefused(answer)) report({ outcome: 'ended', incident: run.incident, response: run.word, state });
  };
}

/**
 * The run that Sentinel started for us: the first one since the call. What triggered a run is only in its contents, whose
 * addresses the relay does not call.
 */
async function look(
  { responses }: ServedWorkspace,
  { playbook, calledAt }: StartedRun,
  signal: AbortSignal,
): Promise<{ readonly state: string; readonly mayChange: boolean }> {
  try {
    const since = calledAt - SKEW_MS;
    const runs = await responses.runsSince(playbook, new Date(since).toISOString(), signal);
    const [first] = runs.filter(({ startedAt }) => startedAt >= since).toSorted((a, b) => a.startedAt - b.startedAt);
    const state = first?.status ?? '';
    return { state, mayChange: unfinishedStates.includes(state) };
  } catch (error) {
    const isForGood = error instanceof UpstreamError && (error.kind === 'denied' || error.kind === 'missing');
    return { state: '', mayChange: !isForGood };
  }
}

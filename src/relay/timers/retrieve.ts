import { startBudget } from '../deadline.ts';
import { forwardGraphIncident } from '../forward/forward-graph.ts';
import { describeError } from '../log.ts';
import type { ServedWorkspace } from '../served-workspace.ts';
import type { RelayStore } from '../store/store.ts';
import { UpstreamError } from '../upstream.ts';
import { LIST_MS, MAX_PER_SWEEP, type SweepSettings, sinceOf } from './sweep-settings.ts';

/*
 * Graph (v1.0) has neither notifications nor delta queries for incidents, so they are polled, once a minute by default. That is
 * 1,440 calls per day and tenant, plus one for every 50 changed incidents; the limit of /security is 150 per minute (Graph
 * throttling limits).
 */

export interface RetrieveSettings extends SweepSettings {
  readonly store: Pick<RelayStore, 'readCursor' | 'writeCursor'>;
}

/** Incidents become visible some time after their time of change. Those seen before are not sent again. */
const OVERLAP_MS = 10 * 60_000;
/** Longest pause between polls of a tenant whose Graph is throttled or fails. */
const LONGEST_PAUSE_MS = 15 * 60_000;

/**
 * Returns a function to be run every minute. It polls each tenant as often as its config says, less often while Graph is busy (as
 * long as `Retry-After`, otherwise doubling up to 15 minutes), and sends new incidents.
 */
export function retrieval(settings: RetrieveSettings): () => Promise<void> {
  const { workspaces, now, log } = settings;
  const paces = new Map(workspaces.filter(({ graph }) => graph).map((served) => [served, { dueAt: 0, pauseMs: 0 }]));
  return async () => {
    for (const [served, pace] of paces) {
      const started = now();
      if (started < pace.dueAt) continue;
      const usualMs = served.config.graph.everyMinutes * 60_000;
      try {
        await retrieve(served, settings);
        pace.pauseMs = 0;
      } catch (error) {
        log.warn({ served: served.name, ...describeError(error) }, 'Graph could not be asked for incidents');
        const asked = error instanceof UpstreamError ? error.retryAfterMs : undefined;
        pace.pauseMs = Math.min(LONGEST_PAUSE_MS, asked ?? 2 * Math.max(pace.pauseMs, usualMs));
      }
      // A timer that fires slightly early must not skip its turn.
      pace.dueAt = started + Math.max(usualMs, pace.pauseMs) - EARLY_MS;
    }
  };
}

const EARLY_MS = 5_000;

async function retrieve(served: ServedWorkspace, settings: RetrieveSettings): Promise<void> {
  const { store, now } = settings;
  const { tenantId, workspaceId } = served.workspace;
  const cursor = `retrieve:graph:${tenantId}:${workspaceId}`.toLowerCase();
  const started = now();
  const last = Date.parse((await store.readCursor(cursor)) ?? '');
  const since = Number.isNaN(last) ? sinceOf(served, settings) : new Date(last - OVERLAP_MS).toISOString();
  // Failed incidents are retried by the next poll and by every sweep.
  if (await forwardFromGraph(served, since, settings)) await store.writeCursor(cursor, new Date(started).toISOString());
}

/**
 * Sends incidents that changed since then (ISO 8601) and were not sent. False if something failed or was left for the next time.
 */
export async function forwardFromGraph(
  served: ServedWorkspace,
  since: string,
  settings: SweepSettings,
): Promise<boolean> {
  const { forwards, budgetMs, log } = settings;
  if (!served.graph) return true;
  let isDone = true;
  let sent = 0;
  for await (const resource of served.graph.incidents(since, AbortSignal.timeout(LIST_MS))) {
    if (sent === MAX_PER_SWEEP) return false;
    try {
      const answer = await forwardGraphIncident(served, resource, forwards, startBudget(budgetMs));
      settings.forwarded(answer.status);
      if (answer.status === 'forwarded') sent++;
    } catch (error) {
      isDone = false;
      log.warn({ served: served.name, ...describeError(error) }, 'an incident of Graph was not sent');
    }
  }
  return isDone;
}

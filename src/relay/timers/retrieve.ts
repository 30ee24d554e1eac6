import { startBudget } from '../deadline.ts';
import { forwardGraphIncident } from '../forward/forward-graph.ts';
import { describeError } from '../log.ts';
import type { ServedWorkspace } from '../served-workspace.ts';
import type { RelayStore } from '../store/store.ts';
import { UpstreamError } from '../upstream.ts';
import { LIST_MS, MAX_PER_SWEEP, type SweepSettings, sinceOf } from './sweep-settings.ts';

/*
 * Graph tells nobody that an incident came or changed: there are no notifications and no delta for incidents (v1.0), so it is
 * asked, by default once a minute. That is 1,440 calls a day and tenant, and one for every 50 incidents that changed; the limit of
 * /security is 150 a minute (Graph throttling limits).
 */

export interface RetrieveSettings extends SweepSettings {
  readonly store: Pick<RelayStore, 'readCursor' | 'writeCursor'>;
}

/** An incident becomes visible some time after its own time of change; what was seen before is not sent again. */
const OVERLAP_MS = 10 * 60_000;
/** Longest pause of a tenant whose Graph is busy or fails. */
const LONGEST_PAUSE_MS = 15 * 60_000;

/**
 * Gives what is to be run every minute: it looks at each tenant as often as its config says, fewer times while Graph is busy (as
 * long as it asks, else doubling to 15 minutes), and sends what came since the last look.
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
      // A timer that comes a moment early must not skip its turn.
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
  // What failed comes again with the next look, and with every sweep.
  if (await forwardFromGraph(served, since, settings)) await store.writeCursor(cursor, new Date(started).toISOString());
}

/** Sends what changed since then (ISO 8601) and was not sent. False where something failed or is left for the next time. */
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

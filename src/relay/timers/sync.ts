import { hasTag, type Incident, readIncident } from '../../domain/incident.ts';
import { startBudget } from '../deadline.ts';
import { graphExternalId, sentinelExternalId } from '../external-id.ts';
import { readGraphIncident } from '../graph/incident.ts';
import { describeError, type Log } from '../log.ts';
import type { ServedWorkspace } from '../served-workspace.ts';
import type { RelayStore } from '../store/store.ts';
import { UpstreamError } from '../upstream.ts';
import { graphHome } from './graph-home.ts';
import type { Home, KnownIncident } from './home.ts';
import { sentinelHome } from './sentinel-home.ts';
import { LIST_MS } from './sweep-settings.ts';
import { syncIncident } from './sync-incident.ts';
import { rememberUnknown, type UnknownIncidents } from './unknown-incidents.ts';

export interface SyncSettings {
  readonly workspaces: readonly ServedWorkspace[];
  readonly store: RelayStore;
  readonly now: () => number;
  readonly budgetMs: number;
  readonly log: Log;
}

/** Windows overlap, because changes may be listed late. Seeing a change twice has no effect. */
const OVERLAP_MS = 10 * 60_000;
const FIRST_LOOK_BACK_MS = 24 * 3_600_000;

/**
 * Returns a function to be run every minute. It brings sent incidents and their alerts in SIGNL4 to the same state: those that
 * changed since the last run, and from time to time all of them.
 */
export function comparison(settings: SyncSettings): () => Promise<void> {
  const unknown = rememberUnknown();
  const dueAt = new Map<string, number>();
  return async () => {
    for (const served of settings.workspaces) {
      for (const source of sourcesOf(served)) {
        const started = settings.now();
        if (started < (dueAt.get(source.cursor) ?? 0)) continue;
        try {
          await syncSource(served, source, settings, unknown);
        } catch (error) {
          // A throttled service is asked again when its `Retry-After` has passed.
          const asked = error instanceof UpstreamError ? error.retryAfterMs : undefined;
          dueAt.set(source.cursor, started + (asked ?? 0));
          settings.log.warn({ served: served.name, source: source.cursor, ...describeError(error) }, 'sync failed');
        }
      }
    }
  };
}

/** A service that lists incidents. */
interface Source {
  /** Name of its cursors. */
  readonly cursor: string;
  /** Incidents changed since then (ISO 8601) with their external ids, without those of other sources. */
  changed(since: string): AsyncIterable<{ readonly key: string; readonly incident: Incident; readonly home: Home }>;
}

function sourcesOf(served: ServedWorkspace): readonly Source[] {
  return served.graph ? [sentinelSource(served), graphSource(served)] : [sentinelSource(served)];
}

function sentinelSource(served: ServedWorkspace): Source {
  return {
    cursor: served.workspace.workspaceId.toLowerCase(),
    async *changed(since) {
      for await (const resource of served.sentinel.incidents(`properties/lastModifiedTimeUtc ge ${since}`)) {
        const incident = readIncident(resource);
        // If Graph is a source too, this key only matches incidents of Defender that were paged from Sentinel before; the others
        // are compared there.
        const key = incident && sentinelExternalId(served.workspace.workspaceId, incident.id);
        if (incident && key) yield { key, incident, home: sentinelHome(served, incident) };
      }
    },
  };
}

function graphSource(served: ServedWorkspace): Source {
  const { tenantId, workspaceId } = served.workspace;
  return {
    cursor: `graph:${tenantId.toLowerCase()}:${workspaceId.toLowerCase()}`,
    async *changed(since) {
      for await (const resource of served.graph?.incidents(since, AbortSignal.timeout(LIST_MS)) ?? []) {
        const incident = readGraphIncident(resource);
        if (!incident) continue;
        yield { key: graphExternalId(tenantId, incident.id), incident, home: graphHome(served, resource, incident) };
      }
    },
  };
}

/**
 * The cursor only advances if every change was handled; failed or undecided ones are looked at again. As often as the sweep runs,
 * everything in its window is compared, because a lost notification of SIGNL4 leaves no change in the incident.
 */
async function syncSource(
  served: ServedWorkspace,
  source: Source,
  settings: SyncSettings,
  unknown: UnknownIncidents,
): Promise<void> {
  const { store, now, budgetMs, log } = settings;
  const started = now();
  const readTime = async (cursor: string) => Number((await store.readCursor(cursor)) ?? Number.NaN);
  const { everyMinutes, lookBackHours } = served.config.sweep;
  const isWhole = !((await readTime(`compare:${source.cursor}`)) > started - everyMinutes * 60_000);
  const last = await readTime(`sync:${source.cursor}`);
  const recent = (Number.isNaN(last) ? started - FIRST_LOOK_BACK_MS : last) - OVERLAP_MS;
  const since = isWhole ? Math.min(recent, started - lookBackHours * 3_600_000) : recent;
  let isDone = true;
  for await (const { key, incident, home } of source.changed(new Date(since).toISOString())) {
    try {
      const known = await knownIncident(served, { key, incident, home }, store);
      const run = { served, store, now, budget: startBudget(budgetMs), isWhole, unknown };
      if (known && !(await syncIncident(known, run))) isDone = false;
    } catch (error) {
      isDone = false;
      log.warn({ incident: key, ...describeError(error) }, 'sync of an incident failed');
    }
  }
  if (!isDone) return;
  await store.writeCursor(`sync:${source.cursor}`, String(started));
  if (isWhole) await store.writeCursor(`compare:${source.cursor}`, String(started));
}

async function knownIncident(
  { config }: ServedWorkspace,
  found: Pick<KnownIncident, 'key' | 'incident' | 'home'>,
  { forwards }: RelayStore,
): Promise<KnownIncident | undefined> {
  const mark = await forwards.get(found.key);
  // Merging moves the tags, so a merged incident without a tag may have been sent.
  const mayBeSent = hasTag(found.incident.tags, config.tag) || found.home.merge !== undefined;
  if (!mark && !mayBeSent) return undefined;
  return { ...found, seen: mark?.seen ?? '', isOurs: mark !== undefined };
}

import { formatExternalId } from '../../domain/external-id.ts';
import { hasTag, type Incident, readIncident } from '../../domain/incident.ts';
import { startBudget } from '../deadline.ts';
import { describeError, type Log } from '../log.ts';
import type { Site } from '../site.ts';
import type { RelayStore } from '../store/store.ts';
import { syncIncident } from './sync-incident.ts';

export interface SyncSettings {
  readonly sites: readonly Site[];
  readonly store: RelayStore;
  readonly now: () => number;
  readonly budgetMs: number;
  readonly log: Log;
}

/** Windows overlap: Sentinel may list a change a little late. What was seen before changes nothing. */
const OVERLAP_MS = 10 * 60_000;
const FIRST_LOOK_BACK_MS = 24 * 3_600_000;

/** Brings incidents that were sent and their alerts in SIGNL4 to one state: what changed since the last look, and now and then all. */
export async function sync(settings: SyncSettings): Promise<void> {
  for (const site of settings.sites) {
    try {
      await syncSite(site, settings);
    } catch (error) {
      settings.log.warn({ site: site.name, ...describeError(error) }, 'sync failed');
    }
  }
}

/**
 * The cursor moves only where every change was told: what failed, or could not be judged yet, is looked at again. As often
 * as the sweep, everything in its window is compared, changed or not: a notification of SIGNL4 changes no incident when it
 * is lost.
 */
async function syncSite(site: Site, settings: SyncSettings): Promise<void> {
  const { store, now, budgetMs, log } = settings;
  const workspace = site.workspace.workspaceId.toLowerCase();
  const started = now();
  const readTime = async (cursor: string) => Number((await store.readCursor(cursor)) ?? Number.NaN);
  const { everyMinutes, lookBackHours } = site.config.sweep;
  const isWhole = !((await readTime(`compare:${workspace}`)) > started - everyMinutes * 60_000);
  const last = await readTime(`sync:${workspace}`);
  const recent = (Number.isNaN(last) ? started - FIRST_LOOK_BACK_MS : last) - OVERLAP_MS;
  const since = isWhole ? Math.min(recent, started - lookBackHours * 3_600_000) : recent;
  const filter = `properties/lastModifiedTimeUtc ge ${new Date(since).toISOString()}`;
  let isDone = true;
  for await (const resource of site.sentinel.incidents(filter)) {
    const incident = readIncident(resource);
    if (!incident) continue;
    try {
      const known = await knownIncident(site, incident, store);
      if (known && !(await syncIncident(known, { store, now, budget: startBudget(budgetMs), isWhole }))) isDone = false;
    } catch (error) {
      isDone = false;
      log.warn({ incident: incident.id, ...describeError(error) }, 'sync of an incident failed');
    }
  }
  if (!isDone) return;
  await store.writeCursor(`sync:${workspace}`, String(started));
  if (isWhole) await store.writeCursor(`compare:${workspace}`, String(started));
}

/** An incident that was sent, by this relay or by a playbook, and what is remembered of it. */
export interface KnownIncident {
  readonly site: Site;
  readonly incident: Incident;
  /** External id. */
  readonly key: string;
  /** JSON text; empty: nothing yet. */
  readonly seen: string;
  /** False: a playbook sent it, and tells what is new itself; here only its state is compared. */
  readonly isOurs: boolean;
}

async function knownIncident(
  site: Site,
  incident: Incident,
  { forwards }: RelayStore,
): Promise<KnownIncident | undefined> {
  const { workspaceId } = site.workspace;
  const key = formatExternalId({ source: 'sentinel', workspaceId, incident: incident.id });
  const mark = await forwards.get(key);
  if (!mark && !hasTag(incident.tags, site.config.tag)) return undefined;
  return { site, incident, key, seen: mark?.seen ?? '', isOurs: mark !== undefined };
}

import { formatExternalId } from '../../domain/external-id.ts';
import { type Incident, readIncident } from '../../domain/incident.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { severityRank } from '../../domain/severity.ts';
import type { Signl4AlertEvent } from '../../domain/signl4-event.ts';
import { readUpdate, type SyncOutcome } from '../../rules/sync.ts';
import { type Budget, startBudget } from '../deadline.ts';
import { enrichIncident } from '../enrich/enrich.ts';
import { readComment } from '../enrich/subject.ts';
import { parseSeen, type Seen, seenOf } from '../forward/seen.ts';
import { ENRICH_SHARE } from '../forward/shares.ts';
import { describeError, type Log } from '../log.ts';
import type { Site } from '../site.ts';
import type { RelayStore } from '../store/store.ts';

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

/** Tells SIGNL4 what people changed in Sentinel since the last look, for incidents that this relay forwarded. */
export async function sync(settings: SyncSettings): Promise<void> {
  for (const site of settings.sites) {
    try {
      await syncSite(site, settings);
    } catch (error) {
      settings.log.warn({ site: site.name, ...describeError(error) }, 'sync failed');
    }
  }
}

/** The cursor moves only where every change was told: what failed is looked at again. */
async function syncSite(site: Site, { store, now, budgetMs, log }: SyncSettings): Promise<void> {
  const cursor = `sync:${site.workspace.workspaceId.toLowerCase()}`;
  const started = now();
  const since = Number((await store.readCursor(cursor)) ?? started - FIRST_LOOK_BACK_MS) - OVERLAP_MS;
  const filter = `properties/lastModifiedTimeUtc ge ${new Date(since).toISOString()}`;
  let failures = 0;
  for await (const resource of site.sentinel.incidents(filter)) {
    const incident = readIncident(resource);
    if (!incident) continue;
    try {
      await syncIncident(site, incident, resource, store, startBudget(budgetMs));
    } catch (error) {
      failures++;
      log.warn({ incident: incident.id, ...describeError(error) }, 'sync of an incident failed');
    }
  }
  if (failures === 0) await store.writeCursor(cursor, String(started));
}

async function syncIncident(
  site: Site,
  incident: Incident,
  resource: JsonObject,
  { forwards }: RelayStore,
  budget: Budget,
): Promise<void> {
  const key = formatExternalId({ source: 'sentinel', workspaceId: site.workspace.workspaceId, incident: incident.id });
  const mark = await forwards.get(key);
  if (!mark) return;
  const comments = await budget.by(1, 'Sentinel', (signal) => site.sentinel.comments(incident.id, signal));
  const before = parseSeen(mark.seen);
  const after = seenOf(incident, comments.map(readComment));
  const remember = (seen: Seen) => forwards.see(key, JSON.stringify(seen));
  if (!before) return remember(after);
  if (JSON.stringify(after) === mark.seen) return;
  const due = readUpdate(updateOf(incident, resource, before, comments), site.config.sync, []);
  await tellState(site, key, due, incident, budget);
  // Should the annotation fail, the next look must not alert again.
  await remember({ ...after, commentedAt: before.commentedAt });
  if (due.annotation !== '')
    await budget.by(1, 'SIGNL4', (signal) => site.signl4.annotate(key, due.annotation, signal));
  await remember(after);
}

/** The update as the trigger of an automation rule would tell it, so that one rule reads both. */
function updateOf(incident: Incident, resource: JsonObject, before: Seen, comments: readonly Json[]): JsonObject {
  const after = seenOf(incident, []);
  const isRaised = severityRank(incident.severity) < severityRank(before.severity as Incident['severity']);
  const fresh = comments.filter((comment) => readComment(comment).time > before.commentedAt);
  const updatedFields = [
    ...(after.status === before.status ? [] : ['Status']),
    ...(after.owner === before.owner ? [] : ['Owner']),
    ...(isRaised ? ['Severity'] : []),
    ...(fresh.length > 0 ? ['Comments'] : []),
  ];
  return { object: resource, incidentUpdates: { updatedFields, comments: fresh } };
}

async function tellState(site: Site, key: string, due: SyncOutcome, incident: Incident, budget: Budget): Promise<void> {
  const send = (event: Signl4AlertEvent) => budget.by(1, 'SIGNL4', (signal) => site.signl4.sendEvent(event, signal));
  if (due.resolve) await send(statusEvent(key, incident, 'resolved', 'Closed in Microsoft Sentinel.'));
  if (due.acknowledge) {
    await send(statusEvent(key, incident, 'acknowledged', 'Somebody is on it in Microsoft Sentinel.'));
  }
  if (due.alertAgain) await send((await enrichIncident(site, incident.id, incident, budget.upTo(ENRICH_SHARE))).event);
}

function statusEvent(
  key: string,
  { title }: Incident,
  status: 'acknowledged' | 'resolved',
  message: string,
): Signl4AlertEvent {
  return {
    Title: title || 'Microsoft Sentinel incident',
    Message: message,
    'X-S4-ExternalID': key,
    'X-S4-Status': status,
    'X-S4-SourceSystem': 'MicrosoftSentinel',
  };
}

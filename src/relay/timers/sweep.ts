import { formatExternalId } from '../../domain/external-id.ts';
import { hasTag, type Incident, readIncident } from '../../domain/incident.ts';
import { unmatched } from '../../rules/filter.ts';
import { filterOData } from '../../rules/filter-targets.ts';
import { startBudget } from '../deadline.ts';
import { sideBySide } from '../enrich/side-by-side.ts';
import { type ForwardAnswer, forwardIncident } from '../forward/forward.ts';
import { forwardGraphIncident } from '../forward/forward-graph.ts';
import { markAsSent } from '../forward/mark-as-sent.ts';
import { SEND_SHARE } from '../forward/shares.ts';
import { describeError, type Log } from '../log.ts';
import type { Site } from '../site.ts';
import type { Forwards } from '../store/store.ts';

export interface SweepSettings {
  readonly sites: readonly Site[];
  readonly forwards: Forwards;
  readonly now: () => number;
  readonly budgetMs: number;
  readonly log: Log;
  readonly forwarded: (status: string) => void;
}

/** Incidents sent side by side. */
const CONCURRENCY = 3;
/** Incidents sent in one sweep of one workspace; the rest comes with the next. A night of noise pages nobody 5,000 times. */
const MAX_PER_SWEEP = 200;
/** Longest time to list what is there. */
const SWEEP_MS = 5 * 60_000;

/** Finds incidents in the configured states that were not sent, and sends them. One that fails does not keep the others. */
export async function sweep(settings: SweepSettings): Promise<void> {
  for (const site of settings.sites) {
    await logged(site, settings, () => sweepSentinel(site, settings));
    if (site.graph) await logged(site, settings, () => sweepGraph(site, settings));
  }
}

async function sweepSentinel(site: Site, settings: SweepSettings): Promise<void> {
  const { config, names, sentinel } = site;
  const filter = filterOData(config.filter, sinceOf(site, settings));
  const due: Incident[] = [];
  for await (const resource of sentinel.incidents(filter, AbortSignal.timeout(SWEEP_MS))) {
    const incident = readIncident(resource);
    if (!incident || hasTag(incident.tags, config.tag) || unmatched(config.filter, incident, names).length > 0)
      continue;
    due.push(incident);
    if (due.length === MAX_PER_SWEEP) break;
  }
  await sideBySide(due, CONCURRENCY, (incident) => logged(site, settings, () => sweepOne(site, incident, settings)));
}

async function sweepOne(site: Site, incident: Incident, settings: SweepSettings): Promise<void> {
  const { forwards, budgetMs } = settings;
  const key = formatExternalId({ source: 'sentinel', workspaceId: site.workspace.workspaceId, incident: incident.id });
  const answer =
    (await sentByOthers(site, key, settings)) ??
    (await forwardIncident(site, incident.id, incident, forwards, startBudget(budgetMs)));
  settings.forwarded(answer.status);
  // Sent, but the tag could not be written then.
  if (answer.status === 'already-forwarded') await markAsSent(site, incident.id, answer.eventId, startBudget(budgetMs));
  settings.log.info({ incident: key, status: answer.status }, 'swept');
}

/** A playbook may have sent it and failed to tag it: SIGNL4 knows. Where SIGNL4 cannot be asked, the page goes out. */
async function sentByOthers(
  { signl4 }: Site,
  key: string,
  { forwards, budgetMs }: SweepSettings,
): Promise<Extract<ForwardAnswer, { status: 'already-forwarded' }> | undefined> {
  if (await forwards.get(key)) return undefined;
  const ask = (signal: AbortSignal) => signl4.findAlerts(key, signal);
  const [alert] = await startBudget(budgetMs)
    .by(SEND_SHARE, 'SIGNL4', ask)
    .catch(() => []);
  return alert && { status: 'already-forwarded', eventId: alert.eventId || alert.id };
}

async function sweepGraph(site: Site, settings: SweepSettings): Promise<void> {
  if (!site.graph) return;
  let sent = 0;
  for await (const resource of site.graph.incidents(sinceOf(site, settings), AbortSignal.timeout(SWEEP_MS))) {
    if (sent === MAX_PER_SWEEP) break;
    await logged(site, settings, async () => {
      const answer = await forwardGraphIncident(site, resource, settings.forwards, startBudget(settings.budgetMs));
      settings.forwarded(answer.status);
      if (answer.status === 'forwarded') sent++;
    });
  }
}

function sinceOf({ config }: Site, { now }: SweepSettings): string {
  return new Date(now() - config.sweep.lookBackHours * 3_600_000).toISOString();
}

/** Runs a step; its failure is told and goes no further. */
async function logged(site: Site, { log }: SweepSettings, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    log.warn({ site: site.name, ...describeError(error) }, 'sweep failed');
  }
}

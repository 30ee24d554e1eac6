import { hasTag, type Incident, readIncident } from '../../domain/incident.ts';
import { unmatched } from '../../rules/filter.ts';
import { filterOData } from '../../rules/filter-targets.ts';
import { startBudget } from '../deadline.ts';
import { sideBySide } from '../enrich/side-by-side.ts';
import { externalIdOf } from '../external-id.ts';
import { forwardIncident } from '../forward/forward.ts';
import { markAsSent } from '../forward/mark-as-sent.ts';
import { describeError } from '../log.ts';
import type { ServedWorkspace } from '../served-workspace.ts';
import { forwardFromGraph } from './retrieve.ts';
import { LIST_MS, MAX_PER_SWEEP, type SweepSettings, sinceOf } from './sweep-settings.ts';

/** Incidents sent in parallel. */
const CONCURRENCY = 3;

/** Finds incidents in the configured states that were not sent, and sends them. A failure does not stop the others. */
export async function sweep(settings: SweepSettings): Promise<void> {
  for (const served of settings.workspaces) {
    await logged(served, settings, () => sweepSentinel(served, settings));
    await logged(served, settings, () => forwardFromGraph(served, sinceOf(served, settings), settings));
  }
}

async function sweepSentinel(served: ServedWorkspace, settings: SweepSettings): Promise<void> {
  const { config, names, sentinel } = served;
  const filter = filterOData(config.filter, sinceOf(served, settings));
  const due: Incident[] = [];
  for await (const resource of sentinel.incidents(filter, AbortSignal.timeout(LIST_MS))) {
    const incident = readIncident(resource);
    if (!incident || hasTag(incident.tags, config.tag) || unmatched(config.filter, incident, names).length > 0)
      continue;
    due.push(incident);
    if (due.length === MAX_PER_SWEEP) break;
  }
  await sideBySide(due, CONCURRENCY, (incident) =>
    logged(served, settings, () => sweepOne(served, incident, settings)),
  );
}

async function sweepOne(served: ServedWorkspace, incident: Incident, settings: SweepSettings): Promise<void> {
  const { forwards, budgetMs } = settings;
  const key = externalIdOf(served, incident);
  const answer = await forwardIncident(served, incident.id, incident, forwards, startBudget(budgetMs), {
    asksFirst: true,
  });
  settings.forwarded(answer.status);
  // Was sent, but could not be tagged at the time.
  if (answer.status === 'already-forwarded')
    await markAsSent(served, incident.id, answer.eventId, startBudget(budgetMs));
  settings.log.info({ incident: key, status: answer.status }, 'swept');
}

/** Runs a step and logs its failure. */
async function logged(served: ServedWorkspace, { log }: SweepSettings, step: () => Promise<unknown>): Promise<void> {
  try {
    await step();
  } catch (error) {
    log.warn({ served: served.name, ...describeError(error) }, 'sweep failed');
  }
}

import type { Incident } from '../../domain/incident.ts';
import { sentinelCopyOf } from '../callback/sentinel-copy.ts';
import type { Budget } from '../deadline.ts';
import { sentinelExternalId } from '../external-id.ts';
import type { ServedWorkspace } from '../served-workspace.ts';
import type { Forwards } from '../store/store.ts';
import { ENRICH_SHARE } from './shares.ts';

/**
 * SIGNL4's event of the page that an incident of Defender got under the id of its copy in Sentinel: from before Graph was a
 * source. From now on that page is ours to compare. Undefined where there is none; also where Sentinel or SIGNL4 cannot be
 * asked: the page goes out.
 */
export async function pageOfCopy(
  served: ServedWorkspace,
  incident: Incident,
  forwards: Forwards,
  budget: Budget,
): Promise<string | undefined> {
  const copy = await budget
    .by(ENRICH_SHARE, 'Sentinel', (signal) => sentinelCopyOf(incident, { served, signal }))
    .catch(() => undefined);
  return copy === undefined ? undefined : pageFromSentinel(served, copy, forwards, budget);
}

/** The same for the GUID of the copy. */
export async function pageFromSentinel(
  { signl4, workspace }: Pick<ServedWorkspace, 'signl4' | 'workspace'>,
  copy: string,
  forwards: Forwards,
  budget: Budget,
): Promise<string | undefined> {
  const key = sentinelExternalId(workspace.workspaceId, copy);
  const mark = await forwards.get(key).catch(() => undefined);
  if (mark) return mark.eventId;
  const [alert] = await budget.by(ENRICH_SHARE, 'SIGNL4', (signal) => signl4.findAlerts(key, signal)).catch(() => []);
  if (!alert) return undefined;
  const eventId = alert.eventId || alert.id;
  await forwards.mark(key, eventId);
  return eventId;
}

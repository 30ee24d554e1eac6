import type { Incident } from '../../domain/incident.ts';
import { sentinelCopyOf } from '../callback/sentinel-copy.ts';
import type { Budget } from '../deadline.ts';
import { sentinelExternalId } from '../external-id.ts';
import type { ServedWorkspace } from '../served-workspace.ts';
import type { Forwards } from '../store/store.ts';
import { ENRICH_SHARE } from './shares.ts';

/**
 * SIGNL4's event id of a page that was sent under the id of the copy in Sentinel, before Graph became a source. From then on this
 * relay compares that page. Undefined if there is none, or if Sentinel or SIGNL4 cannot be asked; the incident is then paged.
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

/** The same, by the GUID of the copy. */
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

import { hasTag, readIncident } from '../../domain/incident.ts';
import { commentMarker, maxComments } from '../../rules/comment.ts';
import { changedIncident } from '../callback/incident-resource.ts';
import type { Budget } from '../deadline.ts';
import type { ServedWorkspace } from '../served-workspace.ts';
import { UpstreamError, upstreamError } from '../upstream.ts';

/** Attempts while others change the incident. */
const ROUNDS = 4;

/** Tags the incident as sent and adds a comment, as the playbooks do. Returns error messages; never rejects. */
export async function markAsSent(
  served: ServedWorkspace,
  incidentId: string,
  eventId: string,
  budget: Budget,
): Promise<readonly string[]> {
  const warnings: string[] = [];
  const attempt = async (what: string, step: (signal: AbortSignal) => Promise<void>) => {
    try {
      await budget.by(1, 'Sentinel', step);
    } catch (error) {
      warnings.push(`${what}: ${upstreamError('Sentinel', error).message}.`);
    }
  };
  await attempt('The incident was not tagged', (signal) => addTag(served, incidentId, signal));
  await attempt('The incident has no comment', (signal) => comment(served, incidentId, eventId, signal));
  return warnings;
}

async function addTag({ sentinel, config }: ServedWorkspace, incidentId: string, signal: AbortSignal): Promise<void> {
  for (let round = 1; ; round++) {
    const resource = await sentinel.incident(incidentId, signal);
    const tags = readIncident(resource)?.tags ?? [];
    if (hasTag(tags, config.tag)) return;
    try {
      await sentinel.putIncident(incidentId, changedIncident(resource, { tag: config.tag }, undefined), signal);
      return;
    } catch (error) {
      if (!(error instanceof UpstreamError && error.kind === 'conflict') || round === ROUNDS) throw error;
    }
  }
}

async function comment(
  { sentinel }: ServedWorkspace,
  incidentId: string,
  eventId: string,
  signal: AbortSignal,
): Promise<void> {
  const resource = await sentinel.incident(incidentId, signal);
  if ((readIncident(resource)?.commentCount ?? 0) >= maxComments) return;
  // Derived from the incident's GUID as in the playbooks, so that a second sender writes the same comment again.
  const message = `${commentMarker}sent to the person on call. Event ${eventId}`;
  await sentinel.putComment(incidentId, incidentId, message, signal);
}

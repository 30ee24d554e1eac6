import { defenderNumber, type Incident, readIncident } from '../../domain/incident.ts';
import { UpstreamError } from '../upstream.ts';
import type { Applying } from './applying.ts';

/** Sentinel shows an incident of Defender within ten minutes; the rest allows for clock differences and delays. */
const BEFORE_MS = 3_600_000;
const AFTER_MS = 24 * 3_600_000;

/**
 * GUID of Sentinel's copy of an incident of the Graph security API; undefined if the workspace has none or may not be read. The
 * list cannot be filtered by Defender's number, so this searches the incidents created around that time.
 */
export async function sentinelCopyOf(
  { id, createdTime }: Incident,
  { served, signal }: Pick<Applying, 'served' | 'signal'>,
): Promise<string | undefined> {
  const created = Date.parse(createdTime);
  if (Number.isNaN(created)) return undefined;
  const at = (ms: number) => new Date(ms).toISOString();
  const filter = `properties/createdTimeUtc ge ${at(created - BEFORE_MS)} and properties/createdTimeUtc le ${at(created + AFTER_MS)}`;
  try {
    for await (const resource of served.sentinel.incidents(filter, signal)) {
      const incident = readIncident(resource);
      if (incident && defenderNumber(incident) === id) return incident.id;
    }
    return undefined;
  } catch (error) {
    if (error instanceof UpstreamError && (error.kind === 'denied' || error.kind === 'missing')) return undefined;
    throw error;
  }
}

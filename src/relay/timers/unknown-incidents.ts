import type { Incident } from '../../domain/incident.ts';

/**
 * Incidents that have our tag or were merged, but no alert in SIGNL4: asked for once, and again when they change. Only incidents
 * that others may have sent; those of this relay are in its store.
 */
export interface UnknownIncidents {
  has(key: string, incident: Incident): boolean;
  add(key: string, incident: Incident): void;
}

/** Maximum kept in memory. The oldest is dropped first, and is then asked for once more. */
const MOST_KEPT = 10_000;

export function rememberUnknown(): UnknownIncidents {
  const kept = new Map<string, string>();
  return {
    has: (key, incident) => kept.get(key) === versionOf(incident),
    add(key, incident) {
      kept.delete(key);
      kept.set(key, versionOf(incident));
      const [oldest] = kept.keys();
      if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
    },
  };
}

const versionOf = ({ etag, lastModifiedTime }: Incident) => etag ?? lastModifiedTime;

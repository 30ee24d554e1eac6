import type { Incident } from '../../domain/incident.ts';

/**
 * Incidents that have our tag, or were merged, and of which SIGNL4 has no alert: asked for once, and again when they change. What
 * this relay sent is in its store; this is only what others may have sent.
 */
export interface UnknownIncidents {
  has(key: string, incident: Incident): boolean;
  add(key: string, incident: Incident): void;
}

/** Incidents kept in memory; the oldest is forgotten first, and asked for once more. */
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

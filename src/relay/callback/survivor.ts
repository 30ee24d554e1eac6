import { isJsonObject, type JsonObject, memberAt, textOf } from '../../domain/json.ts';
import { UpstreamError } from '../upstream.ts';
import type { Applying } from './applying.ts';

/** Limit for following incidents that were merged into one another. */
const MAX_REDIRECTS = 3;

/**
 * The incident, or the one that Defender merged it into, as far as Sentinel says which (`mergedIncidentNumber`). Rejects with a
 * remedy if the incident is gone or may not be read.
 */
export async function survivingIncident(applying: Applying): Promise<{ id: string; resource: JsonObject }> {
  let id = applying.incidentId;
  for (let followed = 0; ; followed++) {
    const resource = await readIncidentResource(id, applying);
    const number = mergedInto(resource);
    const next = number !== undefined && followed < MAX_REDIRECTS ? await byNumber(number, applying) : undefined;
    if (next === undefined || next === id) return { id, resource };
    id = next;
  }
}

async function readIncidentResource(id: string, { served, signal }: Applying): Promise<JsonObject> {
  try {
    return await served.sentinel.incident(id, signal);
  } catch (error) {
    throw error instanceof UpstreamError ? inWords(error, 'read') : error;
  }
}

const words = {
  missing: 'does not know the incident any more: it was deleted, or merged into another one. SIGNL4 has the note',
  denied: 'did not let the relay {do} the incident: its identity needs the role Microsoft Sentinel Responder',
} as const;

/** Explains a failure so that the dead letter names its cause; other errors are returned unchanged. */
export function inWords(error: UpstreamError, act: 'read' | 'change'): UpstreamError {
  const { kind, status } = error;
  if (kind !== 'missing' && kind !== 'denied') return error;
  return new UpstreamError('Sentinel', kind, { status, detail: words[kind].replace('{do}', act), cause: error });
}

function mergedInto(resource: JsonObject): string | undefined {
  const properties = memberAt(resource, 'properties');
  const number =
    textOf(memberAt(properties, 'mergedIncidentNumber')) ??
    textOf(memberAt(properties, 'additionalData', 'mergedIncidentNumber'));
  return number && /^\d+$/.test(number) ? number : undefined;
}

async function byNumber(number: string, { served, signal }: Applying): Promise<string | undefined> {
  for await (const resource of served.sentinel.incidents(`properties/incidentNumber eq ${number}`, signal))
    if (isJsonObject(resource)) return textOf(memberAt(resource, 'name'))?.toLowerCase();
  return undefined;
}

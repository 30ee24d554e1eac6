import { promisify } from 'node:util';
import { type InputType, inflate } from 'node:zlib';
import { isJsonObject, type JsonObject, parseJson } from '../../domain/json.ts';

/** Limit for an inflated event, in bytes: an attacker may have written it. */
export const MAX_EVENT_BYTES = 256 * 1024;
const MAX_EVENTS = 150;

/** Start of such a query. The same text elsewhere, in a comment or a string, may be forged. */
const beginning =
  /^(?:\s|\/\/[^\n]*\n|set\s+query_now\s*=[^;\n]*;)*let\s+\w+\s*=\s*datatable\s*\(\s*compressedRec\s*:\s*string\s*\)\s*\[([^\]]*)/i;

/**
 * The compressed events in the query of an alert that was raised per event: `let alertedEvent = datatable(compressedRec: string)
 * ['eAEt…'] | extend raw = …`. Undefined for any other query.
 */
export function compressedEventsIn(query: string): readonly string[] | undefined {
  const list = beginning.exec(query)?.[1];
  if (list === undefined) return undefined;
  return [...list.matchAll(/(["'])([A-Za-z0-9+/=]*)(?:\1|$)/g)].map(([, , base64 = '']) => base64).slice(0, MAX_EVENTS);
}

const inflateBounded = promisify((input: InputType, done: (error: Error | null, result: Buffer) => void) =>
  inflate(input, { maxOutputLength: MAX_EVENT_BYTES }, done),
);

/** The event's columns and values. Throws if it is truncated, not a JSON object, or larger than {@link MAX_EVENT_BYTES}. */
export async function inflateEvent(compressed: string): Promise<JsonObject> {
  const bytes = await inflateBounded(Buffer.from(compressed, 'base64'));
  const event: unknown = parseJson(bytes.toString('utf8'));
  if (!isJsonObject(event)) throw new TypeError('the alerted event is not an object');
  return event;
}

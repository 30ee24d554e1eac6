/** Any JSON value. Workflow content is never mutated, hence read-only all the way down. */
export type Json = JsonPrimitive | JsonObject | JsonArray;

type JsonPrimitive = string | number | boolean | null;

export interface JsonObject {
  readonly [name: string]: Json;
}

type JsonArray = readonly Json[];

/** Whether a value is a JSON object: neither null nor an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

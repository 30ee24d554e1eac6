/** A JSON value as in a file or a message. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Deeper than any service nests, and safe for recursive functions. */
const MAX_DEPTH = 200;

/**
 * Parses JSON from others. Objects and arrays nested more than 200 levels deep become null, so that recursion over the value
 * cannot overflow the stack. @throws SyntaxError if `text` is not JSON
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  cutOff(value, MAX_DEPTH);
  return value;
}

/** Modifies the value, which was just parsed and is not used elsewhere. */
function cutOff(value: unknown, levels: number): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    if (typeof part !== 'object' || part === null) continue;
    if (levels > 1) cutOff(part, levels - 1);
    else Reflect.set(value, key, null);
  }
}

/**
 * Reads a member ignoring case: Sentinel sends `alerts` or `Alerts`, SIGNL4 `username` or `userName`. An exact match takes
 * precedence; undefined if there is none or `value` is not an object.
 */
export function member(value: unknown, name: string): unknown {
  if (!isJsonObject(value)) return undefined;
  if (Object.hasOwn(value, name)) return value[name];
  const wanted = name.toLowerCase();
  const key = Object.keys(value).find((candidate) => candidate.toLowerCase() === wanted);
  return key === undefined ? undefined : value[key];
}

/** `member` along a path: `memberAt(body, 'object', 'properties', 'title')`. */
export function memberAt(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce(member, value);
}

/** A scalar as a string; undefined for null, missing members, objects and arrays. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** The items of an array; empty if it is not an array. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The strings among the items of an array, other scalars as strings. */
export function textsOf(value: unknown): readonly string[] {
  return listOf(value).flatMap((item) => textOf(item) ?? []);
}

/** The value if it is an object, otherwise an empty one. */
export function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

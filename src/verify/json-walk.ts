import { isJsonObject, type Json, type JsonObject } from '../domain/json.ts';
import { pointerStep } from '../domain/json-pointer.ts';

/** A value of a document. */
export interface JsonPart {
  readonly pointer: string;
  /** Name of the member that has this value; '' for items of arrays and the document itself. */
  readonly name: string;
  readonly isMember: boolean;
  readonly value: Json;
}

const partsByDocument = new WeakMap<object, readonly JsonPart[]>();

/**
 * All values of a document, parents first. `enter` decides whether to descend into a value. Results for whole documents are
 * cached, because many rules need them.
 */
export function partsOf(
  value: Json,
  pointer = '',
  name = '',
  enter?: (part: JsonPart) => boolean,
): readonly JsonPart[] {
  const isWhole = pointer === '' && enter === undefined && typeof value === 'object' && value !== null;
  const known = isWhole ? partsByDocument.get(value) : undefined;
  if (known) return known;
  const parts: JsonPart[] = [];
  collect({ pointer, name, isMember: false, value }, enter, parts);
  if (isWhole) partsByDocument.set(value, parts);
  return parts;
}

function collect(part: JsonPart, enter: ((part: JsonPart) => boolean) | undefined, parts: JsonPart[]): void {
  parts.push(part);
  const { pointer, value } = part;
  if (typeof value !== 'object' || value === null || enter?.(part) === false) return;
  if (Array.isArray(value)) {
    for (const [index, item] of (value as readonly Json[]).entries()) {
      collect({ pointer: `${pointer}/${index}`, name: '', isMember: false, value: item }, enter, parts);
    }
  } else {
    for (const [key, member] of Object.entries(value as JsonObject)) {
      collect({ pointer: pointer + pointerStep(key), name: key, isMember: true, value: member }, enter, parts);
    }
  }
}

/** A string of a document. */
export interface TextPart {
  readonly pointer: string;
  readonly name: string;
  readonly text: string;
}

const textsByDocument = new WeakMap<object, readonly TextPart[]>();

/** All strings of a document. */
export function textsOf(value: Json, pointer = ''): readonly TextPart[] {
  const isWhole = pointer === '' && typeof value === 'object' && value !== null;
  const known = isWhole ? textsByDocument.get(value) : undefined;
  if (known) return known;
  const texts = partsOf(value, pointer).flatMap(({ pointer: at, name, value: text }) =>
    typeof text === 'string' ? [{ pointer: at, name, text }] : [],
  );
  if (isWhole) textsByDocument.set(value, texts);
  return texts;
}

/** The value at a path of exact names; undefined if a step is missing. */
export function at(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  let current = value;
  for (const name of path) {
    if (current === undefined || !isJsonObject(current) || !Object.hasOwn(current, name)) return undefined;
    current = current[name];
  }
  return current;
}

/** The object at a path; empty if there is none. */
export function objectAt(value: Json | undefined, ...path: readonly string[]): JsonObject {
  const found = at(value, ...path);
  return isJsonObject(found) ? found : {};
}

/** The array at a path; empty if there is none. */
export function listAt(value: Json | undefined, ...path: readonly string[]): readonly Json[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The string at a path; undefined if there is none. */
export function textAt(value: Json | undefined, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

/** The name of a member ignoring case, as Azure compares names; undefined if there is none. */
export function nameIn(members: JsonObject, name: string): string | undefined {
  if (Object.hasOwn(members, name)) return name;
  return Object.keys(members).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
}

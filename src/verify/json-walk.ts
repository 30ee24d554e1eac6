import { isJsonObject, type Json, type JsonObject } from '../domain/json.ts';
import { pointerStep } from '../domain/json-pointer.ts';

/** A value of a document. */
export interface JsonPart {
  readonly pointer: string;
  /** Name of the member it is the value of; '' for items of arrays and for the document itself. */
  readonly name: string;
  readonly isMember: boolean;
  readonly value: Json;
}

const partsByDocument = new WeakMap<object, readonly JsonPart[]>();

/**
 * Every value of a document, parents before their parts. `enter` says whether to look into a value. Whole documents are
 * walked once: many rules look at all their values.
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

/** Every text of a document. */
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

/** A member along a path, by exact names; undefined where a step is missing. */
export function at(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  let current = value;
  for (const name of path) {
    if (current === undefined || !isJsonObject(current) || !Object.hasOwn(current, name)) return undefined;
    current = current[name];
  }
  return current;
}

/** The object along a path; an empty one where there is none. */
export function objectAt(value: Json | undefined, ...path: readonly string[]): JsonObject {
  const found = at(value, ...path);
  return isJsonObject(found) ? found : {};
}

/** The array along a path; an empty one where there is none. */
export function listAt(value: Json | undefined, ...path: readonly string[]): readonly Json[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The text along a path; undefined where there is no string. */
export function textAt(value: Json | undefined, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

/** Name of the member whose name differs in casing only, as Azure compares names; undefined where there is none. */
export function nameIn(members: JsonObject, name: string): string | undefined {
  if (Object.hasOwn(members, name)) return name;
  return Object.keys(members).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
}

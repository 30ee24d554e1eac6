/**
 * JSON as the packager handles it. A plain object would move integer-like keys (`"200"` in a swagger's responses) to the
 * front and a plain number would turn `1.0` into `1`; the package must keep both as they are in the source file.
 */
export type JsonTree = string | boolean | null | JsonNumber | JsonList | JsonMap;
export type JsonList = readonly JsonTree[];
export type JsonMap = ReadonlyMap<string, JsonTree>;

/** A number in the spelling of its file, e.g. `1.0` or `12345678901234567890`. */
export class JsonNumber {
  readonly lexeme: string;

  constructor(lexeme: string) {
    this.lexeme = lexeme;
  }
}

/** The tree of a value that `JSON.parse` or a generator made; for files of others use `parseJson`, which keeps their spelling. */
export function treeOf(value: unknown): JsonTree {
  if (Array.isArray(value)) return value.map(treeOf);
  if (typeof value === 'object' && value !== null) {
    return new Map(Object.entries(value).map(([name, member]) => [name, treeOf(member)]));
  }
  return typeof value === 'number' ? new JsonNumber(String(value)) : (value as string | boolean | null);
}

export function isMap(value: unknown): value is JsonMap {
  return value instanceof Map;
}

export function isList(value: unknown): value is JsonList {
  return Array.isArray(value);
}

/** Whether two names are the same to PowerShell, whose property names and `-eq` ignore case. */
export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** A member whatever its casing; undefined where there is none or `value` is not an object. */
export function find(value: JsonTree | undefined, name: string): JsonTree | undefined {
  if (!isMap(value)) return undefined;
  const exact = value.get(name);
  if (exact !== undefined) return exact;
  for (const [key, member] of value) if (sameName(key, name)) return member;
  return undefined;
}

/** `find` along a path: `findAt(resource, 'properties', 'api', 'id')`. */
export function findAt(value: JsonTree | undefined, ...path: readonly string[]): JsonTree | undefined {
  return path.reduce<JsonTree | undefined>(find, value);
}

/** The text at a path; undefined where there is no string. */
export function textAt(value: JsonTree | undefined, ...path: readonly string[]): string | undefined {
  const found = findAt(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

/** The items at a path; none where there is no array. */
export function listAt(value: JsonTree | undefined, ...path: readonly string[]): JsonList {
  const found = findAt(value, ...path);
  return isList(found) ? found : [];
}

/** The object with each value changed, or left out where that is undefined; the very same one where nothing changes. */
export function changedMap(object: JsonMap, change: (value: JsonTree, name: string) => JsonTree | undefined): JsonMap {
  let copy: Map<string, JsonTree> | undefined;
  for (const [name, value] of object) {
    const changed = change(value, name);
    if (changed !== value) copy ??= membersBefore(object, name);
    if (changed !== undefined) copy?.set(name, changed);
  }
  return copy ?? object;
}

function membersBefore(object: JsonMap, name: string): Map<string, JsonTree> {
  const before = new Map<string, JsonTree>();
  for (const [key, value] of object) {
    if (key === name) break;
    before.set(key, value);
  }
  return before;
}

/** The list with each item changed; the very same one where nothing changes. */
export function changedList(list: JsonList, change: (item: JsonTree) => JsonTree): JsonList {
  const changed = list.map(change);
  return changed.every((item, index) => item === list[index]) ? list : changed;
}

/** A copy with one member replaced in its place (whatever its casing), or added as the last one. */
export function withMember(object: JsonMap, name: string, value: JsonTree): JsonMap {
  const copy = new Map(object);
  const existing = [...object.keys()].find((key) => sameName(key, name));
  copy.set(existing ?? name, value);
  return copy;
}

/** A copy with the value at a path replaced; members that are missing on the way are added. */
export function withMemberAt(object: JsonMap, path: readonly string[], value: JsonTree): JsonMap {
  const [name, ...rest] = path;
  if (name === undefined) return object;
  if (rest.length === 0) return withMember(object, name, value);
  const child = find(object, name);
  return withMember(object, name, withMemberAt(isMap(child) ? child : new Map(), rest, value));
}

/** A tree of plain values (our own literals) as a `JsonTree`; members that are undefined are left out. */
function fromPlain(value: unknown): JsonTree {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return new JsonNumber(JSON.stringify(value));
  if (value instanceof JsonNumber || isMap(value)) return value;
  if (isList(value)) return value.map(fromPlain);
  if (typeof value === 'object') return mapOf(value as Record<string, unknown>);
  throw new TypeError(`${typeof value} is not JSON`);
}

/** `fromPlain` of an object literal. */
export function mapOf(members: Readonly<Record<string, unknown>>): JsonMap {
  const present = Object.entries(members).filter(([, member]) => member !== undefined);
  return new Map(present.map(([key, member]) => [key, fromPlain(member)]));
}

/** The plain value, for code that reads it with ordinary means. Order of integer-like keys and spelling of numbers are lost. */
export function toPlain(tree: JsonTree): unknown {
  if (tree instanceof JsonNumber) return Number(tree.lexeme);
  if (isList(tree)) return tree.map(toPlain);
  if (isMap(tree)) return Object.fromEntries([...tree].map(([key, member]) => [key, toPlain(member)]));
  return tree;
}

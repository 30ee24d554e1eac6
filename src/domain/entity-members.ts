import { isJsonObject, member, memberAt, textOf } from './json.ts';
import { lastSegment } from './last-segment.ts';

/** Members of an entity in any of its formats, with access to entities that it refers to. */
export interface EntityMembers {
  /** The first non-empty string among these members, trimmed; empty if there is none. Ignores case. */
  readonly text: (...names: readonly string[]) => string;
  /** The entity behind one of these members: nested, by `$ref` (raw alerts) or by its resource id (incidents). */
  readonly linked: (...names: readonly string[]) => EntityMembers | undefined;
  /** Members with a string value, in order, without booleans (`isDomainJoined`) and members about the format. */
  readonly texts: readonly (readonly [name: string, text: string])[];
}

/** Lookup of entities in the same list by `$id`, and by the last part of their resource id. */
export type EntityIndex = ReadonlyMap<string, unknown>;

/** Every entity in the list, also those nested in others. */
export function indexEntities(entities: readonly unknown[]): EntityIndex {
  const index = new Map<string, unknown>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(item);
    if (!isJsonObject(value)) return;
    const id = textOf(member(value, '$id'));
    const resource = textOf(member(value, 'id'));
    if (id !== undefined) index.set(`$${id}`, value);
    if (resource !== undefined && isJsonObject(member(value, 'properties'))) index.set(lastSegment(resource), value);
    for (const part of Object.values(value)) visit(part);
  };
  visit(entities);
  return index;
}

/** Resolves a reference; other values are returned unchanged. */
export function dereferenced(value: unknown, index: EntityIndex): unknown {
  const reference = textOf(member(value, '$ref'));
  return reference === undefined ? value : index.get(`$${reference}`);
}

const shapeMembers: ReadonlySet<string> = new Set(['$id', '$ref', 'id', 'type', 'kind', 'etag', 'systemdata']);

export function membersOf(value: unknown, index: EntityIndex): EntityMembers {
  const properties = member(value, 'properties');
  const own = isJsonObject(properties) ? properties : value;
  const text = (name: string) => textOf(member(own, name))?.trim() ?? '';
  return {
    text: (...names) => names.map(text).find((found) => found !== '') ?? '',
    linked: (...names) => {
      for (const name of names) {
        const target = linkedValue(memberAt(own, name), index);
        if (target !== undefined) return membersOf(target, index);
      }
      return undefined;
    },
    texts: Object.entries(isJsonObject(own) ? own : {}).flatMap(([name, part]) => {
      const found = typeof part === 'boolean' ? '' : text(name);
      return found === '' || shapeMembers.has(name.toLowerCase()) ? [] : [[name, found] as const];
    }),
  };
}

function linkedValue(value: unknown, index: EntityIndex): unknown {
  if (typeof value === 'string') return index.get(lastSegment(value));
  const found = dereferenced(value, index);
  return isJsonObject(found) ? found : undefined;
}

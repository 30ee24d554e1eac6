import { type Entity, LONGEST_NAME } from '../../domain/entity.ts';
import { beside } from '../../domain/name-parts.ts';
import { cut } from '../../domain/text.ts';
import type { Evidence, Identifier } from './evidence.ts';

/**
 * The entities of all evidence of an incident, the most important first. Evidence of several alerts about the same thing is one
 * entity, even if a virtual machine appears both as a device and as an Azure resource. Things that only share a name remain
 * separate and show what distinguishes them.
 */
export function entitiesOf(evidence: readonly Evidence[]): readonly Entity[] {
  const things = new Set<Thing>();
  const known = new Map<string, Set<Thing>>();
  for (const each of evidence.toSorted((a, b) => a.importance - b.importance)) {
    const keys = keysOf(each);
    const thing = sameAs(each, keys, known) ?? { entity: each.entity, ids: [] };
    merge(thing, each);
    things.add(thing);
    for (const key of keys) known.set(key, (known.get(key) ?? new Set()).add(thing));
  }
  const byName = Map.groupBy([...things], ({ entity }) => nameKey(entity));
  return [...things].map((thing) =>
    byName.get(nameKey(thing.entity))?.length === 1 ? thing.entity : toldApart(thing),
  );
}

interface Thing {
  entity: Entity;
  ids: readonly Identifier[];
}

const nameKey = ({ kind, name }: Entity) => `${kind} ${name.toLowerCase()}`;

/** Keys for finding the same thing: all its identifiers, and its name, because evidence without identifiers only has that. */
const keysOf = ({ entity, ids }: Evidence): readonly string[] => [
  ...ids.map((id) => `${id.name}\n${spelled(id)}`),
  nameKey(entity),
];

const spelled = ({ value }: Identifier) => value.toLowerCase();

function sameAs(
  each: Evidence,
  keys: readonly string[],
  known: ReadonlyMap<string, ReadonlySet<Thing>>,
): Thing | undefined {
  const candidates = new Set(keys.flatMap((key) => [...(known.get(key) ?? [])]));
  return [...candidates].find((thing) => isSame(thing, each));
}

/** Compares the strongest identifier that both have, or the names if either has none. */
function isSame(thing: Thing, { entity, ids }: Evidence): boolean {
  const theirs = new Map(thing.ids.map((id) => [id.name, spelled(id)]));
  const shared = ids.find(({ name }) => theirs.has(name));
  if (shared) return theirs.get(shared.name) === spelled(shared);
  return (ids.length === 0 || thing.ids.length === 0) && nameKey(thing.entity) === nameKey(entity);
}

/** Kinds for any cloud resource; a host or a cluster is more specific. */
const generic: ReadonlySet<string> = new Set(['AzureResource', 'AmazonResource', 'GoogleCloudResource']);

/** Keeps the more specific entity, with the names of both. */
function merge(thing: Thing, other: Evidence): void {
  const isVaguer = generic.has(thing.entity.kind) && !generic.has(other.entity.kind);
  const isPoorer = thing.entity.kind === other.entity.kind && thing.ids.length < other.ids.length;
  const [kept, left] = isVaguer || isPoorer ? [other.entity, thing.entity] : [thing.entity, other.entity];
  const aliases = [...new Set([...kept.aliases, left.name, ...left.aliases])].filter((alias) => alias !== kept.name);
  thing.entity = { ...kept, aliases };
  thing.ids = [...thing.ids, ...other.ids.filter(({ name }) => !thing.ids.some((id) => id.name === name))];
}

function toldApart({ entity, ids }: Thing): Entity {
  const [strongest] = ids;
  if (!strongest) return entity;
  const room = Math.max(LONGEST_NAME - strongest.value.length - ' ()'.length, 0);
  return { ...entity, name: cut(beside(cut(entity.name, room), strongest.value), LONGEST_NAME) };
}

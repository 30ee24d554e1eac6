import { dereferenced, type EntityIndex, type EntityMembers, indexEntities, membersOf } from './entity-members.ts';
import { entityKind } from './entity-names.ts';
import { isJsonObject, member, textOf } from './json.ts';
import { cut } from './text.ts';

/** An entity of an incident or alert. */
export interface Entity {
  /** The kind as the REST API spells it (`Account`, `Host`, `Ip`, `Url`, `FileHash`, …); as it came where it is none of those. */
  readonly kind: string;
  /** What a person reads, told apart by what identifies it; never empty, at most 300 UTF-16 units. */
  readonly name: string;
  /** What else people know it by: the name that the portal shows, the name without its domain. */
  readonly aliases: readonly string[];
}

/**
 * Reads the entities of an incident (`relatedEntities` of the trigger, `entities` of REST: `{ kind, properties }`) or of a raw
 * alert (`{ Type, Name, … }`), in any casing. None vanishes: what nothing names shows its kind and whatever identifies it.
 */
export function readEntities(values: readonly unknown[]): readonly Entity[] {
  const index = indexEntities(values);
  return values.flatMap((value) => readEntity(value, index) ?? []);
}

/** Reads one entity; undefined only for what is no object. `index` finds the entities that it refers to. */
export function readEntity(value: unknown, index: EntityIndex = new Map()): Entity | undefined {
  const found = dereferenced(value, index) ?? value;
  if (!isJsonObject(found)) return undefined;
  const given = (textOf(member(found, 'kind')) ?? textOf(member(found, 'Type')) ?? '').trim();
  const row = entityKind(given);
  const kind = row?.kind ?? (given || 'Entity');
  const members = membersOf(found, index);
  const name = row?.nameOf(members) || nameOfUnknown(kind, members, lastSegment(textOf(member(found, 'id')) ?? ''));
  return { kind, name: cut(name, LONGEST), aliases: aliasesOf(members, name) };
}

/** A command line may have thousands. */
const LONGEST = 300;

/** Members that identify, by the end of their name, best first. */
const identifying = /(name|address|id|guid|sid|key|hash|value|url|number)$/i;

function nameOfUnknown(kind: string, { text, texts }: EntityMembers, resource: string): string {
  const label = text('friendlyName', 'displayName', 'name', 'fullName', 'title', 'subject');
  if (label !== '') return label;
  const [, best] = texts.find(([name]) => identifying.test(name)) ?? texts[0] ?? [];
  const identity = best ?? resource;
  return identity === '' ? `${kind} without a name` : `${kind} ${identity}`;
}

function aliasesOf({ text }: EntityMembers, name: string): readonly string[] {
  const aliases = [text('friendlyName'), text('accountName', 'hostName', 'netBiosName', 'fileName', 'name')];
  return [...new Set(aliases)].filter((alias) => alias !== '' && alias !== name);
}

const lastSegment = (id: string) => id.slice(id.lastIndexOf('/') + 1);

import { dereferenced, type EntityIndex, type EntityMembers, indexEntities, membersOf } from './entity-members.ts';
import { entityKind } from './entity-names.ts';
import { isJsonObject, member, textOf } from './json.ts';
import { lastOf } from './name-parts.ts';
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

/** Reads one entity; undefined only for what is not an object. `index` finds the entities that it refers to. */
export function readEntity(value: unknown, index: EntityIndex = new Map()): Entity | undefined {
  const found = dereferenced(value, index) ?? value;
  if (!isJsonObject(found)) return undefined;
  const given = (textOf(member(found, 'kind')) ?? textOf(member(found, 'Type')) ?? '').trim();
  const row = entityKind(given);
  const kind = row?.kind ?? (given || 'Entity');
  const members = membersOf(found, index);
  const name = row?.nameOf(members) || nameOfUnknown(kind, members, lastOf(textOf(member(found, 'id')) ?? ''));
  return { kind, name: cut(name, LONGEST_NAME), aliases: aliasesOf(members, name) };
}

/** UTF-16 units of a name. A command line may have thousands. */
export const LONGEST_NAME = 300;

const labels = ['friendlyName', 'displayName', 'name', 'fullName', 'title', 'subject'] as const;

/** Members that identify, by the end of their name. */
const identifying = /(address|id|guid|sid|key|hash|value|url|number)$/i;

function nameOfUnknown(kind: string, members: EntityMembers, resource: string): string {
  const label = members.text(...labels);
  if (label !== '') return label;
  const identity = labelOf(members) || resource;
  return identity === '' ? `${kind} without a name` : `${kind} ${identity}`;
}

/** What of an entity of an unknown kind names it best; empty where it has no text at all. */
export function labelOf({ text, texts }: EntityMembers): string {
  const ending = (pattern: RegExp) => texts.find(([name]) => pattern.test(name));
  return text(...labels) || (ending(/name$/i) ?? ending(identifying) ?? texts[0])?.[1] || '';
}

function aliasesOf({ text }: EntityMembers, name: string): readonly string[] {
  const aliases = [text('friendlyName'), text('accountName', 'hostName', 'netBiosName', 'fileName', 'name')];
  return [...new Set(aliases)].filter((alias) => alias !== '' && alias !== name);
}

import { dereferenced, type EntityIndex, type EntityMembers, indexEntities, membersOf } from './entity-members.ts';
import { entityKind } from './entity-names.ts';
import { isJsonObject, member, textOf } from './json.ts';
import { lastOf } from './name-parts.ts';
import { cut } from './text.ts';

/** An entity of an incident or alert. */
export interface Entity {
  /** Kind as spelled by the REST API (`Account`, `Host`, `Ip`, `Url`, `FileHash`, …); unknown kinds are kept as received. */
  readonly kind: string;
  /** Name for people, including what identifies the entity; not empty, at most 300 UTF-16 units. */
  readonly name: string;
  /** Other names: the one shown in the portal, and the name without domain. */
  readonly aliases: readonly string[];
}

/**
 * Reads the entities of an incident (`relatedEntities` of the trigger, `entities` of REST: `{ kind, properties }`) or of a raw
 * alert (`{ Type, Name, … }`), ignoring case. None is dropped: one without a name shows its kind and identifiers.
 */
export function readEntities(values: readonly unknown[]): readonly Entity[] {
  const index = indexEntities(values);
  return values.flatMap((value) => readEntity(value, index) ?? []);
}

/** Reads one entity; undefined only if the value is not an object. `index` resolves references to others. */
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

/** Maximum UTF-16 units of a name; command lines may have thousands. */
export const LONGEST_NAME = 300;

const labels = ['friendlyName', 'displayName', 'name', 'fullName', 'title', 'subject'] as const;

/** Suffixes of members that identify an entity. */
const identifying = /(address|id|guid|sid|key|hash|value|url|number)$/i;

function nameOfUnknown(kind: string, members: EntityMembers, resource: string): string {
  const label = members.text(...labels);
  if (label !== '') return label;
  const identity = labelOf(members) || resource;
  return identity === '' ? `${kind} without a name` : `${kind} ${identity}`;
}

/** The best name for an entity of an unknown kind; empty if it has no strings. */
export function labelOf({ text, texts }: EntityMembers): string {
  const ending = (pattern: RegExp) => texts.find(([name]) => pattern.test(name));
  return text(...labels) || (ending(/name$/i) ?? ending(identifying) ?? texts[0])?.[1] || '';
}

function aliasesOf({ text }: EntityMembers, name: string): readonly string[] {
  const aliases = [text('friendlyName'), text('accountName', 'hostName', 'netBiosName', 'fileName', 'name')];
  return [...new Set(aliases)].filter((alias) => alias !== '' && alias !== name);
}

import { type Json, member, textOf } from '../domain/json.ts';

/*
 * Names by which entities are found and protected. Microsoft Sentinel stores an account's name without domain (REST reference,
 * AccountEntityProperties), so the names that people write combine several properties; with other field mappings, the domain is
 * part of the name itself. The playbook SIGNL4-Respond uses the same table.
 */

/** One name: a property, a part of one, or two properties with a separator. */
export type EntityName =
  | { readonly of: string; readonly before?: string; readonly after?: string }
  | { readonly of: string; readonly mark: string; readonly and: string };

/** Identifying names; display names and descriptive properties (an operating system) are not included. */
export const entityNames: readonly EntityName[] = [
  { of: 'friendlyName' },
  { of: 'hostName' },
  { of: 'hostName', before: '.' },
  { of: 'hostName', mark: '.', and: 'dnsDomain' },
  { of: 'ntDomain', mark: '\\', and: 'hostName' },
  { of: 'netBiosName' },
  { of: 'accountName' },
  { of: 'accountName', before: '@' },
  { of: 'accountName', after: '\\' },
  { of: 'accountName', mark: '@', and: 'upnSuffix' },
  { of: 'ntDomain', mark: '\\', and: 'accountName' },
  { of: 'address' },
  { of: 'url' },
  { of: 'hashValue' },
];

/** Properties of which every kind of entity has one; an entity with none of them cannot be compared with protected names. */
export const tellingNames = ['hostName', 'netBiosName', 'accountName', 'address', 'url', 'hashValue'] as const;

/** The names of an entity of the REST API, in lower case. */
function namesOf(entity: Json): readonly string[] {
  const property = (name: string) => textOf(member(member(entity, 'properties'), name)) ?? '';
  return entityNames
    .map((name) => nameFrom(name, property))
    .filter((name) => name !== '')
    .map((name) => name.toLowerCase());
}

function nameFrom(name: EntityName, property: (name: string) => string): string {
  const value = property(name.of);
  if ('mark' in name) {
    const other = property(name.and);
    return value === '' || other === '' ? '' : value + name.mark + other;
  }
  if (name.before !== undefined) return value.split(name.before)[0] ?? '';
  return name.after === undefined ? value : (value.split(name.after).at(-1) ?? '');
}

/** Whether this is a name of the entity; `name` in lower case. */
export function isCalled(entity: Json, name: string): boolean {
  return namesOf(entity).includes(name);
}

/** Network and web addresses are not split at their dots. */
const NO_PARTS = /^[\d.]+$|[:/]/;

/**
 * Protected names normalised for comparison: in lower case, each also without its domain. Something protected as
 * `ceo@contoso.com`, `CONTOSO\ceo` or `dc01.contoso.com` is then also protected if Sentinel knows it without that domain or with
 * another.
 */
export function protectedNames(list: readonly string[]): readonly string[] {
  const all = list
    .map((name) => name.trim().toLowerCase())
    .flatMap((name) => [name, ...(NO_PARTS.test(name) ? [] : [withoutDomain(name)])]);
  return [...new Set(all)].filter((name) => name !== '');
}

function withoutDomain(name: string): string {
  if (name.includes('\\')) return name.split('\\').at(-1) ?? '';
  return name.split(name.includes('@') ? '@' : '.')[0] ?? '';
}

/**
 * Whether nothing may be started on an entity: one of its names or other properties is protected, or there are protected names
 * and the entity has no name to compare.
 */
export function isProtected(entity: Json, list: readonly string[]): boolean {
  const names = protectedNames(list);
  if (names.length === 0) return false;
  const properties = member(entity, 'properties') as Json | undefined;
  const isNameless = tellingNames.every((name) => !textOf(member(properties, name)));
  return isNameless || names.some((name) => isCalled(entity, name) || hasValue(properties ?? null, name));
}

/** Whether a value contains this exact string at any depth, ignoring case. */
function hasValue(value: Json, wanted: string): boolean {
  if (typeof value === 'string') return value.toLowerCase() === wanted;
  return typeof value === 'object' && value !== null && Object.values(value).some((part) => hasValue(part, wanted));
}

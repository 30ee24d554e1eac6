import { type Json, member, textOf } from '../domain/json.ts';

/*
 * By which names an entity is found, and protected. Microsoft Sentinel has an account's name without any domain (REST reference,
 * AccountEntityProperties), so a name that people write is put together of several properties; and where a field was mapped
 * otherwise, the domain is in the name itself. The playbook SIGNL4-Respond makes its names of the same table.
 */

/** One name: a property, or a part of it, or two properties with what is between them. */
export type EntityName =
  | { readonly of: string; readonly before?: string; readonly after?: string }
  | { readonly of: string; readonly mark: string; readonly and: string };

/** Names that identify; a display name and what only describes (an operating system) are none. */
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

/** Properties of which each kind of entity has one; an entity without any cannot be compared with what is protected. */
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

/** Whether people call the entity so; `name` in lower case. */
export function isCalled(entity: Json, name: string): boolean {
  return namesOf(entity).includes(name);
}

/** An address of the network or the web has no part that names it. */
const NO_PARTS = /^[\d.]+$|[:/]/;

/**
 * Protected names as they are compared: in lower case, each with the name alone, without its domain. So what is protected as
 * `ceo@contoso.com`, `CONTOSO\ceo` or `dc01.contoso.com` stays so where Sentinel knows the entity without that domain, or by another.
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
 * Whether nothing may be started on an entity: one of its names or of its other properties is protected, or something is protected and
 * the entity has no name to compare.
 */
export function isProtected(entity: Json, list: readonly string[]): boolean {
  const names = protectedNames(list);
  if (names.length === 0) return false;
  const properties = member(entity, 'properties') as Json | undefined;
  const isNameless = tellingNames.every((name) => !textOf(member(properties, name)));
  return isNameless || names.some((name) => isCalled(entity, name) || hasValue(properties ?? null, name));
}

/** Whether a string within a value is this one as a whole, without case. */
function hasValue(value: Json, wanted: string): boolean {
  if (typeof value === 'string') return value.toLowerCase() === wanted;
  return typeof value === 'object' && value !== null && Object.values(value).some((part) => hasValue(part, wanted));
}

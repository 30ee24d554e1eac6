import { capitalized } from './text.ts';
/* Combines parts of names, any of which may be missing. */

/** Both parts with a separator; empty if one is missing. */
export function joined(first: string, mark: string, second: string): string {
  return first === '' || second === '' ? '' : first + mark + second;
}

/** The name followed by identifiers in brackets; just one of them if the other is missing or equal. */
export function beside(name: string, ...ids: readonly string[]): string {
  const id = ids.filter((part) => part !== '').join(', ');
  if (name === '' || id.toLowerCase().startsWith(name.toLowerCase())) return id || name;
  return id === '' ? name : `${name} (${id})`;
}

/** `report.pdf in logs`; only the name if there is no container. */
export function within(name: string, whole: string): string {
  return joined(name, ' in ', whole) || name;
}

/** The last part of a path or resource id, unchanged. */
export function lastOf(path: string): string {
  return path.split('/').findLast((part) => part !== '') ?? '';
}

/** Name, group and start of the subscription of an Azure resource; the whole id if it is not one. */
export function resourceName(id: string, kind = ''): string {
  const match = /^\/?subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/.*?([^/]+)\/?$/i.exec(id);
  if (!match) return id;
  const [, subscription = '', group = '', name = ''] = match;
  return beside(name, kind, group, subscription.slice(0, 8));
}

/** Splits camel case into words: `mailForwardingRule` becomes `Mail Forwarding Rule`. Acronyms and small words are kept. */
export function inWords(name: string): string {
  const words = name
    .replace(/[_-]+/g, ' ')
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .trim();
  return capitalized(words).replace(/ (For|Of|And) /g, (word) => word.toLowerCase());
}

import { capitalized } from './text.ts';
/*
 * How names are put together of what is there; every part may be missing.
 */

/** Both with the mark between them; empty where one is missing. */
export function joined(first: string, mark: string, second: string): string {
  return first === '' || second === '' ? '' : first + mark + second;
}

/** The name with what identifies it in brackets; one of them where the other is missing or says the same. */
export function beside(name: string, ...ids: readonly string[]): string {
  const id = ids.filter((part) => part !== '').join(', ');
  if (name === '' || id.toLowerCase().startsWith(name.toLowerCase())) return id || name;
  return id === '' ? name : `${name} (${id})`;
}

/** `report.pdf in logs`; the name alone where nothing says in what. */
export function within(name: string, whole: string): string {
  return joined(name, ' in ', whole) || name;
}

/** The last part of a path or resource id, as it is spelled. */
export function lastOf(path: string): string {
  return path.split('/').findLast((part) => part !== '') ?? '';
}

/** A resource of Azure by its name, its group and the beginning of its subscription; the whole id where it is none. */
export function resourceName(id: string, kind = ''): string {
  const match = /^\/?subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/.*?([^/]+)\/?$/i.exec(id);
  if (!match) return id;
  const [, subscription = '', group = '', name = ''] = match;
  return beside(name, kind, group, subscription.slice(0, 8));
}

/** `mailForwardingRule` reads `Mail Forwarding Rule`: camel case in words; runs of capitals and small words stay as they are. */
export function inWords(name: string): string {
  const words = name
    .replace(/[_-]+/g, ' ')
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .trim();
  return capitalized(words).replace(/ (For|Of|And) /g, (word) => word.toLowerCase());
}

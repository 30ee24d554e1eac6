import { compileOrderBy, type Filter, filterPaths, matches, ODataError, parseFilter } from '../odata.ts';
import { badRequest } from './arm-error.ts';
import type { SentinelStore } from './store.ts';
import { type IncidentResource, incidentPaths, incidentResource, timePaths } from './views.ts';

/** Incidents on a page when the caller does not say, and at most. */
const PAGE = { usual: 50, most: 1_000 };

/** `GET incidents`: `$filter`, `$orderby`, `$top` (page size, at most 1,000) and `$skipToken`. Throws 400. */
export function listIncidents(store: SentinelStore, url: URL): { value: IncidentResource[]; nextLink?: string } {
  const query = url.searchParams;
  const size = readTop(query.get('$top'));
  const start = readSkipToken(query.get('$skipToken') ?? query.get('$skiptoken'));
  const filter = readFilter(query.get('$filter'));
  const order = readOrder(query.get('$orderby') || 'properties/createdTimeUtc desc');
  const fitting = [...store.incidents.values()]
    .map((incident) => incidentResource(store, incident))
    .filter((resource) => filter === undefined || odata(() => matches(filter, resource)))
    .sort(order);
  const value = fitting.slice(start, start + size);
  return start + size < fitting.length ? { value, nextLink: nextLink(url, start + size) } : { value };
}

/** The same query with the token of the next page, spaces as `%20`. */
function nextLink(url: URL, start: number): string {
  const query = new Map([...url.searchParams].filter(([name]) => name.toLowerCase() !== '$skiptoken'));
  query.set('$skipToken', Buffer.from(`start=${start}`).toString('base64url'));
  const text = [...query].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return `${url.origin}${url.pathname}?${text}`;
}

function readTop(text: string | null): number {
  if (text === null) return PAGE.usual;
  const top = Number(text);
  if (!Number.isInteger(top) || top < 1 || top > PAGE.most)
    throw badRequest(`Invalid value '${text}' for $top: it must be between 1 and ${PAGE.most}`);
  return top;
}

function readSkipToken(token: string | null): number {
  if (token === null) return 0;
  const start = /^start=(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (start === undefined) throw badRequest('Invalid $skipToken');
  return Number(start);
}

function readFilter(text: string | null): Filter | undefined {
  if (!text) return undefined;
  const filter = odata(() => parseFilter(text));
  const unknown = filterPaths(filter).find((path) => !incidentPaths.has(path));
  if (unknown) throw badRequest(`Invalid $filter: could not find a property named '${unknown}'`);
  checkTimes(filter);
  return filter;
}

/** A point in time is written without quotes; with quotes it is a string, and the two do not compare. */
function checkTimes(filter: Filter): void {
  if (!('left' in filter)) {
    if (filter.kind === 'not') checkTimes(filter.operand);
    return;
  }
  if (!('right' in filter)) return;
  const [left, right] = [filter.left, filter.right];
  checkTimes(left);
  checkTimes(right);
  const path = [left, right].find((part) => part.kind === 'path');
  const literal = [left, right].find((part) => part.kind === 'literal');
  if (path && timePaths.has(path.segments.join('/')) && typeof literal?.value === 'string')
    throw badRequest(
      `Invalid $filter: '${path.segments.join('/')}' is a point in time and '${literal.value}' is a string`,
    );
}

function readOrder(text: string): (a: unknown, b: unknown) => number {
  for (const part of text.split(',')) {
    const path = part.trim().split(/\s+/)[0] ?? '';
    if (!incidentPaths.has(path)) throw badRequest(`Invalid $orderby: could not find a property named '${path}'`);
  }
  return odata(() => compileOrderBy(text));
}

function odata<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ODataError) throw badRequest(`Invalid query: ${error.message}`);
    throw error;
  }
}

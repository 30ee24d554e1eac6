import { listOf, member, memberAt, textOf } from '../../domain/json.ts';
import type { S4Alert } from './resources.ts';
import type { Signl4Store } from './store.ts';
import { alertInfo } from './views.ts';

/** `POST alerts/paged`: newest first, with a continuation token; 204 where nothing fits. */
export function findAlerts(store: Signl4Store, filter: unknown, maxResults: number): Response {
  const size = Math.min(Math.max(1, maxResults || 50), 500);
  const fitting = [...store.alerts.values()]
    .filter((alert) => fits(alert, filter))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const after = textOf(memberAt(filter, 'continuationToken', 'nextRowKey')) ?? textOf(member(filter, 'afterId'));
  const start = after === undefined ? 0 : fitting.findIndex(({ id }) => id === after) + 1;
  const page = fitting.slice(start, start + size);
  if (page.length === 0) return new Response(null, { status: 204 });
  const hasMore = start + size < fitting.length;
  const token = hasMore ? { nextPartitionKey: 'alerts', nextRowKey: page.at(-1)?.id, nextTableName: null } : null;
  return Response.json({ results: page.map((alert) => alertInfo(store, alert)), hasMore, continuationToken: token });
}

function fits(alert: S4Alert, filter: unknown): boolean {
  const text = (name: string) => textOf(member(filter, name));
  const list = (name: string) => listOf(member(filter, name)).flatMap((item) => textOf(item) ?? []);
  const statusBits = Number(text('alertStatusCodes') ?? 0);
  const isIn = (items: readonly string[], value: string) => items.length === 0 || items.includes(value);
  const isBetween = (at: number, low: string | undefined, high: string | undefined) =>
    (low === undefined || at >= Date.parse(low)) && (high === undefined || at <= Date.parse(high));
  const words = text('textToSearch')?.toLowerCase() ?? '';
  return (
    isIn(list('alertIds'), alert.id) &&
    isIn(list('teamIds'), alert.teamId) &&
    (statusBits === 0 || (alert.status & statusBits) !== 0) &&
    (text('externalId') === undefined || text('externalId') === alert.externalId) &&
    isBetween(alert.created, text('minCreated'), text('maxCreated')) &&
    isBetween(alert.modified, text('modifiedSince'), undefined) &&
    `${alert.title}\n${alert.text}`.toLowerCase().includes(words)
  );
}

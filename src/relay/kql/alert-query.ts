import type { Alert } from '../../domain/alert.ts';
import { memberAt, textOf } from '../../domain/json.ts';
import { isGuid } from '../../domain/uuid.ts';
import { compressedEventsIn } from './alerted-events.ts';
import { looksCut } from './cut-query.ts';

/** Time range of a query, as ISO 8601 strings in UTC. */
export interface TimeRange {
  readonly start: string;
  readonly end: string;
}

/** How to get the rows of an alert. */
export type AlertQuery =
  /** Alerts of other products have no query, which is not an error. */
  | { readonly kind: 'none' }
  /** The rule raises an alert per event and includes the event: base64 of zlib of JSON, one string per event. */
  | { readonly kind: 'events'; readonly compressed: readonly string[] }
  | { readonly kind: 'query'; readonly query: string; readonly range: TimeRange | undefined }
  /** The query is truncated and must be read again. */
  | { readonly kind: 'cut'; readonly range: TimeRange | undefined };

/**
 * Finds the query of a scheduled alert and its time range among the alert's properties
 * (`additionalData`/`ExtendedProperties`: `Query`, `OriginalQuery`, `Query Start Time UTC`, `Query End Time UTC`).
 */
export function alertQuery(alert: Alert): AlertQuery {
  const query = textOf(memberAt(alert.additional, 'Query'));
  if (!raisedBySentinel(alert) || !query?.trim()) return { kind: 'none' };
  const compressed = compressedEventsIn(query);
  if (compressed) return { kind: 'events', compressed };
  const range = queryRange(alert);
  const original = textOf(memberAt(alert.additional, 'OriginalQuery')) ?? '';
  return looksCut(query, original) ? { kind: 'cut', range } : { kind: 'query', query, range };
}

/** The rule's query as it would have run when the alert was raised. */
export function ruleQueryAt(ruleQuery: string, range: TimeRange | undefined): string {
  return range ? `set query_now = datetime(${range.end});\n${ruleQuery}` : ruleQuery;
}

/** Query for the alert's properties; undefined if the id is not a GUID, because it would be inserted into the query. */
export function securityAlertQuery(alert: Alert): string | undefined {
  if (!isGuid(alert.id)) return undefined;
  return `SecurityAlert\n| where SystemAlertId == "${alert.id}"\n| summarize arg_max(TimeGenerated, ExtendedProperties)\n| project ExtendedProperties`;
}

function raisedBySentinel({ product, ruleIds }: Alert): boolean {
  return ruleIds.length > 0 || ['', 'azure sentinel', 'microsoft sentinel'].includes(product.toLowerCase());
}

/** The range of the rule's query, or else of the alert. */
function queryRange(alert: Alert): TimeRange | undefined {
  const of = (start: unknown, end: unknown): TimeRange | undefined => {
    const [from, to] = [utcTime(textOf(start)), utcTime(textOf(end))];
    return from && to && from <= to ? { start: from, end: to } : undefined;
  };
  const named = (name: string) => memberAt(alert.additional, name);
  return of(named('Query Start Time UTC'), named('Query End Time UTC')) ?? of(alert.startTime, alert.endTime);
}

/** Reads `2026-01-10 08:31:02Z`, ISO 8601, or the US format of old alerts (`1/10/2026 8:31:02 AM`); always UTC. */
function utcTime(text: string | undefined): string | undefined {
  if (!text) return undefined;
  const zoned = /(Z|[+-]\d\d:?\d\d)$/i.test(text.trim()) ? text.trim() : `${text.trim()}Z`;
  const time = Date.parse(
    /^\d{4}-\d\d-\d\d /.test(zoned) ? zoned.replace(' ', 'T') : zoned.replace(/([ap]m)z$/i, '$1 UTC'),
  );
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

import { deflateSync } from 'node:zlib';
import type { Severity } from '../domain/severity.ts';
import type { Maker } from './entities.ts';
import type { AlertResource } from './sentinel/resources.ts';
import { wireTime } from './sentinel/store.ts';

interface CommonAlert {
  readonly title: string;
  readonly description?: string;
  readonly severity?: Severity;
  readonly tactics?: readonly string[];
  /** How long before now the activity was, in minutes. */
  readonly minutesAgo?: number;
}

/** An alert of a scheduled analytics rule, which carries its query. */
export interface ScheduledAlert extends CommonAlert {
  readonly query: string;
  readonly ruleId?: string;
  readonly ruleName?: string;
  /** `AlertPerEvent` packs the row that raised it into the query. */
  readonly grouping?: 'SingleAlert' | 'AlertPerEvent';
  /** The row of an AlertPerEvent alert. */
  readonly event?: Readonly<Record<string, unknown>>;
  readonly customDetails?: Readonly<Record<string, readonly string[]>>;
  /** Old records carry the rule's text alone. */
  readonly withoutQueryNow?: boolean;
  /** The query as the incident trigger sometimes cuts it: after this many characters. */
  readonly cutQueryAt?: number;
}

/** An alert of another Microsoft product: no query. */
export interface ProductAlert extends CommonAlert {
  /** As Sentinel spells it: `MDATP`, `Azure Security Center`, … */
  readonly product: string;
}

const MINUTE = 60_000;

export function makeScheduledAlert(maker: Maker, alert: ScheduledAlert): AlertResource {
  const { ids } = maker;
  const ruleId = alert.ruleId ?? ids.guid('analytics rule');
  const end = maker.now() - (alert.minutesAgo ?? 5) * MINUTE;
  const start = end - 5 * MINUTE;
  const grouping = alert.grouping ?? 'SingleAlert';
  const query =
    grouping === 'AlertPerEvent'
      ? compressedQuery(alert.event ?? {})
      : queryNow(alert.query, end, alert.withoutQueryNow);
  const additionalData = {
    'Query Period': '00:05:00',
    'Trigger Operator': 'GreaterThan',
    'Trigger Threshold': '0',
    'Correlation Id': ids.guid('correlation'),
    'Search Query Results Overall Count': '3',
    'Data Sources': JSON.stringify([maker.store.workspace.name]),
    Query: query.slice(0, alert.cutQueryAt ?? query.length),
    ...(grouping === 'AlertPerEvent' && { OriginalQuery: alert.query }),
    'Query Start Time UTC': spacedTime(start),
    'Query End Time UTC': spacedTime(end),
    'Analytic Rule Ids': JSON.stringify([ruleId]),
    'Event Grouping': grouping,
    'Analytic Rule Name': alert.ruleName ?? alert.title,
    ProcessedBySentinel: 'True',
    'Alert generation status': 'Full alert created',
    ...(alert.customDetails && { 'Custom Details': JSON.stringify(alert.customDetails) }),
  };
  const type = `${maker.store.workspace.workspaceId}_${ruleId}`;
  const product = { productName: 'Azure Sentinel', productComponentName: 'Scheduled Alerts' };
  return alertResource(maker, alert, { alertType: type, start, end, additionalData, ...product });
}

export function makeProductAlert(maker: Maker, alert: ProductAlert): AlertResource {
  const end = maker.now() - (alert.minutesAgo ?? 5) * MINUTE;
  const additionalData = { AlertMessageEnqueueTime: new Date(end).toISOString() };
  return alertResource(maker, alert, {
    alertType: alert.title,
    start: end - MINUTE,
    end,
    additionalData,
    productName: alert.product,
  });
}

function alertResource(
  { store, ids, now }: Maker,
  alert: CommonAlert,
  parts: {
    readonly alertType: string;
    readonly start: number;
    readonly end: number;
    readonly additionalData: Readonly<Record<string, string>>;
    readonly productName: string;
    readonly productComponentName?: string;
  },
): AlertResource {
  const name = ids.guid('alert');
  const { subscriptionId, resourceGroup, workspaceId } = store.workspace;
  const made = wireTime(now());
  return {
    id: store.armId('Entities', name),
    name,
    type: 'Microsoft.SecurityInsights/Entities',
    kind: 'SecurityAlert',
    properties: {
      systemAlertId: name,
      tactics: alert.tactics ?? [],
      alertDisplayName: alert.title,
      ...(alert.description !== undefined && { description: alert.description }),
      confidenceLevel: 'Unknown',
      severity: alert.severity ?? 'Medium',
      vendorName: 'Microsoft',
      productName: parts.productName,
      ...(parts.productComponentName && { productComponentName: parts.productComponentName }),
      alertType: parts.alertType,
      processingEndTime: made,
      status: 'New',
      startTimeUtc: wireTime(parts.start),
      endTimeUtc: wireTime(parts.end),
      timeGenerated: made,
      providerAlertId: ids.guid('provider alert'),
      resourceIdentifiers: [{ type: 'LogAnalytics', workspaceId, subscriptionId, resourceGroup }],
      additionalData: parts.additionalData,
      friendlyName: alert.title,
    },
  };
}

/** `query_now` makes `ago()` count from the run of the rule, whenever the query is run again. */
function queryNow(query: string, end: number, without = false): string {
  if (without) return query;
  return [
    '// The query_now parameter represents the time (in UTC) at which the scheduled analytics rule ran to produce this alert.',
    `set query_now = datetime(${wireTime(end)});`,
    query,
  ].join('\n');
}

/** The query of an AlertPerEvent alert: the row itself, zlib and base64. */
export function compressedQuery(event: Readonly<Record<string, unknown>>): string {
  const packed = deflateSync(JSON.stringify(event), { level: 1 }).toString('base64');
  return [
    '// might contain sensitive data',
    'let alertedEvent = datatable(compressedRec: string)',
    `['${packed}']`,
    '| extend raw = todynamic(zlib_decompress_from_base64_string(compressedRec)) | evaluate bag_unpack(raw) | project-away compressedRec;',
    'alertedEvent',
  ].join('\n');
}

/** `2026-01-10 08:31:02Z` */
function spacedTime(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

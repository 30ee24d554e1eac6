import type { Config } from '../../config/config.ts';
import type { Alert } from '../../domain/alert.ts';
import { readTriggerAlert } from '../../domain/alert.ts';
import { type JsonObject, memberAt, textOf } from '../../domain/json.ts';
import type { Budget } from '../deadline.ts';
import { alertQuery, ruleQueryAt, securityAlertQuery, type TimeRange } from '../kql/alert-query.ts';
import type { AlertRows } from '../kql/alert-rows.ts';
import { inflateEvent } from '../kql/alerted-events.ts';
import { protectsNothing } from '../kql/flow/exposure.ts';
import { passQuery } from '../kql/gate.ts';
import type { GateVerdict } from '../kql/judge.ts';
import { type Column, type QueryRows, showRows } from '../kql/rows.ts';
import type { ServedWorkspace } from '../served-workspace.ts';
import { UpstreamError, upstreamError } from '../upstream.ts';
import { sideBySide } from './side-by-side.ts';

/**
 * Queries in progress at the same time. Log Analytics runs five per user, queues 200 more for up to three minutes and accepts 200
 * in 30 seconds (Azure Monitor service limits, user query throttling). Its queue is closer to the data than one of our own.
 */
const CONCURRENT_QUERIES = 20;
/** Share of the budget after which the event is sent without the missing rows. */
const QUERIES_SHARE = 0.85;
/** Share of the budget after which a query that has not been checked yet is not run. */
const CHECK_SHARE = 0.8;

/** Why the rows of an alert cannot be shown. */
class NoRows extends Error {}

/**
 * The rows of each alert, for the worst alerts first and at most `maxQueries`. Alerts of other products have no query and are
 * skipped. If an alert's rows are missing, `error` says why.
 */
export async function readRows(
  served: ServedWorkspace,
  alerts: readonly Alert[],
  budget: Budget,
): Promise<readonly AlertRows[]> {
  const { kql } = served.config;
  if (!kql.enabled) return [];
  const asking = alerts.filter((alert) => alertQuery(alert).kind !== 'none').slice(0, kql.maxQueries);
  return sideBySide(asking, CONCURRENT_QUERIES, async (alert) => {
    const title = alert.title;
    try {
      const result = await budget.by(QUERIES_SHARE, 'Log Analytics', (signal) => rowsOf(served, alert, budget, signal));
      const shown = showRows(result, kql);
      return { alert: title, ...shown, ...(result.partialError && { error: `not all rows: ${result.partialError}` }) };
    } catch (error) {
      const reason = error instanceof NoRows ? error.message : upstreamError('Log Analytics', error).message;
      return { alert: title, columns: [], rows: [], truncated: false, moreColumns: 0, error: reason };
    }
  });
}

async function rowsOf(served: ServedWorkspace, alert: Alert, budget: Budget, signal: AbortSignal): Promise<QueryRows> {
  const found = alertQuery(alert);
  switch (found.kind) {
    case 'none':
      throw new NoRows('the alert has no query');
    case 'events':
      return eventRows(served, alert, found.compressed, budget);
    case 'query':
      return run(served, found.query, found.range, budget, signal);
    case 'cut':
      return rowsOfCut(served, alert, found.range, budget, signal);
  }
}

/** Rows from events contained in the alert itself: no query is run, and the columns of all events are merged. */
async function eventRows(
  served: ServedWorkspace,
  alert: Alert,
  compressed: readonly string[],
  budget: Budget,
): Promise<QueryRows> {
  let events: readonly JsonObject[];
  try {
    events = await Promise.all(compressed.map(inflateEvent));
  } catch {
    throw new NoRows('the event inside the alert is cut off or too large');
  }
  const names = [...new Set(events.flatMap((event) => Object.keys(event)))];
  const columns = names.map((name): Column => ({ name, type: name === 'TimeGenerated' ? 'datetime' : 'dynamic' }));
  const exposures = await exposuresOfEvents(served, alert, budget);
  return { columns, rows: events.map((event) => names.map((name) => event[name])), partialError: undefined, exposures };
}

/**
 * Column exposures from the rule's query, which shows what the columns of the events were made from; undefined if the alert does
 * not contain it.
 */
async function exposuresOfEvents(
  { config }: ServedWorkspace,
  alert: Alert,
  budget: Budget,
): Promise<QueryRows['exposures']> {
  const query = textOf(memberAt(alert.additional, 'OriginalQuery'));
  if (protectsNothing(config.kql) || !query) return undefined;
  const verdict = await check(query, config, budget);
  return verdict.passes ? verdict.exposures : undefined;
}

/** For a truncated query: reads the whole one from the alert's record in the workspace, or else uses the rule's. */
async function rowsOfCut(
  served: ServedWorkspace,
  alert: Alert,
  range: TimeRange | undefined,
  budget: Budget,
  signal: AbortSignal,
): Promise<QueryRows> {
  const whole = await recordedAlert(served, alert, budget, signal);
  const recorded = whole && alertQuery(whole);
  if (whole && recorded?.kind === 'events') return eventRows(served, whole, recorded.compressed, budget);
  if (recorded?.kind === 'query') return run(served, recorded.query, recorded.range ?? range, budget, signal);
  const [ruleId] = alert.ruleIds;
  const ruleQuery = ruleId ? await knownRuleQuery(served, ruleId, signal) : undefined;
  if (ruleQuery === undefined) throw new NoRows('its query arrived cut off and could not be found again');
  return run(served, ruleQueryAt(ruleQuery, range), range, budget, signal);
}

/** Undefined if the rule was deleted since. */
async function knownRuleQuery(
  { sentinel }: ServedWorkspace,
  ruleId: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    return await sentinel.ruleQuery(ruleId, signal);
  } catch (error) {
    if (error instanceof UpstreamError && error.kind === 'missing') return undefined;
    throw error;
  }
}

/** The alert's record in the table SecurityAlert. */
async function recordedAlert(
  served: ServedWorkspace,
  alert: Alert,
  budget: Budget,
  signal: AbortSignal,
): Promise<Alert | undefined> {
  const query = securityAlertQuery(alert);
  if (query === undefined) return undefined;
  const { rows } = await ask(served, query, undefined, budget, signal).catch(() => ({ rows: [] }));
  const properties = rows[0]?.[0];
  if (properties === undefined) return undefined;
  return readTriggerAlert({ SystemAlertId: alert.id, ProductName: alert.product, ExtendedProperties: properties });
}

async function run(
  served: ServedWorkspace,
  query: string,
  range: TimeRange | undefined,
  budget: Budget,
  signal: AbortSignal,
): Promise<QueryRows> {
  const verdict = await check(query, served.config, budget);
  if (!verdict.passes) throw new NoRows(`the query was not run: it ${verdict.reason}`);
  return { ...(await ask(served, verdict.query, range, budget, signal)), exposures: verdict.exposures };
}

function check(query: string, { kql, workspace }: Config, budget: Budget): Promise<GateVerdict> {
  const own = workspace ? [workspace.name, workspace.workspaceId] : [];
  const allowWorkspaces = [...kql.allowWorkspaces, ...own];
  // One row more than is shown, to find out whether there are more.
  const options = {
    allowWorkspaces,
    maxRows: kql.maxRows + 1,
    protection: { denyColumns: kql.denyColumns, maskColumns: kql.maskColumns },
  };
  return budget.by(CHECK_SHARE, 'The query parser', (signal) => passQuery(query, options, signal));
}

async function ask(
  { logs, config }: ServedWorkspace,
  query: string,
  range: TimeRange | undefined,
  budget: Budget,
  signal: AbortSignal,
): Promise<QueryRows> {
  const left = Math.ceil(budget.remainingMs() / 1000);
  const timeoutSeconds = Math.max(1, Math.min(config.kql.timeoutSeconds, left));
  return logs.query(query, { range, timeoutSeconds }, signal);
}

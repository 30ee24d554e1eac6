import { Hono } from 'hono';
import { member, textOf } from '../../domain/json.ts';
import type { Clock } from '../clock.ts';
import type { Principal } from '../entra/directory.ts';
import type { Tokens } from '../entra/tokens.ts';
import { type Handler, readJson } from '../http.ts';
import type { Access } from '../sentinel/access.ts';
import { type Answer, findAnswer, limitRows, type Query, type Table } from './answers.ts';

export interface LogsSetting {
  readonly clock: Clock;
  readonly tokens: Tokens;
  readonly access: Access;
  readonly workspace: { readonly workspaceId: string; readonly name: string };
  readonly answers: readonly Answer[];
  /** Tables that the world fills itself; what a story registers goes before. */
  readonly tables: readonly Answer[];
}

/** Limits of the query API (azure-docs, azure-monitor-limits-log-queries; azure-monitor/logs/api/timeouts). */
const LIMITS = {
  usualTimeoutMs: 180_000,
  mostTimeoutMs: 600_000,
  queriesPerWindow: 200,
  windowMs: 30_000,
  rows: 500_000,
};
const AUDIENCES = ['https://api.loganalytics.azure.com', 'https://api.loganalytics.io'];
const NO_ROWS: Table = { columns: [{ name: 'TimeGenerated', type: 'datetime' }], rows: [] };

/** api.loganalytics.azure.com: queries by workspace GUID and by resource id. A query that nobody registered finds no rows. */
export function createLogsApp(setting: LogsSetting): Handler {
  const app = new Hono();
  const recent = new Map<string, number[]>();
  const run = async (request: Request, isOurWorkspace: boolean): Promise<Response> => {
    const caller = await callerOf(request, setting);
    if (caller instanceof Response) return caller;
    if (!isOurWorkspace) return refused(404, 'WorkspaceNotFoundError', 'The workspace could not be found');
    if (!setting.access.allows(caller.objectId, 'Microsoft.OperationalInsights/workspaces/query/read'))
      return refused(
        403,
        'InsufficientAccessError',
        'The provided credentials have insufficient access to perform the requested operation',
      );
    const wait = tooMany(recent, caller, setting.clock.now());
    if (wait > 0) return refused(429, 'ThrottledError', 'Too many queries', { 'retry-after': String(wait) });
    return query(request, setting);
  };
  app.post('/v1/workspaces/:id/query', ({ req }) =>
    run(req.raw, sameText(req.param('id'), setting.workspace.workspaceId)),
  );
  app.post('/v1/subscriptions/*', ({ req }) => run(req.raw, resourceWorkspace(req.path, setting.workspace.name)));
  app.notFound(() => refused(404, 'PathNotFoundError', 'The requested path does not exist'));
  return async (request) => app.fetch(request);
}

async function callerOf(request: Request, { tokens }: LogsSetting): Promise<Principal | Response> {
  const authentication = await tokens.authenticate(request, AUDIENCES);
  if ('principal' in authentication) return authentication.principal;
  const isMissing = authentication.problem === 'missing';
  return isMissing
    ? refused(401, 'AuthorizationRequiredError', 'Valid authentication was not provided')
    : refused(
        403,
        'InvalidTokenError',
        `The provided authentication is not valid for this resource (${authentication.problem})`,
      );
}

async function query(request: Request, { clock, answers, tables, workspace }: LogsSetting): Promise<Response> {
  const body = await readJson(request);
  const text = textOf(member(body, 'query'));
  if (!text?.trim()) return refused(400, 'BadArgumentError', 'The request had some invalid properties');
  const asked: Query = { text, timespan: textOf(member(body, 'timespan')), workspaceId: workspace.workspaceId };
  const prefer = request.headers.get('prefer') ?? '';
  const answer = findAnswer([...answers, ...tables], asked);
  const timeout = timeoutOf(prefer);
  await clock.sleep(Math.min(answer?.takesMs ?? 0, timeout), request.signal);
  if ((answer?.takesMs ?? 0) > timeout)
    return refused(504, 'GatewayTimeout', 'The query did not end within the time allowed');
  if (answer?.semanticError) return semanticError(answer.semanticError);
  return Response.json(found(answer, asked, prefer));
}

function found(answer: Answer | undefined, asked: Query, prefer: string) {
  const { table: given = NO_ROWS } = answer ?? {};
  const { columns, rows } = limitRows(typeof given === 'function' ? given(asked) : given, asked.text);
  const tables = [{ name: 'PrimaryResult', columns, rows: rows.slice(0, LIMITS.rows) }];
  return {
    tables,
    ...(prefer.includes('include-statistics=true') && {
      statistics: { query: { executionTime: (answer?.takesMs ?? 0) / 1_000 } },
    }),
    ...(answer?.partialError && {
      error: {
        code: 'PartialError',
        message: 'There were some errors when processing your query.',
        details: [{ code: 'EngineError', message: answer.partialError }],
      },
    }),
  };
}

function timeoutOf(prefer: string): number {
  const wait = /\bwait=(\d+)/.exec(prefer)?.[1];
  return wait === undefined ? LIMITS.usualTimeoutMs : Math.min(Number(wait) * 1_000, LIMITS.mostTimeoutMs);
}

/** Seconds to wait where a caller has used up its 200 queries of 30 seconds, else 0. */
function tooMany(recent: Map<string, number[]>, { objectId }: Principal, now: number): number {
  const times = (recent.get(objectId) ?? []).filter((time) => time > now - LIMITS.windowMs);
  recent.set(objectId, times);
  const [oldest] = times;
  if (times.length >= LIMITS.queriesPerWindow && oldest !== undefined)
    return Math.ceil((oldest + LIMITS.windowMs - now) / 1_000);
  times.push(now);
  return 0;
}

/** `/v1/subscriptions/…/workspaces/{name}/query` */
function resourceWorkspace(path: string, name: string): boolean {
  const found = /\/workspaces\/([^/]+)\/query$/i.exec(path)?.[1];
  return found !== undefined && sameText(found, name);
}

function sameText(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function semanticError(message: string): Response {
  const innererror = {
    code: 'SemanticError',
    message: 'A semantic error occurred.',
    innererror: { code: 'SEM0100', message },
  };
  const error = { message: 'The request had some invalid properties', code: 'BadArgumentError', innererror };
  return Response.json({ error }, { status: 400 });
}

function refused(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return Response.json({ error: { code, message } }, { status, headers });
}

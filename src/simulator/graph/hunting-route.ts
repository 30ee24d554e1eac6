import type { Hono } from 'hono';
import { member, textOf } from '../../domain/json.ts';
import { readJson } from '../http.ts';
import { findAnswer, limitRows } from '../logs/answers.ts';
import { GraphError } from './graph-error.ts';
import { type GraphEnv, type GraphSetting, needRole } from './setting.ts';

/** Limits of advanced hunting (Graph v1.0, security API overview): calls in a minute for the whole tenant, rows, run time. */
const LIMITS = { calls: 45, windowMs: 60_000, rows: 100_000, timeMs: 180_000 };

/** `security/runHuntingQuery`. A table that nobody registered is unknown, as it is where the product is not licensed. */
export function addHuntingRoute(app: Hono<GraphEnv>, { answers, clock }: GraphSetting): void {
  let recent: number[] = [];
  app.post('/v1.0/security/runHuntingQuery', async (context) => {
    needRole(context, ['ThreatHunting.Read.All']);
    const now = clock.now();
    recent = recent.filter((at) => at > now - LIMITS.windowMs);
    if (recent.length >= LIMITS.calls) throw new GraphError(429, 'TooManyRequests', 'Please retry again later.');
    recent.push(now);
    const body = await readJson(context.req.raw);
    const text = textOf(member(body, 'Query')) ?? '';
    if (text.trim() === '') throw new GraphError(400, 'BadRequest', 'Query is required.');
    const answer = findAnswer(answers, { text, timespan: textOf(member(body, 'Timespan')), workspaceId: '' });
    if (!answer || answer.semanticError) {
      const [table = ''] = text.trim().split(/\W/);
      const problem = answer?.semanticError ?? `Failed to resolve table or column expression named '${table}'.`;
      throw new GraphError(400, 'BadRequest', `'where' operator: ${problem} Fix semantic errors in your query.`);
    }
    await clock.sleep(Math.min(answer.takesMs ?? 0, LIMITS.timeMs), context.req.raw.signal);
    if ((answer.takesMs ?? 0) > LIMITS.timeMs) throw new GraphError(504, 'UnknownError', '');
    const asked = { text, timespan: undefined, workspaceId: '' };
    const found = typeof answer.table === 'function' ? answer.table(asked) : answer.table;
    const { columns, rows } = limitRows(found ?? { columns: [], rows: [] }, text);
    return Response.json({
      schema: columns.map(({ name, type }) => ({ name, type: typeNames[type] ?? 'String' })),
      results: rows
        .slice(0, LIMITS.rows)
        .map((row) => Object.fromEntries(columns.map(({ name }, at) => [name, row[at]]))),
    });
  });
}

const typeNames: Readonly<Record<string, string>> = {
  datetime: 'DateTime',
  long: 'Int64',
  int: 'Int32',
  real: 'Double',
  bool: 'SByte',
  dynamic: 'Object',
  guid: 'Guid',
};

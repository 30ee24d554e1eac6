import type { Context, Hono } from 'hono';
import { listOf, member, textOf } from '../../domain/json.ts';
import type { AppSettings } from '../app-settings.ts';
import { readJsonBody } from '../edge/body.ts';
import { correlationOf } from '../edge/correlation.ts';
import { HttpError } from '../edge/errors.ts';
import type { RequestGuard } from '../edge/request-guard.ts';
import { correlated, respondJson } from '../edge/respond.ts';
import { lettersOfStore, PAGE_SIZE } from '../operate/letter-source.ts';
import { formatCursor, parseCursor, showLetter } from '../operate/shown-letter.ts';

const MAX_BYTES = 64 * 1024;

/** `/api/dead-letters`: what the relay gave up on, for operators without access to its store. */
export function addDeadLetterRoutes(app: Hono, settings: AppSettings, guard: RequestGuard): void {
  const { store, log } = settings;

  app.get('/api/dead-letters', async (context) => {
    await guard.api(context);
    const limit = limitOf(context);
    const after = afterOf(context);
    const letters = await store.deadLetters.list(limit, after);
    const last = letters.length === limit ? letters.at(-1) : undefined;
    const answer = { deadLetters: letters.map(showLetter), ...(last && { next: formatCursor(last) }) };
    return respondJson(answer, 200, correlated(context.req));
  });

  for (const action of ['replay', 'drop'] as const) {
    app.post(`/api/dead-letters/${action}`, async (context) => {
      await guard.api(context);
      const ids = listOf(member(await readJsonBody(context.req, MAX_BYTES), 'ids')).flatMap((id) => textOf(id) ?? []);
      if (ids.length === 0 || ids.length > PAGE_SIZE) {
        throw new HttpError(400, 'no-ids', `send { "ids": […] } with 1 to ${PAGE_SIZE} ids of dead letters`);
      }
      const settled = await lettersOfStore(store.deadLetters).run(action, ids);
      if (action === 'replay' && settled.length > 0) settings.onAccepted();
      log.info({ correlation: correlationOf(context.req), notifications: settled }, `dead letters: ${action}`);
      const unknown = ids.filter((id) => !settled.includes(id));
      return respondJson({ settled, unknown }, 200, correlated(context.req));
    });
  }
}

function limitOf({ req }: Context): number {
  const limit = Number(req.query('limit') ?? PAGE_SIZE);
  if (Number.isInteger(limit) && limit >= 1 && limit <= PAGE_SIZE) return limit;
  throw new HttpError(400, 'wrong-limit', `limit is a whole number from 1 to ${PAGE_SIZE}`);
}

function afterOf({ req }: Context) {
  const text = req.query('after');
  const after = text === undefined ? undefined : parseCursor(text);
  if (text !== undefined && !after) throw new HttpError(400, 'wrong-after', 'after is the "next" of the page before');
  return after;
}

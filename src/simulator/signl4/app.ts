import { Hono } from 'hono';
import type { Handler } from '../http.ts';
import { addAlertRoutes } from './alert-routes.ts';
import { applyEvent, eventAnswer, readEvent } from './intake.ts';
import { addPeopleRoutes } from './people-routes.ts';
import type { Team } from './resources.ts';
import { S4Error } from './s4-error.ts';
import type { Signl4Setting } from './setting.ts';
import type { Signl4Store } from './store.ts';
import { addWebhookRoutes } from './webhook-routes.ts';

/** Requests to the API per minute and key before 429. */
const REQUESTS_PER_MINUTE = 500;

/** connect.signl4.com: the inbound webhook and REST API v2. */
export function createSignl4App(setting: Signl4Setting): Handler {
  const { store, clock, ids } = setting;
  // Clients of the API write the route of events with and without a slash at the end.
  const app = new Hono({ getPath: (request) => new URL(request.url).pathname.replace(/(?<=.)\/+$/, '') });
  const receive = async (request: Request, secret: string) => {
    const team = teamOf(store, secret);
    const outcome = applyEvent(store, team, await readEvent(request));
    return Response.json(eventAnswer(team, outcome, ids.guid('s4 event'), clock.now()), { status: 201 });
  };
  app.post('/webhook/:secret', ({ req }) => receive(req.raw, req.param('secret')));

  const recent: number[] = [];
  app.use('/api/*', async ({ req }, next) => {
    checkKey(req.header('x-s4-api-key'), setting.apiKey, req.path);
    checkRate(recent, clock.now());
    await next();
  });
  app.post('/api/v2/events/:secret', ({ req }) => receive(req.raw, req.param('secret')));
  const api = app.basePath('/api/v2');
  addAlertRoutes(api, setting);
  addPeopleRoutes(api, setting);
  addWebhookRoutes(api, setting);
  app.notFound(({ req }) => new S4Error(404, 'Not Found', req.path).toResponse(ids));
  app.onError((error) => {
    if (error instanceof S4Error) return error.toResponse(ids);
    throw error;
  });
  return async (request) => app.fetch(request);
}

function teamOf(store: Signl4Store, secret: string): Team {
  const team = store.teams.find((candidate) => candidate.secret === secret);
  if (!team) throw new S4Error(404, 'Not Found', 'There is no team with this secret');
  return team;
}

/** Events go by the team's secret alone; a key that is sent must be right all the same. */
function checkKey(sent: string | undefined, wanted: string, path: string): void {
  if (sent === wanted || (sent === undefined && path.startsWith('/api/v2/events/'))) return;
  throw new S4Error(sent === undefined ? 401 : 403, sent === undefined ? 'Unauthorized' : 'Forbidden', 'X-S4-Api-Key');
}

function checkRate(recent: number[], now: number): void {
  while (recent[0] !== undefined && recent[0] <= now - 60_000) recent.shift();
  const [oldest] = recent;
  if (recent.length >= REQUESTS_PER_MINUTE && oldest !== undefined) {
    const seconds = Math.ceil((oldest + 60_000 - now) / 1_000);
    throw new S4Error(429, 'Too Many Requests', `Try again in ${seconds} s`, { 'retry-after': String(seconds) });
  }
  recent.push(now);
}

import type { Hono } from 'hono';
import type { BlankEnv, BlankSchema } from 'hono/types';
import { listOf, member, textOf } from '../../domain/json.ts';
import { readJson } from '../http.ts';
import { findAlerts } from './alert-search.ts';
import type { S4Alert, User } from './resources.ts';
import { S4Error } from './s4-error.ts';
import type { Signl4Setting } from './setting.ts';
import type { Signl4Store } from './store.ts';
import { alertDetails, alertInfo, notifications, timeline } from './views.ts';

export type ApiRoutes = Hono<BlankEnv, BlankSchema, string>;

/** `alerts`: raise, read, search and act. */
export function addAlertRoutes(api: ApiRoutes, setting: Signl4Setting): void {
  const { store } = setting;
  api.post('/alerts', async ({ req }) =>
    Response.json(alertDetails(store, raise(store, await readJson(req.raw))), { status: 201 }),
  );
  api.post('/alerts/paged', async ({ req }) =>
    findAlerts(store, await readJson(req.raw), Number(req.query('maxResults') ?? 50)),
  );
  addManyRoutes(api, store);
  api.get('/alerts/:id', ({ req }) => Response.json(alertInfo(store, store.alert(req.param('id')))));
  api.get('/alerts/:id/details', ({ req }) => Response.json(alertDetails(store, store.alert(req.param('id')))));
  api.get('/alerts/:id/timeline', ({ req }) => Response.json(timeline(store.alert(req.param('id')))));
  api.get('/alerts/:id/notifications', ({ req }) => Response.json(notifications(store.alert(req.param('id')))));
  api.get('/alerts/:id/attachments', ({ req }) =>
    Response.json(alertDetails(store, store.alert(req.param('id'))).attachments),
  );
  for (const [path, act] of Object.entries(statusChanges))
    api.post(`/alerts/:id/${path}`, async ({ req }) => {
      const body = await readJson(req.raw);
      return Response.json(
        alertInfo(store, act(store, req.param('id') ?? '', actingUser(store, body, 'uid'), noteOf(body))),
      );
    });
  api.post('/alerts/:id/annotate', async ({ req }) => {
    const body = await readJson(req.raw);
    const text = textOf(member(body, 'text'))?.trim();
    if (!text) throw new S4Error(400, 'Required information could not be found in the request/claims.', 'text');
    const alert = store.alert(req.param('id'));
    const annotation = store.annotate(alert.id, text, actingUser(store, body, 'userId'));
    const { id, at, userId } = annotation;
    return Response.json({ id, teamId: alert.teamId, text, type: 1, userId, timestamp: new Date(at).toISOString() });
  });
  api.post('/alerts/:id/escalateToTeam', async ({ req }) => {
    const body = await readJson(req.raw);
    const target = store.team(textOf(member(body, 'targetTeamId')) ?? '');
    return Response.json(store.escalateToTeam(req.param('id'), target, actingUser(store, body, 'userId')).id);
  });
}

type Act = (store: Signl4Store, id: string, user: User | undefined, note: string) => S4Alert;
const statusChanges: Readonly<Record<string, Act>> = {
  acknowledge: (store, id, user, note) => store.acknowledge(id, user, note),
  close: (store, id, user, note) => store.close(id, user, note),
  undoAcknowledge: (store, id, user) => store.undoAcknowledge(id, user),
  undoClose: (store, id, user) => store.undoClose(id, user),
};

/** The same for lists and for all alerts: what the life cycle forbids is left alone. 204. */
function addManyRoutes(api: ApiRoutes, store: Signl4Store): void {
  const many = async (request: Request, act: Act, ids: readonly string[] | undefined) => {
    const body = await readJson(request);
    const chosen = ids ?? listOf(member(body, 'alertIds')).flatMap((id) => textOf(id) ?? []);
    if (chosen.length === 0 && ids === undefined) throw new S4Error(400, 'Bad Request', 'alertIds');
    const user = actingUser(store, body, 'uid');
    for (const id of chosen) tolerantly(() => act(store, id, user, noteOf(body)));
    return new Response(null, { status: 204 });
  };
  for (const [name, act] of Object.entries(statusChanges))
    api.post(`/alerts/${name}Multiple`, ({ req }) => many(req.raw, act, undefined));
  for (const name of ['acknowledge', 'close'] as const)
    api.post(`/alerts/${name}All`, ({ req }) => many(req.raw, statusChanges[name] as Act, [...store.alerts.keys()]));
}

function tolerantly(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof S4Error) || error.status === 404) throw error;
  }
}

function raise(store: Signl4Store, body: unknown): S4Alert {
  const text = (name: string) => textOf(member(body, name)) ?? '';
  const team = text('teamId') ? store.team(text('teamId')) : store.teams[0];
  if (!team) throw new S4Error(400, 'Required information could not be found in the request/claims.', 'teamId');
  if (!text('title') && !text('text')) throw new S4Error(400, 'Bad Request', 'title or text');
  const severity = Number(text('severity') || 0);
  const parameters = listOf(member(body, 'parameters')).map((parameter) => ({
    name: textOf(member(parameter, 'name')) ?? '',
    value: textOf(member(parameter, 'value')) ?? '',
  }));
  const [title, externalId, category] = [text('title'), text('externalId'), text('category')];
  return store.raise(team, { title, text: text('text'), externalId, category, severity, parameters });
}

/** Undefined: the caller acts as a system. Throws 404 for somebody unknown. */
function actingUser(store: Signl4Store, body: unknown, name: string): User | undefined {
  const id = textOf(member(body, name));
  return id ? store.user(id) : undefined;
}

function noteOf(body: unknown): string {
  return textOf(member(body, 'descr')) ?? '';
}

import { isJsonObject, member, textOf } from '../../domain/json.ts';
import { isGuid } from '../../domain/uuid.ts';
import { publicUrl, readJson } from '../http.ts';
import { badRequest, notFound } from './arm-error.ts';
import type { ChildResource } from './resources.ts';
import { type ArmRoutes, authorize } from './routing.ts';
import { actorOf, authorOf, type SentinelSetting } from './setting.ts';
import { type ChildKind, limits, wireTime } from './store.ts';

/** Comments, relations and tasks of an incident. */
export function addChildRoutes(app: ArmRoutes, setting: SentinelSetting): void {
  addCommentRoutes(app, setting);
  addPlainRoutes(app, setting, 'relations', (properties) => {
    const related = textOf(member(properties, 'relatedResourceId'));
    if (!related) throw badRequest("Required property 'relatedResourceId' is missing");
    const segments = related.split('/');
    const relatedResourceType = segments.slice(-3, -1).join('/');
    return { relatedResourceId: related, relatedResourceName: segments.at(-1) ?? '', relatedResourceType };
  });
  addPlainRoutes(app, setting, 'tasks', (properties) => {
    const title = textOf(member(properties, 'title'));
    const status = textOf(member(properties, 'status')) ?? 'New';
    if (!title) throw badRequest("Required property 'title' is missing");
    if (status !== 'New' && status !== 'Completed') throw badRequest(`'${status}' is not a valid task status`);
    const now = wireTime(setting.clock.now());
    return { title, description: textOf(member(properties, 'description')) ?? '', status, createdTimeUtc: now };
  });
}

function addCommentRoutes(app: ArmRoutes, setting: SentinelSetting): void {
  const { store, access } = setting;

  app.get('/incidents/:id/comments', ({ req, var: { caller } }) => {
    authorize(caller, 'incidents/comments/read', access);
    return Response.json(pageOf(store.incident(req.param('id')).comments, publicUrl(req.raw)));
  });

  app.get('/incidents/:id/comments/:comment', ({ req, var: { caller } }) => {
    authorize(caller, 'incidents/comments/read', access);
    const comment = store.incident(req.param('id')).comments.find(({ name }) => name === req.param('comment'));
    if (!comment) throw notFound(`Comment '${req.param('comment')}'`);
    return Response.json(comment);
  });

  app.put('/incidents/:id/comments/:comment', async ({ req, var: { caller } }) => {
    authorize(caller, 'incidents/comments/write', access);
    const [id, name] = [req.param('id'), req.param('comment')];
    if (!isGuid(name)) throw badRequest(`Comment id '${name}' is not a GUID`);
    const message = readMessage(member(await readJson(req.raw), 'properties'));
    const isNew = !store.incident(id).comments.some((comment) => comment.name === name);
    const comment = store.putComment(id, { name, message }, authorOf(caller), actorOf(caller, setting));
    return Response.json(comment, { status: isNew ? 201 : 200 });
  });

  app.delete('/incidents/:id/comments/:comment', ({ req, var: { caller } }) => {
    authorize(caller, 'incidents/comments/delete', access);
    const wasThere = store.deleteChild(req.param('id'), 'comments', req.param('comment'));
    return new Response(null, { status: wasThere ? 200 : 204 });
  });
}

/** Throws 400 for anything but a string of up to 30,000 characters. */
export function readMessage(properties: unknown): string {
  const message = textOf(member(properties, 'message'));
  if (!message) throw badRequest("Required property 'message' is missing");
  if (message.length > limits.commentCharacters)
    throw badRequest(`Comment exceeds ${limits.commentCharacters} characters (${message.length})`);
  return message;
}

/** List, read, write and delete of a kind that is kept as written. */
function addPlainRoutes(
  app: ArmRoutes,
  setting: SentinelSetting,
  kind: Exclude<ChildKind, 'bookmarks'>,
  read: (properties: unknown) => Readonly<Record<string, unknown>>,
): void {
  const { store, access } = setting;
  const find = (id: string, name: string): ChildResource | undefined =>
    store.incident(id)[kind].find((child) => child.name === name);

  app.get(`/incidents/:id/${kind}`, ({ req, var: { caller } }) => {
    authorize(caller, `incidents/${kind}/read`, access);
    return Response.json({ value: store.incident(req.param('id'))[kind] });
  });
  app.get(`/incidents/:id/${kind}/:name`, ({ req, var: { caller } }) => {
    authorize(caller, `incidents/${kind}/read`, access);
    const child = find(req.param('id'), req.param('name'));
    if (!child) throw notFound(`'${kind}/${req.param('name')}'`);
    return Response.json(child);
  });
  app.put(`/incidents/:id/${kind}/:name`, async ({ req, var: { caller } }) => {
    authorize(caller, `incidents/${kind}/write`, access);
    const [id, name] = [req.param('id'), req.param('name')];
    const isNew = find(id, name) === undefined;
    if (kind === 'tasks' && isNew && store.incident(id).tasks.length >= limits.tasks)
      throw badRequest(`An incident holds at most ${limits.tasks} tasks`);
    const body = await readJson(req.raw);
    if (!isJsonObject(member(body, 'properties'))) throw badRequest("The request body needs 'properties'");
    const child = store.putChild(id, kind, name, read(member(body, 'properties')));
    return Response.json(child, { status: isNew ? 201 : 200 });
  });
  app.delete(`/incidents/:id/${kind}/:name`, ({ req, var: { caller } }) => {
    authorize(caller, `incidents/${kind}/delete`, access);
    const wasThere = store.deleteChild(req.param('id'), kind, req.param('name'));
    return new Response(null, { status: wasThere ? 200 : 204 });
  });
}

/** Pages of a list that is short by its nature: `$top` and `$skipToken` only. */
function pageOf<T>(items: readonly T[], url: URL): { value: readonly T[]; nextLink?: string } {
  const size = Number(url.searchParams.get('$top') ?? items.length) || items.length;
  const start = Number(url.searchParams.get('$skipToken') ?? 0);
  const value = items.slice(start, start + size);
  if (start + size >= items.length) return { value };
  const next = new URL(url);
  next.searchParams.set('$skipToken', String(start + size));
  return { value, nextLink: next.href };
}

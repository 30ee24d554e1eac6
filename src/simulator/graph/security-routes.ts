import type { Hono } from 'hono';
import { isJsonObject, listOf, member, textOf } from '../../domain/json.ts';
import { isoTime } from '../clock.ts';
import type { Principal } from '../entra/directory.ts';
import { readJson } from '../http.ts';
import { type GraphEnv, type GraphSetting, needRole } from './app.ts';
import { GraphError } from './graph-error.ts';
import { collection } from './query.ts';
import {
  type GraphAlert,
  type GraphComment,
  type GraphIncident,
  graphClassifications,
  graphDeterminations,
  graphStatuses,
} from './resources.ts';

const PAGE = { incidents: { usual: 50, most: 50 }, alerts: { usual: 100, most: 2_000 } };
const READ_INCIDENT = ['SecurityIncident.Read.All', 'SecurityIncident.ReadWrite.All'];
const WRITE_INCIDENT = ['SecurityIncident.ReadWrite.All'];
const READ_ALERT = ['SecurityAlert.Read.All', 'SecurityAlert.ReadWrite.All'];
const WRITE_ALERT = ['SecurityAlert.ReadWrite.All'];

/** `security/incidents` and `security/alerts_v2`: list, read, change, comment. */
export function addSecurityRoutes(app: Hono<GraphEnv>, setting: GraphSetting): void {
  const { store } = setting;
  const incidentOf = (id: string) => existing(store.incidents.get(id), 'incident', id);
  const alertOf = (id: string) => existing(store.alerts.get(id), 'alert', id);
  const view = (incident: GraphIncident, expand: string | undefined) =>
    expand?.split(',').includes('alerts') ? { ...incident, alerts: store.alertsOf(incident.id) } : incident;

  app.get('/v1.0/security/incidents', (context) => {
    needRole(context, READ_INCIDENT);
    const items = [...store.incidents.values()].map((incident) => view(incident, context.req.query('$expand')));
    return collection(items, new URL(context.req.url), PAGE.incidents);
  });
  app.get('/v1.0/security/incidents/:id', (context) => {
    needRole(context, READ_INCIDENT);
    return Response.json(view(incidentOf(context.req.param('id')), context.req.query('$expand')));
  });
  app.get('/v1.0/security/incidents/:id/alerts', (context) => {
    needRole(context, READ_INCIDENT);
    const { id } = incidentOf(context.req.param('id'));
    return collection(store.alertsOf(id), new URL(context.req.url), PAGE.alerts);
  });
  app.patch('/v1.0/security/incidents/:id', async (context) => {
    needRole(context, WRITE_INCIDENT);
    const incident = incidentOf(context.req.param('id'));
    const changes = readChanges(await readJson(context.req.raw), incidentMembers);
    store.change(incident.id, changes, context.get('caller').displayName);
    return Response.json(incident);
  });
  app.post('/v1.0/security/incidents/:id/comments', async (context) => {
    needRole(context, WRITE_INCIDENT);
    return addComment(incidentOf(context.req.param('id')), context.req.raw, context.get('caller'), setting);
  });

  app.get('/v1.0/security/alerts_v2', (context) => {
    needRole(context, READ_ALERT);
    return collection([...store.alerts.values()], new URL(context.req.url), PAGE.alerts);
  });
  app.get('/v1.0/security/alerts_v2/:id', (context) => {
    needRole(context, READ_ALERT);
    return Response.json(alertOf(context.req.param('id')));
  });
  app.patch('/v1.0/security/alerts_v2/:id', async (context) => {
    needRole(context, WRITE_ALERT);
    const alert = alertOf(context.req.param('id'));
    Object.assign(alert, readChanges(await readJson(context.req.raw), alertMembers));
    store.touch(alert);
    return Response.json(alert);
  });
  app.post('/v1.0/security/alerts_v2/:id/comments', async (context) => {
    needRole(context, WRITE_ALERT);
    return addComment(alertOf(context.req.param('id')), context.req.raw, context.get('caller'), setting);
  });
}

function existing<T>(resource: T | undefined, kind: string, id: string): T {
  if (resource === undefined) throw new GraphError(404, 'NotFound', `The ${kind} '${id}' was not found.`);
  return resource;
}

type Check = (value: unknown) => boolean;
const isText: Check = (value) => typeof value === 'string' || value === null;
const oneOf =
  (allowed: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && allowed.includes(value);

/** What PATCH takes: member to the values that are valid. `redirected` is Defender's own to set. */
const incidentMembers: Readonly<Record<string, Check>> = {
  status: oneOf(graphStatuses.filter((status) => status !== 'redirected')),
  assignedTo: isText,
  classification: oneOf(graphClassifications),
  determination: oneOf(graphDeterminations),
  customTags: (value) => Array.isArray(value) && value.every((tag) => typeof tag === 'string'),
  displayName: isText,
  description: isText,
  resolvingComment: isText,
  severity: oneOf(['informational', 'low', 'medium', 'high']),
};
const alertMembers: Readonly<Record<string, Check>> = {
  status: oneOf(['new', 'inProgress', 'resolved']),
  assignedTo: isText,
  classification: oneOf(graphClassifications),
  determination: oneOf(graphDeterminations),
};

function readChanges(body: unknown, members: Readonly<Record<string, Check>>): Record<string, unknown> {
  if (!isJsonObject(body)) throw new GraphError(400, 'BadRequest', 'Unable to read JSON request payload.');
  const entries = Object.entries(body).filter(([name]) => !name.startsWith('@odata'));
  for (const [name, value] of entries) {
    const isValid = members[name];
    if (!isValid) throw new GraphError(400, 'BadRequest', `The property '${name}' cannot be updated.`);
    if (!isValid(value))
      throw new GraphError(400, 'BadRequest', `Invalid value for '${name}': ${JSON.stringify(value)}`);
  }
  return Object.fromEntries(entries.map(([name, value]) => [name, Array.isArray(value) ? [...listOf(value)] : value]));
}

async function addComment(
  resource: GraphIncident | GraphAlert,
  request: Request,
  caller: Principal,
  { clock, store }: GraphSetting,
): Promise<Response> {
  const text = textOf(member(await readJson(request), 'comment'));
  if (!text) throw new GraphError(400, 'BadRequest', "The property 'comment' is required.");
  const comment: GraphComment = {
    '@odata.type': '#microsoft.graph.security.alertComment',
    comment: text,
    createdByDisplayName: caller.displayName,
    createdDateTime: isoTime(clock.now()),
  };
  resource.comments.push(comment);
  store.touch(resource);
  return Response.json({ '@odata.context': '$metadata', value: resource.comments });
}

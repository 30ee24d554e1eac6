import type { Context, Hono } from 'hono';
import { isJsonObject, listOf, member, textOf } from '../../domain/json.ts';
import type { Principal } from '../entra/directory.ts';
import { readJson } from '../http.ts';
import {
  alertClassifications,
  alertDeterminations,
  alertSeverities,
  alertStatuses,
  alertWithoutHidden,
  type GraphEnum,
  withoutHidden,
} from './enums.ts';
import { GraphError } from './graph-error.ts';
import { collection } from './query.ts';
import type { GraphAlert, GraphIncident } from './resources.ts';
import { type GraphEnv, type GraphSetting, needRole } from './setting.ts';

const PAGE = { incidents: { usual: 50, most: 50 }, alerts: { usual: 100, most: 1_000 } };
const FILTERABLE = [
  ...['assignedTo', 'classification', 'createdDateTime', 'determination', 'lastUpdateDateTime', 'severity', 'status'],
];
const READ_INCIDENT = ['SecurityIncident.Read.All', 'SecurityIncident.ReadWrite.All'];
const WRITE_INCIDENT = ['SecurityIncident.ReadWrite.All'];
/** Also those of incidents, as the service's own refusal says. */
const READ_ALERT = ['SecurityAlert.Read.All', 'SecurityAlert.ReadWrite.All', ...READ_INCIDENT];
const WRITE_ALERT = ['SecurityAlert.ReadWrite.All'];

/**
 * `security/incidents` and `security/alerts_v2`: list, read, change, comment. What came after `unknownFutureValue` is told only to
 * who asks for it with `Prefer: include-unknown-enum-members`.
 */
export function addSecurityRoutes(app: Hono<GraphEnv>, setting: GraphSetting): void {
  const { store } = setting;
  const incidentOf = (id: string) => existing(store.incidents.get(id), 'incident', id);
  const alertOf = (id: string) => existing(store.alerts.get(id), 'alert', id);
  const view = (incident: GraphIncident, expand: string | undefined) =>
    expand?.split(',').includes('alerts') ? { ...incident, alerts: store.alertsOf(incident.id) } : incident;
  const answer = (context: Context<GraphEnv>, resource: object, hide: typeof withoutHidden) =>
    Response.json(tellsAll(context) ? resource : hide(resource));

  app.get('/v1.0/security/incidents', (context) => {
    needRole(context, READ_INCIDENT);
    const items = [...store.incidents.values()].map((incident) => view(incident, context.req.query('$expand')));
    return collection(items, new URL(context.req.url), PAGE.incidents, {
      filterable: FILTERABLE,
      show: tellsAll(context) ? (item) => item : withoutHidden,
    });
  });
  app.get('/v1.0/security/incidents/:id', (context) => {
    needRole(context, READ_INCIDENT);
    return answer(context, view(incidentOf(context.req.param('id')), context.req.query('$expand')), withoutHidden);
  });
  app.get('/v1.0/security/incidents/:id/alerts', (context) => {
    needRole(context, READ_INCIDENT);
    const { id } = incidentOf(context.req.param('id'));
    return collection(store.alertsOf(id), new URL(context.req.url), PAGE.alerts, shownAlerts(context));
  });
  app.patch('/v1.0/security/incidents/:id', async (context) => {
    needRole(context, WRITE_INCIDENT);
    const incident = incidentOf(context.req.param('id'));
    const changes = readChanges(await readJson(context.req.raw), incidentMembers);
    store.change(incident.id, changes, context.get('caller').displayName);
    return answer(context, incident, withoutHidden);
  });
  app.post('/v1.0/security/incidents/:id/comments', async (context) => {
    needRole(context, WRITE_INCIDENT);
    return addComment(incidentOf(context.req.param('id')), context.req.raw, context.get('caller'), setting);
  });

  app.get('/v1.0/security/alerts_v2', (context) => {
    needRole(context, READ_ALERT);
    return collection([...store.alerts.values()], new URL(context.req.url), PAGE.alerts, shownAlerts(context));
  });
  app.get('/v1.0/security/alerts_v2/:id', (context) => {
    needRole(context, READ_ALERT);
    return answer(context, alertOf(context.req.param('id')), alertWithoutHidden);
  });
  app.patch('/v1.0/security/alerts_v2/:id', async (context) => {
    needRole(context, WRITE_ALERT);
    const alert = alertOf(context.req.param('id'));
    Object.assign(alert, readChanges(await readJson(context.req.raw), alertMembers));
    store.touch(alert);
    return answer(context, alert, alertWithoutHidden);
  });
  app.post('/v1.0/security/alerts_v2/:id/comments', async (context) => {
    needRole(context, WRITE_ALERT);
    return addComment(alertOf(context.req.param('id')), context.req.raw, context.get('caller'), setting);
  });
}

const tellsAll = ({ req }: Context<GraphEnv>) => /\binclude-unknown-enum-members\b/i.test(req.header('prefer') ?? '');

const shownAlerts = (context: Context<GraphEnv>) => ({
  filterable: [...FILTERABLE, 'serviceSource'],
  show: tellsAll(context) ? (item: object) => item : alertWithoutHidden,
});

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
const oneOrNull =
  ({ known }: GraphEnum): Check =>
  (value) =>
    value === null || oneOf(known)(value);

/** What PATCH takes: member to the values that are valid. `redirected` and `awaitingAction` are Defender's own to set. */
const incidentMembers: Readonly<Record<string, Check>> = {
  status: oneOf(['active', 'inProgress', 'resolved']),
  assignedTo: isText,
  classification: oneOrNull(alertClassifications),
  determination: oneOrNull(alertDeterminations),
  customTags: (value) => Array.isArray(value) && value.every((tag) => typeof tag === 'string'),
  displayName: isText,
  description: isText,
  summary: isText,
  resolvingComment: isText,
  severity: oneOf(alertSeverities.known),
};
const alertMembers: Readonly<Record<string, Check>> = {
  status: oneOf(alertStatuses.known),
  assignedTo: isText,
  classification: oneOrNull(alertClassifications),
  determination: oneOrNull(alertDeterminations),
};

function readChanges(body: unknown, members: Readonly<Record<string, Check>>): Record<string, unknown> {
  if (!isJsonObject(body)) throw new GraphError(400, 'BadRequest', 'Unable to read JSON request payload.');
  const entries = Object.entries(body).filter(([name]) => !name.startsWith('@odata'));
  for (const [name, value] of entries) {
    // The service does not say which member it is.
    if (!members[name]?.(value)) throw new GraphError(400, 'InvalidRequestBody', 'Request body is incorrect');
  }
  return Object.fromEntries(entries.map(([name, value]) => [name, Array.isArray(value) ? [...listOf(value)] : value]));
}

async function addComment(
  resource: GraphIncident | GraphAlert,
  request: Request,
  caller: Principal,
  { store }: GraphSetting,
): Promise<Response> {
  const text = textOf(member(await readJson(request), 'comment'));
  if (!text) throw new GraphError(400, 'BadRequest', "The property 'comment' is required.");
  return Response.json({ '@odata.context': '$metadata', value: store.comment(resource, text, caller.displayName) });
}

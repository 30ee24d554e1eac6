import { isJsonObject, member, textOf } from '../../domain/json.ts';
import { isGuid } from '../../domain/uuid.ts';
import { publicUrl, readJson } from '../http.ts';
import { ArmError, badRequest } from './arm-error.ts';
import { readIncidentBody } from './incident-body.ts';
import { listIncidents } from './incident-list.ts';
import { type ArmRoutes, authorize } from './routing.ts';
import { runPlaybook } from './run-playbook.ts';
import { actorOf, type SentinelSetting } from './setting.ts';
import { incidentTriggerBody } from './trigger-body.ts';
import { incidentResource } from './views.ts';

/** `incidents` and the operations on one incident. */
export function addIncidentRoutes(app: ArmRoutes, setting: SentinelSetting): void {
  const { store, access } = setting;

  app.get('/incidents', ({ req, var: { caller } }) => {
    authorize(caller, 'incidents/read', access);
    return Response.json(listIncidents(store, publicUrl(req.raw)));
  });

  app.get('/incidents/:id', ({ req, var: { caller } }) => {
    authorize(caller, 'incidents/read', access);
    return Response.json(incidentResource(store, store.incident(req.param('id'))));
  });

  app.put('/incidents/:id', async ({ req, var: { caller } }) => {
    authorize(caller, 'incidents/write', access);
    return putIncident(req.raw, req.param('id'), actorOf(caller, setting), setting);
  });

  app.delete('/incidents/:id', ({ req, var: { caller } }) => {
    authorize(caller, 'incidents/delete', access);
    if (!store.incidents.has(req.param('id'))) return new Response(null, { status: 204 });
    store.delete(req.param('id'));
    return new Response(null, { status: 200 });
  });

  app.post('/incidents/:id/alerts', ({ req, var: { caller } }) => {
    authorize(caller, 'incidents/read', access);
    return Response.json({ value: store.incident(req.param('id')).alerts });
  });

  app.post('/incidents/:id/bookmarks', ({ req, var: { caller } }) => {
    authorize(caller, 'incidents/read', access);
    return Response.json({ value: store.incident(req.param('id')).bookmarks });
  });

  app.post('/incidents/:id/entities', ({ req, var: { caller } }) => {
    authorize(caller, 'incidents/read', access);
    const { entities } = store.incident(req.param('id'));
    const metaData = [...Map.groupBy(entities, ({ kind }) => kind)].map(([entityKind, { length: count }]) => ({
      entityKind,
      count,
    }));
    return Response.json({ entities, metaData });
  });

  app.post('/incidents/:id/runplaybook', async ({ req, var: { caller } }) => {
    authorize(caller, 'incidents/runPlaybook/action', access);
    const incident = store.incident(req.param('id'));
    const by = actorOf(caller, setting);
    const change = { event: 'Create', incident, by, updatedFields: [], added: nothing } as const;
    const eventId = setting.ids.guid('trigger event');
    // By hand there is no change: the body has no `incidentUpdates`.
    const bodyOf = () => incidentTriggerBody(store, change, eventId, setting.automation.settings.style);
    return runPlaybook(req.raw, caller, setting, { trigger: 'incident', bodyOf });
  });
}

const nothing = { alerts: [], comments: [], labels: [], tactics: [] };

/**
 * Create or replace. An existing incident is replaced only by a caller who has read its newest version: the ETag is in the body
 * (409 where it is old or missing) or in `If-Match` (412).
 */
async function putIncident(
  request: Request,
  id: string,
  actor: ReturnType<typeof actorOf>,
  { store, directory }: SentinelSetting,
): Promise<Response> {
  const body = await readJson(request);
  if (!isJsonObject(body)) throw badRequest('The request body is not a JSON object');
  const properties = readIncidentBody(member(body, 'properties'), directory);
  const existing = store.incidents.get(id);
  if (!existing) {
    if (!isGuid(id)) throw badRequest(`Incident id '${id}' is not a GUID`);
    const created = store.createIncident({ name: id, title: properties.title, properties }, actor);
    return Response.json(incidentResource(store, created), { status: 201 });
  }
  const condition = request.headers.get('if-match');
  if (condition !== null && condition !== '*') {
    try {
      store.checkEtag(existing, condition);
    } catch {
      throw new ArmError(
        412,
        'PreconditionFailed',
        `The condition specified using HTTP conditional header(s) is not met: If-Match ${condition}`,
      );
    }
  }
  const etag = textOf(member(body, 'etag')) ?? (condition === null ? '' : undefined);
  return Response.json(incidentResource(store, store.replace(id, properties, actor, etag)));
}

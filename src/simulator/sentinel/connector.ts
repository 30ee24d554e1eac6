import { Hono } from 'hono';
import { classifications, splitClassification } from '../../domain/classification.ts';
import { isJsonObject, listOf, member, memberAt, textOf } from '../../domain/json.ts';
import { parseSeverity } from '../../domain/severity.ts';
import { parseIncidentStatus } from '../../domain/status.ts';
import { capitalized } from '../../domain/text.ts';
import type { Principal } from '../entra/directory.ts';
import { type Handler, readJson } from '../http.ts';
import { ArmError, badRequest, notFound } from './arm-error.ts';
import { readMessage } from './child-routes.ts';
import { ownerByKey } from './incident-body.ts';
import { nobody } from './new-incident.ts';
import type { Label, WritableProperties } from './resources.ts';
import { authorize } from './routing.ts';
import { actorOf, authorOf, type SentinelSetting } from './setting.ts';
import { wireTime } from './store.ts';
import { triggerObject } from './trigger-body.ts';

/**
 * The managed connector `azuresentinel`, called as a connection that signs in as `caller`. Paths are those of an
 * ApiConnection action (`/Incidents`), read without case. `latencyMs` lies between the connector's own reading and writing:
 * two updates that overlap conflict, as in a parallel loop.
 */
export function createConnector(setting: SentinelSetting, caller: Principal, latencyMs = 0): Handler {
  const app = new Hono({ getPath: (request) => new URL(request.url).pathname.toLowerCase() });
  const { store, access } = setting;
  const found = (body: unknown) => store.incident(required(body, 'incidentArmId'));

  app.post('/incidents', async ({ req }) => {
    authorize(caller, 'incidents/read', access);
    return Response.json(triggerObject(store, found(await readJson(req.raw))));
  });

  app.put('/incidents', async ({ req }) => {
    authorize(caller, 'incidents/write', access);
    const body = await readJson(req.raw);
    const { etag, properties, name } = found(body);
    const changed = updated(properties, body, setting);
    if (latencyMs > 0) await setting.clock.sleep(latencyMs, req.raw.signal);
    return Response.json(triggerObject(store, store.replace(name, changed, actorOf(caller, setting), etag)));
  });

  app.post('/incidents/comment', async ({ req }) => {
    authorize(caller, 'incidents/comments/write', access);
    const body = await readJson(req.raw);
    const message = readMessage(body);
    return Response.json(store.putComment(found(body).name, { message }, authorOf(caller), actorOf(caller, setting)));
  });

  app.post('/incidents/createtask', async ({ req }) => {
    authorize(caller, 'incidents/tasks/write', access);
    const body = await readJson(req.raw);
    const createdTimeUtc = wireTime(setting.clock.now());
    const description = textOf(member(body, 'taskDescription')) ?? '';
    const task = { title: required(body, 'taskTitle'), description, status: 'New', createdTimeUtc };
    return Response.json(store.putChild(found(body).name, 'tasks', setting.ids.guid('task'), task));
  });

  app.post('/entities/:kind', async ({ req }) => {
    const [, answer, kind] = entityOperations.find(([path]) => path === req.param('kind')) ?? [];
    if (answer === undefined) throw notFound(`Operation '/entities/${req.param('kind')}'`);
    const entities = await readJson(req.raw);
    if (!Array.isArray(entities)) throw badRequest('The body must be the array of related entities');
    return Response.json({ [answer]: entities.filter((entity) => hasKind(entity, kind)).map(flatEntity) });
  });

  app.notFound(({ req }) => notFound(`Operation ${req.method} '${new URL(req.url).pathname}'`).toResponse());
  app.onError((error) => {
    if (error instanceof ArmError) return error.toResponse();
    throw error;
  });
  return async (request) => app.fetch(request);
}

/** Path, name of the list in the answer, kind of the entities. */
const entityOperations: readonly (readonly [path: string, answer: string, kind: string])[] = [
  ['account', 'Accounts', 'Account'],
  ['host', 'Hosts', 'Host'],
  ['ip', 'IPs', 'Ip'],
  ['url', 'URLs', 'Url'],
  ['filehash', 'Filehashes', 'FileHash'],
  ['dnsresolution', 'Dnsresolutions', 'DnsResolution'],
];

function hasKind(entity: unknown, kind: string | undefined): boolean {
  return textOf(member(entity, 'kind'))?.toLowerCase() === kind?.toLowerCase();
}

/** The connector's names of properties that the REST API spells otherwise. */
const flatNames: Readonly<Record<string, string>> = { accountName: 'Name', hashValue: 'Value' };

function flatEntity(entity: unknown): Record<string, unknown> {
  const properties = member(entity, 'properties');
  if (!isJsonObject(properties)) return {};
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [flatNames[name] ?? capitalized(name), value]),
  );
}

/** Applies an UpdateIncident body; a member that is left out or null changes nothing. Throws 400. */
function updated(now: WritableProperties, body: unknown, { directory }: SentinelSetting): WritableProperties {
  const status = optionalEnum(body, 'status', parseIncidentStatus) ?? now.status;
  const severity = optionalEnum(body, 'severity', parseSeverity) ?? now.severity;
  const { classification, classificationReason, classificationComment, ...rest } = now;
  const kept = {
    ...(classification && { classification }),
    ...(classificationReason && { classificationReason }),
    ...(classificationComment && { classificationComment }),
  };
  return {
    ...rest,
    status,
    severity,
    ...(status === 'Closed' && { ...kept, ...closing(body, now) }),
    ...owner(body, directory),
    labels: labels(now.labels, body),
  };
}

function closing(body: unknown, now: WritableProperties) {
  const text = textOf(memberAt(body, 'classification', 'ClassificationAndReason'));
  if (text === undefined && now.status === 'Closed') return {};
  const known = classifications.find((candidate) => candidate === text);
  if (known === undefined)
    throw badRequest(`'${text ?? ''}' is not a valid classification; allowed: ${classifications.join(', ')}`);
  const { classification, classificationReason } = splitClassification(known);
  const comment = textOf(memberAt(body, 'classification', 'ClassificationReasonText'));
  return {
    classification: classification as NonNullable<WritableProperties['classification']>,
    ...(classificationReason && { classificationReason }),
    ...(comment && { classificationComment: comment }),
  };
}

function owner(body: unknown, directory: SentinelSetting['directory']): Pick<WritableProperties, 'owner'> | undefined {
  const action = textOf(member(body, 'ownerAction'));
  if (action === undefined) return undefined;
  if (action === 'Unassign') return { owner: nobody };
  if (action !== 'Assign') throw badRequest(`'${action}' is not a valid ownerAction; allowed: Assign, Unassign`);
  return { owner: ownerByKey(required(body, 'owner'), directory) };
}

function labels(now: readonly Label[], body: unknown): Label[] {
  const tags = (add: string, inner: string) =>
    listOf(memberAt(body, add, inner)).flatMap((tag) => textOf(member(tag, 'Tag'))?.trim() || []);
  const removed = tags('tagsToRemove', 'TagsToRemove');
  const kept = now.filter(({ labelName }) => !removed.includes(labelName));
  const added = tags('tagsToAdd', 'TagsToAdd').filter((tag) => !kept.some(({ labelName }) => labelName === tag));
  return [...kept, ...[...new Set(added)].map((labelName): Label => ({ labelName, labelType: 'User' }))];
}

function required(body: unknown, name: string): string {
  const text = textOf(member(body, name));
  if (!text) throw badRequest(`Required property '${name}' is missing`);
  return text;
}

function optionalEnum<T>(body: unknown, name: string, parse: (value: unknown) => T | undefined): T | undefined {
  const value = member(body, name);
  if (value === undefined || value === null || value === '') return undefined;
  const parsed = parse(value);
  if (parsed === undefined) throw badRequest(`'${String(value)}' is not a valid ${name}`);
  return parsed;
}

import { Hono } from 'hono';
import { type JsonObject, memberAt, textOf } from '../../domain/json.ts';
import { GRAPH_APP_ID, graphPermissions, huntingPermission, readUsersPermission } from '../../domain/roles.ts';
import { GraphError } from '../graph/graph-error.ts';
import { type Handler, readJson } from '../http.ts';
import { type AzureSetting, lower, principalIn, type StoredApplication } from './state.ts';

/**
 * Microsoft Graph: applications, service principals and application permissions; everything else is the world's own. What was
 * just made cannot be found yet: by id for a while, by search for longer, and each call says so in its own way.
 */
export function createDirectory(setting: AzureSetting): Handler {
  const { state, world } = setting;
  const app = new Hono();
  app.use('*', async ({ req }, next) => {
    const path = new URL(req.url).pathname;
    if (!ours.test(path)) return world.graph.fetch(req.raw);
    const caller = await world.entra.tokens.authenticate(req.raw, ['https://graph.microsoft.com']);
    if ('problem' in caller)
      throw new GraphError(401, 'InvalidAuthenticationToken', `Access token is ${caller.problem}.`);
    if (state.troubles.forbidden.some((each) => each.test(lower(path))))
      throw new GraphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
    await next();
  });
  addApplications(app, setting);
  addPrincipals(app, setting);
  app.onError((error) => {
    if (error instanceof GraphError) return error.toResponse(world);
    throw error;
  });
  return async (request) => app.fetch(request);
}

const ours = /^\/v1\.0\/(applications|servicePrincipals)(\/|\(|$)/i;

const age = ({ state, world }: AzureSetting, id: string) =>
  world.clock.now() - (state.bornAt.get(id) ?? Number.NEGATIVE_INFINITY);
const isReplicated = (setting: AzureSetting, id: string) => age(setting, id) >= setting.state.lags.directory;
const isFound = (setting: AzureSetting, id: string) =>
  age(setting, id) >= Math.max(setting.state.lags.directory, setting.state.lags.search);

function missing(id: string): GraphError {
  return new GraphError(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );
}

function filtered(query: string | undefined, name: string): string | undefined {
  return new RegExp(`${name} eq '((?:[^']|'')*)'`).exec(query ?? '')?.[1]?.replaceAll("''", "'");
}

/** `{id}`, or `(appId='…')` and `(uniqueName='…')` as an alternate key. */
function applicationAt({ state }: AzureSetting, key: string): StoredApplication | undefined {
  const [, name, value] = /^\((\w+)='(.*)'\)$/.exec(key) ?? [];
  return state.applications.find((each) =>
    name === undefined ? each.id === key : each[name as 'appId' | 'uniqueName'] === value,
  );
}

function addApplications(app: Hono, setting: AzureSetting): void {
  const { state, world } = setting;
  const replicated = (key: string): StoredApplication => {
    const application = applicationAt(setting, key);
    if (!application || !isReplicated(setting, application.id)) throw missing(key);
    return application;
  };
  app.get('/v1.0/applications', ({ req }) => {
    const name = filtered(req.query('$filter'), 'displayName');
    const appId = filtered(req.query('$filter'), 'appId');
    const value = state.applications.filter(
      (each) =>
        (name === undefined || each.displayName === name) &&
        (appId === undefined || each.appId === appId) &&
        isFound(setting, each.id),
    );
    return Response.json({ value });
  });
  app.post('/v1.0/applications', async ({ req }) => {
    const body = (await readJson(req.raw)) as Partial<StoredApplication>;
    if (!body.displayName)
      throw new GraphError(
        400,
        'Request_BadRequest',
        "A value is required for property 'displayName' of resource 'Application'.",
      );
    const application: StoredApplication = {
      ...body,
      ...{ id: world.ids.guid('application'), appId: world.ids.guid('client id') },
      displayName: body.displayName,
      passwordCredentials: [],
    };
    state.applications.push(application);
    state.bornAt.set(application.id, world.clock.now());
    return Response.json(application, { status: 201 });
  });
  app.get('/v1.0/applications/:id', ({ req }) => Response.json(replicated(req.param('id'))));
  app.get('/v1.0/:key{applications\\(.+\\)}', ({ req }) =>
    Response.json(replicated(decodeURIComponent(req.param('key')).slice('applications'.length))),
  );
  app.patch('/v1.0/applications/:id', async ({ req }) => {
    Object.assign(replicated(req.param('id')), (await readJson(req.raw)) as object);
    return new Response(null, { status: 204 });
  });
  app.delete('/v1.0/applications/:id', ({ req }) => {
    const application = replicated(req.param('id'));
    state.applications.splice(state.applications.indexOf(application), 1);
    removePrincipal(setting, application.appId);
    return new Response(null, { status: 204 });
  });
  app.post('/v1.0/applications/:id/addPassword', async ({ req }) => {
    const given = memberAt(await readJson(req.raw), 'passwordCredential');
    const application = replicated(req.param('id'));
    const keyId = world.ids.guid('client secret');
    const secretText = `made~up~${world.ids.guid('client secret text')}`;
    const endDateTime =
      textOf(memberAt(given, 'endDateTime')) ?? new Date(world.clock.now() + 2 * 365 * DAY).toISOString();
    const credential = {
      keyId,
      displayName: textOf(memberAt(given, 'displayName')) ?? '',
      endDateTime,
      hint: secretText.slice(0, 3),
    };
    application.passwordCredentials.push(credential);
    letSignIn(setting, application, keyId, secretText, Date.parse(endDateTime));
    return Response.json({ ...credential, secretText });
  });
  app.post('/v1.0/applications/:id/removePassword', async ({ req }) => {
    const keyId = textOf(memberAt(await readJson(req.raw), 'keyId'));
    const application = replicated(req.param('id'));
    if (!application.passwordCredentials.some((each) => each.keyId === keyId))
      throw new GraphError(400, 'Request_BadRequest', 'No password credential found with keyId.');
    application.passwordCredentials = application.passwordCredentials.filter((each) => each.keyId !== keyId);
    renewSecrets(setting, application.appId);
    return new Response(null, { status: 204 });
  });
}

const DAY = 86_400_000;

/** The secret signs in after its lag, as long as it is not removed. */
function letSignIn(
  setting: AzureSetting,
  { appId }: StoredApplication,
  keyId: string,
  text: string,
  ends: number,
): void {
  const { state, world } = setting;
  const work = () => {
    state.signIns.set(keyId, { appId, text, ends });
    renewSecrets(setting, appId);
  };
  if (state.lags.secret === 0) work();
  else world.clock.after(state.lags.secret, work);
}

/** What the principal of an application signs in with: the secrets that are there and work by now. */
function renewSecrets({ state, world }: AzureSetting, appId: string): void {
  const { directory } = world.entra;
  const principal = directory.findApp(appId);
  const keys = state.applications.find((each) => each.appId === appId)?.passwordCredentials ?? [];
  const working = keys.flatMap(({ keyId }) => state.signIns.get(keyId) ?? []);
  if (principal)
    directory.add({ ...principal, secrets: Object.fromEntries(working.map(({ text, ends }) => [text, ends])) });
}

function removePrincipal({ state, world }: AzureSetting, appId: string): void {
  const id = state.servicePrincipals.get(appId);
  state.servicePrincipals.delete(appId);
  if (id !== undefined) world.entra.directory.principals.delete(lower(id));
}

function addPrincipals(app: Hono, setting: AzureSetting): void {
  const { state, world } = setting;
  const known = (id: string) =>
    [...state.servicePrincipals.values()].includes(id) || world.entra.directory.find(id) !== undefined;
  app.get('/v1.0/servicePrincipals', ({ req }) => {
    const appId = filtered(req.query('$filter'), 'appId') ?? '';
    const id = principalIn(setting, state.callerTenant, appId) ?? world.entra.directory.findApp(appId)?.objectId;
    return Response.json({ value: id === undefined || !isFound(setting, id) ? [] : [{ id, appId }] });
  });
  app.post('/v1.0/servicePrincipals', async ({ req }) => {
    const appId = textOf(memberAt(await readJson(req.raw), 'appId')) ?? '';
    const application = state.applications.find((each) => each.appId === appId);
    if (!application || !isReplicated(setting, application.id))
      throw new GraphError(
        400,
        'Request_BadRequest',
        `The appId '${appId}' of the service principal does not reference a valid application object.`,
        'NoBackingApplicationObject',
      );
    if (state.servicePrincipals.has(appId))
      throw new GraphError(
        409,
        'Request_MultipleObjectsWithSameKeyValue',
        `The service principal cannot be created, updated, or restored because the service principal name ${appId} is already in use.`,
      );
    const id = world.ids.guid('service principal');
    state.servicePrincipals.set(appId, id);
    state.bornAt.set(id, world.clock.now());
    world.entra.directory.add({
      objectId: id,
      appId,
      kind: 'ServicePrincipal',
      displayName: application.displayName,
      appRoles: {},
    });
    renewSecrets(setting, appId);
    return Response.json({ id, appId }, { status: 201 });
  });
  app.get('/v1.0/servicePrincipals/:id/appRoleAssignments', ({ req }) => {
    const id = req.param('id');
    if (!known(id) || !isReplicated(setting, id)) throw missing(id);
    return Response.json({ value: state.appRoles.filter(({ principalId }) => principalId === id) });
  });
  app.post('/v1.0/servicePrincipals/:id/getMemberGroups', ({ req }) => {
    const id = req.param('id');
    if (!known(id) || !isReplicated(setting, id)) throw missing(id);
    return Response.json({ value: state.groupsOf.get(id) ?? [] });
  });
  for (const path of ['appRoleAssignments', 'appRoleAssignedTo'])
    app.post(`/v1.0/servicePrincipals/:id/${path}`, async ({ req }) =>
      Response.json(grant(setting, await readJson(req.raw), known), { status: 201 }),
    );
}

function grant(setting: AzureSetting, body: unknown, known: (id: string) => boolean): JsonObject {
  const { state, world } = setting;
  const text = (name: string) => textOf(memberAt(body, name)) ?? '';
  const [principalId, resourceId, appRoleId] = [text('principalId'), text('resourceId'), text('appRoleId')];
  if (!known(principalId) || !isReplicated(setting, principalId)) throw missing(principalId);
  if (resourceId !== state.servicePrincipals.get(GRAPH_APP_ID)) throw missing(resourceId);
  if (state.appRoles.some((each) => each.principalId === principalId && each.appRoleId === appRoleId))
    throw new GraphError(400, 'Request_BadRequest', 'Permission being assigned already exists on the object');
  const assignment = { id: world.ids.guid('app role'), principalId, resourceId, appRoleId };
  state.appRoles.push(assignment);
  letCallGraph(setting, principalId);
  return assignment;
}

const graphRoleNames: ReadonlyMap<string, string> = new Map(
  [...graphPermissions, huntingPermission, readUsersPermission].map(({ id, name }) => [id, name]),
);

/** Graph itself goes by the permissions in tokens. */
function letCallGraph({ state, world }: AzureSetting, principalId: string): void {
  const principal = world.entra.directory.find(principalId);
  if (!principal) return;
  const names = state.appRoles
    .filter((each) => each.principalId === principalId)
    .flatMap(({ appRoleId }) => graphRoleNames.get(appRoleId) ?? []);
  world.entra.directory.add({ ...principal, appRoles: { 'https://graph.microsoft.com': names } });
}

import { isJsonObject, textOf } from '../../domain/json.ts';
import { readJson } from '../http.ts';
import { ArmError } from '../sentinel/arm-error.ts';
import { type ArmApp, GROUP, pathAsWritten } from './routes.ts';
import { type AzureSetting, groupIdOf, lower, partsOf } from './state.ts';

/** Subscriptions, resource groups, resource providers and workspaces. */

export function addGroupRoutes(app: ArmApp, setting: AzureSetting): void {
  const { state, world } = setting;
  const { workspace } = world;
  app.get('/subscriptions', () =>
    Response.json({
      value: [...state.subscriptions].map(([subscriptionId, tenantId]) => ({
        id: `/subscriptions/${subscriptionId}`,
        ...{ subscriptionId, tenantId, state: 'Enabled' },
        displayName: subscriptionId === lower(workspace.subscriptionId) ? 'Contoso Security' : 'Operations',
      })),
    }),
  );
  app.get('/subscriptions/:s', ({ req }) => {
    const tenantId = state.subscriptions.get(req.param('s'));
    if (tenantId !== undefined) return Response.json({ subscriptionId: req.param('s'), tenantId, state: 'Enabled' });
    throw new ArmError(404, 'SubscriptionNotFound', `The subscription '${req.param('s')}' could not be found.`);
  });
  app.use('/subscriptions/:s/*', async ({ req }, next) => {
    if (state.subscriptions.has(req.param('s'))) return next();
    throw new ArmError(404, 'SubscriptionNotFound', `The subscription '${req.param('s')}' could not be found.`);
  });
  app.get(GROUP, ({ req }) => {
    const location = state.groups.get(req.path);
    const isHead = req.raw.method === 'HEAD';
    if (location === undefined) {
      if (isHead) return new Response(null, { status: 404 });
      throw noGroup(partsOf(pathAsWritten(req.url)).resourceGroup);
    }
    if (isHead) return new Response(null, { status: 204 });
    return Response.json({ id: pathAsWritten(req.url), name: partsOf(pathAsWritten(req.url)).resourceGroup, location });
  });
  app.put(GROUP, async ({ req }) => {
    const body = await readJson(req.raw);
    const location = textOf(isJsonObject(body) ? body['location'] : undefined);
    if (!location)
      throw new ArmError(400, 'LocationRequired', 'The location property is required for this definition.');
    const isNew = !state.groups.has(req.path);
    state.groups.set(req.path, location);
    return Response.json({ id: pathAsWritten(req.url), location }, { status: isNew ? 201 : 200 });
  });
  app.use(`${GROUP}/*`, async ({ req }, next) => {
    if (state.groups.has(groupIdOf(req.path))) return next();
    throw noGroup(partsOf(pathAsWritten(req.url)).resourceGroup);
  });
  addProviders(app, setting);
  addWorkspaces(app, setting);
}

function noGroup(name: string): ArmError {
  return new ArmError(404, 'ResourceGroupNotFound', `Resource group '${name}' could not be found.`);
}

function addProviders(app: ArmApp, { state, world }: AzureSetting): void {
  app.get('/subscriptions/:s/providers/:name', ({ req }) =>
    Response.json({
      namespace: req.param('name'),
      registrationState: state.providers.get(req.param('name')) ?? 'NotRegistered',
      ...(req.param('name') === 'microsoft.securityinsights' && {
        resourceTypes: [{ resourceType: 'incidents', apiVersions: state.sentinelVersions }],
      }),
    }),
  );
  app.post('/subscriptions/:s/providers/:name/register', ({ req }) => {
    const name = req.param('name');
    const { registration } = state.lags;
    state.providers.set(name, registration === 0 ? 'Registered' : 'Registering');
    world.clock.after(registration, () => void state.providers.set(name, 'Registered'));
    return Response.json({ namespace: name, registrationState: 'Registering' });
  });
}

function addWorkspaces(app: ArmApp, { state, world }: AzureSetting): void {
  const { workspace } = world;
  const view = {
    id: `/subscriptions/${workspace.subscriptionId}/resourceGroups/${workspace.resourceGroup}/providers/Microsoft.OperationalInsights/workspaces/${workspace.name}`,
    ...{ name: workspace.name, type: 'Microsoft.OperationalInsights/workspaces', location: 'westeurope' },
    properties: { customerId: workspace.workspaceId, provisioningState: 'Succeeded' },
  };
  const path = `${GROUP}/providers/microsoft.operationalinsights/workspaces/:w`;
  app.get('/subscriptions/:s/providers/microsoft.operationalinsights/workspaces', ({ req }) =>
    Response.json({ value: req.param('s') === lower(workspace.subscriptionId) ? [view] : [] }),
  );
  app.use(`${path}/*`, async ({ req }, next) => {
    if (!req.path.startsWith(lower(view.id)))
      throw new ArmError(
        404,
        'ResourceNotFound',
        `The Resource 'Microsoft.OperationalInsights/workspaces/${req.param('w')}' under resource group '${req.param('g')}' was not found.`,
      );
    await next();
  });
  app.get(path, () => Response.json(view));
  app.get(`${path}/providers/microsoft.securityinsights/onboardingstates/default`, () => {
    if (state.hasSentinel) return Response.json({ name: 'default', properties: { customerManagedKey: false } });
    throw new ArmError(
      404,
      'ResourceNotFound',
      "The Resource 'Microsoft.SecurityInsights/onboardingStates/default' was not found.",
    );
  });
}

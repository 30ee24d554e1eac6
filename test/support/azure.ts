import { randomUUID } from 'node:crypto';
import type { TokenCredential } from '@azure/core-auth';
import { Hono } from 'hono';
import { offlineDeployment } from '../../src/arm/expressions/scope.ts';
import { workflowFromTemplate } from '../../src/arm/expressions/workflow-resource.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { systemClock } from '../../src/simulator/clock.ts';
import type { Principal } from '../../src/simulator/entra/directory.ts';
import { serveOn } from '../../src/simulator/listen.ts';
import { createWorld, type World } from '../../src/simulator/world.ts';

/*
 * Azure as far as the live commands talk to it: the simulated world's Sentinel, logs and users, and beside them the parts
 * of Resource Manager and Graph that only deployment and setup need. State lies open; tests read and bend it.
 */

interface StoredWorkflow {
  name: string;
  location: string;
  state: 'Enabled' | 'Disabled';
  principalId: string;
  definition: JsonObject;
  parameters: JsonObject;
  accessControl?: JsonObject;
  runs: { status: string; startTime: string; error?: { code: string; message: string } }[];
}

interface StoredApplication {
  id: string;
  appId: string;
  displayName: string;
  passwordCredentials: { keyId: string; displayName: string; endDateTime: string }[];
}

interface AzureState {
  readonly groups: Map<string, string>;
  readonly providers: Map<string, string>;
  readonly workflows: Map<string, StoredWorkflow>;
  readonly connections: Map<string, { name: string; status: string; message?: string }>;
  readonly customConnectors: Set<string>;
  /** Versions in which Azure offers incidents. */
  sentinelVersions: readonly string[];
  readonly roleAssignments: { name: string; scope: string; roleId: string; principalId: string }[];
  readonly customRoles: Map<string, { id: string; body: JsonObject }>;
  readonly deployments: { name: string; parameters: JsonObject; template: JsonObject; polls: number }[];
  /** Paths that are answered with 403. */
  readonly forbidden: RegExp[];
  /** What the next deployment fails with. */
  deploymentError: JsonObject | undefined;
  readonly applications: StoredApplication[];
  /** Service principals: application id to object id. */
  readonly servicePrincipals: Map<string, string>;
  readonly appRoles: { principalId: string; resourceId: string; appRoleId: string }[];
  hasSentinel: boolean;
}

export interface AzureStub {
  readonly world: World;
  readonly state: AzureState;
  /** What a command needs in its environment to find all of it. */
  readonly env: Readonly<Record<string, string>>;
  readonly credential: TokenCredential;
  close(): Promise<void>;
}

/** Sentinel's own application, the same in every tenant. */
export const SECURITY_INSIGHTS = '98785600-1bb7-4fb9-b9fa-19afe2c8a360';
const GRAPH = '00000003-0000-0000-c000-000000000000';

export async function startAzure(): Promise<AzureStub> {
  const world = createWorld({ clock: systemClock });
  const state: AzureState = {
    groups: new Map([[world.workspace.resourceGroup.toLowerCase(), 'westeurope']]),
    providers: new Map([
      ['microsoft.logic', 'Registered'],
      ['microsoft.web', 'Registered'],
      ['microsoft.securityinsights', 'Registered'],
    ]),
    workflows: new Map(),
    connections: new Map(),
    customConnectors: new Set(),
    sentinelVersions: ['2025-09-01', '2025-07-01-preview'],
    roleAssignments: [],
    customRoles: new Map(),
    deployments: [],
    forbidden: [],
    deploymentError: undefined,
    applications: [],
    servicePrincipals: new Map([
      [SECURITY_INSIGHTS, randomUUID()],
      [GRAPH, randomUUID()],
    ]),
    appRoles: [],
    hasSentinel: true,
  };
  const servers = await Promise.all([
    serveOn((request) => arm(world, state).fetch(request) as Promise<Response>),
    serveOn((request) => graph(world, state).fetch(request) as Promise<Response>),
    serveOn(world.logs.fetch),
    serveOn(world.signl4.fetch),
    serveOn(world.entra.fetch),
  ]);
  const at = (index: number) => `http://127.0.0.1:${servers[index]?.port}`;
  return {
    world,
    state,
    credential: credentialOf(world, world.cast.contributor),
    env: {
      SIGNL4_RESOURCE_MANAGER_URL: at(0),
      SIGNL4_GRAPH_URL: at(1),
      SIGNL4_LOGS_URL: at(2),
      SIGNL4_URL: at(3),
      SIGNL4_AUTHORITY_URL: at(4),
      AZURE_CLIENT_ID: world.cast.contributor.appId ?? '',
      AZURE_CLIENT_SECRET: Object.keys(world.cast.contributor.secrets ?? {})[0] ?? '',
      SIGNL4_API_KEY: world.signl4.apiKey,
      SIGNL4_TEAM_SECRET: 'soc-team-secret',
    },
    close: async () => {
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}

function credentialOf(world: World, principal: Principal): TokenCredential {
  return {
    getToken: async (scopes) => {
      const resource = String([scopes].flat()[0]).replace(/\/\.default$/, '');
      return { token: await world.entra.token(principal, resource), expiresOnTimestamp: Date.now() + 3_600_000 };
    },
  };
}

const problem = (status: number, code: string, message: string) =>
  Response.json({ error: { code, message } }, { status });

function arm(world: World, state: AzureState): Hono {
  const { workspace } = world;
  const app = new Hono({ getPath: (request) => new URL(request.url).pathname.toLowerCase() });
  app.use('*', async ({ req }, next) => {
    if (!req.header('authorization')?.startsWith('Bearer ')) return problem(401, 'AuthenticationFailed', 'no token');
    if (state.forbidden.some((path) => path.test(req.path)))
      return problem(403, 'AuthorizationFailed', 'The client does not have authorization to perform this action.');
    if (!req.query('api-version')) return problem(400, 'MissingApiVersionParameter', 'api-version is missing');
    await next();
  });
  const group = '/subscriptions/:s/resourcegroups/:g';
  const workspaceRoot = `${group}/providers/microsoft.operationalinsights/workspaces/:w`;
  app.get(workspaceRoot, ({ req }) =>
    req.param('w') === workspace.name.toLowerCase()
      ? Response.json({ location: 'westeurope', properties: { customerId: workspace.workspaceId } })
      : problem(404, 'ResourceNotFound', 'no such workspace'),
  );
  app.get(`${workspaceRoot}/providers/microsoft.securityinsights/onboardingstates/default`, () =>
    state.hasSentinel ? Response.json({ properties: {} }) : problem(404, 'ResourceNotFound', 'not onboarded'),
  );
  app.all(`${workspaceRoot}/providers/microsoft.securityinsights/*`, ({ req }) => world.sentinel.fetch(req.raw));
  addGroups(app, state);
  addRoles(app, state);
  addDeployments(app, group, state, workspace);
  addWorkflows(app, group, state);
  app.get(`${group}/providers/microsoft.web/connections`, () =>
    Response.json({
      value: [...state.connections.values()].map(({ name, status, message }) => ({
        name,
        properties: { statuses: [{ status, target: 'token', ...(message ? { error: { message } } : {}) }] },
      })),
    }),
  );
  app.get(`${group}/providers/microsoft.web/customapis/:name`, ({ req }) =>
    state.customConnectors.has(req.param('name')) ? Response.json({}) : problem(404, 'ResourceNotFound', 'no such API'),
  );
  app.notFound(({ req }) => problem(404, 'NotFound', `the stub has no ${req.method} ${req.path}`));
  return app;
}

function addGroups(app: Hono, state: AzureState): void {
  const path = '/subscriptions/:s/resourcegroups/:g';
  app.get(path, ({ req }) => {
    const location = state.groups.get(req.param('g'));
    return location === undefined
      ? problem(404, 'ResourceGroupNotFound', 'no such group')
      : req.raw.method === 'HEAD'
        ? new Response(null, { status: 204 })
        : Response.json({ name: req.param('g'), location });
  });
  app.put(path, async ({ req }) => {
    const { location } = (await req.json()) as { location: string };
    state.groups.set(req.param('g'), location);
    return Response.json({ name: req.param('g'), location }, { status: 201 });
  });
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
    state.providers.set(req.param('name'), 'Registered');
    return Response.json({ namespace: req.param('name'), registrationState: 'Registering' });
  });
}

function addRoles(app: Hono, state: AzureState): void {
  const authorization = '/providers/microsoft.authorization';
  app.get(`/*`, async ({ req }, next) => {
    if (!req.path.endsWith(`${authorization}/roleassignments`)) return next();
    const principal = /principalId eq '([^']+)'/.exec(req.query('$filter') ?? '')?.[1];
    return Response.json({
      value: state.roleAssignments
        .filter(({ principalId }) => principalId === principal)
        .map(({ name, scope, roleId, principalId }) => ({
          id: `${scope}${authorization}/roleAssignments/${name}`,
          name,
          properties: {
            scope,
            principalId,
            roleDefinitionId: `/subscriptions/x${authorization}/roleDefinitions/${roleId}`,
          },
        })),
    });
  });
  app.put('/*', async ({ req }, next) => {
    const found = /^(.*)\/providers\/microsoft\.authorization\/(roleassignments|roledefinitions)\/([^/]+)$/.exec(
      req.path,
    );
    if (!found) return next();
    const [, scope = '', kind, name = ''] = found;
    const body = (await req.json()) as { properties: { roleDefinitionId: string; principalId: string } & JsonObject };
    if (kind === 'roledefinitions') {
      state.customRoles.set(name, { id: name, body: body.properties });
      return Response.json({ name, properties: body.properties }, { status: 201 });
    }
    const { roleDefinitionId, principalId } = body.properties;
    const roleId = roleDefinitionId.split('/').at(-1) ?? '';
    if (!state.roleAssignments.some((assignment) => assignment.name === name))
      state.roleAssignments.push({ name, scope, roleId, principalId });
    return Response.json({ name, properties: body.properties }, { status: 201 });
  });
  app.get('/*', async ({ req }, next) => {
    if (!req.path.endsWith(`${authorization}/roledefinitions`)) return next();
    const name = /roleName eq '(.+)'/.exec(req.query('$filter') ?? '')?.[1];
    const roles = [...state.customRoles.values()].filter(({ body }) => body['roleName'] === name);
    return Response.json({ value: roles.map(({ id, body }) => ({ name: id, properties: body })) });
  });
}

function addDeployments(app: Hono, group: string, state: AzureState, place: World['workspace']): void {
  /** As it was written: routes are matched in lower case. */
  const nameIn = (url: string) => /deployments\/([^/?]+)/.exec(url)?.[1] ?? '';
  const path = `${group}/providers/microsoft.resources/deployments/:name`;
  type Body = { properties: { template: JsonObject; parameters: Record<string, { value: JsonObject }> } };
  const parametersOf = ({ properties }: Body) =>
    Object.fromEntries(Object.entries(properties.parameters).map(([name, { value }]) => [name, value]));
  app.post(`${path}/whatif`, ({ req }) => {
    const location = new URL(req.url);
    location.pathname = `/subscriptions/s/operationresults/${nameIn(req.url)}`;
    return new Response(null, { status: 202, headers: { location: location.href, 'retry-after': '0' } });
  });
  app.get('/subscriptions/:s/operationresults/:name', ({ req }) =>
    Response.json(
      state.deploymentError
        ? { status: 'Failed', error: state.deploymentError }
        : {
            status: 'Succeeded',
            properties: {
              changes: [
                {
                  resourceId: `/x/workflows/${req.url.split('/').at(-1)?.split('?')[0]}`,
                  changeType: 'Modify',
                  delta: [{ path: 'properties.state' }],
                },
                { resourceId: '/x/connections/azuresentinel', changeType: 'Create' },
                { resourceId: '/x/other', changeType: 'Ignore' },
              ],
            },
          },
    ),
  );
  app.put(path, async ({ req }) => {
    const body = (await req.json()) as Body;
    const parameters = parametersOf(body);
    state.deployments.push({ name: nameIn(req.url), template: body.properties.template, parameters, polls: 0 });
    return Response.json(
      { properties: { provisioningState: 'Accepted' } },
      { status: 201, headers: { 'retry-after': '0' } },
    );
  });
  app.get(path, ({ req }) => {
    const deployment = state.deployments.findLast(({ name }) => name === nameIn(req.url));
    if (!deployment) return problem(404, 'DeploymentNotFound', 'no such deployment');
    if (deployment.polls++ === 0)
      return Response.json({ properties: { provisioningState: 'Running' } }, { headers: { 'retry-after': '0' } });
    if (state.deploymentError)
      return Response.json({ properties: { provisioningState: 'Failed', error: state.deploymentError } });
    apply(deployment, state, place);
    return Response.json({ properties: { provisioningState: 'Succeeded' } });
  });
}

/** Makes the workflow and its connections of a playbook's template. */
function apply(
  { template, parameters }: AzureState['deployments'][number],
  state: AzureState,
  { subscriptionId, resourceGroup, tenantId }: World['workspace'],
): void {
  const resources = template['resources'] as readonly JsonObject[];
  if (resources.some(({ type }) => type === 'Microsoft.Web/customApis'))
    state.customConnectors.add('signl4customconnector');
  if (!resources.some(({ type }) => type === 'Microsoft.Logic/workflows')) return;
  const deployment = { ...offlineDeployment, subscriptionId, resourceGroup, tenantId };
  const workflow = workflowFromTemplate(template, { parameters, deployment });
  const { name, location, definition } = workflow;
  const before = state.workflows.get(name.toLowerCase());
  state.workflows.set(name.toLowerCase(), {
    ...{ name, location, definition, state: 'Enabled' },
    parameters: workflow.parameters,
    principalId: before?.principalId ?? randomUUID(),
    runs: [],
  });
  const connections = (workflow.parameters['$connections'] ?? {}) as Record<string, { connectionName: string }>;
  for (const { connectionName } of Object.values(connections))
    state.connections.set(connectionName, { name: connectionName, status: 'Connected' });
}

function addWorkflows(app: Hono, group: string, state: AzureState): void {
  const path = `${group}/providers/microsoft.logic/workflows/:name`;
  app.get(path, ({ req }) => {
    const workflow = state.workflows.get(req.param('name') ?? '');
    if (!workflow) return problem(404, 'ResourceNotFound', 'no such workflow');
    const { name, location, principalId, definition, parameters, accessControl } = workflow;
    return Response.json({
      id: req.path,
      ...{ name, location },
      identity: { type: 'SystemAssigned', principalId },
      properties: {
        state: workflow.state,
        definition,
        parameters: Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, { value }])),
        ...(accessControl ? { accessControl } : {}),
      },
    });
  });
  app.get(`${path}/runs`, ({ req }) =>
    Response.json({
      value: (state.workflows.get(req.param('name') ?? '')?.runs ?? []).map((run) => ({
        name: 'run',
        properties: run,
      })),
    }),
  );
  app.post(`${path}/triggers/:trigger/listcallbackurl`, ({ req }) =>
    Response.json({
      value: `https://prod-1.westeurope.logic.azure.com/workflows/1/triggers/${req.param('trigger')}/paths/invoke?sig=topsecret`,
    }),
  );
}

/** Graph: users of the simulated world; applications and service principals of the state. */
function graph(world: World, state: AzureState): Hono {
  const app = new Hono();
  const filtered = (query: string | undefined, name: string) =>
    new RegExp(`${name} eq '([^']*)'`).exec(query ?? '')?.[1];
  app.get('/v1.0/servicePrincipals', ({ req }) => {
    const appId = filtered(req.query('$filter'), 'appId') ?? '';
    const id = state.servicePrincipals.get(appId);
    return Response.json({ value: id === undefined ? [] : [{ id, appId }] });
  });
  app.post('/v1.0/servicePrincipals', async ({ req }) => {
    const { appId } = (await req.json()) as { appId: string };
    const id = randomUUID();
    state.servicePrincipals.set(appId, id);
    return Response.json({ id, appId }, { status: 201 });
  });
  app.get('/v1.0/applications', ({ req }) => {
    const name = filtered(req.query('$filter'), 'displayName');
    return Response.json({ value: state.applications.filter(({ displayName }) => displayName === name) });
  });
  app.post('/v1.0/applications', async ({ req }) => {
    const { displayName } = (await req.json()) as { displayName: string };
    const application = { id: randomUUID(), appId: randomUUID(), displayName, passwordCredentials: [] };
    state.applications.push(application);
    return Response.json(application, { status: 201 });
  });
  app.post('/v1.0/applications/:id/addPassword', async ({ req }) => {
    const { passwordCredential } = (await req.json()) as {
      passwordCredential: { displayName: string; endDateTime: string };
    };
    const application = state.applications.find(({ id }) => id === req.param('id'));
    application?.passwordCredentials.push({ keyId: randomUUID(), ...passwordCredential });
    return Response.json({ ...passwordCredential, secretText: 'new-client-secret' });
  });
  app.post('/v1.0/applications/:id/removePassword', async ({ req }) => {
    const { keyId } = (await req.json()) as { keyId: string };
    const application = state.applications.find(({ id }) => id === req.param('id'));
    if (application)
      application.passwordCredentials = application.passwordCredentials.filter((key) => key.keyId !== keyId);
    return new Response(null, { status: 204 });
  });
  app.get('/v1.0/servicePrincipals/:id/appRoleAssignments', ({ req }) =>
    Response.json({ value: state.appRoles.filter(({ principalId }) => principalId === req.param('id')) }),
  );
  app.post('/v1.0/servicePrincipals/:id/appRoleAssignments', async ({ req }) => {
    const assignment = (await req.json()) as AzureState['appRoles'][number];
    state.appRoles.push(assignment);
    return Response.json(assignment, { status: 201 });
  });
  app.all('*', ({ req }) => world.graph.fetch(req.raw));
  return app;
}

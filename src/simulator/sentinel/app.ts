import { Hono } from 'hono';
import type { Principal } from '../entra/directory.ts';
import type { Tokens } from '../entra/tokens.ts';
import type { Handler } from '../http.ts';
import { ArmError, notFound } from './arm-error.ts';
import { addAutomationRoutes } from './automation-routes.ts';
import { addChildRoutes } from './child-routes.ts';
import { addIncidentRoutes } from './incident-routes.ts';
import type { ArmEnv } from './routing.ts';
import type { SentinelSetting } from './setting.ts';
import type { SentinelStore } from './store.ts';

/** API versions of Microsoft.SecurityInsights that the world knows; anything else is refused as Azure does. */
const apiVersions = [
  ...['2021-04-01', '2021-10-01', '2022-08-01', '2022-11-01', '2023-02-01', '2023-11-01', '2024-03-01', '2024-09-01'],
  ...['2025-03-01', '2025-06-01', '2025-09-01'],
  ...['2021-09-01-preview', '2022-09-01-preview', '2023-12-01-preview', '2025-07-01-preview', '2025-10-01-preview'],
];

const AUDIENCES = ['https://management.azure.com', 'https://management.core.windows.net'];

/** Azure Resource Manager, as far as Sentinel's incidents and rules go. Paths are read without case. */
export function createArmApp(setting: SentinelSetting): Handler {
  const app = new Hono<ArmEnv>({
    getPath: (request) => new URL(request.url).pathname.toLowerCase().replace(/\/+$/, ''),
  });
  app.use('*', async (context, next) => {
    if (!LOGIC.test(context.req.path)) checkApiVersion(context.req.query('api-version'));
    context.set('caller', await callerOf(context.req.raw, setting.tokens));
    await next();
  });
  app.get(
    '/subscriptions/:subscription/resourcegroups/:group/providers/microsoft.logic/workflows/:name/runs',
    ({ req, var: { caller } }) => listRuns(new URL(req.url), caller, setting),
  );
  const workspace =
    '/subscriptions/:subscription/resourcegroups/:group/providers/microsoft.operationalinsights/workspaces/:workspace/providers/microsoft.securityinsights';
  app.use(`${workspace}/*`, async ({ req }, next) => {
    checkWorkspace(setting.store, req.param('subscription'), req.param('group'), req.param('workspace'));
    await next();
  });
  const routes = app.basePath(workspace);
  addIncidentRoutes(routes, setting);
  addChildRoutes(routes, setting);
  addAutomationRoutes(routes, setting);
  app.notFound(({ req }) => notFound(`The resource '${new URL(req.url).pathname}'`).toResponse());
  app.onError((error) => {
    if (error instanceof ArmError) return error.toResponse();
    throw error;
  });
  return async (request) => app.fetch(request);
}

/** Logic Apps has versions of its own. */
const LOGIC = /\/providers\/microsoft\.logic\//;

/** Runs of a playbook since a time (`$filter=startTime ge …`), newest first. Who may run playbooks may see them here. */
function listRuns(url: URL, caller: Principal, { access, automation }: SentinelSetting): Response {
  if (!access.allows(caller.objectId, 'Microsoft.Logic/workflows/runs/read'))
    throw new ArmError(
      403,
      'AuthorizationFailed',
      `The client does not have authorization to read runs of '${url.pathname}'.`,
    );
  const id = url.pathname.replace(/\/runs\/?$/, '');
  const since = Date.parse(/startTime ge (\S+)/i.exec(url.searchParams.get('$filter') ?? '')?.[1] ?? '1970-01-01');
  const runs = automation.runsOf(id, since);
  if (!runs) throw notFound(`The workflow '${id}'`);
  return Response.json({ value: runs.slice(0, Number(url.searchParams.get('$top') ?? 30)) });
}

function checkApiVersion(version: string | undefined): void {
  if (version === undefined)
    throw new ArmError(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  if (!apiVersions.includes(version))
    throw new ArmError(
      400,
      'NoRegisteredProviderFound',
      `No registered resource provider found for API version '${version}' of Microsoft.SecurityInsights. The supported api-versions are '${apiVersions.join(', ')}'.`,
    );
}

/** Azure Resource Manager answers 401 with a challenge that names the tenant. */
async function callerOf(request: Request, tokens: Tokens): Promise<Principal> {
  const authentication = await tokens.authenticate(request, AUDIENCES);
  if ('principal' in authentication) return authentication.principal;
  const [code, message] = problems[authentication.problem];
  const challenge = `Bearer authorization_uri="https://login.microsoftonline.com/${tokens.tenantId}", error="invalid_token", error_description="${message}"`;
  throw new ArmError(401, code, message, { 'www-authenticate': challenge });
}

const problems = {
  missing: ['AuthenticationFailed', "Authentication failed. The 'Authorization' header is missing."],
  invalid: ['InvalidAuthenticationToken', 'The access token is invalid.'],
  expired: ['ExpiredAuthenticationToken', 'The access token expiry UTC time is in the past.'],
  audience: ['InvalidAuthenticationTokenAudience', 'The access token has been obtained for the wrong audience.'],
} as const;

function checkWorkspace({ workspace }: SentinelStore, subscription: string, group: string, name: string): void {
  if (subscription.toLowerCase() !== workspace.subscriptionId.toLowerCase())
    throw new ArmError(404, 'SubscriptionNotFound', `The subscription '${subscription}' could not be found.`);
  if (group.toLowerCase() !== workspace.resourceGroup.toLowerCase())
    throw new ArmError(404, 'ResourceGroupNotFound', `Resource group '${group}' could not be found.`);
  if (name.toLowerCase() !== workspace.name.toLowerCase())
    throw new ArmError(404, 'ResourceNotFound', `The workspace '${name}' was not found.`);
}

import { Hono } from 'hono';
import { listOf, memberAt, textOf } from '../../domain/json.ts';
import type { Handler } from '../http.ts';
import { ArmError, badRequest } from '../sentinel/arm-error.ts';
import type { AutomationRule } from '../sentinel/automation-rule.ts';
import { inWorld } from '../service.ts';
import type { World } from '../world.ts';
import { addConnectionRoutes } from './connections.ts';
import { addDeploymentRoutes } from './deployments.ts';
import { createDirectory } from './directory.ts';
import { addGroupRoutes } from './groups.ts';
import { createKeyVaults } from './key-vault.ts';
import { runPlaybooks } from './playbooks.ts';
import { addLockRoutes, addResourceRoutes } from './resources.ts';
import { addDelegationRoutes, addRoleRoutes, sentinelIsDelegated, sentinelMayRun } from './roles.ts';
import { createSiteHosts } from './site-hosts.ts';
import { addSiteRoutes } from './sites.ts';
import { type AzureSetting, type AzureState, emptyAzure, isForeign, lower, tenantOf } from './state.ts';
import { addWorkflowRoutes, TRIGGER_HOST } from './workflows.ts';

/** Azure around a world: Resource Manager and the directory, and what lies in them. */
export interface Azure {
  readonly world: World;
  readonly state: AzureState;
  readonly arm: Handler;
  readonly graph: Handler;
  /** Secrets of key vaults, below `/vaults/{vault}`. */
  readonly keyVaults: Handler;
  /** The addresses of workflows: what calls them starts them. */
  readonly trigger: Handler;
  /** Function apps and their deployment services, by their host names; `/sites/{host}/…` where one address serves all. */
  readonly sites: Handler;
}

/**
 * Makes Azure around a world. `triggers` is where the addresses of workflows lead; left out: a host by its real name, which
 * only the world itself knows.
 */
export function createAzure(world: World, triggers = `https://${TRIGGER_HOST}`): Azure {
  const setting: AzureSetting = { world, state: emptyAzure(world) };
  world.sentinel.automation.checkRule = (rule) => checkRule(setting, rule);
  world.sentinel.automation.tenantOf = (playbook) => tenantOf(setting.state, playbook);
  const trigger = runPlaybooks(setting);
  const sites = createSiteHosts(setting);
  world.routeEnding('.azurewebsites.net', sites);
  const arm = inWorld('arm', resourceManager(setting, triggers), world);
  return {
    ...setting,
    arm: (request) => (isSentinels(request) ? world.sentinel.fetch(request) : arm(request)),
    graph: createDirectory(setting),
    keyVaults: createKeyVaults(setting),
    ...{ trigger, sites: inWorld('outside', byPath(sites), world) },
  };
}

/** `/sites/{host}/path` as `https://{host}/path`. */
function byPath(handle: Handler): Handler {
  return async (request) => {
    const url = new URL(request.url);
    const [, host = '', path = '/'] = /^\/sites\/([^/]+)(\/.*)?$/.exec(url.pathname) ?? [];
    try {
      return await handle(new Request(`https://${host}${path}${url.search}`, request));
    } catch {
      // Where the real name would not resolve.
      return new Response(`there is no host ${host}`, { status: 502 });
    }
  };
}

/** Sentinel's own resources, but for what only deployments look at. */
function isSentinels(request: Request): boolean {
  const path = lower(new URL(request.url).pathname);
  return /\/workspaces\/[^/]+\/providers\/microsoft\.securityinsights\/(?!onboardingstates)/.test(path);
}

const AUDIENCES = ['https://management.azure.com', 'https://management.core.windows.net'];

function resourceManager(setting: AzureSetting, triggers: string): Handler {
  const { state, world } = setting;
  const app = new Hono({
    getPath: (request) =>
      lower(decodeURIComponent(new URL(request.url).pathname))
        .replace(/\/+$/, '')
        .replace(/^\/+/, '/'),
  });
  app.use('*', async ({ req }, next) => {
    const caller = await world.entra.tokens.authenticate(req.raw, AUDIENCES);
    if ('problem' in caller)
      throw new ArmError(401, 'InvalidAuthenticationToken', `The access token is ${caller.problem}.`);
    if (!req.query('api-version'))
      throw new ArmError(
        400,
        'MissingApiVersionParameter',
        'The api-version query parameter (?api-version=) is required for all requests.',
      );
    if (state.troubles.forbidden.some((path) => path.test(req.path)))
      throw forbidden(req.path, caller.principal.objectId);
    await next();
  });
  addLockRoutes(app, setting);
  addGroupRoutes(app, setting);
  addRoleRoutes(app, setting);
  addDelegationRoutes(app, setting);
  addDeploymentRoutes(app, setting);
  addWorkflowRoutes(app, setting, triggers);
  addConnectionRoutes(app, setting);
  addSiteRoutes(app, setting);
  addResourceRoutes(app, setting);
  app.notFound(({ req }) =>
    new ArmError(404, 'ResourceNotFound', `The simulated Azure has no ${req.method} ${req.path}.`).toResponse(),
  );
  app.onError((error) => {
    if (error instanceof ArmError) return error.toResponse();
    throw error;
  });
  return async (request) => app.fetch(request);
}

function forbidden(path: string, objectId: string): ArmError {
  return new ArmError(
    403,
    'AuthorizationFailed',
    `The client with object id '${objectId}' does not have authorization to perform action over scope '${path}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
}

/** Sentinel only stores a rule whose playbooks exist, start on incidents, and may be run by it. */
function checkRule(setting: AzureSetting, rule: AutomationRule['properties']): void {
  for (const action of rule.actions) {
    const id = textOf(memberAt(action, 'actionConfiguration', 'logicAppResourceId'));
    if (id === undefined) continue;
    const workflow = setting.state.workflows.get(lower(id));
    const tenant = textOf(memberAt(action, 'actionConfiguration', 'tenantId'));
    const isThere = tenant === undefined || lower(tenant) === lower(tenantOf(setting.state, id));
    if (!workflow || !isThere) throw badRequest(`The playbook '${id}' was not found or is not accessible`);
    if (isForeign(setting.state, id) && !sentinelIsDelegated(setting, id))
      throw badRequest(`Missing required permissions for Microsoft Sentinel on the playbook resource '${id}'`);
    const problem = sentinelMayRun(setting, id);
    if (problem !== undefined) throw badRequest(problem);
    const triggers = listOf(Object.values(Object(workflow.definition['triggers'])));
    const fits = triggers.some((each) => textOf(memberAt(each, 'inputs', 'path'))?.startsWith('/incident-creation'));
    if (!fits && rule.triggeringLogic.triggersOn === 'Incidents')
      throw badRequest(`Playbook resource '${id}' is not using Microsoft Sentinel Incident trigger`);
  }
}

import type { Clock } from '../clock.ts';
import type { Handler } from '../http.ts';
import { dutyModes } from '../signl4/resources.ts';
import { createWorld, type World } from '../world.ts';
import { type Azure, createAzure } from './azure.ts';
import { createControl } from './control.ts';
import { healthTable } from './health.ts';
import { lower } from './state.ts';

/** All services of one simulated world behind one address: their paths differ, so each request finds its own. */
export interface Sandbox {
  readonly azure: Azure;
  readonly fetch: Handler;
}

/** `origin` is the address it is served at, without a slash at the end. */
export function createSandbox(clock: Clock, origin: string): Sandbox {
  const world = createWorld({ clock });
  const azure = createAzure(world, origin);
  letSomebodyBeOnDuty(world);
  world.logs.answers.push(healthTable(world.sentinel.automation));
  const control = createControl(azure);
  return {
    azure,
    fetch: async (request) => {
      const path = lower(decodeURIComponent(new URL(request.url).pathname)).replace(/^\/+/, '/');
      const service = services(azure, control).find(({ paths }) => paths.test(path));
      return service ? service.handle(request) : world.entra.fetch(request);
    },
  };
}

function services(
  { world, arm, graph, keyVaults, trigger, sites }: Azure,
  control: Handler,
): readonly { paths: RegExp; handle: Handler }[] {
  return [
    { paths: /^\/sandbox(\/|$)/, handle: control },
    { paths: /^\/subscriptions(\/|$)/, handle: arm },
    { paths: /^\/v1\.0\//, handle: graph },
    { paths: /^\/v1\/(workspaces|subscriptions)\//, handle: world.logs.fetch },
    { paths: /^\/(api\/v2|webhook)\//, handle: world.signl4.fetch },
    { paths: /^\/workflows\//, handle: trigger },
    { paths: /^\/vaults\//, handle: keyVaults },
    { paths: /^\/sites\//, handle: sites },
  ];
}

/** Every team can be paged. */
function letSomebodyBeOnDuty({ accounts, signl4 }: World): void {
  const { otherTeam, onCallUser } = accounts;
  Object.assign(otherTeam, { memberIds: [...otherTeam.memberIds, onCallUser.id] });
  signl4.store.setDuty(onCallUser, otherTeam, dutyModes.primary);
}

/** What commands and the relay need in their environment to work against a sandbox. */
export function sandboxEnvironment({ world }: Azure, origin: string): Readonly<Record<string, string>> {
  const { contributor, team } = world.accounts;
  const addresses = ['RESOURCE_MANAGER', 'GRAPH', 'LOGS', 'AUTHORITY'];
  return {
    SIGNL4_SANDBOX: origin,
    ...Object.fromEntries(addresses.map((name) => [`SIGNL4_${name}_URL`, origin])),
    ...Object.fromEntries(addresses.map((name) => [`RELAY_${name}_URL`, origin])),
    SIGNL4_URL: origin,
    SIGNL4_KEY_VAULT_URL: `${origin}/vaults/{vault}`,
    SIGNL4_SITE_URL: `${origin}/sites/{host}`,
    AZURE_TENANT_ID: world.workspace.tenantId,
    AZURE_CLIENT_ID: contributor.appId ?? '',
    AZURE_CLIENT_SECRET: Object.keys(contributor.secrets ?? {})[0] ?? '',
    SIGNL4_API_KEY: world.signl4.apiKey,
    SIGNL4_TEAM_SECRET: team.secret,
  };
}

import type { TokenCredential } from '@azure/core-auth';
import { type Azure, createAzure } from '../../src/simulator/azure/azure.ts';
import type { StoredWorkflow } from '../../src/simulator/azure/state.ts';
import { type Clock, systemClock } from '../../src/simulator/clock.ts';
import type { Principal } from '../../src/simulator/entra/directory.ts';
import { serveOn } from '../../src/simulator/listen.ts';
import { createWorld, type World } from '../../src/simulator/world.ts';

/** The simulated Azure on ports of this machine, with what a command needs to find it. */
export interface AzureStub extends Azure {
  readonly env: Readonly<Record<string, string>>;
  readonly credential: TokenCredential;
  /** A deployed workflow by its name, in whichever group it lies. @throws Error where there is none */
  workflow(name: string): StoredWorkflow;
  close(): Promise<void>;
}

export async function startAzure(clock: Clock = systemClock): Promise<AzureStub> {
  const world = createWorld({ clock });
  const azure = createAzure(world);
  const servers = await Promise.all(
    [
      ...[azure.arm, azure.graph, world.logs.fetch, world.signl4.fetch, world.entra.fetch],
      ...[azure.keyVaults, azure.sites],
    ].map((handle) => serveOn(handle)),
  );
  const at = (index: number) => `http://127.0.0.1:${servers[index]?.port}`;
  return {
    ...azure,
    credential: credentialOf(world, world.accounts.contributor),
    env: {
      SIGNL4_RESOURCE_MANAGER_URL: at(0),
      SIGNL4_GRAPH_URL: at(1),
      SIGNL4_LOGS_URL: at(2),
      SIGNL4_URL: at(3),
      SIGNL4_AUTHORITY_URL: at(4),
      SIGNL4_KEY_VAULT_URL: `${at(5)}/vaults/{vault}`,
      SIGNL4_SITE_URL: `${at(6)}/sites/{host}`,
      AZURE_CLIENT_ID: world.accounts.contributor.appId ?? '',
      AZURE_CLIENT_SECRET: Object.keys(world.accounts.contributor.secrets ?? {})[0] ?? '',
      SIGNL4_API_KEY: world.signl4.apiKey,
      SIGNL4_TEAM_SECRET: 'soc-team-secret',
    },
    workflow(name) {
      const found = [...azure.state.workflows.values()].find((each) => each.name.toLowerCase() === name.toLowerCase());
      if (!found) throw new Error(`there is no workflow ${name}`);
      return found;
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

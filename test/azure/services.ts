import type { TokenCredential } from '@azure/core-auth';
import { systemClock } from '../../src/simulator/clock.ts';
import type { Principal } from '../../src/simulator/entra/directory.ts';
import { type Listening, listen } from '../../src/simulator/listen.ts';
import { createWorld, type World } from '../../src/simulator/world.ts';

/** The simulated world behind real ports, and credentials of those who live in it. */
export interface Services extends Listening {
  readonly world: World;
  /** Signs in as somebody; tokens are for `resource` whatever the client's address is. */
  as(principal: Principal, resource?: string): TokenCredential;
}

export async function startServices(): Promise<Services> {
  const world = createWorld({ clock: systemClock });
  const listening = await listen(world);
  return {
    ...listening,
    world,
    as: (principal, resource = 'https://management.azure.com') => ({
      getToken: async () => ({
        token: await world.entra.token(principal, resource),
        expiresOnTimestamp: world.clock.now() + 3_600_000,
      }),
    }),
  };
}

import type { DelegationClient } from '../../azure/delegations.ts';
import type { DirectoryClient } from '../../azure/directory.ts';
import type { RoleClient } from '../../azure/roles.ts';
import { type GraphPermission, graphPermissions, huntingPermission, readUsersPermission } from '../../domain/roles.ts';
import type { IoClock } from '../io.ts';
import type { Live } from '../live.ts';
import { rolesOfRelay } from '../permissions.ts';
import { type DeployedRelay, findRelay } from '../relay-in-azure.ts';
import { graphStep } from './graph-steps.ts';
import { roleStep } from './permission-steps.ts';
import type { SetupStep } from './step.ts';

/** Azure roles and Microsoft Graph permissions of the identity of a relay in Azure. None without such a relay. */

interface Clients {
  readonly roles: RoleClient;
  readonly directory: DirectoryClient;
  readonly delegations: DelegationClient;
  readonly clock: IoClock;
}

export async function relaySteps(live: Live, clients: Clients): Promise<readonly SetupStep[]> {
  if (live.config.relay.azure.app === '') return [];
  const relay = await findRelay(live);
  if (!relay) return [notDeployed(live)];
  return [...relayRoleSteps(live, relay, clients), ...relayGraphSteps(live, relay, clients)];
}

function notDeployed({ config }: Live): SetupStep {
  const reason = `${config.relay.azure.app} is not deployed; run "signl4-sentinel deploy" first`;
  return {
    title: 'Roles of the relay',
    look: async () => ({ kind: 'blocked', reason }),
    apply: async () => {},
  };
}

export function relayRoleSteps(
  live: Live,
  relay: DeployedRelay,
  clients: Omit<Clients, 'clock'>,
): readonly SetupStep[] {
  return rolesOfRelay(live, relay).map((needed) =>
    roleStep(`${needed.roleName} for the relay`, live, clients, async () => needed),
  );
}

/** Graph permissions that the relay needs with this configuration. */
export function relayPermissions({ config: { graph, relay } }: Live): readonly GraphPermission[] {
  return [
    ...(graph.enabled ? graphPermissions : []),
    ...(graph.enabled && graph.hunting ? [huntingPermission] : []),
    ...(relay.azure.readUsers ? [readUsersPermission] : []),
  ];
}

export function relayGraphSteps(
  live: Live,
  { app: { principalId } }: DeployedRelay,
  { directory, clock }: Pick<Clients, 'directory' | 'clock'>,
): readonly SetupStep[] {
  if (principalId === undefined) return [];
  return relayPermissions(live).map((permission) =>
    graphStep('the relay', permission, async () => ({ principalId }), { live, directory, clock }),
  );
}

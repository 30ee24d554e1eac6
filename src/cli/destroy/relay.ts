import type { Removal } from '../../azure/removal.ts';
import type { GroupResource } from '../../azure/resources.ts';
import { createRoleClient } from '../../azure/roles.ts';
import type { Live } from '../live.ts';
import { rolesOfRelay } from '../permissions.ts';
import { type DeployedRelay, findRelay, findRelayResources } from '../relay-in-azure.ts';
import type { Inventory, Made } from './made.ts';

/** The relay that `deploy` created, found by its tag. The app is removed first, the data it stores last. */

/** Resource types in the order of removal, what people call them, and a note where the user should know something. */
const types: readonly (readonly [type: string, kind: string, note?: string])[] = [
  ['microsoft.web/sites', 'function app'],
  ['microsoft.web/serverfarms', 'plan'],
  ['microsoft.insights/components', 'Application Insights'],
  ['microsoft.network/privateendpoints', 'private endpoint'],
  ['microsoft.storage/storageaccounts', 'storage account', 'what the relay has not applied yet goes with it'],
  ['microsoft.keyvault/vaults', 'key vault', 'Azure keeps it for up to 90 days, and deploy brings it back'],
];

export async function relayInventory(live: Live, removal: Removal): Promise<Inventory> {
  const { tagged, others } = await findRelayResources(live);
  const relay = tagged.length > 0 ? await findRelay(live) : undefined;
  return {
    made: [...(relay ? await assignments(live, relay, removal) : []), ...resources(tagged, removal)],
    kept: others
      .filter(({ type }) => type.toLowerCase() === 'microsoft.web/sites')
      .map(({ name }) => `relay ${name}: signl4.yaml does not name it in relay.azure.app`),
  };
}

function resources(tagged: readonly GroupResource[], removal: Removal): readonly Made[] {
  return types.flatMap(([type, kind, note]) =>
    tagged
      .filter((each) => each.type.toLowerCase() === type)
      .map(({ id, name }) => ({
        title: `${kind} ${name}${note === undefined ? '' : ` (${note})`}`,
        remove: () => removal.remove(id),
      })),
  );
}

/** Roles of the relay's identity, including those on resources that are not part of the relay. */
async function assignments(live: Live, relay: DeployedRelay, removal: Removal): Promise<readonly Made[]> {
  const roles = createRoleClient(live.arm);
  const found = await Promise.all(
    rolesOfRelay(live, relay).map(async ({ scope, principalId, roleId, roleName }) => {
      const held = await roles.assignments(scope, principalId);
      return held
        .filter((each) => each.roleId === roleId && each.scope.toLowerCase() === scope.toLowerCase())
        .map(({ id }) => ({ title: `role ${roleName} of the relay`, remove: () => removal.remove(id) }));
    }),
  );
  return found.flat();
}

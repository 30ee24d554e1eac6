import { RELAY_TAG } from '../arm/relay/tags.ts';
import { createFunctionAppClient, type FunctionApp } from '../azure/function-app.ts';
import { createResourceClient, type GroupResource } from '../azure/resources.ts';
import { member, textOf } from '../domain/json.ts';
import type { Live } from './live.ts';

/** The relay's resources, which are in the resource group of the playbooks. */
export interface RelayResources {
  /** By type in lower case, without private endpoints. */
  readonly byType: Readonly<Record<RelayType, GroupResource | undefined>>;
  /** All resources with the tag of this relay, or of another one. */
  readonly tagged: readonly GroupResource[];
  readonly others: readonly GroupResource[];
}

/** Names that the template gives each type by default, for relays deployed before resources were tagged. */
const usualNames = {
  'microsoft.web/sites': undefined,
  'microsoft.web/serverfarms': undefined,
  'microsoft.insights/components': undefined,
  'microsoft.keyvault/vaults': /^s4relay-/i,
  'microsoft.storage/storageaccounts': /^s4relay/i,
} as const satisfies Record<string, RegExp | undefined>;
export type RelayType = keyof typeof usualNames;

/** The resources of the configured relay, found by tag or else by name. */
export async function findRelayResources({ arm, group, config }: Live): Promise<RelayResources> {
  const app = config.relay.azure.app.toLowerCase();
  const inGroup = await createResourceClient(arm, group).inGroup();
  const relayOf = ({ tags }: GroupResource) => textOf(member(tags, RELAY_TAG))?.toLowerCase();
  const isTagged = (each: GroupResource) => relayOf(each) === app;
  const named = (type: RelayType) => {
    const ofType = inGroup.filter((each) => each.type.toLowerCase() === type);
    const usual = usualNames[type] ?? new RegExp(`^${app}(-plan)?$`, 'i');
    return ofType.find(isTagged) ?? ofType.find(({ name }) => usual.test(name));
  };
  const types = Object.keys(usualNames) as RelayType[];
  return {
    byType: Object.fromEntries(types.map((type) => [type, named(type)])) as unknown as RelayResources['byType'],
    tagged: inGroup.filter(isTagged),
    others: inGroup.filter((each) => !isTagged(each) && relayOf(each) !== undefined),
  };
}

/** The relay's address as seen from this machine: a function app may be simulated here. */
export function relayFromHere({ config: { relay }, site }: Pick<Live, 'config' | 'site'>): string {
  const host = URL.parse(relay.url)?.hostname ?? '';
  return /\.azurewebsites\.[a-z]+$/.test(host) ? relay.url.replace(`https://${host}`, site(host)) : relay.url;
}

/** A deployed relay: the app with its identity, and the resources that it needs roles on. */
export interface DeployedRelay {
  readonly app: FunctionApp;
  readonly resources: RelayResources;
}

/** Undefined if the configuration has no relay in Azure, or it is not deployed. */
export async function findRelay(live: Live): Promise<DeployedRelay | undefined> {
  const name = live.config.relay.azure.app;
  if (name === '') return undefined;
  const app = await createFunctionAppClient(live.arm, live.group).find(name);
  return app && { app, resources: await findRelayResources(live) };
}

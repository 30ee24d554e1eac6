import { RELAY_TAG } from '../arm/relay/tags.ts';
import { createFunctionAppClient, type FunctionApp } from '../azure/function-app.ts';
import { createResourceClient, type GroupResource } from '../azure/resources.ts';
import { member, textOf } from '../domain/json.ts';
import type { Live } from './live.ts';

/** What of the relay lies in Azure, in the resource group of the playbooks. */
export interface RelayResources {
  /** By type in lower case; private endpoints are not among them. */
  readonly byType: Readonly<Record<RelayType, GroupResource | undefined>>;
  /** All with our tag for this relay, and those for another one. */
  readonly tagged: readonly GroupResource[];
  readonly others: readonly GroupResource[];
}

/** Type to how our template names it where nobody says otherwise: what was deployed before there were tags. */
const usualNames = {
  'microsoft.web/sites': undefined,
  'microsoft.web/serverfarms': undefined,
  'microsoft.insights/components': undefined,
  'microsoft.keyvault/vaults': /^s4relay-/i,
  'microsoft.storage/storageaccounts': /^s4relay/i,
} as const satisfies Record<string, RegExp | undefined>;
export type RelayType = keyof typeof usualNames;

/** The resources of the relay that the configuration names: by our tag, else by their names. */
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

/** The relay's address as this machine reaches it: an app of Azure may have a stand-in here. */
export function relayFromHere({ config: { relay }, site }: Pick<Live, 'config' | 'site'>): string {
  const host = URL.parse(relay.url)?.hostname ?? '';
  return /\.azurewebsites\.[a-z]+$/.test(host) ? relay.url.replace(`https://${host}`, site(host)) : relay.url;
}

/** The relay at work: the app with its identity, and what it has roles on. */
export interface DeployedRelay {
  readonly app: FunctionApp;
  readonly resources: RelayResources;
}

/** Undefined where the configuration has no relay in Azure, or it is not deployed. */
export async function findRelay(live: Live): Promise<DeployedRelay | undefined> {
  const name = live.config.relay.azure.app;
  if (name === '') return undefined;
  const app = await createFunctionAppClient(live.arm, live.group).find(name);
  return app && { app, resources: await findRelayResources(live) };
}

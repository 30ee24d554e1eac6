import { PLAYBOOK_RESPONDER } from '../arm/setup/template.ts';
import type { WorkflowClient } from '../azure/workflows.ts';
import { asksGraphWithoutRelay, respondsWithoutRelay } from '../config/config.ts';
import { memberAt } from '../domain/json.ts';
import type { Live } from './live.ts';

/** A playbook that SIGNL4 may call, and what its webhook is called in SIGNL4: one for each workspace. */
export interface Callback {
  readonly playbook: string;
  readonly webhook: string;
}

/** Those that SIGNL4 should call with this configuration. Where a relay is, the first stands for it. */
export function callbacksOf({ config, workspace }: Pick<Live, 'config' | 'workspace'>): readonly Callback[] {
  const wanted: Readonly<Record<string, boolean>> = {
    [CALLBACK]: true,
    [DEFENDER_CALLBACK]: asksGraphWithoutRelay(config),
    [PLAYBOOK_RESPONDER]: respondsWithoutRelay(config),
  };
  return allCallbacks({ workspace }).filter(({ playbook }) => wanted[playbook]);
}

/** Those that there may be of ours. */
export function allCallbacks({ workspace }: Pick<Live, 'workspace'>): readonly Callback[] {
  return [
    { playbook: CALLBACK, webhook: `Microsoft Sentinel: ${workspace.name}` },
    { playbook: DEFENDER_CALLBACK, webhook: `Microsoft Defender: ${workspace.name}` },
    { playbook: PLAYBOOK_RESPONDER, webhook: `Microsoft Sentinel responses: ${workspace.name}` },
  ];
}

const CALLBACK = 'SIGNL4-Callback';
const DEFENDER_CALLBACK = 'SIGNL4-Defender-Callback';

/** Where SIGNL4 should call. */
export interface ExpectedWebhook {
  readonly url: string;
  /** Whether the secret in it is known; where only the key vault knows it, none is in it. */
  readonly isWhole: boolean;
}

/**
 * The address that SIGNL4 should call: the relay's, where there is one and its secret is known (`RELAY_SIGNL4_SECRET`) or in its
 * key vault, else the trigger of a callback playbook. Undefined where neither exists.
 */
export async function expectedWebhook(
  { config, relaySecret }: Live,
  workflows: WorkflowClient | undefined,
  playbook = CALLBACK,
): Promise<ExpectedWebhook | undefined> {
  if (config.relay.url !== '' && (relaySecret || config.relay.azure.app !== '')) {
    const address = new URL(`${config.relay.url}/api/signl4/events`);
    if (relaySecret) address.searchParams.set('secret', relaySecret);
    return { url: address.href, isWhole: Boolean(relaySecret) };
  }
  const deployed = await workflows?.find(playbook);
  const [trigger] = Object.keys(Object(memberAt(deployed?.definition, 'triggers')));
  if (!workflows || trigger === undefined) return undefined;
  return { url: await workflows.callbackUrl(playbook, trigger), isWhole: true };
}

/** Whether an address of a webhook is the expected one: with a secret that is not known, whatever its own is. */
export function isExpected(url: string, expected: ExpectedWebhook): boolean {
  return expected.isWhole ? isSameAddress(url, expected.url) : leadsTo(url, expected);
}

/** Whether a webhook leads to the same place, whatever its secret. */
export function leadsTo(url: string, expected: ExpectedWebhook): boolean {
  return placeOf(url) === placeOf(expected.url);
}

/** What tells two workspaces of one name apart. */
export function describedBy({ workspace }: Pick<Live, 'workspace'>): string {
  return `Workspace ${workspace.workspaceId.toLowerCase()}`;
}

/** Whether a webhook was made for this workspace: by its name, and by what it says of itself, which older ones do not. */
export function isNamed(
  { name, description }: { readonly name: string; readonly description: string },
  webhook: string,
  live: Pick<Live, 'workspace'>,
): boolean {
  const isOthers = description.startsWith('Workspace ') && description !== describedBy(live);
  return name.toLowerCase() === webhook.toLowerCase() && !isOthers;
}

/** The address without its query. */
function placeOf(address: string): string | undefined {
  const url = URL.parse(address);
  return url ? `${url.origin}${decodeURIComponent(url.pathname).replace(/\/+$/, '')}` : undefined;
}

/** Whether two addresses lead to the same place with the same secret: casing of the host, usual port and order of the query do not matter. */
function isSameAddress(one: string, other: string): boolean {
  const [a, b] = [meaningOf(one), meaningOf(other)];
  return a !== undefined && a === b;
}

function meaningOf(address: string): string | undefined {
  const url = URL.parse(address);
  if (!url) return undefined;
  url.searchParams.sort();
  return `${placeOf(address)}?${url.searchParams}`;
}

import { PLAYBOOK_RESPONDER } from '../arm/setup/template.ts';
import type { WorkflowClient } from '../azure/workflows.ts';
import { asksGraphWithoutRelay, respondsWithoutRelay } from '../config/config.ts';
import { memberAt } from '../domain/json.ts';
import type { Live } from './live.ts';

/** A playbook that SIGNL4 may call, and the name of its webhook in SIGNL4, which is different for each workspace. */
export interface Callback {
  readonly playbook: string;
  readonly webhook: string;
}

/** The callbacks that SIGNL4 should call with this configuration. With a relay, the first entry stands for the relay. */
export function callbacksOf({ config, workspace }: Pick<Live, 'config' | 'workspace'>): readonly Callback[] {
  const wanted: Readonly<Record<string, boolean>> = {
    [CALLBACK]: true,
    [DEFENDER_CALLBACK]: asksGraphWithoutRelay(config),
    [PLAYBOOK_RESPONDER]: respondsWithoutRelay(config),
  };
  return allCallbacks({ workspace }).filter(({ playbook }) => wanted[playbook]);
}

/** All callbacks that we may ever have created. */
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
  /** Whether the address includes its secret. It does not if only the key vault knows it. */
  readonly isWhole: boolean;
}

/**
 * The address that SIGNL4 should call: the relay's, if there is one and its secret is known (`RELAY_SIGNL4_SECRET`) or in its key
 * vault, otherwise the trigger of a callback playbook. Undefined if there is neither.
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

/** Whether a webhook's address is the expected one. An unknown secret matches any. */
export function isExpected(url: string, expected: ExpectedWebhook): boolean {
  return expected.isWhole ? isSameAddress(url, expected.url) : leadsTo(url, expected);
}

/** Whether a webhook calls the same place, whatever its secret. */
export function leadsTo(url: string, expected: ExpectedWebhook): boolean {
  return placeOf(url) === placeOf(expected.url);
}

/** Distinguishes two workspaces with the same name. */
export function describedBy({ workspace }: Pick<Live, 'workspace'>): string {
  return `Workspace ${workspace.workspaceId.toLowerCase()}`;
}

/** Whether a webhook was created for this workspace, by its name and its description. Older webhooks have no description. */
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

/**
 * Whether two addresses are the same with the same secret; ignores case of the host, default ports and the order of query
 * parameters.
 */
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

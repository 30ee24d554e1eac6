import type { WorkflowClient } from '../azure/workflows.ts';
import { memberAt } from '../domain/json.ts';
import type { Live } from './live.ts';

const CALLBACK = 'SIGNL4-Callback';

/**
 * The address that SIGNL4 should call, secret included: the relay's, where there is one and its secret is known
 * (`RELAY_SIGNL4_SECRET`), else the trigger of the callback playbook. Undefined where neither exists.
 */
export async function expectedWebhook(
  { config, relaySecret }: Live,
  workflows: WorkflowClient | undefined,
): Promise<string | undefined> {
  if (config.relay.url !== '' && relaySecret) {
    const address = new URL(`${config.relay.url}/api/signl4/events`);
    address.searchParams.set('secret', relaySecret);
    return address.href;
  }
  const deployed = await workflows?.find(CALLBACK);
  const [trigger] = Object.keys(Object(memberAt(deployed?.definition, 'triggers')));
  return workflows && trigger !== undefined ? workflows.callbackUrl(CALLBACK, trigger) : undefined;
}

/** Whether two addresses lead to the same place with the same secret: casing of the host, usual port and order of the query do not matter. */
export function isSameAddress(one: string, other: string): boolean {
  const [a, b] = [meaningOf(one), meaningOf(other)];
  return a !== undefined && a === b;
}

function meaningOf(address: string): string | undefined {
  const url = URL.parse(address);
  if (!url) return undefined;
  url.searchParams.sort();
  url.hash = '';
  return `${url.origin}${decodeURIComponent(url.pathname).replace(/\/+$/, '')}?${url.searchParams}`;
}

/** What the webhook is called in SIGNL4: one for each workspace. */
export function webhookName({ workspace }: Live): string {
  return `Microsoft Sentinel: ${workspace.name}`;
}

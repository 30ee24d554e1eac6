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

/** What the webhook is called in SIGNL4: one for each workspace. */
export function webhookName({ workspace }: Live): string {
  return `Microsoft Sentinel: ${workspace.name}`;
}

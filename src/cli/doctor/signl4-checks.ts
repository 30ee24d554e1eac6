import type { Signl4Client } from '../../signl4/client.ts';
import { createSignl4Client } from '../../signl4/client.ts';
import { Signl4Error } from '../../signl4/error.ts';
import { expectedWebhook, isSameAddress } from '../signl4-webhook.ts';
import type { DoctorContext } from './context.ts';
import { type Check, type Finding, failure, ok, skipped, warning } from './finding.ts';

const noKey = skipped('SIGNL4 was not asked: SIGNL4_API_KEY is not set');

/** The key works, and somebody is on duty to be paged. */
export const signl4Check: Check<DoctorContext> = {
  id: 'signl4',
  async run({ live }) {
    if (!live.signl4.apiKey) return [noKey];
    const signl4 = createSignl4Client(live.signl4);
    try {
      const [teams, people] = await Promise.all([signl4.teams(), signl4.people()]);
      return teams.map(({ id, name }) => {
        const onDuty = people.filter((person) => person.onDuty.includes(id)).map((person) => person.name);
        return onDuty.length > 0
          ? ok(`on duty in the team ${name}: ${onDuty.join(', ')}`)
          : warning(`nobody is on duty in the team ${name}`, 'SIGNL4: Duty scheduling, or let somebody punch in.');
      });
    } catch (error) {
      if (!(error instanceof Signl4Error) || ![401, 403].includes(error.statusCode ?? 0)) throw error;
      const remedy = 'SIGNL4 portal: Integrations, API keys. Set SIGNL4_API_KEY to a valid one.';
      return [failure('SIGNL4 does not accept the API key', remedy)];
    }
  },
};

/** SIGNL4 tells Sentinel what people do. */
export const webhookCheck: Check<DoctorContext> = {
  id: 'webhook',
  async run({ live, workflows, playbooks }) {
    if (!live.signl4.apiKey) return [noKey];
    const callback = playbooks.find(({ playbook }) => playbook.name === 'SIGNL4-Callback')?.deployed;
    const address = await expectedWebhook(live, callback ? workflows : undefined);
    if (address === undefined) return [skipped('nothing is deployed that SIGNL4 could call')];
    return [await findingFor(createSignl4Client(live.signl4), address)];
  },
};

/** Addresses hold secrets: they are compared and never shown. */
async function findingFor(signl4: Signl4Client, address: string): Promise<Finding> {
  const remedy = 'Run "signl4-sentinel setup apply".';
  const host = new URL(address).host;
  const webhooks = await signl4.webhooks();
  const own = webhooks.filter(({ url }) => isSameAddress(url, address));
  if (own.some(({ isEnabled }) => isEnabled))
    return own.length > 1
      ? warning(
          `SIGNL4 calls ${host} ${own.length} times for each event`,
          'SIGNL4 portal: Integrations, outbound webhooks: keep one.',
        )
      : ok(`SIGNL4 calls ${host} when somebody acts`);
  if (own.length > 0)
    return failure(
      `the webhook to ${host} is switched off in SIGNL4`,
      'SIGNL4 portal: Integrations, outbound webhooks.',
    );
  const outdated = webhooks.some(({ url }) => URL.parse(url)?.pathname === new URL(address).pathname);
  return outdated
    ? failure(`the webhook to ${host} has an old secret: its calls are refused`, remedy)
    : failure(`SIGNL4 does not call ${host}: nothing comes back to Sentinel`, remedy);
}

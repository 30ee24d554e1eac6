import type { WorkflowClient } from '../../azure/workflows.ts';
import { UserError } from '../../domain/errors.ts';
import { createSignl4Client } from '../../signl4/client.ts';
import type { Live } from '../live.ts';
import { type Callback, callbacksOf, describedBy, expectedWebhook, isExpected, isNamed } from '../signl4-webhook.ts';
import type { SetupStep } from './step.ts';

/** SIGNL4 calls the relay or the callback playbooks when somebody acts. `names`: the playbooks to check; default: all. */
export function webhookSteps(live: Live, workflows: WorkflowClient, names?: readonly string[]): readonly SetupStep[] {
  return callbacksOf(live)
    .filter(({ playbook }) => names?.includes(playbook) ?? true)
    .map((callback) => webhookStep(live, workflows, callback));
}

/** Creates the webhook, or replaces one of ours that has an old address. */
function webhookStep(live: Live, workflows: WorkflowClient, { playbook, webhook: name }: Callback): SetupStep {
  return {
    title: `Outbound webhook "${name}" in SIGNL4`,
    async look() {
      if (!live.signl4.apiKey)
        return { kind: 'blocked', reason: 'SIGNL4_API_KEY is not set (SIGNL4 portal: Integrations, API keys)' };
      const expected = await expectedWebhook(live, workflows, playbook);
      if (expected === undefined)
        return { kind: 'blocked', reason: `${playbook} is not deployed; run "signl4-sentinel deploy" first` };
      const webhooks = await createSignl4Client(live.signl4).webhooks();
      const isThere = webhooks.some((webhook) => isExpected(webhook.url, expected) && webhook.isEnabled);
      const note = `to ${new URL(expected.url).host}`;
      if (isThere) return { kind: 'done', note };
      if (expected.isWhole) return { kind: 'todo', note };
      const reason = `nobody knows the secret of the relay here: run "signl4-sentinel deploy", which makes a new one, or set RELAY_SIGNL4_SECRET`;
      return { kind: 'blocked', reason };
    },
    async apply() {
      const signl4 = createSignl4Client(live.signl4);
      const expected = await expectedWebhook(live, workflows, playbook);
      if (expected === undefined) throw new UserError('setup.not-yet', 'nothing is deployed that SIGNL4 could call');
      const before = await signl4.webhooks();
      await signl4.createWebhook({ name, url: expected.url, description: describedBy(live) });
      for (const webhook of before.filter((old) => isNamed(old, name, live))) await signl4.deleteWebhook(webhook.id);
    },
  };
}

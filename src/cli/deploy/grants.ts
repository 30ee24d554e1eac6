import { PLAYBOOK_RESPONDER, playbooksWithRights } from '../../arm/setup/template.ts';
import type { IoClock } from '../io.ts';
import type { Live } from '../live.ts';
import { playbookGraphSteps } from '../setup/graph-steps.ts';
import { playbookSteps, responseSentinelSteps, sentinelSteps, setupClients } from '../setup/permission-steps.ts';
import type { SetupStep } from '../setup/step.ts';
import { webhookSteps } from '../setup/webhook-step.ts';

/**
 * What templates cannot do: roles and permissions that the playbooks need before rules can run them, and the webhook in SIGNL4.
 */
export function grantSteps(
  live: Live,
  deployed: readonly string[],
  {
    needsSentinel,
    isWhole,
    clock,
  }: { readonly needsSentinel: boolean; readonly isWhole: boolean; readonly clock: IoClock },
): { readonly roles: readonly SetupStep[]; readonly webhooks: readonly SetupStep[] } {
  const clients = setupClients(live);
  const roles = [
    ...playbookSteps(
      live,
      playbooksWithRights.filter((name) => deployed.includes(name)),
      clients,
    ),
    ...(needsSentinel ? sentinelSteps(live, clients) : []),
    ...(isWhole || deployed.includes(PLAYBOOK_RESPONDER) ? responseSentinelSteps(live, clients) : []),
    ...playbookGraphSteps(live, deployed, { ...clients, clock }),
  ];
  return { roles, webhooks: webhookSteps(live, clients.workflows, deployed) };
}

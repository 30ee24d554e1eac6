import { playbooksWithRights } from '../../arm/setup/template.ts';
import type { Live } from '../live.ts';
import { playbookSteps, sentinelStep, setupClients } from '../setup/permission-steps.ts';
import type { SetupStep } from '../setup/step.ts';
import { webhookStep } from '../setup/webhook-step.ts';

/** What must be in place beside the templates before rules can run the playbooks that were just deployed. */
export function grantSteps(live: Live, deployed: readonly string[], needsSentinel: boolean): readonly SetupStep[] {
  const clients = setupClients(live);
  return [
    ...playbookSteps(
      live,
      playbooksWithRights.filter((name) => deployed.includes(name)),
      clients,
    ),
    ...(needsSentinel ? [sentinelStep(live, clients)] : []),
    ...(deployed.includes('SIGNL4-Callback') ? [webhookStep(live, clients.workflows)] : []),
  ];
}

import { playbooksWithRights } from '../../arm/setup/template.ts';
import type { IoClock } from '../io.ts';
import type { Live } from '../live.ts';
import { playbookGraphSteps } from '../setup/graph-steps.ts';
import { playbookSteps, sentinelSteps, setupClients } from '../setup/permission-steps.ts';
import type { SetupStep } from '../setup/step.ts';
import { webhookSteps } from '../setup/webhook-step.ts';

/** What must be in place beside the templates before rules can run the playbooks that were just deployed. */
export function grantSteps(
  live: Live,
  deployed: readonly string[],
  needsSentinel: boolean,
  clock: IoClock,
): readonly SetupStep[] {
  const clients = setupClients(live);
  return [
    ...playbookSteps(
      live,
      playbooksWithRights.filter((name) => deployed.includes(name)),
      clients,
    ),
    ...(needsSentinel ? sentinelSteps(live, clients) : []),
    ...playbookGraphSteps(live, deployed, { ...clients, clock }),
    ...webhookSteps(live, clients.workflows, deployed),
  ];
}

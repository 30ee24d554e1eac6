import type { TokenCredential } from '@azure/core-auth';
import { Command } from 'commander';
import { createDeployedWorkflows } from '../azure/deployed-workflows.ts';
import { chosenPlaybooks } from './deployments.ts';
import { findDrift } from './drift/drift.ts';
import { driftReport } from './drift/report.ts';
import type { Io } from './io.ts';
import { addLiveOptions, type Live, type LiveOptions, withLive } from './live.ts';

interface DiffOptions extends LiveOptions {
  readonly json?: true;
}

/** `diff`: what somebody changed in the designer. Exits 1 where something differs. `credential` is for tests. */
export function diffCommand(io: Io, credential?: TokenCredential): Command {
  return addLiveOptions(
    new Command('diff')
      .description('compare the deployed playbooks with what would be generated')
      .argument('[playbooks...]', 'only these playbooks'),
  )
    .option('--json', 'print [{ playbook, deployed, differences, edits, secrets }]')
    .action((names: readonly string[], options: DiffOptions) =>
      withLive(io, options, credential, (live) => diff(live, names, options, io)),
    );
}

async function diff(live: Live, names: readonly string[], options: DiffOptions, io: Io): Promise<void> {
  const { subscriptionId, resourceGroup } = live.group;
  const workflows = createDeployedWorkflows(live.arm, subscriptionId, resourceGroup);
  const drifts = await findDrift(live, chosenPlaybooks(names), workflows);
  const differs = drifts.some(({ differences, secrets }) => differences.length + secrets.length > 0);
  io.print(options.json ? json(drifts) : drifts.map(driftReport).join('\n'));
  if (differs) io.setExitCode(1);
}

function json(drifts: Awaited<ReturnType<typeof findDrift>>): string {
  const shown = drifts.map(({ playbook, deployed, differences, edits, secrets }) => ({
    playbook: playbook.name,
    deployed: deployed !== undefined,
    differences,
    edits,
    secrets,
  }));
  return JSON.stringify(shown, null, 2);
}

import type { TokenCredential } from '@azure/core-auth';
import { Command } from 'commander';
import { createWorkflowClient } from '../azure/workflows.ts';
import { chosenPlaybooks } from './deployments.ts';
import { type Drift, findDrift } from './drift/drift.ts';
import { driftReport, type Surrounding, surroundingReport } from './drift/report.ts';
import {
  connectorSurroundings,
  leftoverSurroundings,
  playbookSurroundings,
  ruleSurroundings,
} from './drift/surroundings.ts';
import type { Io } from './io.ts';
import { addLiveOptions, type Live, type LiveOptions, withLive } from './live.ts';

interface DiffOptions extends LiveOptions {
  readonly json?: true;
}

/** `diff`: what people changed in the designer. Exits 1 if something differs. `credential` is for tests. */
export function diffCommand(io: Io, credential?: TokenCredential): Command {
  return addLiveOptions(
    new Command('diff')
      .description('compare the deployed playbooks with what would be generated')
      .argument('[playbooks...]', 'only these playbooks'),
  )
    .option(
      '--json',
      'print [{ playbook, deployed, differences, edits, secrets, surroundings }, …, { name, differences }]',
    )
    .action((names: readonly string[], options: DiffOptions) =>
      withLive(io, options, credential, (live) => diff(live, names, options, io)),
    );
}

async function diff(live: Live, names: readonly string[], options: DiffOptions, io: Io): Promise<void> {
  const workflows = createWorkflowClient(live.arm, live.group);
  const drifts = await findDrift(live, chosenPlaybooks(names, live.config), workflows);
  const [rules, connector] = await Promise.all([ruleSurroundings(live, drifts), connectorSurroundings(live)]);
  // With names given, only those playbooks are compared.
  const leftovers = names.length === 0 ? await leftoverSurroundings(live, workflows) : [];
  const around = [...leftovers, ...rules, connector];
  const compared = drifts.map((drift) => ({ ...drift, surroundings: playbookSurroundings(drift, live.config) }));
  const differs =
    compared.some((drift) => drift.differences.length + drift.secrets.length + drift.surroundings.length > 0) ||
    around.some(({ lines }) => lines.length > 0);
  if (options.json) io.print(json(compared, around));
  else io.print([...compared.map(driftReport), ...around.flatMap(surroundingReport)].join('\n'));
  if (differs) io.setExitCode(1);
}

type Compared = Drift & { readonly surroundings: readonly string[] };

function json(compared: readonly Compared[], around: readonly Surrounding[]): string {
  const playbooks = compared.map(({ playbook, deployed, differences, edits, secrets, surroundings }) => ({
    playbook: playbook.name,
    deployed: deployed !== undefined,
    differences,
    edits,
    secrets,
    surroundings,
  }));
  return JSON.stringify([...playbooks, ...around.map(({ name, lines }) => ({ name, differences: lines }))], null, 2);
}

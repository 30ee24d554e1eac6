import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { TokenCredential } from '@azure/core-auth';
import { Command } from 'commander';
import { createWorkflowClient } from '../azure/workflows.ts';
import { loadConfig } from '../config/load.ts';
import { UserError } from '../domain/errors.ts';
import type { Json } from '../domain/json.ts';
import { readConfigFile } from './config-file.ts';
import { chosenPlaybooks } from './deployments.ts';
import { choiceHomes, placeOf } from './drift/choices.ts';
import { type Drift, findDrift } from './drift/drift.ts';
import { type ConfigPatch, patchConfig } from './drift/patch-config.ts';
import { driftReport } from './drift/report.ts';
import type { Io } from './io.ts';
import { addLiveOptions, type Live, type LiveOptions, withLive } from './live.ts';

interface PullOptions extends LiveOptions {
  readonly out: string;
  readonly dryRun?: true;
}

/**
 * `pull`: brings designer edits back. Choices go into `signl4.yaml`; a workflow that was edited otherwise is saved as a
 * file, because playbooks are code and a person must decide. Exits 1 where something is left to decide.
 */
export function pullCommand(io: Io, credential?: TokenCredential): Command {
  return addLiveOptions(
    new Command('pull')
      .description('bring edits made in the designer back into signl4.yaml')
      .argument('[playbooks...]', 'only these playbooks'),
  )
    .option('-o, --out <folder>', 'where to save definitions that were edited otherwise', 'pulled')
    .option('--dry-run', 'write nothing; print what would be written')
    .action((names: readonly string[], options: PullOptions) =>
      withLive(io, options, credential, (live) => pull(live, names, options, io)),
    );
}

async function pull(live: Live, names: readonly string[], options: PullOptions, io: Io): Promise<void> {
  const { subscriptionId, resourceGroup } = live.group;
  const workflows = createWorkflowClient(live.arm, subscriptionId, resourceGroup);
  const drifts = await findDrift(live, chosenPlaybooks(names), workflows);
  const { patches, left } = gather(drifts);
  await writeChoices(patches, options, io);
  const edited = drifts.filter(({ edits }) => edits.length > 0);
  for (const drift of edited) saveDefinition(drift, options, io);
  for (const line of left) io.print(`left in Azure: ${line}`);
  if (patches.length + left.length + edited.length === 0) io.print('nothing to bring back');
  if (left.length + edited.length > 0) io.setExitCode(1);
}

interface Gathered {
  readonly patches: readonly ConfigPatch[];
  /** Choices that cannot go into the file, and why. */
  readonly left: readonly string[];
}

/** One value for each place of the file; playbooks that were changed differently leave it to the person. */
function gather(drifts: readonly Drift[]): Gathered {
  const left: string[] = [];
  const found = new Map<string, { path: readonly string[]; value: Json; from: string }>();
  for (const { playbook, choices } of drifts) {
    for (const choice of choices) {
      const home = choiceHomes[choice.parameter];
      const { path, value } = home ? placeOf(home, choice.deployed) : { path: [], value: undefined };
      const key = path.join('.');
      const before = found.get(key);
      if (value === undefined) left.push(`${playbook.name}, ${choice.parameter}: signl4.yaml has no place for it`);
      else if (!before) found.set(key, { path, value, from: playbook.name });
      else if (JSON.stringify(before.value) !== JSON.stringify(value))
        left.push(`${playbook.name}, ${choice.parameter}: ${before.from} has another value, which was taken`);
    }
  }
  return { patches: [...found.values()].map(({ path, value }) => ({ path, value })), left };
}

async function writeChoices(patches: readonly ConfigPatch[], options: PullOptions, io: Io): Promise<void> {
  if (patches.length === 0) return;
  const { config, fileName } = await readConfigFile(io, options.config);
  if (fileName === undefined) throw new UserError('pull.no-file', 'there is no signl4.yaml to write into');
  const path = resolve(io.cwd, fileName);
  const index = config.targets.findIndex(({ name }) => name.toLowerCase() === options.target?.toLowerCase());
  const prefix = index < 0 ? [] : ['targets', index];
  const text = patchConfig(
    readFileSync(path, 'utf8'),
    patches.map((patch) => ({ ...patch, path: [...prefix, ...patch.path] })),
  );
  // What the designer lets pass may be nothing that the file takes.
  loadConfig(text, fileName);
  if (!options.dryRun) writeFileSync(path, text);
  for (const patch of patches)
    io.print(`${options.dryRun ? 'would set' : 'set'} ${patch.path.join('.')} in ${fileName}`);
}

function saveDefinition(drift: Drift, options: PullOptions, io: Io): void {
  const folder = resolve(io.cwd, options.out);
  const file = join(options.out, `${drift.playbook.name}.json`);
  io.print(driftReport({ ...drift, choices: [] }));
  if (options.dryRun) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(resolve(io.cwd, file), `${JSON.stringify(drift.deployed?.definition, null, 2)}\n`);
  io.print(`saved ${file}; compare it with playbooks/${drift.playbook.name}/playbook.ts`);
}

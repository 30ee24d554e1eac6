import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { TokenCredential } from '@azure/core-auth';
import { Command } from 'commander';
import { createDeployedWorkflows } from '../azure/deployed-workflows.ts';
import { loadConfig } from '../config/load.ts';
import { type Edit, type PatchEntry, readPatchFile } from '../config/patches.ts';
import { UserError } from '../domain/errors.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import { applyEdits } from '../workflow/patch/apply.ts';
import { isSame } from '../workflow/patch/canonical.ts';
import { compareDefinitions } from '../workflow/patch/compare.ts';
import { readConfigFile } from './config-file.ts';
import { chosenPlaybooks } from './deployments.ts';
import { choiceOf } from './drift/choices.ts';
import { type Drift, findDrift, generatedDefinition } from './drift/drift.ts';
import { type ConfigPatch, patchConfig } from './drift/patch-config.ts';
import { patchFileText } from './drift/pull-file.ts';
import { editLine } from './drift/report.ts';
import type { Io } from './io.ts';
import { addLiveOptions, type Live, type LiveOptions, withLive } from './live.ts';
import { patchFile } from './patch-files.ts';

interface PullOptions extends LiveOptions {
  readonly dryRun?: true;
}

/**
 * `pull`: brings edits made in the designer back, so that they survive `build` and `deploy`. What is a choice goes into
 * `signl4.yaml`, everything else into `patches/<playbook>.yaml` beside it. Exits 1 where something is left in Azure.
 */
export function pullCommand(io: Io, credential?: TokenCredential): Command {
  return addLiveOptions(
    new Command('pull')
      .description('bring edits made in the designer back into signl4.yaml and patches/')
      .argument('[playbooks...]', 'only these playbooks'),
  )
    .option('--dry-run', 'write nothing; print what would be written')
    .action((names: readonly string[], options: PullOptions) =>
      withLive(io, options, credential, (live) => pull(live, names, options, io)),
    );
}

interface File {
  /** As messages call it. */
  readonly name: string;
  /** Undefined: it goes. */
  readonly text: string | undefined;
  /** What a person reads about it. */
  readonly lines: readonly string[];
}

async function pull(live: Live, names: readonly string[], options: PullOptions, io: Io): Promise<void> {
  const { subscriptionId, resourceGroup } = live.group;
  const { config, fileName } = await readConfigFile(io, options.config);
  if (fileName === undefined) throw new UserError('pull.no-file', 'there is no signl4.yaml to write into');
  const workflows = createDeployedWorkflows(live.arm, subscriptionId, resourceGroup);
  const drifts = await findDrift(live, chosenPlaybooks(names), workflows);
  const target = config.targets.find(({ name }) => name.toLowerCase() === options.target?.toLowerCase())?.name;
  const index = config.targets.findIndex(({ name }) => name === target);
  const { choices, taken, left } = gatherChoices(drifts);
  const files: File[] = [];
  if (choices.length > 0) files.push(configFile(choices, index < 0 ? [] : ['targets', index], fileName, io));
  for (const drift of drifts) {
    const file = playbookFile(drift, live, taken, patchFile(fileName, drift.playbook.name, target), io);
    if (file) files.push(file);
  }
  // Nothing is written where one of them cannot be.
  for (const { name, text, lines } of files) {
    if (!options.dryRun) write(resolve(io.cwd, name), text);
    for (const line of lines) io.print(`${options.dryRun ? 'would write' : 'wrote'} ${name}: ${line}`);
  }
  for (const line of left) io.print(`left in Azure: ${line}`);
  if (files.length + left.length === 0) io.print('nothing to bring back');
  if (left.length > 0) io.setExitCode(1);
}

function write(path: string, text: string | undefined): void {
  if (text === undefined) {
    rmSync(path, { force: true });
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

interface GatheredChoices {
  readonly choices: readonly ConfigPatch[];
  /** The edits that became choices. */
  readonly taken: ReadonlySet<Edit>;
  readonly left: readonly string[];
}

/** One choice serves several playbooks: where they were set differently, the others keep theirs as patches. */
function gatherChoices(drifts: readonly Drift[]): GatheredChoices {
  const choices = new Map<string, ConfigPatch>();
  const taken = new Set<Edit>();
  for (const { edits } of drifts) {
    for (const edit of edits) {
      const choice = choiceOf(edit);
      if (!choice) continue;
      const key = JSON.stringify(choice.path);
      const before = choices.get(key);
      if (before && !isSame(before.value, choice.value)) continue;
      choices.set(key, choice);
      taken.add(edit);
    }
  }
  const left = drifts.flatMap(({ playbook, secrets }) => secrets.map((secret) => `${playbook.name}: ${secret}`));
  return { choices: [...choices.values()], taken, left };
}

function configFile(
  choices: readonly ConfigPatch[],
  prefix: readonly (string | number)[],
  fileName: string,
  io: Io,
): File {
  const patches = choices.map((choice) => ({ ...choice, path: [...prefix, ...choice.path] }));
  const text = patchConfig(readFileSync(resolve(io.cwd, fileName), 'utf8'), patches);
  // What the designer lets pass may be nothing that the file takes.
  loadConfig(text, fileName);
  return {
    name: fileName,
    text,
    lines: choices.map(({ path, value }) => `${path.join('.')}: ${JSON.stringify(value)}`),
  };
}

/** The patch file of a playbook with the edits on top of those that it holds; undefined where it stays as it is. */
function playbookFile(
  { playbook, deployed, edits, generated }: Drift,
  live: Live,
  taken: ReadonlySet<Edit>,
  name: string,
  io: Io,
): File | undefined {
  const fresh = edits.filter((edit) => !taken.has(edit));
  if (!deployed || fresh.length === 0) return undefined;
  const path = resolve(io.cwd, name);
  const before = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  const held = before === undefined ? [] : readPatchFile(before, name);
  const { patches: _, ...unpatched } = live.config;
  const plain = generatedDefinition(playbook, { ...live, config: unpatched }, deployed.location);
  const all = joined(plain, generated, held, fresh);
  if (all.length === held.length && all.every((edit, index) => edit === held[index]?.edit)) return undefined;
  const text = all.length === 0 ? undefined : patchFileText(before, playbook.name, all);
  return { name, text, lines: fresh.map(editLine) };
}

/**
 * The edits that lead from the generated playbook to the one with the new edits. Where a new edit meets a place that was
 * generated otherwise than last time, it keeps what it changed as "was": the next build asks a person.
 */
function joined(
  plain: JsonObject,
  patched: JsonObject,
  held: readonly PatchEntry[],
  fresh: readonly Edit[],
): readonly Edit[] {
  const conflicts: Edit[] = [];
  let wanted = patched;
  for (const edit of fresh) {
    try {
      wanted = applyEdits(wanted, [{ edit, where: {} }]).definition;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      conflicts.push(edit);
    }
  }
  const edits = compareDefinitions(plain, wanted);
  const same = (edit: Edit) => held.find((entry) => isSame(asJson(entry.edit), asJson(edit)))?.edit ?? edit;
  return [...edits.map(same), ...conflicts];
}

const asJson = (edit: Edit): Json => edit as unknown as Json;

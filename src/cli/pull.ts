import { existsSync, readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import type { TokenCredential } from '@azure/core-auth';
import { Command } from 'commander';
import { createWorkflowClient } from '../azure/workflows.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import type { Edit, PatchEntry } from '../config/patches.ts';
import { UserError } from '../domain/errors.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import { applyEdits } from '../workflow/patch/apply.ts';
import { isSame } from '../workflow/patch/canonical.ts';
import { compareDefinitions, valueAt } from '../workflow/patch/compare.ts';
import { readConfigFile } from './config-file.ts';
import { findFormer, notMoved } from './deploy/move.ts';
import { chosenPlaybooks } from './deployments.ts';
import { choiceOf } from './drift/choices.ts';
import { type Drift, findDrift, generatedDefinition } from './drift/drift.ts';
import { type ConfigPatch, patchConfig } from './drift/patch-config.ts';
import { patchFileText } from './drift/pull-file.ts';
import { ruleChoices, rulesLeft } from './drift/pull-rules.ts';
import { editLine } from './drift/report.ts';
import { rulesOfDeployed } from './drift/surroundings.ts';
import type { Io } from './io.ts';
import { addLiveOptions, type Live, type LiveOptions, withLive } from './live.ts';
import { patchFile } from './patch-files.ts';
import { writeWhole } from './write-files.ts';

interface PullOptions extends LiveOptions {
  readonly dryRun?: true;
}

/**
 * `pull`: brings edits made in the designer back, so that they survive `build` and `deploy`. Choices go into `signl4.yaml`,
 * everything else into `patches/<playbook>.yaml` beside it. Exits 1 if something is left in Azure.
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
  /** File name as shown in messages. */
  readonly name: string;
  /** Undefined: the file is removed. */
  readonly text: string | undefined;
  /** Lines that describe the change to the user. */
  readonly lines: readonly string[];
}

async function pull(live: Live, names: readonly string[], options: PullOptions, io: Io): Promise<void> {
  const { config, fileName } = await readConfigFile(io, options.config);
  if (fileName === undefined) throw new UserError('pull.no-file', 'there is no signl4.yaml to write into');
  const former = await findFormer(live);
  if (former) throw notMoved(live, former.place);
  const workflows = createWorkflowClient(live.arm, live.group);
  const drifts = await findDrift(live, chosenPlaybooks(names, live.config), workflows);
  const index = config.targets.findIndex(({ name }) => name.toLowerCase() === options.target?.toLowerCase());
  const target = config.targets[index]?.name;
  const { choices: ofPlaybooks, taken, left: secrets } = gatherChoices(drifts);
  const rules = await rulesOfDeployed(live, drifts);
  const deployed = drifts.flatMap((drift) => drift.deployed?.name ?? []);
  const choices = withRules(ofPlaybooks, ruleChoices(live, deployed, rules));
  const changed = configFile(choices, index < 0 ? [] : ['targets', index], fileName, io);
  const files = choices.length > 0 ? [changed.file] : [];
  const future = { ...live, config: changed.config.targets[index]?.config ?? changed.config };
  for (const drift of drifts) {
    const name = patchFile(fileName, drift.playbook.name, target);
    const file = playbookFile({ drift, taken, name }, live, future, io);
    if (file) files.push(file);
  }
  // Prepare all files before writing the first, so that an error leaves none written.
  for (const { name, text, lines } of files) {
    if (!options.dryRun) write(resolve(io.cwd, name), text, name);
    for (const line of lines) io.print(`${options.dryRun ? 'would write' : 'wrote'} ${name}: ${line}`);
  }
  const { left: edited, kept } = rulesLeft(future.config, await rulesOfDeployed(future, drifts));
  const left = [...secrets, ...edited];
  for (const line of left) io.print(`left in Azure: ${line}`);
  for (const line of kept) io.print(`stays in Microsoft Sentinel, and deploy keeps it: ${line}`);
  if (files.length + left.length === 0) io.print('nothing to bring back');
  if (left.length > 0) io.setExitCode(1);
}

/** If a playbook and a rule disagree about a choice, the playbook wins and the rule's change stays in Sentinel. */
function withRules(ofPlaybooks: readonly ConfigPatch[], ofRules: readonly ConfigPatch[]): readonly ConfigPatch[] {
  const known = new Set(ofPlaybooks.map(({ path }) => JSON.stringify(path)));
  const fresh = ofRules.filter(({ path }) => !known.has(JSON.stringify(path)));
  return [...ofPlaybooks, ...new Map(fresh.map((choice) => [JSON.stringify(choice.path), choice])).values()];
}

function write(path: string, text: string | undefined, shown: string): void {
  if (text === undefined) rmSync(path, { force: true });
  else writeWhole(path, text, shown);
}

interface GatheredChoices {
  readonly choices: readonly ConfigPatch[];
  /** The edits that became choices. */
  readonly taken: ReadonlySet<Edit>;
  readonly left: readonly string[];
}

/**
 * A choice applies to several playbooks: if they were edited differently, the first wins and the others keep their values as
 * patches.
 */
function gatherChoices(drifts: readonly Drift[]): GatheredChoices {
  const choices = new Map<string, ConfigPatch>();
  const taken = new Set<Edit>();
  for (const { playbook, edits } of drifts) {
    for (const edit of edits) {
      const choice = choiceOf(edit, playbook.name);
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

/** The configuration file with the choices set, and what it then loads as. */
function configFile(
  choices: readonly ConfigPatch[],
  prefix: readonly (string | number)[],
  fileName: string,
  io: Io,
): { readonly file: File; readonly config: Config } {
  const patches = choices.map((choice) => ({ ...choice, path: [...prefix, ...choice.path] }));
  const text = patchConfig(readFileSync(resolve(io.cwd, fileName), 'utf8'), patches);
  const lines = choices.map(({ path, value }) => `${path.join('.')}: ${JSON.stringify(value)}`);
  // The designer accepts values that `signl4.yaml` does not, so check the result.
  return { file: { name: fileName, text, lines }, config: loadConfig(text, fileName) };
}

interface PlaybookEdits {
  readonly drift: Drift;
  readonly taken: ReadonlySet<Edit>;
  /** Name of the patch file they go into. */
  readonly name: string;
}

/**
 * The patch file of a playbook with the new edits added to those it has; undefined if it does not change. `live` has the present
 * configuration, `future` the one with the new choices.
 */
function playbookFile({ drift, taken, name }: PlaybookEdits, live: Live, future: Live, io: Io): File | undefined {
  const { playbook, deployed, generated } = drift;
  const fresh = drift.edits.filter((edit) => !taken.has(edit));
  const patches = live.config.patches?.[playbook.name] ?? [];
  const held = patches.filter(({ where }) => where.file === name);
  if (!deployed || fresh.length + held.length === 0) return undefined;
  const elsewhere = patches.filter((entry) => !held.includes(entry));
  const definition = ({ config, ...rest }: Live, entries: readonly PatchEntry[]) =>
    generatedDefinition(
      playbook,
      { ...rest, config: { ...config, patches: { [playbook.name]: entries } } },
      deployed.location,
    );
  const [before, plain] = [definition(live, elsewhere), definition(future, elsewhere)];
  // A patch may have been made on top of a choice that just changed, so it must refer to the new value.
  const moved = held.map(({ edit, where }) => ({ edit: reanchored(edit, before, plain), where }));
  const wanted = withEdits(generated, definition(future, [...elsewhere, ...moved]), fresh);
  const known = (edit: Edit) => held.find((entry) => isSame(asJson(entry.edit), asJson(edit)))?.edit ?? edit;
  const all = [...compareDefinitions(plain, wanted.definition).map(known), ...wanted.conflicts];
  if (all.length === held.length && all.every((edit) => held.some((entry) => entry.edit === edit))) return undefined;
  const path = resolve(io.cwd, name);
  const text = all.length === 0 ? undefined : patchFileText(readIfThere(path), playbook.name, all);
  return { name, text, lines: fresh.map((edit) => editLine(edit, playbook.name)) };
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

function reanchored(edit: Edit, before: JsonObject, after: JsonObject): Edit {
  if (edit.kind !== 'change' || !isSame(valueAt(before, edit.at), edit.was)) return edit;
  return { ...edit, was: valueAt(after, edit.at) ?? edit.was };
}

/**
 * Applies edits that were made on top of `made`. Where the definition has changed since the last deployment, the edit keeps the
 * old value as "was", and the next build reports a conflict.
 */
function withEdits(
  made: JsonObject,
  definition: JsonObject,
  edits: readonly Edit[],
): { readonly definition: JsonObject; readonly conflicts: readonly Edit[] } {
  const conflicts: Edit[] = [];
  let edited = definition;
  for (const edit of edits) {
    try {
      applyEdits(made, [{ edit, where: {} }]);
      edited = applyEdits(edited, [{ edit: reanchored(edit, made, edited), where: {} }]).definition;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      conflicts.push(edit);
    }
  }
  return { definition: edited, conflicts };
}

const asJson = (edit: Edit): Json => edit as unknown as Json;

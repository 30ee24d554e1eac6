import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { TokenCredential } from '@azure/core-auth';
import { Command } from 'commander';
import { initText } from '../config/init-text.ts';
import { configSchema } from '../config/schema.ts';
import { INSTALLED } from '../domain/command-line.ts';
import { UserError } from '../domain/errors.ts';
import type { JsonObject } from '../domain/json.ts';
import { type Answers, askAnswers, keptAnswers } from './init-questions.ts';
import type { Io } from './io.ts';
import { systemError } from './system-errors.ts';
import { folderInTheWay, writeAll } from './write-files.ts';

const CONFIG_NAME = 'signl4.yaml';
/** Lies next to the configuration, so that editors complete and check it offline and wherever the folder is moved. */
const SCHEMA_NAME = 'signl4.schema.json';

interface InitOptions {
  readonly yes?: true;
  readonly force?: true;
  readonly schema?: true;
}

/** `init [dir]`: writes `signl4.yaml` and its JSON Schema; asks on a terminal what only the user knows. */
export function initCommand(io: Io, credential?: TokenCredential): Command {
  return new Command('init')
    .description('write a commented signl4.yaml to start from')
    .argument('[dir]', 'folder to write to; it is made where it does not exist', '.')
    .option('-y, --yes', 'ask nothing, take the defaults')
    .option('-f, --force', `overwrite an existing ${CONFIG_NAME}`)
    .option('--schema', `only (re)write ${SCHEMA_NAME}, after an update of this package`)
    .action((dir: string, options: InitOptions) => init(dir, options, io, credential));
}

async function init(dir: string, options: InitOptions, io: Io, credential: TokenCredential | undefined): Promise<void> {
  const folder = resolve(io.cwd, dir);
  const shown = (name: string) => relative(io.cwd, join(folder, name)) || '.';
  const schema = [SCHEMA_NAME, `${JSON.stringify(configSchema, null, 2)}\n`] as const;
  assertFolder(folder, dir);
  if (options.schema) {
    writeAll(folder, new Map([schema]), shown);
    io.print(shown(SCHEMA_NAME));
    return;
  }
  for (const name of [CONFIG_NAME, SCHEMA_NAME]) assertNoFolder(folder, name, shown);
  assertFree(folder, options, shown);
  const said = await answersOf(options, io, credential);
  const config = initText({ ...said.answers, ...calledHere(io) }, `./${SCHEMA_NAME}`, said.missing);
  try {
    // It may have appeared while we were asking.
    assertFree(folder, options, shown);
    writeAll(folder, new Map([[CONFIG_NAME, config], schema]), shown);
  } catch (error) {
    throw withAnswers(error, said);
  }
  io.print(shown(CONFIG_NAME));
  io.print(shown(SCHEMA_NAME));
  io.note(nextStep(said, config, shown(CONFIG_NAME)));
}

/** Before anybody answers anything. @throws UserError where nothing can be written to the folder, or to the one that it would be made in */
function assertFolder(folder: string, shown: string): void {
  try {
    let place = folder;
    while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
    accessSync(place, constants.W_OK);
    if (statSync(place).isDirectory()) return;
  } catch (error) {
    throw systemError(error, shown);
  }
  const remedy = 'Name a folder; one that does not exist yet is made.';
  throw new UserError('file.not-folder', 'this is a file, not a folder', { where: { file: shown }, remedy });
}

/** Before anybody answers anything. @throws UserError where a folder has the name of a file */
function assertNoFolder(folder: string, name: string, shown: (name: string) => string): void {
  if (!statSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory()) return;
  throw folderInTheWay(shown(name));
}

/** A `signl4.yml` would no longer be read beside the new file. @throws UserError */
function assertFree(folder: string, { force }: InitOptions, shown: (name: string) => string): void {
  const there = [CONFIG_NAME, 'signl4.yml'].find((name) => existsSync(join(folder, name)));
  if (there === undefined || (force && there === CONFIG_NAME)) return;
  const remedy =
    there === CONFIG_NAME
      ? 'Use --force to overwrite it, or choose another folder.'
      : `Rename it to ${CONFIG_NAME}, or choose another folder.`;
  throw new UserError('init.exists', 'the file is there already', { where: { file: shown(there) }, remedy });
}

/** What the signed-in session offers, and what the person answers; nothing where nobody is asked. */
async function answersOf({ yes }: InitOptions, io: Io, credential: TokenCredential | undefined): Promise<Answers> {
  if (yes) return { answers: {}, missing: [] };
  if (!io.ask) {
    io.note('There is no terminal to ask on: nothing is read from standard input, every choice keeps its default.');
    return { answers: {}, missing: [] };
  }
  const { askAzure } = await import('./init-offers.ts');
  const known = await askAzure(io, credential);
  return askAnswers(io.ask, (text) => io.note(text), known);
}

/** A person whose answers could not be written still has them. */
function withAnswers(error: unknown, said: Answers): unknown {
  const kept = keptAnswers(said);
  if (!(error instanceof UserError) || kept === undefined) return error;
  const remedy = [error.remedy, kept].filter(Boolean).join('\n\n');
  return new UserError(error.code, error.message, { where: error.where, remedy, cause: error });
}

function nextStep({ missing }: Answers, config: string, file: string): string {
  if (missing.length === 0) return 'Next: look through the file, fill in workspace, then run "signl4-sentinel build".';
  const lines = config.split('\n');
  const places = missing.map((path) => {
    const key = path.split('.').at(-1);
    return `${path} (line ${lines.findIndex((line) => line.startsWith(`  #${key}:   # MISSING`)) + 1})`;
  });
  return `Next: write ${places.join(' and ')} into ${file}, look through the rest, then run "signl4-sentinel build".`;
}

/** Guides that `build` writes say how the tool is called: the way it is now. */
function calledHere({ commandLine = INSTALLED }: Io): JsonObject {
  return commandLine === INSTALLED ? {} : { commandLine };
}

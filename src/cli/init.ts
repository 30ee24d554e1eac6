import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { TokenCredential } from '@azure/core-auth';
import { Command } from 'commander';
import { initText } from '../config/init-text.ts';
import { configSchema } from '../config/schema.ts';
import { INSTALLED } from '../domain/command-line.ts';
import { UserError } from '../domain/errors.ts';
import type { JsonObject } from '../domain/json.ts';
import { askAnswers } from './init-questions.ts';
import type { Io } from './io.ts';

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
  const file = join(folder, CONFIG_NAME);
  const schemaFile = join(folder, SCHEMA_NAME);
  const shown = (path: string) => relative(io.cwd, path) || '.';
  if (!options.schema) {
    if (!options.force && existsSync(file)) {
      const remedy = 'Use --force to overwrite it, or choose another folder.';
      throw new UserError('init.exists', 'the file is there already', { where: { file: shown(file) }, remedy });
    }
    const answers = options.yes || !io.ask ? {} : await answersOf(io, io.ask, credential);
    mkdirSync(folder, { recursive: true });
    // "wx" refuses a file that appeared while we were asking.
    writeFileSync(file, initText({ ...answers, ...calledHere(io) }, `./${SCHEMA_NAME}`), {
      flag: options.force ? 'w' : 'wx',
    });
    io.print(shown(file));
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(schemaFile, `${JSON.stringify(configSchema, null, 2)}\n`);
  io.print(shown(schemaFile));
  if (!options.schema) io.note('Next: look through the file, fill in workspace, then run "signl4-sentinel build".');
}

/** Guides that `build` writes say how the tool is called: the way it is now. */
function calledHere({ commandLine = INSTALLED }: Io): JsonObject {
  return commandLine === INSTALLED ? {} : { commandLine };
}

/** What the signed-in session offers, then the questions that are left. */
async function answersOf(
  io: Io,
  ask: NonNullable<Io['ask']>,
  credential: TokenCredential | undefined,
): Promise<JsonObject> {
  const { chooseWorkspace, offeredWorkspaces } = await import('./init-offers.ts');
  const note = (text: string) => io.note(text);
  const chosen = await chooseWorkspace(await offeredWorkspaces(io, credential), ask, note);
  return askAnswers(ask, note, chosen);
}

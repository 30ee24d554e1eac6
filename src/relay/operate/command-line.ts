import { parseArgs } from 'node:util';
import { UserError } from '../../domain/errors.ts';
import type { Environment } from '../environment.ts';
import { backUp } from './backup.ts';
import { listLetters, namedLetters, type Output, processLetters } from './dead-letters.ts';
import { withLetters } from './open-letters.ts';

export const USAGE = `node relay.mjs                               runs the relay
node relay.mjs dead-letters list [--json]    shows what could not be applied
node relay.mjs dead-letters replay ID… | --all
node relay.mjs dead-letters drop ID… | --all
node relay.mjs backup FILE                   copies the SQLite file, also while the relay runs

dead-letters --url https://… asks a relay elsewhere, with RELAY_KEY, instead of the store that the environment names.
All settings are environment variables: see readme.md.`;

/** The commands of relay.mjs besides running it, for containers that have no other program. @throws UserError */
export async function runCommand(args: readonly string[], env: Environment, out: Output): Promise<void> {
  const { values, positionals } = parsed(args);
  const [command, action, ...ids] = positionals;
  if (values.help) return out.print(USAGE);
  if (command === 'backup' && action !== undefined && ids.length === 0) {
    return out.print(`copied to ${await backUp(env, action)}`);
  }
  if (command === 'dead-letters' && action === 'list' && ids.length === 0) {
    return withLetters(env, values.url, (source) => listLetters(source, values.json === true, out));
  }
  if (command === 'dead-letters' && (action === 'replay' || action === 'drop')) {
    const named = namedLetters(action, ids, values.all);
    return withLetters(env, values.url, (source) => processLetters(source, action, named, out));
  }
  throw wrongUsage(`there is no command "${positionals.join(' ')}"`);
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        json: { type: 'boolean' },
        all: { type: 'boolean' },
        url: { type: 'string' },
      },
    });
  } catch (error) {
    throw wrongUsage(error instanceof Error ? error.message : String(error));
  }
}

function wrongUsage(message: string): UserError {
  return new UserError('usage.command', message, { remedy: USAGE });
}

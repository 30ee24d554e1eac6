import { Command } from 'commander';
import type { LetterSource } from '../relay/operate/letter-source.ts';
import { readConfigFile } from './config-file.ts';
import type { Io } from './io.ts';
import { version } from './version.ts';

interface RelayFlags {
  readonly port?: string;
  readonly config?: string;
}

/**
 * `relay` runs the service until it is asked to stop; `relay dead-letters` shows what it gave up on. Settings come from the
 * environment.
 */
export function relayCommand(io: Io): Command {
  const command = new Command('relay')
    .description('run the relay: enriches incidents, takes what people do in SIGNL4 back into Sentinel')
    .option('-p, --port <port>', 'where to listen, 0 for any free port (default: RELAY_PORT, else 8080)')
    .option('-c, --config <file>', 'the configuration file (default: signl4.yaml)')
    .addHelpText('after', HELP)
    .action((flags: RelayFlags) => runRelay(flags, io));
  command.addCommand(deadLettersCommand(io));
  return command;
}

const HELP = `
Secrets and addresses come from environment variables. The relay does not start without the first two:
  RELAY_KEY                what callers send as X-Api-Key; or RELAY_ENTRA_AUDIENCE for Entra tokens
  RELAY_SIGNL4_SECRET      secret in the address of SIGNL4's webhook
  SIGNL4_TEAM_SECRET       the team to page, where the relay sends incidents itself
  AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET
                           Entra application; without them the managed identity of the machine ("az login" does not count)
  RELAY_STORE              SQLite file (relay.db)

All of them: relay/readme.md that "build" writes, under "Settings"; another name that begins with RELAY_ is refused. Is it up? curl http://localhost:8080/health/ready`;

async function runRelay(flags: RelayFlags, io: Io): Promise<void> {
  const { config } = await readConfigFile(io, flags.config);
  const { startRelay } = await import('../relay/hosts/start.ts');
  const { nodeAddress, runOnNode, stopSignal } = await import('../relay/hosts/node.ts');
  const env = flags.port === undefined ? io.env : { ...io.env, RELAY_PORT: flags.port };
  const relay = await startRelay({ config, env, version, addressOf: nodeAddress });
  await runOnNode(relay, stopSignal(), (listening) => io.print(JSON.stringify({ listening })));
  // Exit explicitly: open connections to services that hang would keep the process alive.
  process.exit();
}

const URL_HELP = 'address of a relay that runs (with RELAY_KEY), instead of its store';

function deadLettersCommand(io: Io): Command {
  const command = new Command('dead-letters').description('notifications that could not be applied');
  command
    .command('list')
    .description('show them, in the order in which they were given up')
    .option(
      '--json',
      'print [{id, incident, event, person, words, receivedAt, deadLetteredAt, attempts, error}] for scripts',
    )
    .option('--url <address>', URL_HELP)
    .action((flags: { json?: true; url?: string }) =>
      withDeadLetters(io, flags.url, (source, { listLetters }) => listLetters(source, flags.json === true, io)),
    );
  for (const [name, description] of [
    ['replay', 'apply them once more'],
    ['drop', 'forget them'],
  ] as const) {
    command
      .command(name)
      .description(description)
      .argument('[ids...]', 'ids as "list" shows them')
      .option('--all', 'all of them')
      .option('--url <address>', URL_HELP)
      .action((ids: readonly string[], flags: { all?: true; url?: string }) =>
        withDeadLetters(io, flags.url, async (source, { namedLetters, processLetters }) =>
          processLetters(source, name, namedLetters(name, ids, flags.all), io),
        ),
      );
  }
  return command;
}

type DeadLetterModule = typeof import('../relay/operate/dead-letters.ts');

async function withDeadLetters(
  io: Io,
  url: string | undefined,
  use: (source: LetterSource, module: DeadLetterModule) => Promise<void>,
): Promise<void> {
  const { withLetters } = await import('../relay/operate/open-letters.ts');
  const module = await import('../relay/operate/dead-letters.ts');
  await withLetters(io.env, url, (source) => use(source, module));
}

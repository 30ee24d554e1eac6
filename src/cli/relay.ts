import { Command } from 'commander';
import { UserError } from '../domain/errors.ts';
import type { DeadLetter, RelayStore } from '../relay/store/store.ts';
import { readConfigFile } from './config-file.ts';
import type { Io } from './io.ts';
import { version } from './version.ts';

interface RelayFlags {
  readonly port?: string;
  readonly config?: string;
}

/** `relay`: the service, until it is asked to end; `relay dead-letters`: what it gave up. Settings come from the environment. */
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

All of them: relay/readme.md that "build" writes, under "Settings". Is it up? curl http://localhost:8080/health/ready`;

async function runRelay(flags: RelayFlags, io: Io): Promise<void> {
  const { config } = await readConfigFile(io, flags.config);
  const { startRelay } = await import('../relay/hosts/start.ts');
  const { nodeAddress, runOnNode, stopSignal } = await import('../relay/hosts/node.ts');
  const env = flags.port === undefined ? io.env : { ...io.env, RELAY_PORT: flags.port };
  const relay = await startRelay({ config, env, version, addressOf: nodeAddress });
  await runOnNode(relay, stopSignal(), (listening) => io.print(JSON.stringify({ listening })));
}

/** Dead letters listed at once; who has more has another problem. */
const MOST = 1_000;

function deadLettersCommand(io: Io): Command {
  const command = new Command('dead-letters').description('notifications that could not be applied');
  command
    .command('list')
    .description('show them, oldest first')
    .option('--json', 'print [{id, incident, receivedAt, buriedAt, attempts, error}] for scripts')
    .action((flags: { json?: true }) =>
      withStore(io, async (store) => list(await store.deadLetters.list(MOST), flags, io)),
    );
  for (const [name, description, did] of [
    ['replay', 'apply them once more', 'will be applied again'],
    ['drop', 'forget them', 'dropped'],
  ] as const) {
    command
      .command(name)
      .description(description)
      .argument('[ids...]', 'ids as "list" shows them')
      .option('--all', 'all of them')
      .action((ids: readonly string[], flags: { all?: true }) =>
        withStore(io, (store) => settleLetters(store, name, flags.all ? undefined : ids, did, io)),
      );
  }
  return command;
}

function list(letters: readonly DeadLetter[], flags: { json?: true }, io: Io): void {
  const iso = (ms: number) => new Date(ms).toISOString();
  const shown = letters.map(({ id, lane, receivedAt, buriedAt, attempts, error }) => {
    return { id, incident: lane, receivedAt: iso(receivedAt), buriedAt: iso(buriedAt), attempts, error };
  });
  if (flags.json) io.print(JSON.stringify(shown, null, 2));
  else if (shown.length === 0) io.print('There are no dead letters.');
  else
    for (const { id, incident, buriedAt, attempts, error } of shown) {
      io.print(`${id}  ${buriedAt}  ${attempts} attempts\n  ${incident}\n  ${error}`);
    }
}

async function settleLetters(
  { deadLetters }: RelayStore,
  action: 'replay' | 'drop',
  wanted: readonly string[] | undefined,
  did: string,
  io: Io,
): Promise<void> {
  const ids = wanted ?? (await deadLetters.list(MOST)).map(({ id }) => id);
  if (wanted?.length === 0) {
    const remedy = `Name the ids, or write "relay dead-letters ${action} --all".`;
    throw new UserError(
      'usage.no-dead-letter',
      `which dead letters shall be ${action === 'drop' ? 'dropped' : 'replayed'}?`,
      {
        remedy,
      },
    );
  }
  for (const id of ids) {
    if (await deadLetters[action](id)) io.print(`${id} ${did}`);
    else {
      io.note(`there is no dead letter ${id}`);
      io.setExitCode(1);
    }
  }
}

async function withStore(io: Io, use: (store: RelayStore) => Promise<void>): Promise<void> {
  const { openRelayStore } = await import('../relay/hosts/start.ts');
  const store = await openRelayStore(io.env);
  try {
    await use(store);
  } finally {
    await store.close();
  }
}

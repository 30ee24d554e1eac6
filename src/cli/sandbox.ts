import { once } from 'node:events';
import { Command } from 'commander';
import { UserError } from '../domain/errors.ts';
import { stopSignal } from '../relay/hosts/node.ts';
import { setLags, setTroubles } from '../simulator/azure/control.ts';
import { createSandbox, type Sandbox, sandboxEnvironment } from '../simulator/azure/sandbox.ts';
import { systemClock } from '../simulator/clock.ts';
import type { Handler } from '../simulator/http.ts';
import { serveOn } from '../simulator/listen.ts';
import type { Io } from './io.ts';

interface SandboxOptions {
  readonly port: string;
  readonly lag: readonly string[];
  readonly trouble: readonly string[];
  readonly json?: true;
}

const DEFAULT_PORT = 4290;

const HELP = `
In one shell:      signl4-sentinel sandbox > sandbox.env
In another shell:  . ./sandbox.env && curl -s $SIGNL4_SANDBOX/sandbox/signl4.yaml > signl4.yaml
                   signl4-sentinel deploy && signl4-sentinel doctor
                   curl -X POST $SIGNL4_SANDBOX/sandbox/incidents -d '{"severity":"High"}' && sleep 5
                   curl -X POST $SIGNL4_SANDBOX/sandbox/alerts/latest/acknowledge
                   curl -s $SIGNL4_SANDBOX/sandbox

Lags: role, directory, search, secret, registration. Troubles: policy=<name>, lockedScope=<ARM id>, quota=<type>,
unregistered=<namespace>. More of both while it runs, and single answers of a service: docs/sandbox.md.
Nothing leaves this computer: Azure, Microsoft Sentinel and SIGNL4 are simulated, and the credential works nowhere else.`;

/** `sandbox`: simulates Azure and SIGNL4 on this computer until it is asked to stop. */
export function sandboxCommand(io: Io): Command {
  return new Command('sandbox')
    .description('serve a simulated Azure and SIGNL4 on this computer, for every other command to try')
    .option('-p, --port <port>', 'where to listen, 0 for any free port', String(DEFAULT_PORT))
    .option('--lag <what=duration...>', 'how long something takes to work, for example role=60s', [])
    .option('--trouble <what=value...>', 'what Azure refuses, for example policy="Require a tag"', [])
    .option('--json', 'print { url, workspace, env } instead of lines for a shell')
    .addHelpText('after', HELP)
    .action((options: SandboxOptions) => sandbox(io, options));
}

async function sandbox(io: Io, options: SandboxOptions): Promise<void> {
  const port = Number(options.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UserError('usage.port', `"${options.port}" is not a port`, { remedy: 'Write a number from 0 to 65535.' });
  let handle: Handler = async () => new Response(null, { status: 503 });
  const server = await serveOn((request) => handle(request), port);
  const url = `http://127.0.0.1:${server.port}`;
  const world = createSandbox(systemClock, url);
  try {
    choose(world, options);
    handle = world.fetch;
    io.print(announcement(world, url, options));
    io.note(`The sandbox listens at ${url}; its state: ${url}/sandbox. Ctrl+C ends it.`);
    await once(stopSignal(), 'abort');
  } finally {
    await server.close();
  }
}

function choose({ azure }: Sandbox, { lag, trouble }: SandboxOptions): void {
  try {
    setLags(azure, pairs(lag));
    setTroubles(azure, pairs(trouble));
  } catch (error) {
    throw new UserError('usage.sandbox', error instanceof Error ? error.message : String(error), {
      remedy: 'See signl4-sentinel sandbox --help.',
    });
  }
}

function pairs(given: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    given.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new Error(`"${pair}" must be written as what=value`);
      return [pair.slice(0, at), pair.slice(at + 1)] as const;
    }),
  );
}

function announcement({ azure }: Sandbox, url: string, { json }: SandboxOptions): string {
  const env = sandboxEnvironment(azure, url);
  if (json) return JSON.stringify({ url, workspace: azure.world.workspace, env }, null, 2);
  const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  return Object.entries(env)
    .map(([name, value]) => `export ${name}=${quoted(value)}`)
    .join('\n');
}

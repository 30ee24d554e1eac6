import manifest from '../../../package.json' with { type: 'json' };
import { ConfigError, errorAsJson } from '../../config/problem.ts';
import { formatWhere, UserError } from '../../domain/errors.ts';

/*
 * Entry point of relay.mjs: under Azure Functions it registers its functions, with a command it runs that, else it is a server.
 */

const { env } = process;
/** Set by the Functions host for its workers. */
const isFunction = ['FUNCTIONS_WORKER_RUNTIME', 'AZURE_FUNCTIONS_ENVIRONMENT', 'FUNCTIONS_EXTENSION_VERSION'].some(
  (name) => env[name],
);
const args = isFunction ? [] : process.argv.slice(2);

async function main(): Promise<void> {
  if (args.length > 0) {
    const { runCommand } = await import('../operate/command-line.ts');
    return runCommand(args, env, {
      print: (text) => void process.stdout.write(`${text}\n`),
      note: (text) => void process.stderr.write(`${text}\n`),
      setExitCode: (code) => {
        process.exitCode = code;
      },
    });
  }
  const { readRelayConfig, startRelay } = await import('./start.ts');
  const config = readRelayConfig(env, [process.cwd(), import.meta.dirname]);
  const options = { config, env, version: manifest.version };
  if (isFunction) {
    const { functionsAddress, registerFunctions } = await import('./azure-functions.ts');
    const relay = startRelay({ ...options, addressOf: functionsAddress });
    // Its functions fail with it; the log says why at once.
    relay.catch(tell);
    return registerFunctions(relay, config.sweep.everyMinutes);
  }
  const { nodeAddress, runOnNode, stopSignal } = await import('./node.ts');
  const relay = await startRelay({ ...options, addressOf: nodeAddress });
  await runOnNode(relay, stopSignal(), (listening) => process.stdout.write(`${JSON.stringify({ listening })}\n`));
  // Connections to services that hang would keep the process for as long as they last.
  process.exit();
}

/** Everything that keeps the relay from starting, a line and a remedy for each. */
function tell(error: unknown): void {
  for (const problem of error instanceof ConfigError ? error.problems : [error]) {
    const remedy =
      problem instanceof UserError && problem.remedy ? `\n  ${problem.remedy.replaceAll('\n', '\n  ')}` : '';
    const where = problem instanceof UserError ? formatWhere(problem.where) : '';
    const message = problem instanceof Error ? problem.message : String(problem);
    process.stderr.write(`error: ${where && `${where}: `}${message}${remedy}\n`);
  }
}

try {
  await main();
} catch (error) {
  tell(error);
  if (args.includes('--json')) process.stdout.write(`${errorAsJson(error)}\n`);
  process.exitCode = 1;
}

import { enableCompileCache } from 'node:module';
import { setTimeout } from 'node:timers/promises';
import { commandLineOf } from './command-line.ts';
import type { Io } from './io.ts';
import { runCli } from './program.ts';
import { reportError } from './report.ts';
import { systemError } from './system-errors.ts';
import type { Terminal } from './terminal.ts';

// Commands load their code on demand; from the second run on it comes from the compile cache. No effect if the cache cannot be
// written.
enableCompileCache();

let terminal: Terminal | undefined;

const io: Io = {
  cwd: process.cwd(),
  env: process.env,
  isTerminal: process.stderr.isTTY === true,
  clock: { now: Date.now, sleep: setTimeout },
  commandLine: commandLineOf({ env: process.env, cwd: process.cwd(), script: process.argv[1] ?? '' }),
  ...(process.stdin.isTTY ? { ask: askOnTerminal } : {}),
  print: (text) => void process.stdout.write(`${text}\n`),
  note: (text) => void process.stderr.write(`${text}\n`),
  setExitCode: (code) => {
    process.exitCode = code;
  },
};

// The reader of our output may stop early (`| head`), which is not an error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    if (stream === process.stdout) reportError(systemError(error, 'standard output'), io);
    process.exit(1);
  });
}

// Commands that run a server exit by themselves.
process.on('SIGINT', () => {
  if (process.listenerCount('SIGINT') === 1 && !terminal?.interrupt()) interrupted();
});

await runCli(process.argv.slice(2), io);
terminal?.close();

function interrupted(): never {
  process.stderr.write('\nInterrupted. What was begun in Azure goes on there; running the command again is safe.\n');
  process.exit(130);
}

async function askOnTerminal(question: string): Promise<string | undefined> {
  const { openTerminal } = await import('./terminal.ts');
  terminal ??= openTerminal(process.stdin, process.stderr, interrupted);
  return terminal.ask(question);
}

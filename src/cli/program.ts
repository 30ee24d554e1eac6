import { Command, CommanderError } from 'commander';
import { errorAsJson } from '../config/problem.ts';
import { CANONICAL, calledAs, calledAsInJson } from '../domain/command-line.ts';
import { commands } from './commands.ts';
import { hidingSecrets } from './hidden-secrets.ts';
import type { Io } from './io.ts';
import { reportError } from './report.ts';
import { systemError } from './system-errors.ts';
import { version } from './version.ts';

/**
 * Runs one command line (arguments without node and script). Never throws: errors go to `io.note`, the result to `io.setExitCode`
 * (0 ok, 1 findings or failure, 2 usage, 130 interrupted). With `--json`, errors also go to `io.print`.
 */
export async function runCli(args: readonly string[], io: Io): Promise<void> {
  // Not for the sandbox, which shows its own secrets: the environment may already hold the same ones.
  const safe = args[0] === 'sandbox' ? io : hidingSecrets(io);
  // Proposed commands in notes are written as the user has to type them. Printed output may contain other people's data, so each
  // command does it itself.
  await run(args, { ...safe, note: (text) => safe.note(calledAs(text, io.commandLine)) });
}

async function run(args: readonly string[], io: Io): Promise<void> {
  try {
    await (await programFor(args, io)).parseAsync(args, { from: 'user' });
  } catch (thrown) {
    const error = systemError(thrown);
    // Commander throws for help and version as well.
    if (error instanceof CommanderError) io.setExitCode(error.exitCode === 0 ? 0 : 2);
    else reportError(error, io);
    const isFailure = !(error instanceof CommanderError) || error.exitCode !== 0;
    if (isFailure && wantsJson(args)) io.print(calledAsInJson(errorAsJson(error), io.commandLine));
  }
}

/** `--json`, or `verify --format json`; arguments after `--` are not options. */
function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  const options = end < 0 ? args : args.slice(0, end);
  return options.some(
    (arg, index) =>
      arg === '--json' || arg === '--format=json' || (arg === 'json' && options[index - 1] === '--format'),
  );
}

/** Loads only the command that `args` names; the others are listed for help and suggestions. */
async function programFor(args: readonly string[], io: Io): Promise<Command> {
  const program = new Command(io.commandLine ?? CANONICAL)
    .description('Microsoft Sentinel incidents to the person on call in SIGNL4, and back.')
    .version(version)
    .addHelpText(
      'after',
      '\nA command that fails and was given --json prints {"error": {code, message, where, remedy}} to standard output.',
    );
  const [first, second] = args.filter((arg) => !arg.startsWith('-'));
  const wanted = first === 'help' ? second : first;
  for (const { name, summary, load } of commands) {
    program.addCommand(name === wanted ? await load(io) : new Command(name).description(summary));
  }
  return throwInsteadOfExit(program, io);
}

function throwInsteadOfExit(command: Command, io: Io): Command {
  command
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.print(calledAs(text.trimEnd(), io.commandLine)),
      writeErr: (text) => io.note(text.trimEnd()),
    })
    .showHelpAfterError('(--help says what is possible)');
  for (const child of command.commands) throwInsteadOfExit(child, io);
  return command;
}

import { errorAsJson } from '../config/problem.ts';
import { environmentName } from '../config/targets.ts';
import { calledAsInJson } from '../domain/command-line.ts';
import { UserError } from '../domain/errors.ts';
import { readConfigFile } from './config-file.ts';
import { Interrupted } from './interrupted.ts';
import type { Io } from './io.ts';
import { noSuchTarget } from './live.ts';
import { reportError } from './report.ts';

/** Runs a command for all targets of a service provider, one after the other. */

export interface TargetsOptions {
  readonly config?: string;
  readonly allTargets?: true;
  /** The target to start with, to resume a run that ended early. */
  readonly from?: string;
  readonly json?: true;
}

interface Outcome {
  readonly target: string;
  readonly exitCode: Parameters<Io['setExitCode']>[0];
  /** What the command printed for this target. */
  readonly output: string;
}

/**
 * Runs `work` for each target; a failure does not stop the others. Prints a summary, or with --json one object: `{ targets: [{
 * target, ok, … }] }`. Environment variables that end in the target's name take precedence: `SIGNL4_TEAM_SECRET_CONTOSO`.
 */
export async function forEachTarget(
  io: Io,
  options: TargetsOptions,
  work: (target: string, io: Io) => Promise<void>,
): Promise<void> {
  const { config } = await readConfigFile(io, options.config);
  const names = startingWith(
    config.targets.map(({ name }) => name),
    options.from,
  );
  const outcomes: Outcome[] = [];
  for (const target of names) {
    if (!options.json) io.print(`${outcomes.length > 0 ? '\n' : ''}== ${target} ==`);
    outcomes.push(await runFor(target, io, options, work));
  }
  const failed = outcomes.filter(({ exitCode }) => exitCode !== 0);
  if (options.json) io.print(JSON.stringify({ targets: outcomes.map(asJson) }, null, 2));
  else io.print(summary(outcomes, failed));
  io.setExitCode(failed.length > 0 ? 1 : 0);
}

function startingWith(names: readonly string[], from: string | undefined): readonly string[] {
  if (names.length === 0)
    throw new UserError('usage.target', 'the configuration has no targets', {
      remedy: 'Add "targets", or leave out --all-targets.',
    });
  if (from === undefined) return names;
  const at = names.findIndex((name) => name.toLowerCase() === from.toLowerCase());
  if (at >= 0) return names.slice(at);
  throw noSuchTarget(from, names);
}

async function runFor(
  target: string,
  io: Io,
  { json }: TargetsOptions,
  work: (target: string, io: Io) => Promise<void>,
): Promise<Outcome> {
  const printed: string[] = [];
  let exitCode: Outcome['exitCode'] = 0;
  const own: Io = {
    ...io,
    env: environmentOf(target, io.env),
    print: (text) => (json ? void printed.push(text) : io.print(text)),
    setExitCode: (code) => {
      exitCode = code;
    },
  };
  try {
    await work(target, own);
  } catch (error) {
    // Interrupting one target ends the whole run.
    if (error instanceof Interrupted) throw error;
    reportError(error, own);
    if (json) printed.push(calledAsInJson(errorAsJson(error), io.commandLine));
  }
  return { target, exitCode, output: printed.join('\n') };
}

/** `SIGNL4_TEAM_SECRET_CONTOSO` overrides `SIGNL4_TEAM_SECRET` for the target contoso. */
function environmentOf(target: string, env: Io['env']): Io['env'] {
  const ending = `_${environmentName(target)}`;
  const own = Object.entries(env)
    .filter(([name, value]) => name.endsWith(ending) && value)
    .map(([name, value]) => [name.slice(0, -ending.length), value] as const);
  return { ...env, ...Object.fromEntries(own) };
}

/** `setup` prints its steps as a list. */
function asJson({ target, exitCode, output }: Outcome): object {
  const result: unknown = output === '' ? {} : JSON.parse(output);
  return { target, ok: exitCode === 0, ...(Array.isArray(result) ? { steps: result } : Object(result)) };
}

function summary(outcomes: readonly Outcome[], failed: readonly Outcome[]): string {
  const lines = outcomes.map(({ target, exitCode }) => `${exitCode === 0 ? 'ok    ' : 'failed'} ${target}`);
  const [first] = failed;
  const again = first ? [`Run it again with --from ${first.target}: what is in place stays as it is.`] : [];
  return ['', `${outcomes.length - failed.length} of ${outcomes.length} targets`, ...lines, ...again].join('\n');
}

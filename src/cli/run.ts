import { resolve } from 'node:path';
import { Command } from 'commander';
import { UserError } from '../domain/errors.ts';
import { type Mock, mockCalls, mocksRemedy, noMockMessage, readMocks } from '../engine/mocks.ts';
import type { RunResult } from '../engine/result.ts';
import { runWorkflow } from '../engine/run.ts';
import type { TriggerInput } from '../engine/trigger-input.ts';
import type { Io } from './io.ts';
import { junitXml, type TestCase } from './junit.ts';
import { runHistory } from './run-history.ts';
import { type LoadedWorkflow, loadWorkflow, readJson, standInsMessage } from './run-input.ts';
import { readParameters } from './run-parameters.ts';
import { readRequest, requestRemedy } from './run-trigger.ts';
import { writeWhole } from './write-files.ts';

interface RunCommandOptions {
  readonly trigger?: string;
  readonly request?: string;
  readonly triggerName?: string;
  readonly mocks?: string;
  readonly parameters?: string;
  readonly workflow?: string;
  readonly junit?: string;
  readonly json?: true;
  readonly verbose?: true;
}

/** `run`: one workflow, offline. Mocks answer all calls, and waiting takes no time. */
export function runCommand(io: Io): Command {
  return new Command('run')
    .description('run a workflow offline, its calls answered by mocks')
    .argument('<file>', 'workflow definition, workflow resource or ARM template (azuredeploy.json)')
    .option('-t, --trigger <file>', 'JSON: the body that the trigger fires with')
    .option(
      '-r, --request <file>',
      'JSON: {method, path or pathParameters, headers, queries, body} in place of --trigger',
    )
    .option('--trigger-name <name>', 'which trigger fires, where the workflow has several')
    .option('-m, --mocks <file>', 'JSON: [{method, path, action?, status, headers?, body}]; path may end in *')
    .option('-p, --parameters <file>', 'JSON: values for the parameters, {name: value} or an ARM parameters file')
    .option(
      '-w, --workflow <name>',
      'which workflow, where the template has several: its name, or its place (/resources/3)',
    )
    .option('--junit <file>', 'write the outcome as JUnit XML, for pipelines')
    .option('--json', 'print {status, outputs, actions, calls, …} instead of the run history')
    .option('-v, --verbose', 'show inputs and outputs of every action')
    .addHelpText('after', HELP)
    .action((file: string, options: RunCommandOptions) => run(io, file, options));
}

const HELP = `
Mocks are tried from the top, those that name the "action" first (they need no path). Those of the same
method and path answer one after the other, and the last of them repeats. Besides status, headers and body a
mock may have: "times": n, "delaySeconds": n, "failure": "timeout" | "unreachable", and for actions that wait
for a callback "callback": {"body": …, "delaySeconds": n} or null for a callback that never comes.

What Liquid, Xslt and JavaScriptCode on an integration account give comes from mocks that name the action.

Exit code: 0 the run succeeded, was cancelled by a Terminate or was not started by its trigger; 1 it failed
or timed out, or a call had no mock; 2 wrong usage.`;

async function run(io: Io, file: string, options: RunCommandOptions): Promise<void> {
  const given =
    options.parameters === undefined
      ? { values: {} }
      : readParameters(readJson(io, options.parameters, 'Write {"name": value}.').json, options.parameters);
  const loaded = loadWorkflow(io, file, given, options.workflow);
  const mocks = options.mocks === undefined ? [] : mocksIn(io, options.mocks);
  const trigger = triggerInput(io, options);
  const { calls, unmatched } = mockCalls(mocks);
  const startedAt = io.clock.now();
  const result = await attempt(loaded, () =>
    runWorkflow(loaded.definition, {
      parameters: loaded.parameters,
      calls,
      workflowInfo: loaded.info,
      trigger,
    }),
  );
  const missing = [...new Set(unmatched.map(noMockMessage))];
  const hasFailed = allRuns(result).some(({ status }) => status === 'Failed' || status === 'TimedOut');
  if (hasFailed || missing.length > 0) io.setExitCode(1);
  if (options.junit !== undefined) {
    const cases = [
      ...allRuns(result).map(caseOf),
      ...missing.map((failure) => ({ name: 'every call has a mock', failure })),
    ];
    const output = allRuns(result).map((one) => runHistory(loaded.definition, one, false));
    const suite = { name: file, startedAt, tookMs: io.clock.now() - startedAt, cases, output: output.join('\n\n') };
    writeWhole(resolve(io.cwd, options.junit), junitXml('run', [suite]), options.junit);
  }
  if (options.json) {
    io.print(JSON.stringify({ ...result, unmatched: missing, standIns: loaded.standIns }, undefined, 2));
    return;
  }
  const histories = allRuns(result).map((one) => runHistory(loaded.definition, one, options.verbose === true));
  io.print(histories.join('\n\n'));
  for (const message of missing) io.note(`error: ${message} [run.no-mock]`);
  if (missing.length > 0) io.note(`  Add one to ${options.mocks ?? 'a file and give it with --mocks'}.`);
  if (hasFailed && loaded.standIns.length > 0) io.note(`note: ${standInsMessage(loaded.standIns)}`);
}

function mocksIn(io: Io, file: string): Mock[] {
  const { json, exact } = readJson(io, file, mocksRemedy);
  return readMocks(json, file, exact());
}

/** What starts the run: a trigger body, or a whole request. */
function triggerInput(io: Io, { trigger, request, triggerName }: RunCommandOptions): TriggerInput {
  if (trigger !== undefined && request !== undefined) {
    throw new UserError('usage.request', 'Give either --trigger or --request, not both.', {
      remedy: 'The body may be in the request: {"headers": {…}, "body": …}.',
    });
  }
  const name = triggerName === undefined ? {} : { name: triggerName };
  if (request !== undefined) return { ...readRequest(readJson(io, request, requestRemedy), request), ...name };
  if (trigger === undefined) return name;
  return { body: readJson(io, trigger, 'Give the body that the trigger fires with, as JSON.').exact(), ...name };
}

function caseOf({ status, error }: RunResult, index: number): TestCase {
  const name = index === 0 ? 'the run succeeds' : `run ${index + 1} succeeds`;
  if (status !== 'Failed' && status !== 'TimedOut') return { name };
  return { name, failure: `${status}: ${error?.message ?? 'an action failed'}` };
}

function allRuns(result: RunResult): readonly RunResult[] {
  return [result, ...(result.siblings ?? [])];
}

/** Adds the line of the file to problems of the definition. */
async function attempt(loaded: LoadedWorkflow, work: () => Promise<RunResult>): Promise<RunResult> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof UserError ? loaded.locate(error) : error;
  }
}

import { readFileSync, statSync } from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import { Command, Option } from 'commander';
import { UserError } from '../domain/errors.ts';
import { jsonReport } from '../verify/formats/json.ts';
import { prettyReport } from '../verify/formats/pretty.ts';
import { sarifReport } from '../verify/formats/sarif.ts';
import { type Report, withPaths } from '../verify/report.ts';
import { SETTINGS_FILE, type SwitchedOff, unusedEntries } from '../verify/switched-off.ts';
import { readTree } from '../verify/tree.ts';
import { allRules, hasSubjects, isWithin, verifyTree } from '../verify/verify-files.ts';
import type { Io } from './io.ts';
import { readVerifyInput, type VerifyInput } from './verify-input.ts';
import { version } from './version.ts';

interface VerifyOptions {
  readonly format: 'pretty' | 'json' | 'sarif';
  readonly json?: true;
  readonly strict?: true;
  readonly all?: true;
  readonly config?: string;
}

/**
 * `verify [dir]`: checks templates, playbooks, connectors and packages for what a reviewer, the service or an attacker would
 * find.
 */
export function verifyCommand(io: Io): Command {
  return new Command('verify')
    .description('check templates, playbooks, connectors and packages against the rules of reviewers and services')
    .argument('[dir]', 'what build wrote, or any folder or file with templates', 'dist')
    .addOption(new Option('--format <format>', 'how to print').choices(['pretty', 'json', 'sarif']).default('pretty'))
    .option('--json', 'the same as --format json')
    .option('--strict', 'exit 1 on warnings, too')
    .option('--all', 'print every finding, where one rule has many in a file')
    .option('--config <file>', `rules to switch off (default: ${SETTINGS_FILE} in the folder)`)
    .action((dir: string, options: VerifyOptions) => verify(io, dir, options));
}

async function verify(io: Io, dir: string, options: VerifyOptions): Promise<void> {
  const place = resolve(io.cwd, dir);
  const input = readVerifyInput(place, dir);
  const { folder, files, only } = input;
  const tree = readTree(files, basename(folder), input);
  const named = only === undefined ? input : alone(only, input);
  if (!hasSubjects(only === undefined ? tree : readTree(named.files, '', named))) {
    throw new UserError('verify.nothing', 'There is nothing here that can be verified.', {
      where: { file: dir },
      remedy:
        'Name a folder with ARM templates, a solution, a connector definition or a workflow; "signl4-sentinel build" writes one.',
    });
  }
  if (io.isTerminal && options.format === 'pretty' && !options.json)
    io.note(named.files.size === 1 ? `Checking ${dir} …` : `Checking ${named.files.size} files …`);
  const shown = (file: string) => relative(io.cwd, join(folder, file)).split(sep).join('/');
  const off = await switchedOff(io, folder, options.config);
  for (const { rule, files: globs = [] } of unusedEntries(tree, off))
    io.note(`${options.config ?? SETTINGS_FILE}: "${rule}" is off in ${globs.join(', ')}, which matches no file`);
  const report = verifyTree(tree, { off, every: options.all === true, ...(only !== undefined && { only }) });
  io.print(
    print(
      withPaths(report, shown),
      options,
      new Map([...files].map(([path, content]) => [shown(path), content])),
      named.files.size,
    ),
  );
  const refused = report.findings.some(({ level }) => level === 'error' || (options.strict && level === 'warning'));
  if (refused) io.setExitCode(1);
}

async function switchedOff(io: Io, folder: string, config: string | undefined): Promise<readonly SwitchedOff[]> {
  const path = config === undefined ? join(folder, SETTINGS_FILE) : resolve(io.cwd, config);
  const shown = relative(io.cwd, path) || path;
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
    if (config === undefined) return [];
    throw new UserError('file.not-found', `There is no file ${shown}.`, { remedy: 'Check the path behind --config.' });
  }
  const { readSwitchedOff } = await import('../verify/read-switched-off.ts');
  const known = allRules.map(({ id }) => id);
  return readSwitchedOff(readFileSync(path, 'utf8'), shown, known);
}

/** Only the named file or folder, to see whether it contains anything to verify. */
function alone(only: string, { files, tooLarge }: VerifyInput): Pick<VerifyInput, 'files' | 'tooLarge'> {
  return {
    files: new Map([...files].filter(([path]) => isWithin(path, only))),
    tooLarge: tooLarge.filter((path) => isWithin(path, only)),
  };
}

function print(
  report: Report,
  options: VerifyOptions,
  files: ReadonlyMap<string, string | Uint8Array>,
  checked: number,
): string {
  const format = options.json ? 'json' : options.format;
  if (format === 'json') return jsonReport(report);
  if (format === 'sarif') return sarifReport(report, version);
  return prettyReport(report, (file) => files.get(file), checked);
}

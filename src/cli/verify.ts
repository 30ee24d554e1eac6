import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { Command, Option } from 'commander';
import { UserError } from '../domain/errors.ts';
import { jsonReport } from '../verify/formats/json.ts';
import { prettyReport } from '../verify/formats/pretty.ts';
import { sarifReport } from '../verify/formats/sarif.ts';
import { type Report, withPaths } from '../verify/report.ts';
import { SETTINGS_FILE, type SwitchedOff, unusedEntries } from '../verify/switched-off.ts';
import { CODE, readTree } from '../verify/tree.ts';
import { allRules, hasSubjects, verifyTree } from '../verify/verify-files.ts';
import type { Io } from './io.ts';
import { version } from './version.ts';

interface VerifyOptions {
  readonly format: 'pretty' | 'json' | 'sarif';
  readonly json?: true;
  readonly strict?: true;
  readonly all?: true;
  readonly config?: string;
}

/** `verify [dir]`: what a reviewer, the service or an attacker would find in templates, playbooks, connectors and packages. */
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
  const { folder, files, tooLarge } = readFiles(place, dir);
  const tree = readTree(files, basename(folder), tooLarge);
  if (!hasSubjects(tree)) {
    throw new UserError('verify.nothing', 'There is nothing here that can be verified.', {
      where: { file: dir },
      remedy:
        'Name a folder with ARM templates, a solution, a connector definition or a workflow; "signl4-sentinel build" writes one.',
    });
  }
  if (io.isTerminal && options.format === 'pretty' && !options.json) io.note(`Checking ${files.size} files …`);
  const shown = (file: string) => relative(io.cwd, join(folder, file)).split(sep).join('/');
  const off = await switchedOff(io, folder, options.config);
  for (const { rule, files: globs = [] } of unusedEntries(tree, off))
    io.note(`${options.config ?? SETTINGS_FILE}: "${rule}" is off in ${globs.join(', ')}, which matches no file`);
  const report = verifyTree(tree, { off, every: options.all === true });
  io.print(
    print(withPaths(report, shown), options, new Map([...files].map(([path, content]) => [shown(path), content]))),
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

function print(report: Report, options: VerifyOptions, files: ReadonlyMap<string, string | Uint8Array>): string {
  const format = options.json ? 'json' : options.format;
  if (format === 'json') return jsonReport(report);
  if (format === 'sarif') return sarifReport(report, version);
  return prettyReport(report, (file) => files.get(file), files.size);
}

/** Folders that hold nothing of the author's. */
const SKIPPED = new Set(['node_modules', '.git']);
/** Larger files are not templates: Azure Resource Manager takes 4 MB. */
const MAX_BYTES = 20 * 1024 * 1024;

interface ReadFiles {
  readonly folder: string;
  readonly files: Map<string, string | Uint8Array>;
  readonly tooLarge: readonly string[];
}

function readFiles(place: string, dir: string): ReadFiles {
  const stats = statSync(place, { throwIfNoEntry: false });
  if (!stats) {
    throw new UserError('file.not-found', `There is no folder or file ${dir}.`, {
      remedy: dir === 'dist' ? 'Run "signl4-sentinel build" first, or name a folder.' : 'Check the path.',
    });
  }
  const found: ReadFiles & { tooLarge: string[] } = { folder: place, files: new Map(), tooLarge: [] };
  if (stats.isFile()) {
    add(dirname(place), basename(place), found);
    return { ...found, folder: dirname(place) };
  }
  collect(place, '', found);
  return found;
}

function collect(root: string, below: string, found: ReadFiles & { tooLarge: string[] }): void {
  for (const entry of readdirSync(join(root, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) collect(root, path, found);
    else if (entry.isFile()) add(root, path, found);
  }
}

function add(root: string, path: string, { files, tooLarge }: ReadFiles & { tooLarge: string[] }): void {
  if (statSync(join(root, path)).size > MAX_BYTES) tooLarge.push(path);
  else files.set(path, read(join(root, path)));
}

/** Text where the bytes are text, so that findings can show their line. */
function read(path: string): string | Uint8Array {
  const bytes = readFileSync(path);
  if (CODE.test(path)) return bytes;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes('\0') ? bytes : text;
  } catch {
    return bytes;
  }
}

import { join, relative, resolve } from 'node:path';
import { Command } from 'commander';
import type { ContentCounts } from '../solution/description.ts';
import { packageFiles } from '../solution/package-files.ts';
import { packageSolution } from '../solution/packager.ts';
import { readSolution } from '../solution/read-solution.ts';
import { sizeWarnings } from '../solution/size-warnings.ts';
import type { Io } from './io.ts';
import { writeAll } from './write-files.ts';

interface PackageFlags {
  readonly out?: string;
  readonly packageVersion?: string;
  readonly json?: true;
}

/** `package <solutionDir>`: writes the Content Hub package of a solution folder in the layout of the Azure-Sentinel repository. */
export function packageCommand(io: Io): Command {
  return new Command('package')
    .description('write the Content Hub package of a Microsoft Sentinel solution folder')
    .argument('<solutionDir>', 'the folder that holds Data, Playbooks and SolutionMetadata.json')
    .option('-o, --out <dir>', 'where to write (default: Package in the solution folder)')
    .option('--package-version <x.y.z>', "version of the package (default: the data file's)")
    .option('--json', 'print {version, files, warnings, ms} for scripts')
    .action((solutionDir: string, flags: PackageFlags) => runPackage(solutionDir, flags, io));
}

async function runPackage(solutionDir: string, flags: PackageFlags, io: Io): Promise<void> {
  const started = performance.now();
  const folder = resolve(io.cwd, solutionDir);
  const out = flags.out === undefined ? join(folder, 'Package') : resolve(io.cwd, flags.out);
  const read = await readSolution(folder);
  const packaged = packageSolution(read.source, { version: flags.packageVersion, now: new Date() });
  const written = packageFiles(packaged);
  writeAll(out, written, (name) => relative(io.cwd, join(out, name)) || '.');
  const files = [...written.keys()].map((name) => join(out, name));
  const warnings = [...read.warnings, ...packaged.warnings, ...sizeWarnings(packaged.mainTemplate)];
  const ms = Math.round(performance.now() - started);
  if (flags.json) return io.print(JSON.stringify({ version: packaged.version, files, warnings, ms }, null, 2));
  for (const { file, message } of warnings) io.note(`warning: ${file}: ${message}`);
  io.print(`Package ${packaged.version} of ${contentLine(packaged.counts)}:`);
  for (const file of files) io.print(`  ${relative(io.cwd, file)}`);
}

const CONTENT_LABELS = [
  ['dataConnectors', 'data connector', 'data connectors'],
  ['workbooks', 'workbook', 'workbooks'],
  ['analyticsRules', 'analytics rule', 'analytics rules'],
  ['customConnectors', 'custom connector', 'custom connectors'],
  ['functionApps', 'function app', 'function apps'],
  ['playbooks', 'playbook', 'playbooks'],
] as const satisfies readonly (readonly [keyof ContentCounts, string, string])[];

function contentLine(counts: ContentCounts): string {
  return CONTENT_LABELS.filter(([kind]) => counts[kind] > 0)
    .map(([kind, one, many]) => `${counts[kind]} ${counts[kind] === 1 ? one : many}`)
    .join(', ');
}

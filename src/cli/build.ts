import { dirname, relative, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { configHash } from '../config/hash.ts';
import { UserError } from '../domain/errors.ts';
import { type Format, formats, generate } from '../generator/generate.ts';
import { shippedAssets } from './assets.ts';
import { readConfigFile } from './config-file.ts';
import type { Io } from './io.ts';
import { compareFolder, type Difference, updateFolder } from './output-folder.ts';

interface BuildOptions {
  readonly config?: string;
  readonly out: string;
  readonly format: Format;
  readonly check?: true;
  readonly json?: true;
}

/** `build`: from a config to everything that gets deployed. */
export function buildCommand(io: Io): Command {
  return new Command('build')
    .description('generate the connector, the playbooks and everything around them')
    .option('-c, --config <file>', 'configuration; without it signl4.yaml here, else the built-in defaults')
    .option('-o, --out <folder>', 'where to write', 'dist')
    .addOption(
      new Option('--format <format>', 'arm, or bicep: beside every template a Bicep module that deploys the same')
        .choices(formats)
        .default('arm'),
    )
    .option('--check', 'write nothing; exit 1 if what is there differs from what would be written')
    .option('--json', 'print { files, ms } instead of a table')
    .action((options: BuildOptions) => build(io, options));
}

async function build(io: Io, options: BuildOptions): Promise<void> {
  const started = performance.now();
  const folder = outputFolder(io, options.out);
  const { config } = await readConfigFile(io, options.config);
  if (io.isTerminal && !options.json) io.note('Generating …');
  const { files, notes } = await generate(config, configHash(config), shippedAssets, options.format);
  const difference = options.check ? compareFolder(folder, files) : updateFolder(folder, files, options.out);
  const ms = Math.round(performance.now() - started);
  const differs = Object.values(difference).some((paths) => paths.length > 0);
  if (options.check && differs) io.setExitCode(1);
  if (options.json) {
    io.print(JSON.stringify({ files: files.size, ms, ...(options.check && { upToDate: !differs, ...difference }) }));
  } else if (options.check) {
    io.print(checkReport(difference, differs, options.out));
  } else {
    io.print([summary([...files], relative(io.cwd, folder) || '.', difference, ms), ...notes].join('\n'));
  }
}

/** Empty and "/" are what a script makes of a variable that is not set. @throws UserError `usage.out` */
function outputFolder({ cwd }: Io, named: string): string {
  const folder = resolve(cwd, named);
  const isRoot = folder === dirname(folder);
  if (named.trim() !== '' && !isRoot) return folder;
  const message = isRoot ? 'the root of the disk is no folder for output' : 'there is no folder after --out';
  const remedy = 'Name a folder, "." for this one. In a script, check that its variable is set.';
  throw new UserError('usage.out', message, { remedy });
}

function checkReport({ missing, changed, stale }: Difference, differs: boolean, out: string): string {
  if (!differs) return `${out} is up to date.`;
  const lines = [
    ...missing.map((path) => `missing  ${path}`),
    ...changed.map((path) => `differs  ${path}`),
    ...stale.map((path) => `stale    ${path}`),
  ];
  return [`${out} is not what build would write:`, ...lines].join('\n');
}

function summary(
  files: readonly (readonly [string, string | Uint8Array])[],
  folder: string,
  { missing, changed, stale }: Difference,
  ms: number,
): string {
  const groups = Map.groupBy(files, ([path]) => groupOf(path));
  const rows = [...groups].map(([group, members]) => {
    const bytes = members.reduce((sum, [, content]) => sum + Buffer.byteLength(content), 0);
    return `  ${group.padEnd(36)}${String(members.length).padStart(3)} files ${kilobytes(bytes)}`;
  });
  const written = missing.length + changed.length;
  return [
    ...rows,
    `${files.length} files in ${folder}: ${written} written, ${files.length - written} unchanged, ${stale.length} removed, in ${ms} ms`,
  ].join('\n');
}

function groupOf(path: string): string {
  const parts = path.split('/');
  return parts.length === 1 ? path : parts.slice(0, Math.min(2, parts.length - 1)).join('/');
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1).padStart(9)} kB`;
}
